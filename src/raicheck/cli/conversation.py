"""One sitting of an interview: asks, saves after each answer, obeys commands, sums up."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence
from datetime import date

from raicheck.ask import PHASES, Interview, Phase, Step, View
from raicheck.assess import Assessment, assess
from raicheck.cli.draft import Draft
from raicheck.cli.prompts import COMMANDS, HELP, Asked, Command, Prompter
from raicheck.frozen import replace
from raicheck.model import Answer, Note, Question
from raicheck.provisions import Provision, load_provisions
from raicheck.read import shorten
from raicheck.shipped import rulesets_dir
from raicheck.talk import amount, closing, contradictions, known_so_far, why_asked
from raicheck.words import answer_words

_NO_NAME = re.compile(r"[\W\d]+|y|yes|n|no|u|unsure", re.IGNORECASE)  # meant for the question, not for who can answer
_FOR_THE_REPORT = ("owner", "entity", "version", "summary")


class Conversation:
    """What one person and raicheck say to each other about one spec."""

    def __init__(
        self, interview: Interview, as_of: date, talk: Prompter, draft: Draft, named: Sequence[str] = ()
    ) -> None:
        self._interview = interview
        self._as_of = as_of
        self._talk = talk
        self._draft = draft
        self._named = named  # the rulesets that were asked for
        self._rulesets = interview.program.rulesets
        self._topics = {q: t for t in self._rulesets.bank.topics for q in t.questions}
        self._skipped: set[str] = set()
        self._asked: list[str] = []
        self._phase: Phase = PHASES[0]
        self._provisions: Mapping[str, Provision] | None = None
        self._last: View | None = None
        self._pending: Command | None = None

    def run(self, given: Mapping[str, Answer], only_classification: bool) -> int:
        """Ask until nothing is open, or until told to stop. The exit code."""
        try:
            if count := len(self._draft.spec.answers):
                self._talk.say(f"Going on with {self._draft.shown()}: {count} answer{'s' * (count != 1)} so far.")
            if self._draft.prefill(given):
                self._talk.say(HELP.replace("? ", "Any time: ? ", 1))
                self._go_on(only_classification)
                self._close()
            return 0 if self._draft.is_saved else 2
        except KeyboardInterrupt:
            self._talk.say()
            self._draft.say_where()
            self._say_commands("go on:")
            return 130

    def _view(self) -> View:
        if self._last is None or self._last.spec is not self._draft.spec:
            self._last = self._interview.view(self._draft.spec, self._as_of, self._last)
        return self._last

    def _assessment(self) -> Assessment:
        return assess(self._draft.spec, self._interview.program, self._as_of, [law.id for law in self._interview.laws])

    # asking

    def _go_on(self, only_classification: bool) -> None:
        while self._pending != "quit":
            view = self._view()
            step = view.step(self._phase, self._skipped, self._topic())
            if step is None:
                if not self._next_phase(view, only_classification):
                    return
                continue
            reply: Answer | Command = self._pending or self._talk.ask(self._asking(view, step))
            self._pending = None
            if isinstance(reply, Answer):
                self._take(step.question, reply)
            elif not self._obey(reply, view, step):
                return

    def _topic(self) -> str:
        return self._asked[-1].partition(".")[0] if self._asked else ""

    def _asking(self, view: View, step: Step) -> Asked:
        left = amount(view.remaining(self._phase, self._skipped))
        until = "to the classification" if self._phase == PHASES[0] else "left"
        return Asked(step.question, self._topics[step.question.id].title, f"about {left} {until}")

    def _next_phase(self, view: View, only_classification: bool) -> bool:
        """On to the obligations or back to an answer, if that is wanted; False at the end."""
        skipped = view.step(self._phase) is not None  # skipped questions can change something
        if self._phase == PHASES[-1]:
            left = "Only skipped questions can still" if skipped else "Nothing that is still open can"
            self._talk.say(f"\n{left} change a result.")
            return self._edits_once_more()
        self._talk.say(
            "\nOnly skipped questions can still change the classification."
            if skipped
            else "\nNo open question can change the classification any more."
        )
        self._lines(known_so_far(self._assessment(), view)[1:])
        if only_classification:
            return self._edits_once_more()
        self._phase = PHASES[-1]
        step = view.step(self._phase, self._skipped)
        if step is None:
            return True
        left = amount(view.remaining(self._phase, self._skipped))
        return self._yes(f"Go on with the obligations and their dates (about {left})? [Y/n] >", view, step)

    def _yes(self, text: str, view: View, step: Step) -> bool:
        """Yes, also by Enter; not at the end of the input. Commands are obeyed before."""
        while (typed := self._talk.line(text)) is not None:
            word = typed.lower()
            if word in ("", "y", "yes"):
                return True
            if word in ("n", "no"):
                return False
            if word not in COMMANDS:
                self._talk.say(f"'{shorten(typed)}' is neither yes nor no: type y or n, or e to edit an answer")
            elif not self._obey(COMMANDS[word], view, step):
                return False
            elif self._phase == PHASES[0]:  # something was answered anew
                return True
        return False

    def _edits_once_more(self) -> bool:
        typed = self._talk.line("Enter to finish, e to edit an answer >")
        if typed is None or typed.lower() != "e":
            return False
        return self._edit()

    def _take(self, question: Question, answer: Answer) -> None:
        if question.id in self._asked:
            self._asked.remove(question.id)
        self._asked.append(question.id)
        before = set(self._view().facts.unused)
        was = self._draft.spec.answers.get(question.id)
        if not self._draft.record(question.id, answer):
            self._skipped.add(question.id)
        if was is not None and was.unsure and not answer.unsure:
            self._draft.drop_note(question.id)
        view = self._view()
        for fact in view.facts.unused:
            if fact not in before:
                asked = self._rulesets.bank.questions[fact].ask
                self._talk.say(f"Not used any more, but kept in the file: “{asked}”")
        for line in contradictions(view):
            self._talk.say(f"{line.strip()} (e to edit one)")
        if answer.unsure:
            self._note(question)

    def _note(self, question: Question) -> None:
        """Who can answer, and a note for them; both optional."""
        noted = self._draft.spec.notes.get(question.id)
        default = (noted.who if noted else "") or question.who or "nobody yet"
        while (typed := self._talk.line(f"Who can answer? (Enter: {default}; or type who: note) >")) is not None:
            if typed.lower() in COMMANDS or not _NO_NAME.fullmatch(typed):
                break
            self._talk.say(f"'{typed}' names nobody: type who can answer, or Enter to go on")
        if typed and typed.lower() in COMMANDS:
            self._pending = COMMANDS[typed.lower()]
        elif typed:
            who, colon, text = typed.partition(":")
            self._draft.note(question.id, Note(text.strip(), who.strip()) if colon else Note("", typed))

    # commands

    def _obey(self, command: Command, view: View, step: Step) -> bool:
        """Do what a command says; False to stop."""
        match command:
            case "why":
                self._lines(why_asked(view, step, self._index()))
                self._talk.pause()
            case "known":
                self._lines(known_so_far(self._assessment(), view))
                self._talk.pause()
            case "back":
                return self._back()
            case "edit":
                return self._edit()
            case "skip":
                topic = self._topics[step.question.id]
                self._skipped.update(topic.questions)
                self._talk.say(f"Section “{topic.title}” skipped for now.")
            case "help":
                self._talk.say(HELP)
                self._talk.pause()
            case "quit":
                return False
        return True

    def _lines(self, lines: list[str]) -> None:
        for line in lines:
            self._talk.say(line)

    def _index(self) -> Mapping[str, Provision]:
        if self._provisions is None:
            self._provisions = load_provisions(rulesets_dir())
        return self._provisions

    def _back(self) -> bool:
        """Ask the last answer again, the one before it after another "back", and so on; False to stop."""
        for fact in reversed(self._asked.copy()):
            command = self._again(fact)
            if command != "back":
                return command != "quit"
        self._talk.say("This is the first question of this sitting; e edits any earlier answer.")
        return True

    def _edit(self) -> bool:
        """Choose an answer and give it again; False to stop."""
        bank = self._rulesets.bank
        unused = set(self._view().facts.unused)
        facts = [f for f in bank.questions if f in self._draft.spec.answers]
        lines = [
            f"{bank.questions[f].ask} – {answer_words(bank.questions[f], self._draft.spec.answers[f], brief=True)}"
            + (" (not used)" if f in unused else "")
            for f in facts
        ]
        if not facts:
            self._talk.say("Nothing is answered yet.")
            return True
        chosen = self._talk.choose("Which answer?", lines)
        return chosen is None or self._again(facts[chosen]) != "quit"

    def _again(self, fact: str) -> Command | None:
        """Put an answered question again; the command given instead of an answer."""
        question = self._rulesets.bank.questions[fact]
        asked = Asked(question, self._topics[fact].title, "", self._draft.spec.answers.get(fact))
        while True:
            reply = self._talk.ask(asked)
            if isinstance(reply, Answer):
                self._take(question, reply)
                self._phase = PHASES[0]
                return None
            match reply:
                case "help":
                    self._talk.say(HELP)
                case "known":
                    self._lines(known_so_far(self._assessment(), self._view()))
                case "why":
                    self._lines(self._why_again(fact))
                case _:
                    self._talk.say("The answer stays as it was.")
                    return reply
            self._talk.pause()

    def _why_again(self, fact: str) -> list[str]:
        """What hung on an answered question when it was open."""
        answers = {f: a for f, a in self._draft.spec.answers.items() if f != fact}
        view = self._interview.view(replace(self._draft.spec, answers=answers), self._as_of)
        return why_asked(view, view.step_for(fact), self._index())

    # the end

    def _close(self) -> None:
        view = self._view()
        left = view.remaining(self._phase, ())
        self._lines(closing(self._assessment(), self._index(), left))
        self._talk.say()
        missing = [k for k in _FOR_THE_REPORT if not self._draft.spec.feature.get(k)]
        if missing:
            self._talk.say(f"For the report, write under feature: in the file: {', '.join(missing)}")
        self._draft.say_where()
        self._say_commands("go on:", "check:", "reasons:", "report:")

    def _say_commands(self, *wanted: str) -> None:
        """What to type next, about the same laws."""
        name = shlex.quote(self._draft.shown())
        pdf = shlex.quote(f"{self._draft.path.name.split('.')[0]}.pdf")
        laws = "".join(f" --ruleset {shlex.quote(id_)}" for id_ in self._named)
        lines = {
            "go on:": f"ask {name}",
            "check:": f"check {name}",
            "reasons:": f"explain {name}",
            "report:": f"report {name} -o {pdf}",
        }
        for what in wanted:
            self._talk.say(f"  {what:9} raicheck {lines[what]}{laws}", wrap=False)
