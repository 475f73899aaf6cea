"""Conditions, answers and statuses in plain words."""

from __future__ import annotations

from decimal import Decimal

from raicheck.logic import Program
from raicheck.model import (
    Answer,
    AtLeast,
    Bound,
    Choice,
    Condition,
    Interval,
    Known,
    Not,
    Question,
    Ref,
    Subset,
    Test,
    Text,
)

_OPS = {">=": "at least", "<=": "at most", ">": "more than", "<": "less than"}
_DAY_OPS = {">=": "on or after", "<=": "on or before", ">": "after", "<": "before"}


def answer_words(question: Question, answer: Answer | None, brief: bool = False) -> str:
    """An answer as a reader would say it, `brief`: without the details of options; "not sure" where that is so."""
    if answer is None:
        return "not answered"
    said = known_words(question, answer.known, brief)
    if answer.unsure:
        rest = "" if isinstance(answer.known, Interval) else " (the rest not sure)"
        return f"{said}{rest}" if said else "not sure"
    return said or "none of these"


def known_words(question: Question, known: Known, brief: bool = False) -> str:
    """What is known of a fact, in words; empty if nothing is."""
    match known:
        case Choice(possible):
            return "" if possible == question.option_ids else " or ".join(option_words(question, possible, brief))
        case Subset(has, _):
            return "; ".join(option_words(question, has, brief))
        case Interval(low, high) if low == high and low is not None:
            return _amount(low, question)
        case Interval(low, high):
            ends = [
                f"{word} {_amount(end, question)}" for word, end in (("from", low), ("to", high)) if end is not None
            ]
            return " ".join(ends)
        case Text(text):
            return text


def option_words(question: Question, ids: frozenset[str], brief: bool = False) -> list[str]:
    """Options as a reader would say them."""
    if question.type == "yes_no":
        return sorted(ids)
    return [lead_of(option.text) if brief else option.text for option in question.options if option.id in ids]


def lead_of(text: str) -> str:
    """The first words of an option, before its details."""
    return text.replace("\n", " ").partition(" - ")[0]


def _amount(value: object, question: Question) -> str:
    unit = f" {question.unit}" if question.unit else ""
    return f"{_number(value)}{unit}" if isinstance(value, Decimal) else str(value)


def _number(value: Decimal) -> str:
    if abs(value.adjusted()) >= 9:
        return f"{value:.3g}"
    return f"{value:,f}"


def tested_words(question: Question, test: Test) -> str:
    """What a test asks of a fact: `“How does it decide?” is: it ranks`."""
    asked = f"“{question.ask}”"
    match test.op:
        case "none":
            return f"{asked} is none of the options"
        case "answered":
            return f"{asked} is answered"
        case "compare":
            return f"{asked} is {' and '.join(_bound(question, b) for b in test.bounds)}"
        case _:
            link = " and nothing else" if test.op == "only" else ""
            return f"{asked} is {' or '.join(f'“{w}”' for w in option_words(question, test.values))}{link}"


def _bound(question: Question, bound: Bound) -> str:
    table = _DAY_OPS if question.type == "date" else _OPS
    limit = f"the date “{bound.limit}”" if isinstance(bound.limit, str) else _amount(bound.limit, question)
    return f"{table[bound.op]} {limit}"


def ref_words(program: Program, ref: Ref) -> str:
    """The name of what a reference stands for."""
    law = program.rulesets.by_id[ref.ruleset]
    match ref.kind:
        case "rule":
            return law.rules[ref.id].title or ref.id
        case "label":
            return law.labels[ref.id].title
        case "role":
            return f"role: {law.roles[ref.id].title}"
        case "judgement":
            return law.judgements[ref.id].ask
        case _:
            return ref.id.replace("_", " ").replace("-", " ")


def condition_words(program: Program, condition: Condition) -> str:
    """A condition as one sentence."""
    match condition:
        case Test():
            return tested_words(program.rulesets.bank.questions[condition.fact], condition)
        case Ref():
            return ref_words(program, condition)
        case Not(part):
            return f"not ({condition_words(program, part)})"
        case AtLeast(n, parts):
            inner = [condition_words(program, p) for p in parts]
            if len(inner) == 1:
                return inner[0]
            if n == len(parts):
                return "(" + " and ".join(inner) + ")" if inner else "always"
            return "(" + " or ".join(inner) + ")" if n == 1 else f"at least {n} of ({'; '.join(inner)})"
