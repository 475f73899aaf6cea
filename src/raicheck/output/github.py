"""GitHub workflow commands: annotations on the changed files of a pull request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from raicheck.checked import Checked
from raicheck.frozen import replace
from raicheck.model import Finding
from raicheck.output import Context, relative

_LEVELS = {"error": "error", "warning": "warning", "info": "notice"}
_MANY = ("RC401", "RC402")
_MOST = 3


class Writer:
    """One line per finding; obligations that are due at one place in one, for GitHub shows ten of a kind."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def begin(self) -> str:
        return ""

    def add(self, checked: Checked) -> str:
        return self.end(checked.findings)

    def end(self, findings: Sequence[Finding]) -> str:
        return "".join(_line(self._context, f) for f in _joined(findings))


def _joined(findings: Sequence[Finding]) -> Iterator[Finding]:
    for (code, _), group in groupby(findings, lambda f: (f.code, f.place)):
        several = list(group)
        if len(several) <= _MOST or code not in _MANY:
            yield from several
            continue
        said = sorted(f.message for f in several)  # messages begin with the day
        listed = "\n".join(f"- {m}" for m in said[:_MOST])
        message = f"{len(said)} obligations:\n{listed}\n- and {len(said) - _MOST} more"
        yield replace(several[0], message=message, help="")


def _line(context: Context, finding: Finding) -> str:
    fields = {"title": finding.code}
    if finding.place:
        place = finding.place
        fields = {"file": relative(context, place.file), "line": str(place.line), "col": str(place.column), **fields}
        if place.end_line == place.line:
            fields["endColumn"] = str(place.end_column)
        fields["endLine"] = str(place.end_line)
    said = ",".join(f"{k}={_escape(v, ':,')}" for k, v in fields.items())
    help_ = f"\n{finding.help}" if finding.help else ""
    return f"::{_LEVELS[finding.severity]} {said}::{_escape(finding.message + help_)}\n"


def _escape(text: str, more: str = "") -> str:
    for c in "%\r\n" + more:
        text = text.replace(c, f"%{ord(c):02X}")
    return text
