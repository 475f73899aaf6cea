"""The JSON contract, see raicheck.assessment_json."""

from __future__ import annotations

import json
from collections.abc import Sequence

from raicheck.assessment_json import SCHEMA_VERSION, finding_json
from raicheck.checked import Checked
from raicheck.model import Finding
from raicheck.output import Context
from raicheck.shipped import tool_version


class Writer:
    """One document; assessments are written as they come."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._findings: list[str] = []
        self._first = True

    def begin(self) -> str:
        head = {"schema_version": SCHEMA_VERSION, "tool": {"name": "raicheck", "version": tool_version()}}
        return _dump(head)[:-1] + ',"assessments":['

    def add(self, checked: Checked) -> str:
        self._findings += [_dump(self._finding(f)) for f in checked.findings]
        if checked.assessment is None:
            return ""
        comma, self._first = ("\n" if self._first else ",\n"), False
        return comma + _dump(checked.assessment)

    def end(self, findings: Sequence[Finding]) -> str:
        self._findings += [_dump(self._finding(f)) for f in findings]
        return '],\n"findings":[' + ",".join(f"\n{f}" for f in self._findings) + "]}\n"

    def _finding(self, finding: Finding) -> dict[str, object]:
        return {**finding_json(finding), "fails": self._context.fails(finding)}


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
