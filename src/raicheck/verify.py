"""Whether a report says what its own files give: its specs assessed again with its own rulesets."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from raicheck.assess import assess
from raicheck.assessment_json import assessment_json
from raicheck.files import load_document_text, ruleset_files
from raicheck.load import load_rulesets
from raicheck.report.attach import files_in, record_in

Outcome = Literal["matches", "differs", "incomplete"]


@dataclass(frozen=True, slots=True)
class Recomputed:
    """The outcome and why; `revised` names the rulesets that this raicheck has in another version."""

    outcome: Outcome
    why: tuple[str, ...]
    written_by: str = ""
    revised: tuple[str, ...] = ()


def recompute(pdf: bytes, folder: Path, shipped: Path) -> Recomputed:
    """Assess the specs inside `pdf` again. The rulesets inside are unpacked to the empty `folder`."""
    files = files_in(pdf)
    record: Any = record_in(files)
    if record is None or "report" not in record:
        return Recomputed("incomplete", ("there is no assessment inside; an external report has none",))
    missing = _unpack(files, record["report"], folder)
    if missing:
        return Recomputed("incomplete", tuple(f"'{name}' is missing or was changed" for name in missing))
    written_by = str(record["tool"]["version"])
    try:
        why = tuple(_differences(files, record, folder))
    except (KeyError, ValueError) as error:
        return Recomputed("incomplete", (f"the assessment inside cannot be read: {error}",), written_by)
    return Recomputed("differs" if why else "matches", why, written_by, tuple(_revised(record["report"], shipped)))


def _unpack(files: Mapping[str, bytes], report: Any, folder: Path) -> list[str]:
    """Write rulesets and questions where the loader wants them; the names of files that are not there."""
    wanted = [*report["specs"], *report["rulesets"], report["questions"]]
    missing = [w["name"] for w in wanted if w["sha256"] not in files]
    if missing:
        return missing
    for ruleset in report["rulesets"]:
        (folder / Path(ruleset["name"]).name).write_bytes(files[ruleset["sha256"]])
    (folder / "questions").mkdir()
    with zipfile.ZipFile(io.BytesIO(files[report["questions"]["sha256"]])) as archive:
        for name in archive.namelist():
            (folder / "questions" / Path(name).name).write_bytes(archive.read(name))
    return []


def _differences(files: Mapping[str, bytes], record: Any, folder: Path) -> list[str]:
    rulesets, findings = load_rulesets(folder)
    if any(f.severity == "error" for f in findings):
        return ["this raicheck cannot read the rulesets inside: " + findings[0].message]
    found = []
    for spec_file, said in zip(record["report"]["specs"], record["assessments"], strict=True):
        text = files[spec_file["sha256"]].decode("utf-8-sig")
        spec, _ = load_document_text(text, Path(said["spec"]), rulesets)
        if spec is None:
            return [f"this raicheck cannot read '{spec_file['name']}'"]
        again = assess(spec, rulesets, date.fromisoformat(said["as_of"]), list(said["rulesets"]))
        found += _compare(said, assessment_json(again))
    return found


def _compare(said: Any, again: Any) -> list[str]:
    """What is different, as far as a reader would care; names that only one side knows are no difference."""
    found = []
    for id_, law in said["rulesets"].items():
        new = again["rulesets"].get(id_, {})
        for key in ("applies", "classification"):
            if law[key] != new.get(key):
                found.append(
                    f"{law['title']}: '{key}' is {_said(law[key])} in the report, {_said(new.get(key))} recomputed"
                )
        for kind, key in (("rules", "status"), ("obligations", "applicability")):
            results = {x["id"]: x[key] for x in new.get(kind, ())}
            for item in law[kind]:
                if results.get(item["id"]) != item[key]:
                    found.append(
                        f"{law['title']}, {item['id']}: {item[key]} in the report, {results.get(item['id'])} recomputed"
                    )
    return found


def _said(value: object) -> str:
    return " … ".join(dict.fromkeys(map(str, value.values()))) if isinstance(value, dict) else str(value)


def _revised(report: Any, shipped: Path) -> list[str]:
    ours = {f"{i}.yaml": hashlib.sha256(p.read_bytes()).hexdigest() for i, p in ruleset_files(shipped).items()}
    return [r["name"] for r in report["rulesets"] if ours.get(r["name"], r["sha256"]) != r["sha256"]]
