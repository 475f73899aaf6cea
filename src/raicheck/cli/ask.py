"""`raicheck ask [SPEC]`."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import click

from raicheck.ask import next_question
from raicheck.assess import assess
from raicheck.cli.common import as_of_option, has_errors, ruleset_option, rulesets_or_none, show_findings
from raicheck.cli.prompts import HELP, PlainPrompter
from raicheck.files import CORE_LAWS, load_spec_text, ruleset_files
from raicheck.logic import Program
from raicheck.model import Answer, Spec
from raicheck.save import Changed, SpecFile, recovery_file
from raicheck.shipped import rulesets_dir
from raicheck.splice import new_spec, put_answer


@click.command(help="Describe a feature by answering questions, or go on with it.")
@click.argument("spec", type=click.Path(path_type=Path), required=False)
@click.option("--plain", is_flag=True, help="Numbered lines instead of menus.")
@as_of_option
@ruleset_option
def command(spec: Path | None, plain: bool, as_of: date, ruleset_ids: tuple[str, ...]) -> int:
    """SPEC is a spec file, which is created if it does not exist."""
    ids = ruleset_ids or tuple(i for i in CORE_LAWS if i in ruleset_files(rulesets_dir()))
    rulesets = rulesets_or_none(ids)
    if rulesets is None:
        return 2
    interview = _Interview(Program(rulesets), ids, as_of, PlainPrompter())
    return interview.run(spec)


class _Interview:
    def __init__(self, program: Program, ids: tuple[str, ...], as_of: date, prompter: PlainPrompter) -> None:
        self._program = program
        self._ids = ids
        self._as_of = as_of
        self._prompter = prompter

    def run(self, path: Path | None) -> int:
        opened = self._open(path)
        if opened is None:
            return 2
        self._file, self._spec = opened
        self._prompter.say(HELP)
        topic = ""
        while True:
            assessment = assess(self._spec, self._program, self._as_of, self._ids)
            question = next_question(assessment, (), topic)
            if question is None:
                self._prompter.say("Nothing more to ask.")
                break
            answer = self._prompter.ask(question)
            if not isinstance(answer, Answer):
                break
            topic = question.id.partition(".")[0]
            self._record(question.id, answer)
        self._prompter.say(f"Saved in {self._file.path}")
        return 0

    def _open(self, path: Path | None) -> tuple[SpecFile, Spec] | None:
        if path is None or not path.exists():
            name = self._prompter.line("What is the feature called?") or "my feature"
            slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "feature"
            file = SpecFile(path or Path(f"{slug}.raicheck.yaml"))
            if file.text is None:
                file.write(new_spec(slug, name))
        else:
            file = SpecFile(path)
        spec, findings = load_spec_text(file.text or "", str(file.path), self._program.rulesets)
        show_findings(findings)
        return None if spec is None or has_errors(findings) else (file, spec)

    def _record(self, fact: str, answer: Answer) -> None:
        made = put_answer(self._file.text or "", str(self._file.path), self._program.rulesets, fact, answer)
        if isinstance(made, list):
            show_findings(made)
            return
        text, self._spec = made
        try:
            self._file.write(text)
        except (OSError, Changed) as problem:
            rescue = recovery_file(self._file.path, text)
            self._prompter.say(
                f"cannot save: {problem}; your answers are kept in {rescue.path if rescue else 'memory'}"
            )
            if rescue is not None:
                self._file = rescue
