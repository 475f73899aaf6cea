"""`raicheck ask [SPEC]`."""

from __future__ import annotations

import gc
import re
from datetime import date
from pathlib import Path

import click

from raicheck.ask import Interview
from raicheck.cli.common import (
    as_of_option,
    configured_laws,
    has_errors,
    ruleset_option,
    rulesets_or_none,
    show_findings,
    wanted_laws,
)
from raicheck.cli.conversation import Conversation
from raicheck.cli.draft import Draft
from raicheck.cli.menus import prompter
from raicheck.cli.prompts import Prompter
from raicheck.files import load_spec_file, load_spec_text, read_nodes, ruleset_files
from raicheck.logic import Program
from raicheck.model import Answer, Finding, Place, Rulesets, Spec
from raicheck.prefill import read_prefill
from raicheck.save import SpecFile
from raicheck.shipped import rulesets_dir
from raicheck.splice import new_spec


@click.command(
    help="Describe a feature by answering questions, or go on with it. SPEC is the file (made if it is not there); "
    "without it you choose among those here."
)
@click.argument("spec", type=click.Path(path_type=Path), required=False)
@click.option("--answers", type=click.Path(path_type=Path), help="Answers to begin with, as YAML or JSON.")
@click.option("--only-classification", is_flag=True, help="Stop when the classification is as certain as it gets.")
@click.option("--plain", is_flag=True, help="Numbered lines instead of menus (for screen readers and pipes).")
@as_of_option
@ruleset_option
def command(
    spec: Path | None,
    answers: Path | None,
    only_classification: bool,
    plain: bool,
    as_of: date,
    ruleset_ids: tuple[str, ...],
) -> int:
    """SPEC is a spec file, which is created if it does not exist."""
    chosen = wanted_laws(ruleset_ids, configured_laws())
    rulesets = rulesets_or_none(chosen)
    if rulesets is None:
        return 2
    shipped = ruleset_files(rulesets_dir())
    own = () if ruleset_ids else tuple(i for i in rulesets.by_id if i not in shipped)
    gc.disable()  # no pauses between questions: what an answer needs goes without a collection
    talk = prompter(plain)
    path, name = (spec, "") if spec is not None else _here(talk)
    file = _file(path) if path is not None else None
    if file is None:
        return 2
    given = _given(answers, rulesets)
    opened = _opened(talk, file, name, rulesets) if given is not None else None
    if given is None or opened is None:
        return 2
    text, described = opened
    interview = Interview(Program(rulesets), (*chosen, *own))
    draft = Draft(rulesets, talk, file, text, described)
    return Conversation(interview, as_of, talk, draft, ruleset_ids).run(given, only_classification)


def _file(path: Path) -> SpecFile | None:
    """The file to write."""
    if not path.exists() and path.suffix not in (".yaml", ".yml"):
        path = path.with_name(f"{path.name}.raicheck.yaml")
    try:
        if not path.parent.is_dir():
            raise FileNotFoundError(2, "no such folder")
        return SpecFile(path)
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        place = Place(str(path), 1, 1, 1, 1)
        show_findings([Finding("RC100", "error", f"cannot read the file: {(why or '').lower()}", place)])
        return None


def _here(talk: Prompter) -> tuple[Path | None, str]:
    """One of the files here, or a new one with the name of its feature; None to stop."""
    found = sorted(Path().glob("*.raicheck.yaml"))
    if found:
        chosen = talk.choose("Which feature?", [*map(str, found), "a new one"])
        if chosen is None:
            return None, ""
        if chosen < len(found):
            return found[chosen], ""
    name = talk.line("What is the feature called? >")
    return (_free(_slug(name)), name) if name else (None, "")


def _free(slug: str) -> Path:
    """A file for a new feature that is not that of another (names without Latin letters give one slug)."""
    path, number = Path(f"{slug}.raicheck.yaml"), 1
    while path.exists():
        number += 1
        path = Path(f"{slug}-{number}.raicheck.yaml")
    return path


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60] or "feature"


def _opened(talk: Prompter, file: SpecFile, name: str, rulesets: Rulesets) -> tuple[str, Spec] | None:
    """The text and spec of the file, or of a new one (not written yet) about the feature of that name."""
    text = file.text
    if file.is_document:
        spec, findings = load_spec_file(file.path, rulesets)
    else:
        if text is None or not text.strip():
            stem = file.path.name.removesuffix(".yaml").removesuffix(".yml").removesuffix(".raicheck")
            name = name or stem.replace("-", " ").replace("_", " ").strip().capitalize() or "Feature"
            text = new_spec(_slug(stem), name)
            talk.say(f"A new description: {file.path.name}")
        spec, findings = load_spec_text(text, str(file.path), rulesets)
    show_findings(findings)
    return None if spec is None or text is None or has_errors(findings) else (text, spec)


def _given(path: Path | None, rulesets: Rulesets) -> dict[str, Answer] | None:
    """The answers of `--answers`; None after showing why they cannot be read."""
    if path is None:
        return {}
    root, findings = read_nodes(path)
    answers: dict[str, Answer] = {}
    if root is not None:
        answers, more = read_prefill(root, rulesets, str(path))
        findings += more
    show_findings(findings)
    return None if has_errors(findings) else answers
