"""Files to rulesets and specs. The only module of the core that reads the disk."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from raicheck.frontmatter import SUFFIXES, front_matter
from raicheck.load_bank import load_bank
from raicheck.load_ruleset import load_ruleset
from raicheck.load_spec import load_spec
from raicheck.model import Bank, Finding, Place, Ruleset, Rulesets, Spec
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


def load_questions(folder: Path) -> tuple[Bank, list[Finding]]:
    """The bank of `folder/questions/*.yaml`."""
    roots, findings = [], []
    for path in sorted((folder / "questions").glob("*.yaml")):
        root, found = read_nodes(path)
        findings += found
        if root is not None:
            roots.append(root)
    bank, found = load_bank(roots)
    findings += found
    if not findings:
        findings += check_questions(Rulesets(bank, {}))
    return bank, findings


def load_rulesets(
    folder: Path, ids: Iterable[str] | None = None, extra: Sequence[Path] = ()
) -> tuple[Rulesets, list[Finding]]:
    """The bank and the rulesets `ids` (default: all) of `folder`, with those they use, and `extra` files.

    With any error among the findings the rulesets must not be used.
    """
    bank, findings = load_questions(folder)
    files = ruleset_files(folder)
    by_id: dict[str, Ruleset] = {}
    waiting = list(files if ids is None else ids)
    while waiting:
        id_ = waiting.pop(0)
        if id_ in by_id:
            continue
        if id_ not in files:
            findings.append(_no_ruleset(folder, id_, files))
            continue
        law, found = _read_ruleset(files[id_], bank, id_)
        findings += found
        if law is not None:
            by_id[id_] = law
            waiting += law.uses
    for path in extra:
        law, found = _read_ruleset(path, bank, None)
        findings += found
        if law is not None:
            by_id[law.id] = law
    rulesets = Rulesets(bank, by_id)
    if not findings:
        findings += [f for law in by_id.values() for f in check_references(rulesets, law)]
    return rulesets, findings


def _no_ruleset(folder: Path, id_: str, files: Iterable[str]) -> Finding:
    known = list(files)
    return Finding("RC111", "error", f"no ruleset '{id_}'", None, nearest(id_, known) or f"known: {', '.join(known)}")


def _read_ruleset(path: Path, bank: Bank, id_: str | None) -> tuple[Ruleset | None, list[Finding]]:
    text, findings = read_text(path)
    root, found = parse(text, str(path)) if not findings else (None, [])
    findings += found
    if root is None:
        return None, findings
    law, found = load_ruleset(root, bank, hashlib.sha256(text.encode()).hexdigest())
    findings += found
    if law is not None and id_ is not None and law.id != id_:
        findings.append(
            Finding(
                "RC508",
                "error",
                f"ruleset '{law.id}' is in the file of '{id_}'",
                law.place,
                "the id of a ruleset is the name of its file",
            )
        )
        law = replace(law, id=id_)
    return law, findings


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
