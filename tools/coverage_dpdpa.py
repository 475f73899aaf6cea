"""Write docs/dpdpa-coverage.md: which obligation speaks for which unit of India's Act and Rules, and why for none.

python tools/coverage_dpdpa.py            # write the table
python tools/coverage_dpdpa.py --check    # exit 1 if a unit is left out, listed twice, or the table is stale
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from raicheck import load_rulesets
from raicheck.model import Ruleset
from raicheck.provisions import Provision, load_provisions

ROOT = Path(__file__).resolve().parent.parent
RULESETS = ROOT / "rulesets"
REASONS = RULESETS / "coverage" / "dpdpa.yaml"
TARGET = ROOT / "docs" / "dpdpa-coverage.md"
NOT_UNITS = ("-illustration-", "-explanation-")


@dataclass(frozen=True)
class Unit:
    """A unit of the Act or the Rules with what speaks for it."""

    provision: Provision
    obligations: tuple[str, ...]
    reason: str

    @property
    def answer(self) -> tuple[tuple[str, ...], str]:
        return self.obligations, self.reason


def units(ruleset: Ruleset, index: Mapping[str, Provision], listed: Mapping[str, str]) -> list[Unit]:
    """Every unit of the two instruments in the order of the index."""
    cited = _cited(ruleset)
    ids = [i for i in index if i.partition("/")[0] in ("dpdpa", "dpdp_rules") and _is_unit(i)]
    return [Unit(index[i], _speaking(i, cited), _reason(i, listed)) for i in ids]


def _is_unit(id_: str) -> bool:
    return "/" in id_ and not any(part in id_ for part in NOT_UNITS)


def _cited(ruleset: Ruleset) -> dict[str, list[str]]:
    cited: dict[str, list[str]] = {}
    for obligation in ruleset.obligations.values():
        for cite in obligation.cites:
            cited.setdefault(cite, []).append(obligation.id)
    return cited


def _speaking(id_: str, cited: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """The obligations that cite the unit, what it is part of, or a part of it."""
    found = {o for cite, obligations in cited.items() if _within(id_, cite) or _within(cite, id_) for o in obligations}
    return tuple(sorted(found))


def _within(id_: str, whole: str) -> bool:
    return id_ == whole or id_.startswith(f"{whole}-")


def _reason(id_: str, listed: Mapping[str, str]) -> str:
    return next((reason for unit, reason in listed.items() if _within(id_, unit)), "")


def problems(found: Iterable[Unit], index: Mapping[str, Provision], listed: Mapping[str, str]) -> list[str]:
    """What is wrong with the coverage, in words."""
    wrong = [f"{unit}: listed with a reason, but there is no such unit" for unit in listed if unit not in index]
    for unit in found:
        id_ = unit.provision.id
        if not unit.obligations and not unit.reason and not _has_parts(id_, listed):
            wrong.append(f"{id_}: no obligation cites it and no reason is listed")
        if unit.obligations and id_ in listed:
            wrong.append(f"{id_}: listed as irrelevant, but cited by {', '.join(unit.obligations)}")
    return wrong


def _has_parts(id_: str, listed: Mapping[str, str]) -> bool:
    return any(_within(unit, id_) for unit in listed)


def table(found: list[Unit]) -> str:
    """The Markdown table; a unit whose parts all say the same stands for them."""
    lines = [
        "# What covers the Indian Act and Rules",
        "",
        "Made by `python tools/coverage_dpdpa.py` from `rulesets/dpdpa.yaml`, the provisions index and the reasons in",
        "`rulesets/coverage/dpdpa.yaml`. Every unit is spoken for by an obligation or listed with a reason.",
        "",
        "| unit | about | obligations | or why none |",
        "|---|---|---|---|",
    ]
    lines += [_row(unit) for unit in _collapsed(found)]
    return "\n".join(lines) + "\n"


def _collapsed(found: list[Unit]) -> Iterator[Unit]:
    same: str | None = None
    for unit in found:
        id_ = unit.provision.id
        if same is not None and _within(id_, same):
            continue
        parts = {u.answer for u in found if _within(u.provision.id, id_)}
        same = id_ if len(parts) == 1 else None
        if same is not None:
            yield unit


def _row(unit: Unit) -> str:
    p = unit.provision
    owed = "" if unit.reason else ", ".join(f"`{o}`" for o in unit.obligations)
    return f"| [{p.citation}]({p.link}) | {p.heading} | {owed} | {unit.reason} |"


def read_reasons(path: Path) -> dict[str, str]:
    """Unit to reason."""
    root: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {unit: group["reason"] for group in root["reasons"] for unit in group["units"]}


def main(arguments: list[str]) -> int:
    rulesets, _ = load_rulesets(RULESETS, ["dpdpa"])
    index = load_provisions(RULESETS, ["dpdpa", "dpdp_rules"])
    listed = read_reasons(REASONS)
    found = units(rulesets.by_id["dpdpa"], index, listed)
    wrong = problems(found, index, listed)
    text = table(found)
    if arguments == ["--check"]:
        if not TARGET.exists() or TARGET.read_text(encoding="utf-8") != text:
            wrong.append(f"{TARGET.relative_to(ROOT)} is stale: run python tools/coverage_dpdpa.py")
    else:
        TARGET.write_text(text, encoding="utf-8")
    for line in wrong:
        print(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
