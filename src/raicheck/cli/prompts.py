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
from raicheck.words import answer_words, lead_of

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


class MenuPrompter(PlainPrompter):
    """Menus that arrow keys move in; the letters of the commands work in them too."""

    def choose(self, text: str, options: Sequence[str]) -> int | None:
        """The index of the option chosen."""
        self.say(text)
        found = self._menu(options, "choose", 1)
        if not isinstance(found, int):
            return None
        self.say(f"  > {lead_of(options[found])}")
        return found

    def ask(self, asked: Asked) -> Answer | Command:
        """Put a question until it is answered or a command is given."""
        if asked.question.type not in _MENUS:
            return super().ask(asked)
        question, rows = asked.question, self.head(asked)
        reply = self._many(asked, rows) if question.type == "many_of" else self._one(question, rows)
        if isinstance(reply, Answer):
            self.say(f"  > {answer_words(question, reply, brief=True)}")
        return reply

    def pause(self) -> None:
        """Let a text be read before the next menu takes the screen."""
        self.line("Enter to go on >")

    def _one(self, question: Question, rows: int) -> Answer | Command:
        ids = [o.id for o in question.options] or ["yes", "no"]
        found = self._menu([*_texts(question), "Not sure"], "one", rows)
        if found in (len(ids), "u"):
            return Answer(nothing_known(question), unsure=True)
        if not isinstance(found, int):
            return COMMANDS[found]
        return Answer(Choice(frozenset({ids[found]})))

    def _many(self, asked: Asked, rows: int) -> Answer | Command:
        question, present = asked.question, asked.present
        has = present.known.has if present and isinstance(present.known, Subset) else frozenset()
        marked = has | ({UNSURE} if present is not None and present.unsure else frozenset())
        while not (chosen := self._marks(question, marked, rows)):
            typed = self.line("Nothing is marked (Space marks). None of these? [y/n] >")
            if typed is None:
                return "quit"
            if typed.lower() in ("y", "yes"):
                break
        if isinstance(chosen, str):
            return COMMANDS[chosen]
        words = frozenset(chosen) - {UNSURE}
        open_ = UNSURE in chosen
        return Answer(Subset(words, frozenset() if open_ else question.option_ids - words), unsure=open_)

    def _marks(self, question: Question, marked: frozenset[str], rows: int) -> Any:
        """The ids of the options marked, or the letter of a command."""
        import questionary

        texts = [*_texts(question), "Not sure (about the rest)"]
        ids = [*(o.id for o in question.options), UNSURE]
        choices = [
            questionary.Choice(self._title(text, 5), id_, checked=id_ in marked)
            for text, id_ in zip(texts, ids, strict=True)
        ]
        menu = questionary.checkbox("", choices, instruction=_KEYS["many"], qmark="", **_style())
        marks = _list_of(menu.application.layout).content.selected_options
        found = self._run(menu, texts, 5, rows)
        return [*marks, UNSURE] if found == "u" else found

    def _menu(self, texts: Sequence[str], kind: str, rows: int) -> int | str:
        """The index of the option chosen, or the letter typed."""
        import questionary

        choices = [questionary.Choice(self._title(text, 3), index) for index, text in enumerate(texts)]
        menu = questionary.select("", choices, instruction=_KEYS[kind], qmark="", **_style())
        found: int | str = self._run(menu, texts, 3, rows)
        return found

    def _title(self, text: str, indent: int) -> str:
        """An option on one line: what stands before its details."""
        return textwrap.shorten(lead_of(printable(text)), self._width - indent - 2, placeholder=" …")

    def _run(self, menu: Any, texts: Sequence[str], indent: int, rows: int) -> Any:
        """The result of a menu under a head of so many rows, which stays in sight."""
        bindings = menu.application.key_bindings
        for key in (*COMMANDS, "u"):
            bindings.add(key, eager=True)(lambda event: event.app.exit(result=event.key_sequence[0].data))
        bindings.add("c-d", eager=True)(lambda event: event.app.exit(result="q"))
        for key in ("a", "i"):  # questionary marks all, or the others: nobody expects that of a letter
            bindings.add(key, eager=True)(lambda event: None)
        whole = [self._details(text, indent) for text in texts]
        self._add_foot(menu.application.layout, whole, rows)
        return menu.unsafe_ask()

    def _details(self, text: str, indent: int) -> str:
        """The whole text of an option where its line in the menu does not show it."""
        text = printable(text)
        return "" if self._title(text, indent) == text else textwrap.fill(text, self._width - 1)

    def _add_foot(self, layout: Any, whole: Sequence[str], rows: int) -> None:
        """Under the list: where one is in it if it is longer than its place, and the highlighted option in full."""
        from prompt_toolkit.filters import is_done
        from prompt_toolkit.layout import ConditionalContainer, Dimension, FormattedTextControl, Window

        list_ = _list_of(layout)
        foot = max(text.count("\n") + 1 if text else 0 for text in whole)
        free = shutil.get_terminal_size((80, 24)).lines - rows - foot - 2  # the line of keys, and where one is
        height = max(free, _FEWEST)
        list_.height = Dimension(max=height)

        def shown() -> str:
            at = list_.content.pointed_at
            below = ", more below" if at + 1 < len(whole) else ""
            place = f"({at + 1} of {len(whole)}{below})" if len(whole) > height else ""
            return "\n".join(text for text in (place, whole[at]) if text)

        window = Window(FormattedTextControl(shown), height=Dimension.exact(foot + (len(whole) > height)))
        layout.container.children.append(ConditionalContainer(window, filter=~is_done))


def _list_of(layout: Any) -> Any:
    """The window of a menu that shows its options."""
    from questionary.prompts.common import InquirerControl

    (list_,) = (w for w in layout.find_all_windows() if isinstance(w.content, InquirerControl))
    return list_


_FEWEST = 4  # rows of a list on a very low screen
_MENUS = ("yes_no", "one_of", "many_of")
_KEYS = {
    "one": "(arrows and Enter; h for more)",
    "many": "(Space marks, Enter when done; h for more)",
    "choose": "(arrows and Enter; b to go back)",
}


def _style() -> dict[str, Any]:
    import questionary

    plain = "NO_COLOR" in os.environ
    look = [] if plain else [("pointer", "bold"), ("highlighted", "bold"), ("selected", "fg:ansigreen")]
    return {"style": questionary.Style(look), "pointer": ">", "erase_when_done": True}


def _texts(question: Question) -> list[str]:
    """The options as shown."""
    return [o.text for o in question.options] or ["Yes", "No"]
