"""How questions are put to a person: in pipes, for screen readers and with `--plain` by numbered lines."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from typing import Literal, Protocol

import click

from raicheck.cli.common import printable
from raicheck.frozen import frozen
from raicheck.model import Answer, Question
from raicheck.typed import typed_answer
from raicheck.words import answer_words

Command = Literal["why", "known", "back", "edit", "skip", "help", "quit"]
COMMANDS: dict[str, Command] = {
    "?": "why",
    "w": "known",
    "b": "back",
    "e": "edit",
    "s": "skip",
    "h": "help",
    "q": "quit",
}
HELP = (
    "? why do you ask · u not sure · w what we know so far · b back · e edit an answer · s skip section "
    "· q save and quit"
)
MAX_WIDTH = 100


@frozen
class Asked:
    """A question with what surrounds it: the section, how much is left, the present answer."""

    question: Question
    section: str = ""
    left: str = ""
    present: Answer | None = None


class Prompter(Protocol):
    """A way to talk with a person."""

    def say(self, text: str = "", wrap: bool = True) -> None:
        """Show a text."""

    def pause(self) -> None:
        """Let a text be read."""

    def line(self, text: str) -> str | None:
        """One line of typed text; None at the end of the input."""

    def choose(self, text: str, options: Sequence[str]) -> int | None:
        """The index of one of `options`; None to go back."""

    def ask(self, asked: Asked) -> Answer | Command:
        """Put a question until it is answered or a command is given."""


class PlainPrompter:
    """Asks with lines of text: no colour, no cursor movement."""

    def __init__(self, width: int = 80) -> None:
        self._width = max(width, 40)

    def say(self, text: str = "", wrap: bool = True) -> None:
        """Show a text, wrapped under its own indentation (unless it is to be copied)."""
        for line in printable(text).split("\n"):
            click.echo(self._wrapped(line) if wrap else line)

    def _wrapped(self, line: str) -> str:
        mark = re.match(r"\s*(?:- |\d+  )?", line)
        hanging = " " * (mark.end() if mark else 0)
        if not line.strip():
            return ""
        if " · " in line:  # the parts of such a list stay whole
            line = re.sub(r"(?<!·) (?!·)", "\0", line)
        return textwrap.fill(line, self._width, subsequent_indent=hanging, break_on_hyphens=False).replace("\0", " ")

    def pause(self) -> None:
        """Nothing scrolls away from plain lines."""

    def line(self, text: str) -> str | None:
        """One line typed after `text`; None at the end of the input."""
        *before, last = self._wrapped(printable(text)).split("\n")
        for line in before:
            click.echo(line)
        try:
            return input(f"{last} ").strip()
        except EOFError:
            click.echo()
            return None

    def choose(self, text: str, options: Sequence[str]) -> int | None:
        """The index of the option typed by number; None for an empty line."""
        self.say(text)
        for number, option in enumerate(options, 1):
            self.say(f"  {number:2}  {option}")
        while typed := self.line("[a number, or Enter to go back] >"):
            if typed.isascii() and typed.isdigit() and 1 <= int(typed) <= len(options):
                return int(typed) - 1
            self.say(f"'{typed[:20]}' is not on the list: type a number from 1 to {len(options)}")
        return None

    def ask(self, asked: Asked) -> Answer | Command:
        """Put a question until it is answered or a command is given."""
        question = asked.question
        self.head(asked)
        for number, text in enumerate(option_texts(question) if question.options else (), 1):
            self.say(f"  {number:2}  {text}")
        while True:
            typed = self.line(_hint(question))
            if typed is None:
                return "quit"
            if typed.lower() in COMMANDS:
                return COMMANDS[typed.lower()]
            answer = typed_answer(question, typed)
            if isinstance(answer, Answer):
                return answer
            self.say(answer)

    def head(self, asked: Asked) -> int:
        """The section, what is left, the question, its help and the present answer. The rows they take."""
        question, around = asked.question, " – ".join(x for x in (asked.section, asked.left) if x)
        lines = ["", *([f"[{around}]"] if around else []), question.ask]
        if question.help:
            lines.append(f"  {question.help}")
        if asked.present is not None:
            lines.append(f"  Answer so far: {answer_words(question, asked.present, brief=True)}")
        for line in lines:
            self.say(line)
        return sum(self._wrapped(printable(line)).count("\n") + 1 for line in lines)


def _hint(question: Question) -> str:
    kinds = {
        "yes_no": "y, n",
        "one_of": "a number",
        "many_of": "numbers, 0 for none",
        "number": f"a number{f' ({question.unit})' if question.unit else ''} or a range",
        "date": "a day (2027-01-15), month (2027-01) or year",
        "text": "a few words",
    }
    return f"[{kinds[question.type]}, u not sure, h for more] >"


def option_texts(question: Question) -> list[str]:
    """The options as shown."""
    return [o.text for o in question.options] or ["Yes", "No"]
