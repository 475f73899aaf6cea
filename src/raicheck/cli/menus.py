"""Menus on a terminal that arrow keys move in; elsewhere the lines of prompts.py."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from collections.abc import Sequence
from typing import Any

from raicheck.answers import UNSURE, nothing_known
from raicheck.cli.common import printable
from raicheck.cli.prompts import COMMANDS, MAX_WIDTH, Asked, Command, PlainPrompter, Prompter, option_texts
from raicheck.model import Answer, Choice, Question, Subset
from raicheck.words import answer_words, lead_of

_FEWEST = 4  # rows of a list on a very low screen
_MENUS = ("yes_no", "one_of", "many_of")
_KEYS = {
    "one": "(arrows and Enter; h for more)",
    "many": "(Space marks, Enter when done; h for more)",
    "choose": "(arrows and Enter; b to go back)",
}


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
        found = self._menu([*option_texts(question), "Not sure"], "one", rows)
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

        texts = [*option_texts(question), "Not sure (about the rest)"]
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


def _style() -> dict[str, Any]:
    import questionary

    plain = "NO_COLOR" in os.environ
    look = [] if plain else [("pointer", "bold"), ("highlighted", "bold"), ("selected", "fg:ansigreen")]
    return {"style": questionary.Style(look), "pointer": ">", "erase_when_done": True}
