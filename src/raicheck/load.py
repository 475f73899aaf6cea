"""Files to rulesets."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from raicheck.files import read_nodes, read_text, ruleset_files
from raicheck.frozen import frozen, replace
from raicheck.load_bank import load_bank
from raicheck.load_ruleset import load_ruleset, own_topic, used_rulesets
from raicheck.model import ALWAYS, Bank, Finding, Ruleset, Rulesets
from raicheck.nodes import Node
from raicheck.read import nearest
from raicheck.references import check_questions, check_references
from raicheck.source import parse


def load_rulesets(
    folder: Path, ids: Iterable[str] | None = None, overlays: Sequence[Path] = ()
) -> tuple[Rulesets, list[Finding]]:
    """The bank and the rulesets `ids` (default: all) of `folder`, with those they use, and the `overlays`.

    An overlay is a company's or package's own ruleset file. With any error among the findings the rulesets must
    not be used.
    """
    findings: list[Finding] = []
    own = [d for p in overlays if (d := _read_document(p, findings))]
    bank = _load_bank(folder, own, findings)
    by_id = _load_selected(folder, ids, bank, own, findings)
    for document in own:
        _add_overlay(document, bank, by_id, findings)
    rulesets = Rulesets(bank, by_id)
    if not findings:
        findings += check_questions(rulesets)
        findings += [f for law in by_id.values() for f in check_references(rulesets, law)]
    return rulesets, findings


@frozen
class _Document:
    """A ruleset file, parsed."""

    path: Path
    root: Node
    sha256: str


def _read_document(path: Path, findings: list[Finding]) -> _Document | None:
    text, found = read_text(path)
    root, more = parse(text, str(path)) if not found else (None, [])
    findings += [*found, *more]
    return None if root is None else _Document(path, root, hashlib.sha256(text.encode()).hexdigest())


def _load_bank(folder: Path, own: Sequence[_Document], findings: list[Finding]) -> Bank:
    """The bank of `folder/questions/*.yaml` and the questions that overlays add."""
    roots = []
    for path in sorted((folder / "questions").glob("*.yaml")):
        root, found = read_nodes(path)
        findings += found
        if root is not None:
            roots.append(root)
    bank, found = load_bank([*roots, *(t for d in own if (t := own_topic(d.root)))])
    findings += found
    return bank


def _load_selected(
    folder: Path, ids: Iterable[str] | None, bank: Bank, own: Sequence[_Document], findings: list[Finding]
) -> dict[str, Ruleset]:
    files = ruleset_files(folder)
    by_id: dict[str, Ruleset] = {}
    waiting = list(files if ids is None else ids) + [u for d in own for u in used_rulesets(d.root)]
    while waiting:
        id_ = waiting.pop(0)
        if id_ in by_id:
            continue
        document = _read_document(files[id_], findings) if id_ in files else None
        law = _load_document(document, bank, findings) if document else None
        if id_ not in files:
            findings.append(_no_ruleset(id_, files))
        elif law is not None:
            if law.id != id_:
                findings.append(_misnamed(law, id_))
            by_id[id_] = law
            waiting += law.uses
    return by_id


def _load_document(document: _Document, bank: Bank, findings: list[Finding]) -> Ruleset | None:
    law, found = load_ruleset(document.root, bank, document.sha256)
    findings += found
    return law


def _add_overlay(document: _Document, bank: Bank, by_id: dict[str, Ruleset], findings: list[Finding]) -> None:
    """Add an overlay beside the laws: it has its own name, so it can add to them and never change them."""
    law = _load_document(document, bank, findings)
    if law is None:
        return
    if law.id in by_id:
        help_ = "give your ruleset a name of its own; it can add to a law and never replace it"
        findings.append(Finding("RC509", "error", f"ruleset '{law.id}' exists already", law.place, help_))
        return
    if law.kind == "law" and law.extends:
        help_ = "a ruleset that extends another one is of kind company or voluntary"
        findings.append(Finding("RC509", "error", f"'{law.id}' extends a law and says it is one", law.place, help_))
    base = by_id.get(law.extends or "")
    if base is not None and law.applies is ALWAYS:
        law = replace(law, market=law.market or base.market, applies=base.applies)
    by_id[law.id] = law


def _no_ruleset(id_: str, files: Iterable[str]) -> Finding:
    known = list(files)
    return Finding("RC111", "error", f"no ruleset '{id_}'", None, nearest(id_, known) or f"known: {', '.join(known)}")


def _misnamed(law: Ruleset, id_: str) -> Finding:
    message = f"ruleset '{law.id}' is in the file of '{id_}'"
    return Finding("RC508", "error", message, law.place, "the id of a ruleset is the name of its file")
