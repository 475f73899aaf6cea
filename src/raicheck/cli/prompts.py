"""How questions are put to a person: plain numbered lines, for pipes, screen readers and `--plain`."""

from __future__ import annotations

import textwrap
from typing import Literal, get_args

import click

from raicheck.cli.common import printable
from raicheck.model import Answer, Question
from raicheck.typed import typed_answer

Command = Literal["why", "known", "back", "edit", "skip", "quit"]
COMMANDS: dict[str, Command] = {"?": "why", "w": "known", "b": "back", "e": "edit", "s": "skip", "q": "quit"}
assert set(COMMANDS.values()) == set(get_args(Command))
HELP = "u not sure · ? why are you asking · w what we know · b back · e edit an answer · s skip section · q quit"


class PlainPrompter:
    """Asks with lines of text."""

    def __init__(self, width: int = 80) -> None:
        self._width = width

    def say(self, text: str = "") -> None:
        """Show a text, wrapped."""
        for line in printable(text).split("\n"):
            indent = len(line) - len(line.lstrip())
            click.echo(textwrap.fill(line, self._width, subsequent_indent=" " * indent) if line.strip() else "")

    def line(self, text: str) -> str | None:
        """One line typed after `text`; None at the end of the input."""
        try:
            return input(f"{printable(text)} ").strip()
        except EOFError:
            click.echo()
            return None

    def ask(self, question: Question) -> Answer | Command:
        """Put a question until it is answered or a command is given."""
        self.say(question.ask)
        if question.help:
            self.say(f"  {question.help}")
        for number, option in enumerate(question.options, 1):
            self.say(f"  {number:2}  {option.text}")
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


def _hint(question: Question) -> str:
    kinds = {
        "yes_no": "y, n or u",
        "one_of": "one number or u",
        "many_of": "numbers, 0 for none, or u",
        "number": f"a number{f' ({question.unit})' if question.unit else ''} or u",
        "date": "a day (2027-01-15), month or year, or u",
        "text": "a few words",
    }
    return f"[{kinds[question.type]}] >"
