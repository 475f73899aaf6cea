"""One ruleset evaluated in many worlds: which of its rules, labels and obligations hold where."""

from __future__ import annotations

from collections.abc import Sequence

from raicheck.dated import is_draft, is_law
from raicheck.duties import Duties
from raicheck.frozen import lazy
from raicheck.kleene import Planes
from raicheck.logic import Program
from raicheck.model import Label, LabelSeverity, Obligation, Rule, Ruleset
from raicheck.worlds import Worlds


class Evaluation:
    """A ruleset in the worlds of several specs, with draft guidance and on the text alone."""

    def __init__(self, program: Program, ruleset: Ruleset, worlds: Worlds) -> None:
        self.program = program
        self.ruleset = ruleset
        self.worlds = worlds
        self._rules_of: dict[tuple[LabelSeverity, ...], list[tuple[Rule, Planes, Planes]]] = {}

    @lazy
    def applies(self) -> Planes:
        """Where the ruleset applies."""
        return self.program.planes(self.ruleset.applies, self.worlds)

    @lazy
    def rules(self) -> list[tuple[Rule, Planes, Planes]]:
        """The rules that are law on the day, and where they fire: with drafts, and on the text alone."""
        law = self.ruleset
        rules = [r for r in law.rules.values() if is_law(law, r, self.worlds.as_of)]
        return [(r, *self._both("rule", r.id)) for r in rules]

    @lazy
    def possible_rules(self) -> list[tuple[Rule, Planes, Planes]]:
        """Those that are not excluded everywhere."""
        everywhere = self.worlds.everywhere
        return [row for row in self.rules if row[1][1] & row[2][1] != everywhere]

    def rules_of(self, severities: Sequence[LabelSeverity]) -> list[tuple[Rule, Planes, Planes]]:
        """Those of labels so severe."""
        key = tuple(severities)
        if key not in self._rules_of:
            labels = {x.id for x in self.ruleset.labels.values() if x.severity in severities}
            self._rules_of[key] = [row for row in self.possible_rules if row[0].label in labels]
        return self._rules_of[key]

    @lazy
    def rules_on_draft(self) -> list[tuple[Rule, Planes, Planes]]:
        """Those that come out differently without draft guidance somewhere."""
        return [row for row in self.possible_rules if row[1] != row[2]]

    @lazy
    def labels(self) -> list[tuple[Label, Planes]]:
        """Where each label holds."""
        return [(label, self._both("label", label.id)[0]) for label in self.ruleset.labels.values()]

    @lazy
    def possible_labels(self) -> list[tuple[Label, Planes]]:
        """Those that are not excluded everywhere."""
        return [row for row in self.labels if row[1][1] != self.worlds.everywhere]

    @lazy
    def obligations(self) -> list[tuple[Obligation, Planes]]:
        """The obligations that are law on the day, and where they are owed."""
        law = self.ruleset
        owed = [o for o in law.obligations.values() if is_law(law, o, self.worlds.as_of)]
        return [(o, self.program.owed(law, o)(self.worlds)) for o in owed]

    @lazy
    def possible_obligations(self) -> list[tuple[Obligation, Planes]]:
        """Those that are not excluded everywhere."""
        return [row for row in self.obligations if row[1][1] != self.worlds.everywhere]

    @lazy
    def duties(self) -> Duties:
        """The duties that are owed somewhere."""
        return Duties(self.program, self.ruleset, self.worlds, self.possible_obligations)

    @lazy
    def differs_on_text(self) -> int:
        """Where a label, or the scope, is another one without draft guidance."""
        if self.on_text is self.worlds:
            return 0
        pairs = [self._both("label", label) for label in self.ruleset.labels]
        pairs.append((self.applies, self.program.planes(self.ruleset.applies, self.on_text)))
        differs = 0
        for (yes, no), (text_yes, text_no) in pairs:
            differs |= yes ^ text_yes | no ^ text_no
        return differs

    @lazy
    def on_text(self) -> Worlds:
        """The worlds without draft guidance, if the ruleset has any."""
        return self.worlds.on_text_alone() if _has_drafts(self.ruleset) else self.worlds

    def _both(self, kind: str, id_: str) -> tuple[Planes, Planes]:
        evaluate = self.program.named(kind, self.ruleset.id, id_)
        return evaluate(self.worlds), evaluate(self.on_text)


def _has_drafts(law: Ruleset) -> bool:
    return any(is_draft(r) for r in law.rules.values()) or any(
        o.basis == "draft_guidance" or any(map(is_draft, o.unless)) for o in law.obligations.values()
    )
