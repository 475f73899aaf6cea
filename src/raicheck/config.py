"""Settings of a project: `raicheck.toml`, or `[tool.raicheck]` in `pyproject.toml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from raicheck.files import read_text
from raicheck.frozen import field, frozen
from raicheck.model import Finding, Place
from raicheck.read import nearest, shorten
from raicheck.threshold import WORDS, may_be_set_aside

FILES = ("raicheck.toml", "pyproject.toml")
_CODE = re.compile(r"RC[1-6]\d\d")
_LISTS = ("rulesets", "company", "paths", "exclude", "fail-on", "ignore")
KEYS: Mapping[str, str] = {
    "rulesets": "ids of the rulesets to check against",
    "company": "files of rulesets of your own, counted from this file",
    "paths": "files, folders or patterns to check when the command names none",
    "exclude": "patterns of files to leave out; what they prohibit is reported all the same",
    "as-of": "the day whose law counts",
    "fail-on": "severities (error, warning, info), label severities (prohibited, high, limited, minor), codes, never",
    "ignore": "codes that are not reported; those that guard against prohibited practices cannot be ignored",
    "baseline": "file with findings that were there before",
}


@frozen
class Config:
    """What a project has settled; empty means the default."""

    rulesets: tuple[str, ...] = ()
    company: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    as_of: date | None = None
    fail_on: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    baseline: str = ""
    folder: Path = field(default_factory=Path)


def find_config(start: Path) -> Path | None:
    """The nearest configuration at or above `start`, not beyond the repository."""
    for folder in (start, *start.parents):
        for name in FILES:
            path = folder / name
            if path.is_file() and (name != "pyproject.toml" or _has_table(path)):
                return path
        if (folder / ".git").exists():
            return None
    return None


def _has_table(path: Path) -> bool:
    text, findings = read_text(path)
    return not findings and "tool.raicheck" in text


def load_config(path: Path) -> tuple[Config, list[Finding]]:
    """The settings in a file, and every mistake in it."""
    text, findings = read_text(path)
    if findings:
        return Config(), findings
    return read_config(text, path)


def read_config(text: str, path: Path) -> tuple[Config, list[Finding]]:
    """The settings in a text that stands in `path`."""
    import tomllib  # only where there is a configuration

    try:
        data: Any = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return Config(), [_not_toml(str(error), path)]
    if path.name == "pyproject.toml":
        tool = data.get("tool")
        data = tool.get("raicheck", {}) if isinstance(tool, dict) else {}
    reader = _Reader(text, path)
    return reader.read(data), reader.findings


def _not_toml(problem: str, path: Path) -> Finding:
    at = re.search(r"\(at line (\d+), column (\d+)\)", problem)
    line, column = (int(at[1]), int(at[2])) if at else (1, 1)
    said = shorten(problem.partition(" (at ")[0] or "nested too deeply")
    place = Place(str(path), line, column, line, column)
    return Finding("RC130", "error", f"not valid TOML: {said}", place, "see https://toml.io")


class _Reader:
    def __init__(self, text: str, path: Path) -> None:
        self._lines = text.splitlines()
        self._path = path
        self.findings: list[Finding] = []

    def read(self, data: Any) -> Config:
        if not isinstance(data, dict):
            self._report("RC131", "the settings of raicheck are no table", "raicheck", "write [tool.raicheck]")
            return Config()
        for key in data:
            if key not in KEYS:
                help_ = nearest(key, KEYS) or f"known here: {', '.join(KEYS)}"
                self._report("RC131", f"unknown setting '{shorten(key)}'", key, help_)
        lists = {key: self._texts(data, key) for key in _LISTS}
        self._check_words(lists)
        return Config(
            lists["rulesets"],
            lists["company"],
            lists["paths"],
            lists["exclude"],
            self._day(data.get("as-of")),
            lists["fail-on"],
            lists["ignore"],
            self._text(data.get("baseline"), "baseline"),
            self._path.parent,
        )

    def _texts(self, data: Mapping[str, Any], key: str) -> tuple[str, ...]:
        value = data.get(key, [])
        if isinstance(value, str):
            return (value,)
        if isinstance(value, list) and all(isinstance(v, str) for v in value):
            return tuple(value)
        self._report("RC132", f"{key} must be a list of texts", key, f'{key} = ["..."]')
        return ()

    def _text(self, value: Any, key: str) -> str:
        if value is None or isinstance(value, str):
            return value or ""
        self._report("RC132", f"{key} must be a text", key, f'{key} = "..."')
        return ""

    def _day(self, value: Any) -> date | None:
        if value is None or type(value) is date:
            return value
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            self._report("RC132", "as-of must be a date", "as-of", "as-of = 2026-11-20")
            return None

    def _check_words(self, lists: Mapping[str, tuple[str, ...]]) -> None:
        for word in lists["fail-on"]:
            if problem := threshold_problem(word):
                self._report("RC132", f"fail-on: '{shorten(word)}' is not possible", "fail-on", problem)
        for code in lists["ignore"]:
            if not _CODE.fullmatch(code):
                self._report("RC132", f"ignore: '{shorten(code)}' is no code", "ignore", "see: raicheck codes")
            elif not may_be_set_aside(Finding(code, "error", "")):
                self._report("RC133", f"{code} cannot be ignored", "ignore", f"see: raicheck codes {code}")

    def _report(self, code: str, message: str, key: str, help_: str) -> None:
        self.findings.append(Finding(code, "error", message, self._place(key), help_))

    def _place(self, key: str) -> Place:
        """TOML readers give no positions: the first line that begins with the key."""
        pattern = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[=.]|\s*\[[^\]]*{re.escape(key)}")
        for number, line in enumerate(self._lines, 1):
            if pattern.match(line):
                start = len(line) - len(line.lstrip()) + 1
                return Place(str(self._path), number, start, number, len(line.rstrip()) + 1)
        return Place(str(self._path), 1, 1, 1, 1)


def threshold_problem(word: str) -> str:
    """Why a word cannot be a threshold; empty if it can."""
    if word in WORDS or _CODE.fullmatch(word):
        return ""
    return nearest(word, WORDS) or f"possible: {', '.join(WORDS)}, or a code such as RC401"
