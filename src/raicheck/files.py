"""Files to text, nodes and specs."""

from __future__ import annotations

from pathlib import Path
from stat import S_ISDIR

from raicheck.frontmatter import SUFFIXES, front_matter
from raicheck.load_spec import SpecLoader
from raicheck.model import Finding, Place, Rulesets, Spec
from raicheck.nodes import Node
from raicheck.source import MAX_BYTES, decode, parse, too_large

CORE_LAWS = ("eu_ai_act", "gdpr", "dpdpa")


def read_text(path: Path) -> tuple[str, list[Finding]]:
    """The text of a file, or the finding that says why it cannot be read."""
    try:
        about = path.stat()
        if S_ISDIR(about.st_mode):
            return "", [_unreadable(path, "is a directory")]
        if about.st_size > MAX_BYTES:
            return "", [too_large(about.st_size, str(path))]
        with path.open("rb", buffering=0) as stream:
            raw = stream.read(about.st_size + 1)  # not more: room for the largest file costs as much as the reading
            more = len(raw) != about.st_size  # it grew meanwhile, or is a pipe, which gives a part at a time
            while more and len(raw) <= MAX_BYTES:
                part = stream.read(MAX_BYTES + 1 - len(raw))
                raw, more = raw + part, bool(part)
            return decode(raw, str(path))
    except OSError as error:
        return "", [_unreadable(path, error.strerror or "cannot be read")]
    except ValueError:
        return "", [_unreadable(path, "not a path")]


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


def load_spec_file(path: Path, rulesets: Rulesets | SpecLoader) -> tuple[Spec | None, list[Finding]]:
    """The spec in a file. With any error among the findings it must not be assessed.

    `rulesets` may be a SpecLoader (to load many specs).
    """
    text, findings = read_text(path)
    return (None, findings) if findings else load_document_text(text, path, rulesets)


def load_document_text(text: str, path: Path, rulesets: Rulesets | SpecLoader) -> tuple[Spec | None, list[Finding]]:
    """The spec in the text of the file `path`: all of it, or the front matter of a Markdown document."""
    if path.suffix.lower() not in SUFFIXES:
        return load_spec_text(text, str(path), rulesets)
    block = front_matter(text)
    if block is None:
        place = Place(str(path), 1, 1, 1, 1)
        help_ = "begin the document with '---', the spec ('raicheck: 1' ...), and '---'"
        return None, [Finding("RC113", "error", "the document has no spec as front matter", place, help_)]
    return load_spec_text(block, str(path), rulesets, first_line=2)


def load_spec_text(
    text: str, file: str, rulesets: Rulesets | SpecLoader, first_line: int = 1
) -> tuple[Spec | None, list[Finding]]:
    """The spec in a text; `first_line` is the line of the document where the text begins."""
    root, findings = parse(text, file, first_line)
    if root is None:
        return None, findings
    loader = rulesets if isinstance(rulesets, SpecLoader) else SpecLoader(rulesets)
    return loader.load(root, file)
