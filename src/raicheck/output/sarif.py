"""SARIF 2.1.0, for code scanning."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from raicheck.baseline import Fingerprints
from raicheck.checked import Checked
from raicheck.model import Finding, Place
from raicheck.output import Context, citation, relative
from raicheck.shipped import tool_version
from raicheck.threshold import is_broken

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {"error": "error", "warning": "warning", "info": "note"}


class Writer:
    """One run; rules are those that were found."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._results: list[dict[str, Any]] = []
        self._rules: dict[str, dict[str, Any]] = {}
        self._fingerprints = Fingerprints(context.folder)
        self._broken = False

    def begin(self) -> str:
        return ""

    def add(self, checked: Checked) -> str:
        self._results += [self._result(f) for f in checked.findings]
        return ""

    def end(self, findings: Sequence[Finding]) -> str:
        self._results += [self._result(f) for f in findings]
        driver = {
            "name": "raicheck",
            "semanticVersion": tool_version(),
            "rules": list(self._rules.values()),
        }
        run = {
            "tool": {"driver": driver},
            "columnKind": "unicodeCodePoints",
            "invocations": [{"executionSuccessful": not self._broken}],
            "originalUriBaseIds": {"SRCROOT": {"description": {"text": "The folder in which raicheck ran."}}},
            "results": self._results,
        }
        return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=1) + "\n"

    def _result(self, finding: Finding) -> dict[str, Any]:
        self._broken = self._broken or is_broken(finding)
        self._rules.setdefault(finding.code, self._rule(finding))
        help_ = f"\n{finding.help}" if finding.help else ""
        result: dict[str, Any] = {
            "ruleId": finding.code,
            "ruleIndex": list(self._rules).index(finding.code),
            "level": _LEVELS[finding.severity],
            "message": {"text": finding.message + help_},
            "partialFingerprints": {"raicheck/v1": self._fingerprints.of(finding)},
            "properties": {"cites": [_cite(self._context, c) for c in finding.cites]},
        }
        if finding.place:
            result["locations"] = [{"physicalLocation": _physical(self._context, finding.place)}]
        if finding.related:
            result["relatedLocations"] = [
                {"id": n, "physicalLocation": _physical(self._context, place), "message": {"text": text}}
                for n, (place, text) in enumerate(finding.related, 1)
            ]
        return result

    def _rule(self, finding: Finding) -> dict[str, Any]:
        page = self._context.page(finding.code)
        title = page.partition("\n")[0].lstrip("# ").partition(": ")[2] or finding.code
        return {
            "id": finding.code,
            "name": "".join(w.capitalize() for w in title.replace("-", " ").split() if w.isalnum()) or finding.code,
            "shortDescription": {"text": title},
            "help": {"text": page or title, "markdown": page or title},
            "defaultConfiguration": {"level": _LEVELS[finding.severity]},
        }


def _cite(context: Context, cite: str) -> dict[str, str]:
    words, link = citation(context, cite)
    return {"id": cite, "text": words, "link": link}


def _physical(context: Context, place: Place) -> dict[str, Any]:
    region: dict[str, int] = {"startLine": place.line, "startColumn": place.column}
    if (place.end_line, place.end_column) > (place.line, place.column):
        region |= {"endLine": place.end_line, "endColumn": place.end_column}
    return {"artifactLocation": _artifact(relative(context, place.file)), "region": region}


def _artifact(name: str) -> dict[str, str]:
    uri = quote(name, errors="replace")
    return {"uri": f"file://{uri}"} if name.startswith("/") else {"uri": uri, "uriBaseId": "SRCROOT"}
