"""Sentences: proofs, dates, statuses, citations as a reader of law expects them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from raicheck.dates import DueDay, InForce, Start
from raicheck.explain import Proof
from raicheck.model import Basis, Truth
from raicheck.provisions import Provision, short_citation
from raicheck.report.view import Cite, Step

BASIS: Mapping[Basis, str] = {
    "text": "text of the law",
    "case_law": "case law",
    "final_guidance": "final guidance",
    "draft_guidance": "draft guidance",
}
PROGRESS = {
    "open": "open",
    "in_progress": "in progress",
    "done": "done",
    "met_elsewhere": "met elsewhere",
    "accepted_risk": "accepted risk, still open",
}
KINDS = {"law": "Law", "voluntary": "Voluntary framework", "company": "Company policy"}
MARKETS = {"eu": "European Union", "in": "India", "us": "United States"}
_MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)


def day_words(day: date) -> str:
    """`2 December 2027`: no month can be taken for a day."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def listed(items: Iterable[str], last: str = "and") -> str:
    """`a, b and c`."""
    words = list(items)
    return f" {last} ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""


def cites_of(ids: Iterable[str], provisions: Mapping[str, Provision]) -> tuple[Cite, ...]:
    """Citations with links; a node that the index lacks is cited by its readable id."""
    made = []
    for id_ in ids:
        node = provisions.get(id_)
        made.append(Cite(node.citation, node.link) if node else Cite(short_citation(id_)))
    return tuple(made)


def start_words(start: Start, as_of: date, in_force: InForce) -> str:
    """From when something applies, said from the point of view of `as_of`."""
    low, high = start.earliest, start.latest
    if low is None:
        return "no day fixed"
    if high is None:
        return f"from {day_words(low)} at the earliest"
    if low != high:
        why = "the readings of the law differ" if start.readings else "depending on what is open"
        return f"from a day between {day_words(low)} and {day_words(high)} ({why})"
    if low <= as_of:
        return f"since {day_words(low)}"
    return f"from {day_words(low)} ({in_days((low - as_of).days)})"


def in_days(days: int) -> str:
    """How far away a day is."""
    if days == 1:
        return "tomorrow"
    return f"in {days} days" if days < 120 else f"in {round(days / 30.44)} months"


def due_words(due: DueDay) -> str:
    """When an obligation is due."""
    if due.day:
        return f"{due.text}: {day_words(due.day)}" if due.text else day_words(due.day)
    ends = [
        f"{word} {day_words(day)}" for word, day in (("not before", due.earliest), ("at the latest", due.latest)) if day
    ]
    return "; ".join(filter(None, (due.text, *ends)))


def steps(parts: Iterable[Proof], provisions: Mapping[str, Provision]) -> tuple[Step, ...]:
    """The sentences of the parts of a proof, without nodes that say nothing of their own."""
    made: list[Step] = []
    for part in parts:
        if part.kind == "all" or part.kind == "not":
            made += steps(part.parts, provisions)
        else:
            made.append(_step(part, provisions))
    return tuple(dict.fromkeys(made))


def _step(proof: Proof, provisions: Mapping[str, Provision]) -> Step:
    cites = cites_of(proof.cites, provisions)
    inner = steps(proof.parts, provisions)
    match proof.kind:
        case "fact":
            return Step(_fact(proof), cites, inner)
        case "judgement":
            return Step(_judgement(proof), cites, inner)
        case "any":
            return Step(_choice(proof), cites, inner)
        case "role":
            role = proof.text.removeprefix("role: ").lower()
            return Step(
                _verb(proof.value, f"The organisation has the role of {role}", "not the role", role), cites, inner
            )
        case "definition":
            return Step(_named(proof), cites, inner)
        case _:
            return Step(_applies(proof), cites, inner)


def _fact(proof: Proof) -> str:
    asked = f"“{proof.text}”"
    if proof.answer == "not answered":
        return f"{asked} has not been answered."
    if proof.answer == "not sure":
        return f"{asked} was answered with “not sure”."
    if proof.answer == "does not arise":
        return f"{asked} does not arise, because:"
    if proof.answer == "depends on":
        return f"Whether {asked} arises is itself open:"
    return f"{asked} {proof.answer.rstrip('.')}."


def _judgement(proof: Proof) -> str:
    asked = f"“{proof.text}”"
    if proof.answer == "needs counsel":
        return f"{asked} is a judgement that counsel has to make; the facts point to it."
    if proof.answer:
        return f"{asked} was {proof.answer}."
    if proof.value is None:
        return f"Whether the judgement {asked} has to be made is open:"
    said = "yes" if proof.value else "no"
    return f"The judgement {asked} is settled by the facts as {said}:"


def _choice(proof: Proof) -> str:
    if proof.value is True:
        return f"{proof.text.capitalize()} the following holds:"
    return "None of the following holds:" if proof.value is False else "It depends on one of the following:"


def _verb(value: Truth, held: str, _: str, role: str) -> str:
    if value is True:
        return f"{held}:"
    if value is False:
        return f"The organisation does not have the role of {role}:"
    return f"Whether the organisation has the role of {role} is open:"


def _named(proof: Proof) -> str:
    name = f"“{proof.text}”"
    if proof.value is None:
        return f"Whether the condition {name} is met is open:"
    return f"The condition {name} is {'met' if proof.value else 'not met'}:"


def _applies(proof: Proof) -> str:
    text = proof.text.removeprefix("exception: ")
    noun = "The exception " if proof.kind == "exception" else ""
    name = f"{noun}“{text}”" if proof.kind != "scope" else text.removesuffix(" applies")
    if proof.value is None:
        return f"Whether {name[:1].lower() + name[1:] if noun else name} applies is open:"
    return f"{name} {'applies' if proof.value else 'does not apply'}:"
