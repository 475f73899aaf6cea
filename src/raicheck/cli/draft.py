"""A description while it is written: saved after each answer, whatever else happens to its file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from raicheck.cli.common import has_errors, show_findings
from raicheck.cli.prompts import Prompter
from raicheck.files import load_spec_text
from raicheck.model import Answer, Finding, Note, Rulesets, Spec
from raicheck.save import Changed, SpecFile, recovery_file
from raicheck.splice import drop_note, put_answer, put_note
from raicheck.words import answer_words

_ATTEMPTS = 5


class Draft:
    """The text of a description with what it says, and where it is kept. Whoever writes it is told what happens."""

    def __init__(self, rulesets: Rulesets, talk: Prompter, file: SpecFile, text: str, spec: Spec) -> None:
        self.spec = spec
        self.is_saved = True
        self._rulesets = rulesets
        self._talk = talk
        self._file = file
        self._text = text
        self._nowhere = False

    @property
    def path(self) -> Path:
        """The file."""
        return self._file.path

    # writing

    def prefill(self, given: Mapping[str, Answer]) -> bool:
        """Write the answers of `--answers`; those in the spec stay. False if they cannot be written."""
        new = {f: a for f, a in given.items() if f not in self.spec.answers}
        for fact, answer in new.items():
            made = self._with(fact, answer)
            if isinstance(made, list):
                show_findings(made)
                self.is_saved = False
                return False
            self._text, self.spec = made
        if given:
            kept = [f for f, a in given.items() if f not in new and a != self.spec.answers[f]]
            self._talk.say(f"{len(new)} answers taken over.")
            if kept:
                self._talk.say(f"The spec says otherwise and stays as it is: {', '.join(kept)}")
        if new or self._file.text is None:
            self._save(self._text, self.spec)
        return True

    def record(self, fact: str, answer: Answer) -> bool:
        """Write one answer, into what the file says now. False if there is no way to write it."""
        for _ in range(_ATTEMPTS):
            made = self._with(fact, answer)
            if isinstance(made, list):
                show_findings(made)
                return False
            try:
                self._write(*made)
                return True
            except Changed as changed:
                if not self._merged(changed.text, fact, answer):
                    return True
        self._rescue("the file is changed all the time by somebody else")
        return True

    def _with(self, fact: str, answer: Answer) -> tuple[str, Spec] | list[Finding]:
        """The text and what it says with one more answer."""
        return put_answer(self._text, str(self.path), self._rulesets, fact, answer)

    def note(self, fact: str, note: Note) -> None:
        """Write a note about a question."""
        made = put_note(self._text, str(self.path), self._rulesets, fact, note)
        if isinstance(made, list):
            show_findings(made)
        else:
            self._save(*made)

    def drop_note(self, fact: str) -> None:
        """Take a note out."""
        if fact not in self.spec.notes:
            return
        made = drop_note(self._text, str(self.path), self._rulesets, fact)
        if isinstance(made, list):
            self._talk.say("The note about this question stays in the file: remove it by hand.")
        else:
            self._save(*made)

    # saving

    def _save(self, text: str, spec: Spec) -> None:
        try:
            self._write(text, spec)
        except Changed as changed:
            if changed.text is None or not self._taken_over(changed.text):
                self._rescue("the file was changed by somebody else")

    def _write(self, text: str, spec: Spec) -> None:
        self._text, self.spec, before = text, spec, (self._text, self.spec)
        try:
            self._file.write(text)
        except Changed:
            self._text, self.spec = before
            raise
        except OSError as error:
            self._rescue((error.strerror or "cannot be written").lower())

    def _merged(self, text: str | None, fact: str, answer: Answer) -> bool:
        """Take over what somebody else wrote; False if our answer then must not be written."""
        if text is None or not self._taken_over(text):
            made = self._with(fact, answer)
            if not isinstance(made, list):
                self._text, self.spec = made
            self._rescue("the file was removed or broken by somebody else")
            return False
        theirs = self.spec.answers.get(fact)
        if theirs is None or theirs == answer:
            return True
        question = self._rulesets.bank.questions[fact]
        chosen = self._talk.choose(
            "This question was answered there too. Which answer counts?",
            [f"theirs: {answer_words(question, theirs, True)}", f"yours: {answer_words(question, answer, True)}"],
        )
        return chosen == 1

    def _taken_over(self, text: str) -> bool:
        spec, findings = load_spec_text(text, str(self.path), self._rulesets)
        if spec is None or has_errors(findings):
            show_findings(findings)
            return False
        new = [f for f, a in spec.answers.items() if self.spec.answers.get(f) != a]
        self._text, self.spec = text, spec
        self._talk.say(f"The file was changed by somebody else meanwhile: {len(new)} of their answers taken over.")
        return True

    def _rescue(self, why: str) -> None:
        """Go on in another file when this one cannot be written."""
        if self._nowhere:
            return
        self.is_saved = False
        show_findings([Finding("RC121", "error", f"{self.shown()} cannot be saved: {why}", None)])
        rescue = recovery_file(self.path, self._text)
        if rescue is None:
            self._nowhere = True
            self._talk.say("No other place can be written either: your answers are shown at the end, to be copied.")
        else:
            self._file = rescue
            self._talk.say(f"Your answers are kept in {self.shown()}")

    # telling

    def shown(self) -> str:
        """The file as one would type it here."""
        path, here = self.path, Path.cwd()
        return str(path.relative_to(here) if path.is_relative_to(here) else path)

    def say_where(self) -> None:
        """Say where it is saved, or show it where it could not be."""
        if self._nowhere:
            self._talk.say(f"Not saved. Copy this into a file:\n\n{self._text}", wrap=False)
        else:
            self._talk.say(f"Saved in {self.shown()}")
