"""What a report says, in the order in which it says it. Words only: the forms (HTML, PDF ...) decide nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Edition = Literal["internal", "external"]
VerdictId = Literal["blocked", "needs_counsel", "undetermined", "obligations_open", "nothing_found"]
Level = int
"""A step of the risk ladder: 0 the law does not apply, 1 nothing found, 2 minor, 3 limited, 4 high, 5 prohibited."""


@dataclass(frozen=True, slots=True)
class Cite:
    """A provision as a lawyer cites it, and where its official text is."""

    text: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One sentence of a proof, the provisions it rests on, and the sentences it rests on."""

    text: str
    cites: tuple[Cite, ...] = ()
    parts: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    id: VerdictId
    title: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conclusion:
    """A rule or role with what became of it: `lead` in one sentence, `proof` why, `settled_by` what is still open."""

    title: str
    lead: str
    cites: tuple[Cite, ...]
    basis: str
    when: str
    roles: str
    remarks: tuple[str, ...]
    proof: tuple[Step, ...]
    settled_by: tuple[str, ...] = ()
    label: str = ""


@dataclass(frozen=True, slots=True)
class Undecided:
    """Rules that the same questions would settle."""

    settled_by: tuple[str, ...]
    rules: tuple[Conclusion, ...]


@dataclass(frozen=True, slots=True)
class Excluded:
    """Something looked at, with the reason for what became of it."""

    title: str
    cites: tuple[Cite, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Named:
    """Something with its provisions."""

    title: str
    cites: tuple[Cite, ...]


@dataclass(frozen=True, slots=True)
class Grouped:
    """What does not apply for one and the same reason."""

    reason: str
    items: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class Flip:
    """A fact on which a conclusion rests: what was said, and what would change the result if it were so."""

    ask: str
    now: str
    then: str
    added: str
    removed: str


@dataclass(frozen=True, slots=True)
class Near:
    """A conclusion that was not drawn, and the few facts that keep it away."""

    title: str
    cites: tuple[Cite, ...]
    reason: str
    flips: tuple[Flip, ...]


@dataclass(frozen=True, slots=True)
class Owed:
    """One line of a table of obligations."""

    id: str
    what: str
    cites: tuple[Cite, ...]
    roles: str
    basis: str
    starts: str
    due: str
    progress: str
    is_open: bool
    owner: str
    wanted: tuple[str, ...]
    given: tuple[str, ...]
    exposure: str
    hangs_on: tuple[str, ...]
    remarks: tuple[str, ...]
    readings: str


@dataclass(frozen=True, slots=True)
class Pending:
    """The obligations that hang first on one and the same question."""

    ask: str
    items: tuple[Owed, ...]


@dataclass(frozen=True, slots=True)
class Control:
    """One line of a draft Statement of Applicability."""

    what: str
    cites: tuple[Cite, ...]
    decision: str
    reason: str
    shown: str
    recorded: str
    wanted: tuple[str, ...]
    given: tuple[str, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Contributed:
    """What a practice covers of one obligation, and what it leaves out."""

    law: str
    what: str
    cites: tuple[Cite, ...]
    may: bool
    covers: str
    missing: str


@dataclass(frozen=True, slots=True)
class Practice:
    """One piece of work, how it stands here, and what it contributes to."""

    title: str
    standing: str
    contributes: tuple[Contributed, ...]


@dataclass(frozen=True, slots=True)
class Exposure:
    """What a breach may cost this organisation."""

    id: str
    cap: str
    cites: tuple[Cite, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    text: str
    cites: tuple[Cite, ...]


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """A question of law that is not settled, with the ways to read it."""

    title: str
    cites: tuple[Cite, ...]
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class Instrument:
    title: str
    version: str
    link: str


@dataclass(frozen=True, slots=True)
class Law:
    """Everything one law or framework says about a feature."""

    id: str
    anchor: str
    title: str
    kind: str
    binds: bool
    checked: str
    enforcer: str
    applies: str
    scope: tuple[Step, ...]
    held: str
    span: str
    low: Level
    high: Level
    roles: tuple[Conclusion, ...]
    found: tuple[Conclusion, ...]
    possible: tuple[Conclusion, ...]
    undecided: tuple[Undecided, ...]
    also: tuple[Excluded, ...]
    nears: tuple[Near, ...]
    excluded: tuple[Grouped, ...]
    owed: tuple[Owed, ...]
    may_be_owed: tuple[Owed, ...]
    pending: tuple[Pending, ...]
    notes: tuple[str, ...]
    not_owed: tuple[Grouped, ...]
    pointers: tuple[Owed, ...]
    practices: tuple[Owed, ...]
    statement: tuple[Control, ...]
    exposures: tuple[Exposure, ...]
    size: str
    open_points: tuple[OpenPoint, ...]
    instruments: tuple[Instrument, ...]
    text_alone: str


@dataclass(frozen=True, slots=True)
class Aside:
    """A law beyond the usual ones of which it is open whether it applies at all: named, not discussed."""

    title: str
    kind: str
    most: str
    settled_by: tuple[str, ...]
    instruments: tuple[Instrument, ...]
    checked: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """An open question, who can answer it, and what hangs on the answer."""

    ask: str
    who: str
    state: str
    hangs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Milestone:
    """A day on the timeline. `sure` false: it may be so."""

    iso: str
    day: str
    what: tuple[str, ...]
    sure: bool
    kind: Literal["today", "launch", "law"]


@dataclass(frozen=True, slots=True)
class Given:
    """One answer with its note."""

    ask: str
    answer: str
    note: str
    who: str


@dataclass(frozen=True, slots=True)
class Topic:
    title: str
    answers: tuple[Given, ...]


@dataclass(frozen=True, slots=True)
class Waived:
    what: str
    reason: str
    approver: str
    until: str


@dataclass(frozen=True, slots=True)
class Determined:
    """A judgement that counsel has made."""

    ask: str
    answer: str
    reason: str
    by: str
    on: str
    cites: tuple[Cite, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """What is different from an earlier report."""

    since: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature: the whole content of a report about it."""

    anchor: str
    name: str
    entity: str
    version: str
    stage: str
    owner: str
    summary: str
    launches: tuple[str, ...]
    already: tuple[str, ...]
    file: str
    sha256: str
    verdict: Verdict
    laws: tuple[Law, ...]
    aside: tuple[Aside, ...]
    practices: tuple[Practice, ...]
    outside: tuple[str, ...]
    milestones: tuple[Milestone, ...]
    ladder: str
    ladder_words: str
    timeline: str
    timeline_words: str
    unknowns: tuple[Unknown, ...]
    judgements: tuple[Unknown, ...]
    contradictions: tuple[str, ...]
    determined: tuple[Determined, ...]
    waived: tuple[Waived, ...]
    topics: tuple[Topic, ...]
    changes: Changes | None
    review_when: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A whole document."""

    title: str
    edition: Edition
    as_of: str
    as_of_iso: str
    not_looked_at: tuple[str, ...]
    features: tuple[Feature, ...]
    control: tuple[tuple[str, str], ...]
    version: str
