"""Markdown for a comment on a pull request."""

from __future__ import annotations

import re
from collections.abc import Sequence

from raicheck.checked import Checked, Row
from raicheck.model import Finding
from raicheck.output import Context, citation

_MARKS = {"error": "🛑", "warning": "⚠️", "info": "ℹ️"}
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|#~])")


class Writer:
    """A table of features, then the findings: what blocks, warnings, and the notes folded."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._rows: list[str] = []
        self._findings: list[Finding] = []
        self._changes: list[str] = []

    def begin(self) -> str:
        return ""

    def add(self, checked: Checked) -> str:
        name = _plain(checked.name or checked.file)
        for row in checked.rows:
            self._rows.append(f"| {name} | {_plain(row.title)} | {_plain(_class(row))} | {row.owed} | {row.done} |\n")
        self._changes += [f"- {name}: {_plain(change)}\n" for change in checked.changes]
        self._findings += checked.findings
        return ""

    def end(self, findings: Sequence[Finding]) -> str:
        found = [*self._findings, *findings]
        failing = [f for f in found if self._context.fails(f)]
        warnings = [f for f in found if f not in failing and f.severity != "info"]
        notes = [f for f in found if f not in failing and f.severity == "info"]
        verdict = f"{len(failing)} blocking" if failing else "nothing blocks"
        head = f"### raicheck: {verdict} (law as of {self._context.as_of})\n\n"
        table = "| Feature | Ruleset | Class | Obligations | Done |\n|---|---|---|---:|---:|\n" + "".join(self._rows)
        listed = "".join(map(self._finding, [*failing, *warnings]))
        if notes:
            count = f"{len(notes)} {'note' if len(notes) == 1 else 'notes'}"
            folded = "".join(map(self._finding, notes))
            listed += f"\n<details><summary>{count}</summary>\n\n{folded}\n</details>\n"
        changed = "#### Changed\n\n" + "".join(self._changes) + "\n" if self._changes else ""
        return head + (table + "\n" if self._rows else "") + changed + listed

    def _finding(self, finding: Finding) -> str:
        place = finding.place
        at = f" `{place.file.replace('`', '')}:{place.line}`" if place else ""
        laws = [_link(*citation(self._context, c)) for c in finding.cites[:4]]
        law = f" ({', '.join(laws)})" if laws else ""
        help_ = f"<br>{_plain(finding.help)}" if finding.help else ""
        return f"- {_MARKS[finding.severity]} **{finding.code}**{at}: {_plain(finding.message)}{law}{help_}\n"


def _class(row: Row) -> str:
    if row.applies is False:
        return "does not apply"
    return row.certain if row.certain == row.possible else f"open, from “{row.certain}” to “{row.possible}”"


def _plain(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _link(words: str, link: str) -> str:
    return f"[{_plain(words)}]({link})" if link else _plain(words)
