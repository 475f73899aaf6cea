"""The provisions index: what a citation such as `ai_act/art-5-par-1-pt-f` is called and where its text is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path

from raicheck.frozen import frozen

_SHARED = ("other", "us_state", "omn")


@frozen
class Provision:
    """One node of an official text. It can be cited from `since` (inclusive) to `until` (exclusive)."""

    id: str
    label: str
    instrument: str
    heading: str = ""
    link: str = ""
    since: date | None = None
    until: date | None = None
    status: str = "law"

    @property
    def citation(self) -> str:
        """The human citation: `Article 5(1), point (f), AI Act`."""
        return self.label if "/" not in self.id or self.label == self.instrument else f"{self.label} {self.instrument}"


def load_provisions(folder: Path, instruments: Iterable[str] | None = None) -> dict[str, Provision]:
    """The index of `folder/provisions/*.json` (or only of the files named like `instruments`)."""
    wanted = None if instruments is None else set(instruments)
    index: dict[str, Provision] = {}
    for path in sorted((folder / "provisions").glob("*.json")):
        if wanted is None or path.stem in wanted or path.stem in _SHARED:
            _add(index, json.loads(path.read_text(encoding="utf-8"))["nodes"])
    return index


def find_provision(folder: Path, cite: str) -> Provision | None:
    """One provision, found in its file without reading the rest."""
    instrument = cite.partition("/")[0]
    for stem in (instrument, *_SHARED):
        text = _text(folder / "provisions" / f"{stem}.json")
        if lines := [line for id_ in dict.fromkeys((instrument, cite)) if (line := _line(text, id_))]:
            index: dict[str, Provision] = {}
            _add(index, [json.loads(line) for line in lines])
            return index.get(cite)
    return None


@cache
def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _line(text: str, id_: str) -> str:
    """The line of a node: a provisions file has one per line."""
    start = text.find(f'\n{{"id": "{id_}"')
    return text[start + 1 : text.find("\n", start + 1)].rstrip(",") if start >= 0 else ""


def _add(index: dict[str, Provision], nodes: list[Mapping[str, str]]) -> None:
    names = {n["id"]: (n.get("short") or n["label"], n.get("status", "law")) for n in nodes if "/" not in n["id"]}
    for node in nodes:
        short, status = names.get(node["id"].partition("/")[0], ("", "law"))
        index[node["id"]] = Provision(
            node["id"],
            node["label"],
            short,
            node.get("heading", ""),
            node.get("link", ""),
            _day(node.get("from")),
            _day(node.get("to")),
            node.get("status", status),
        )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def short_citation(citation: str) -> str:
    """A readable form of an id without the index: `ai_act art. 5 par. 1 pt. f`."""
    instrument, _, node = citation.partition("/")
    return f"{instrument} {node.replace('-', ' ')}".strip()
