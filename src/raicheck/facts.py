"""From answers to what is known: what the bank says follows, what contradicts, what is answered but unused."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from raicheck.frozen import frozen
from raicheck.logic import Program
from raicheck.model import Answer, Choice, Implication, Known, Subset
from raicheck.worlds import Worlds


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


def settle_all(
    program: Program,
    answers: Sequence[Mapping[str, Answer]],
    determinations: Sequence[Mapping[str, bool]],
    as_of: date,
) -> tuple[list[Facts], Worlds]:
    """The answers of each feature, with all that follows by the bank's implications, and the worlds these make."""
    drafts = [_Draft({k: a.known for k, a in one.items()}) for one in answers]
    known = [d.known for d in drafts]
    done = dict.fromkeys(range(len(program.rulesets.bank.implications)), 0)
    worlds = Worlds(known, determinations, as_of)
    while _follow_all(program, worlds, drafts, done):
        worlds = Worlds(known, determinations, as_of)
    idle = {f: where for f in {f for one in answers for f in one} if (where := program.idle(f, worlds))}
    unused = [_unused(one, {f for f, where in idle.items() if where >> i & 1}) for i, one in enumerate(answers)]
    found = [
        Facts(d.known, d.derived, tuple(d.contradictions.values()), u) for d, u in zip(drafts, unused, strict=True)
    ]
    return found, worlds


class _Draft:
    """What is known of one feature so far."""

    def __init__(self, known: dict[str, Known]) -> None:
        self.known = known
        self.derived: dict[str, Implication] = {}
        self.contradictions: dict[str, Contradiction] = {}


def _follow_all(program: Program, worlds: Worlds, drafts: Sequence[_Draft], done: dict[int, int]) -> bool:
    """Follow each implication where it holds and was not followed yet; whether there was any."""
    moved = False
    for number, implication in enumerate(program.rulesets.bank.implications):
        fresh = program.planes(implication.when, worlds)[0] & ~done[number]
        done[number] |= fresh
        moved = moved or bool(fresh)
        for index, draft in enumerate(drafts if fresh else ()):
            if fresh >> index & 1:
                _follow(implication, draft)
    return moved


def _follow(implication: Implication, draft: _Draft) -> None:
    fact = implication.fact
    merged = merge(draft.known.get(fact), implication.then)
    if merged is None:
        draft.contradictions.setdefault(fact, Contradiction(fact, implication))
    elif merged != draft.known.get(fact):
        draft.known[fact] = merged
        draft.derived[fact] = implication


def merge(known: Known | None, then: Known) -> Known | None:
    """What is known and what follows, both at once; None if they exclude each other."""
    match known, then:
        case Choice(a), Choice(b):
            return Choice(a & b) if a & b else None
        case Subset(has, lacks), Subset(more, less):
            merged = Subset(has | more, lacks | less)
            return None if merged.has & merged.lacks else merged
        case _:
            return then


def _unused(answers: Mapping[str, Answer], idle: Collection[str]) -> tuple[str, ...]:
    """Answered questions that do not arise."""
    if not idle:
        return ()
    return tuple(f for f, answer in answers.items() if f in idle and not _says_nothing(answer.known))


def _says_nothing(known: Known) -> bool:
    """An empty list or a "no" is right also where the question does not arise."""
    return (isinstance(known, Subset) and not known.has) or known == Choice(frozenset({"no"}))
