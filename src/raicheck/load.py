"""Files to rulesets and specs. The only module of the core that reads the disk."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from raicheck.frontmatter import SUFFIXES, front_matter
from raicheck.frozen import frozen, replace
from raicheck.load_bank import load_bank
from raicheck.load_ruleset import load_ruleset, own_topic, used_rulesets
from raicheck.load_spec import load_spec
from raicheck.model import ALWAYS, Bank, Finding, Place, Ruleset, Rulesets, Spec
from raicheck.read import nearest
from raicheck.references import check_questions, check_references
from raicheck.source import MAX_BYTES, Node, decode, parse, too_large

CORE_LAWS = ("eu_ai_act", "gdpr", "dpdpa")
_KIND_LAW = re.compile(r"^kind:[ ]*law\b", re.MULTILINE)


def read_text(path: Path) -> tuple[str, list[Finding]]:
    """The text of a file, or the finding that says why it cannot be read."""
    try:
        if path.is_dir():
            return "", [_unreadable(path, "is a directory")]
        if path.stat().st_size > MAX_BYTES:
            return "", [too_large(path.stat().st_size, str(path))]
        return decode(path.read_bytes(), str(path))
    except OSError as error:
        return "", [_unreadable(path, error.strerror or "cannot be read")]


def _unreadable(path: Path, why: str) -> Finding:
    return Finding(
        "RC100",
        "error",
        f"cannot read the file: {why.lower()}",
        Place(str(path), 1, 1, 1, 1),
        "check the path and its permissions",
    )


def read_nodes(path: Path) -> tuple[Node | None, list[Finding]]:
    """The nodes of a YAML file."""
    text, findings = read_text(path)
    return (None, findings) if findings else parse(text, str(path))


def ruleset_files(folder: Path) -> dict[str, Path]:
    """Every ruleset of a rulesets folder by id, which is the name of its file (`us/colorado.yaml` is `us/colorado`)."""
    files = [*folder.glob("*.yaml"), *folder.glob("us/*.yaml")]
    return {p.relative_to(folder).with_suffix("").as_posix().replace("/", "_"): p for p in sorted(files)}


def law_ids(folder: Path) -> list[str]:
    """The rulesets of a folder that are law."""
    return [id_ for id_, path in ruleset_files(folder).items() if _KIND_LAW.search(read_text(path)[0])]


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


def load_spec_file(path: Path, rulesets: Rulesets) -> tuple[Spec | None, list[Finding]]:
    """The spec in a file. With any error among the findings it must not be assessed."""
    text, findings = read_text(path)
    if findings:
        return None, findings
    if path.suffix.lower() not in SUFFIXES:
        return load_spec_text(text, str(path), rulesets)
    block = front_matter(text)
    if block is None:
        place = Place(str(path), 1, 1, 1, 1)
        help_ = "begin the document with '---', the spec ('raicheck: 1' ...), and '---'"
        return None, [Finding("RC113", "error", "the document has no spec as front matter", place, help_)]
    return load_spec_text(block, str(path), rulesets, first_line=2)


def load_spec_text(text: str, file: str, rulesets: Rulesets, first_line: int = 1) -> tuple[Spec | None, list[Finding]]:
    """The spec in a text; `first_line` is the line of the document where the text begins."""
    root, findings = parse(text, file, first_line)
    if root is None:
        return None, findings
    return load_spec(root, rulesets, file)
