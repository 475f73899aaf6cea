"""How questions are put to a person: menus on a terminal, numbered lines in pipes, for screen readers and `--plain`."""

from __future__ import annotations

import os
import re
import shutil
import sys
import textwrap
from collections.abc import Sequence
from typing import Any, Literal, Protocol

import click

from raicheck.answers import UNSURE, nothing_known
from raicheck.cli.common import printable
from raicheck.frozen import frozen
from raicheck.model import Answer, Choice, Question, Subset
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
HELP = "? why do you ask · w what we know so far · b back · e edit an answer · s skip section · q save and quit"
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


def prompter(plain: bool) -> Prompter:
    """Menus where a person sits at a terminal that can show them, else plain lines."""
    at_terminal = sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb"
    width = min(shutil.get_terminal_size((80, 24)).columns, MAX_WIDTH)
    if plain or not at_terminal or not _has_menus():
        return PlainPrompter(width)
    return MenuPrompter(width)


def _has_menus() -> bool:
    try:
        import questionary  # noqa: F401
    except ImportError:
        return False
    return True


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
        return textwrap.fill(line, self._width, subsequent_indent=hanging, break_on_hyphens=False)

    def pause(self) -> None:
        """Nothing scrolls away from plain lines."""

    def line(self, text: str) -> str | None:
        """One line typed after `text`; None at the end of the input."""
        try:
            return input(f"{printable(text)} ").strip()
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
        for number, text in enumerate(_texts(question) if question.options else (), 1):
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

    def head(self, asked: Asked) -> None:
        """The section, what is left, the question, its help and the present answer."""
        self.say()
        around = " – ".join(x for x in (asked.section, asked.left) if x)
        if around:
            self.say(f"[{around}]")
        self.question(asked.question)
        if asked.question.help:
            self.say(f"  {asked.question.help}")
        if asked.present is not None:
            self.say(f"  Answer so far: {answer_words(asked.question, asked.present)}")

    def question(self, question: Question) -> None:
        """The question itself."""
        self.say(question.ask)


def _options_in_help(question: Question) -> bool:
    """Whether the help speaks of options by their ids, so that these must be shown."""
    words = set(re.findall(r"- (\w+)", question.help))
    return any(o.id in words for o in question.options)


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


class MenuPrompter(PlainPrompter):
    """Menus that arrow keys move in; the letters of the commands work in them too."""

    _scrolls = False  # whether the menu at hand is longer than the screen: then it carries the question

    def choose(self, text: str, options: Sequence[str]) -> int | None:
        """The index of the option chosen."""
        titles = [_title(o, self._width, 3) for o in options]
        found = self._menu(text, titles, "choose")
        return found if isinstance(found, int) else None

    def ask(self, asked: Asked) -> Answer | Command:
        """Put a question until it is answered or a command is given."""
        question = asked.question
        if question.type not in _MENUS:
            return super().ask(asked)
        indent = 5 if question.type == "many_of" else 3
        titles = [_title(t, self._width, indent) for t in _texts(question)]
        around = len(question.ask) // self._width + len(question.help) // self._width + 7
        self._scrolls = "\n".join(titles).count("\n") + around >= shutil.get_terminal_size((80, 24)).lines
        self.head(asked)
        self._scrolls, head = False, self._question(question) if self._scrolls else ""
        return self._many(asked, titles, head) if question.type == "many_of" else self._one(question, titles, head)

    def question(self, question: Question) -> None:
        """Not if a long menu follows, at whose head it stays in sight."""
        if not self._scrolls:
            super().question(question)

    def pause(self) -> None:
        """Let a text be read before the next menu takes the screen."""
        self.line("Enter to go on >")

    def _question(self, question: Question) -> str:
        return textwrap.fill(printable(question.ask), self._width - 1) + "\n "

    def _one(self, question: Question, titles: list[str], head: str) -> Answer | Command:
        ids = [o.id for o in question.options] or ["yes", "no"]
        found = self._menu(head, [*titles, "Not sure"], "one")
        if not isinstance(found, int):
            return found
        if found == len(ids):
            return Answer(nothing_known(question), unsure=True)
        return Answer(Choice(frozenset({ids[found]})))

    def _many(self, asked: Asked, titles: list[str], head: str) -> Answer | Command:
        import questionary

        question, present = asked.question, asked.present
        has = present.known.has if present and isinstance(present.known, Subset) else frozenset()
        choices = [
            questionary.Choice(title, option.id, checked=option.id in has)
            for title, option in zip(titles, question.options, strict=True)
        ]
        unsure = present is not None and present.unsure
        choices.append(questionary.Choice("Not sure (about the rest)", UNSURE, checked=unsure))
        menu = questionary.checkbox(head, choices, instruction=_KEYS["many"], qmark="", **_style())
        chosen = self._run(menu)
        if isinstance(chosen, str):
            return COMMANDS[chosen]
        if not chosen:
            self.say("  none of these")
        words = frozenset(chosen) - {UNSURE}
        open_ = UNSURE in chosen
        return Answer(Subset(words, frozenset() if open_ else question.option_ids - words), unsure=open_)

    def _menu(self, text: str, titles: Sequence[str], kind: str) -> int | Command:
        import questionary

        choices = [questionary.Choice(title, index) for index, title in enumerate(titles)]
        menu = questionary.select(text, choices, instruction=_KEYS[kind], qmark="", **_style())
        found = self._run(menu)
        return COMMANDS[found] if isinstance(found, str) else found

    def _run(self, menu: Any) -> Any:
        bindings = menu.application.key_bindings
        for key in COMMANDS:
            bindings.add(key, eager=True)(lambda event: event.app.exit(result=event.key_sequence[0].data))
        return menu.unsafe_ask()


_MENUS = ("yes_no", "one_of", "many_of")
_KEYS = {
    "one": "(arrows and Enter; h for more)",
    "many": "(Space marks, Enter when done; nothing marked = none; h for more)",
    "choose": "(arrows and Enter; b to go back)",
}


def _style() -> dict[str, Any]:
    import questionary

    plain = "NO_COLOR" in os.environ
    look = [] if plain else [("pointer", "bold"), ("highlighted", "bold"), ("selected", "fg:ansigreen")]
    return {"style": questionary.Style(look), "pointer": ">"}


def _texts(question: Question) -> list[str]:
    """The options as shown, with their ids where the help speaks of them."""
    named = _options_in_help(question)
    return [f"{o.text}{f' ({o.id})' if named else ''}" for o in question.options] or ["Yes", "No"]


def _title(text: str, width: int, indent: int) -> str:
    """An option over as many lines as it needs: menus do not wrap."""
    one_line = printable(text).replace("\n", " ")
    hanging = " " * (indent + 2)
    return textwrap.fill(one_line, width - indent - 2, subsequent_indent=hanging, break_on_hyphens=False)
