"""From answers to what is known: what the bank says follows, what contradicts, what is answered but unused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from raicheck.frozen import frozen
from raicheck.logic import Program, State
from raicheck.model import Answer, Choice, Implication, Known, Subset


@frozen
class Contradiction:
    """An answer that what follows from other answers excludes."""

    fact: str
    implication: Implication


@frozen
class Facts:
    """Everything known, with the ids that were not answered but follow."""

    known: Mapping[str, Known]
    derived: Mapping[str, Implication]
    contradictions: tuple[Contradiction, ...]
    unused: tuple[str, ...]


def settle(program: Program, answers: Mapping[str, Answer], as_of: date) -> Facts:
    """The answers and all that follows from them by the bank's implications."""
    known: dict[str, Known] = {k: a.known for k, a in answers.items()}
    derived: dict[str, Implication] = {}
    contradictions: dict[str, Contradiction] = {}
    waiting = list(program.rulesets.bank.implications)
    while waiting:
        state = State(known, {}, as_of)
        ready = [i for i in waiting if program.value(i.when, state) is True]
        if not ready:
            break
        waiting = [i for i in waiting if i not in ready]
        for implication in ready:
            _follow(implication, known, derived, contradictions)
    unused = _unused(program, answers, State(known, {}, as_of))
    return Facts(known, derived, tuple(contradictions.values()), unused)


def _follow(
    implication: Implication,
    known: dict[str, Known],
    derived: dict[str, Implication],
    contradictions: dict[str, Contradiction],
) -> None:
    fact = implication.fact
    merged = _merge(known.get(fact), implication.then)
    if merged is None:
        contradictions.setdefault(fact, Contradiction(fact, implication))
    elif merged != known.get(fact):
        known[fact] = merged
        derived[fact] = implication


def _merge(known: Known | None, then: Known) -> Known | None:
    """Both at once, or None if they exclude each other."""
    match known, then:
        case Choice(a), Choice(b):
            return Choice(a & b) if a & b else None
        case Subset(has, lacks), Subset(more, less):
            merged = Subset(has | more, lacks | less)
            return None if merged.has & merged.lacks else merged
        case _:
            return then


def _unused(program: Program, answers: Mapping[str, Answer], state: State) -> tuple[str, ...]:
    """Answered questions that do not arise."""
    questions = program.rulesets.bank.questions
    return tuple(
        fact
        for fact in answers
        if (gate := questions[fact].only_if) is not None
        and program.value(gate, state) is False
        and not _says_nothing(answers[fact].known)
    )


def _says_nothing(known: Known) -> bool:
    """An empty list or a "no" is right also where the question does not arise."""
    return (isinstance(known, Subset) and not known.has) or known == Choice(frozenset({"no"}))
