"""The files inside a report, with which it can be verified in ten years: specs, rulesets, the assessment as JSON."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence

from raicheck.assessment_json import document
from raicheck.report.build import Source
from raicheck.report.pdf import Attached
from raicheck.report.view import Edition

RECORD = "assessment.json"
QUESTIONS = "questions.zip"


def attachments(
    sources: Sequence[Source], rulesets: Mapping[str, bytes], questions: Mapping[str, bytes], edition: Edition
) -> tuple[Attached, ...]:
    """The files for one report; `rulesets` and `questions` are the exact texts that were used, by file name."""
    specs = [Attached(name, s.content, "The description of the feature", "Source") for name, s in _named(sources)]
    laws = [Attached(name, text, "A law or framework as rules") for name, text in rulesets.items()]
    bank = Attached(QUESTIONS, _zipped(questions), "The questions, one file per topic")
    record = {
        **document([s.assessment for s in sources], []),
        "report": {
            "edition": edition,
            "specs": [_hashed(a) for a in specs],
            "rulesets": [_hashed(a) for a in laws],
            "questions": _hashed(bank),
        },
    }
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()
    return (*specs, Attached(RECORD, text, "The assessment, machine-readable"), *laws, bank)


def _named(sources: Sequence[Source]) -> Iterable[tuple[str, Source]]:
    """Every spec under its own file name; a name that comes twice gets a number."""
    seen: set[str] = set()
    for source in sources:
        name = source.assessment.spec.file.rpartition("/")[2] or "spec.yaml"
        number, unique = 2, name
        while unique in seen:
            number, unique = number + 1, f"{number}-{name}"
        seen.add(unique)
        yield unique, source


def _hashed(attached: Attached) -> dict[str, str]:
    return {"name": attached.name, "sha256": hashlib.sha256(attached.content).hexdigest()}


def _zipped(files: Mapping[str, bytes]) -> bytes:
    """An archive that depends on nothing but its content."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system = 3
            archive.writestr(entry, content)  # stored: no compressor, no difference
    return made.getvalue()


_STREAM = re.compile(rb"/EmbeddedFile\b.*?stream\r?\n(.*?)\nendstream", re.DOTALL)


def files_in(pdf: bytes) -> dict[str, bytes]:
    """The files inside a report by SHA-256: what a file is called can be changed, what it contains cannot."""
    found: dict[str, bytes] = {}
    for match in _STREAM.finditer(pdf):
        for content in _contents(match.group(1)):
            found[hashlib.sha256(content).hexdigest()] = content
    return found


def _contents(stream: bytes) -> tuple[bytes, ...]:
    """What a stream holds. A return at its end may be its last byte or belong to the line break behind it."""
    packed = zlib.decompressobj()
    try:
        content = packed.decompress(stream)
    except zlib.error:
        return tuple(dict.fromkeys((stream, stream.removesuffix(b"\r"))))
    return (content,) if packed.eof else ()


def record_in(files: Mapping[str, bytes]) -> dict[str, object] | None:
    """The assessment among the files of a report."""
    for content in files.values():
        if content.startswith(b"{"):
            try:
                record = json.loads(content)
            except ValueError:
                continue
            if isinstance(record, dict) and "schema_version" in record and "assessments" in record:
                return record
    return None
