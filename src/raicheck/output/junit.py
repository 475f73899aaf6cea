"""JUnit XML: a suite per spec, a test per ruleset, findings at or above the threshold as failures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

from raicheck.checked import Checked
from raicheck.model import Finding
from raicheck.output import Context, citation

_NOT_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Writer:
    """Written at the end, for the counts stand first."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._suites: list[str] = []
        self._tests = self._failures = 0

    def begin(self) -> str:
        return ""

    def add(self, checked: Checked) -> str:
        self._suite(checked.file, checked.findings)
        return ""

    def end(self, findings: Sequence[Finding]) -> str:
        if findings:
            self._suite("rulesets", findings)
        counts = f'tests="{self._tests}" failures="{self._failures}" errors="0"'
        body = "".join(self._suites)
        return f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="raicheck" {counts}>\n{body}</testsuites>\n'

    def _suite(self, file: str, findings: Sequence[Finding]) -> None:
        cases = [self._case(file, f) for f in findings] or [
            f"<testcase classname={_attr(file)} name={_attr('clean')}/>\n"
        ]
        failed = sum(self._context.fails(f) for f in findings)
        self._tests += len(cases)
        self._failures += failed
        counts = f'tests="{len(cases)}" failures="{failed}" errors="0" skipped="0" time="0"'
        self._suites.append(f"<testsuite name={_attr(file)} {counts}>\n{''.join(cases)}</testsuite>\n")

    def _case(self, file: str, finding: Finding) -> str:
        place = finding.place
        name = f"{finding.code} line {place.line}: {finding.message}" if place else f"{finding.code}: {finding.message}"
        text = "\n".join(self._lines(finding))
        if self._context.fails(finding):
            message = f"{finding.severity} {finding.code}: {finding.message}"
            inner = f"<failure type={_attr(finding.code)} message={_attr(message)}>{_text(text)}</failure>"
        else:
            inner = f"<system-out>{_text(text)}</system-out>"
        return f"<testcase classname={_attr(file)} name={_attr(name)}>{inner}</testcase>\n"

    def _lines(self, finding: Finding) -> Iterable[str]:
        if finding.place:
            yield f"{finding.place.file}:{finding.place.line}:{finding.place.column}"
        yield finding.message
        if finding.help:
            yield f"help: {finding.help}"
        for cite in finding.cites:
            yield "law: " + " ".join(citation(self._context, cite)).strip()


def _attr(text: str) -> str:
    return quoteattr(_NOT_XML.sub("\ufffd", text))


def _text(text: str) -> str:
    return escape(_NOT_XML.sub("\ufffd", text))
