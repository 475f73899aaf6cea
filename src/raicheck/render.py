"""Rulesets as readable text: what a rule asks, its exceptions, dates, provisions and cases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from raicheck.cases import Case
from raicheck.logic import Program
from raicheck.model import ALWAYS, AtLeast, Condition, Not, Obligation, Rule, Ruleset, StartCase
from raicheck.provisions import Provision
from raicheck.words import condition_words

_BASIS = {
    "text": "the text of the law",
    "case_law": "case law",
    "final_guidance": "final guidance",
    "draft_guidance": "draft guidance",
}


def render_ruleset(program: Program, law: Ruleset, provisions: Mapping[str, Provision], cases: Sequence[Case]) -> str:
    """A ruleset as a Markdown document: every rule and obligation with its provisions and cases."""
    lines = [
        f"# {law.title}",
        "",
        *([law.summary, ""] if law.summary else []),
        f"Kind: {law.kind}. Checked against the text on {law.checked}.",
    ]
    lines += [
        f"- {i.title}{f', {i.version}' if i.version else ''}{f': {i.link}' if i.link else ''}" for i in law.instruments
    ]
    lines += ["", "## Rules", ""]
    for rule in law.rules.values():
        lines += [render_rule(program, law, rule.id, provisions, cases), ""]
    lines += ["## Obligations", ""]
    for owed in law.obligations.values():
        lines += [render_rule(program, law, owed.id, provisions, cases), ""]
    return "\n".join(lines)


def render_rule(
    program: Program, law: Ruleset, id_: str, provisions: Mapping[str, Provision], cases: Sequence[Case]
) -> str:
    """One rule or obligation as Markdown."""
    item = law.rules.get(id_) or law.obligations[id_]
    lines = [*_head(law, item, provisions), "", *_body(program, law, item, provisions)]
    named = [c for c in cases if any(id_ == n.partition("/")[0] for k in c.expected.values() for n in k)]
    lines += ["", f"Cases: {', '.join(c.id for c in named)}" if named else "No case."]
    return "\n".join(lines)


def _head(law: Ruleset, item: Rule | Obligation, provisions: Mapping[str, Provision]) -> Iterator[str]:
    title = item.what if isinstance(item, Obligation) else item.title
    yield f"### {item.id}{f' – {title}' if title else ''}"
    yield ""
    yield f"Provisions: {_cited(item.cites, provisions)}. Basis: {_basis(law, item)}."
    if isinstance(item, Rule) and item.label:
        yield f"Gives the label “{law.labels[item.label].title}”."
    if item.roles:
        yield f"For: {', '.join(law.roles[r].title for r in item.roles)}."
    if item.enacted or item.repealed:
        yield f"Law from {item.enacted or law.enacted}{f' until {item.repealed}' if item.repealed else ''}."
    if item.note:
        yield item.note


def _basis(law: Ruleset, item: Rule | Obligation) -> str:
    return "the company's own rules" if law.kind == "company" and item.basis == "text" else _BASIS[item.basis]


def _cited(cites: Iterable[str], provisions: Mapping[str, Provision]) -> str:
    return "; ".join(f"[{provisions[c].citation}]({provisions[c].link})" if c in provisions else c for c in cites)


def _body(
    program: Program, law: Ruleset, item: Rule | Obligation, provisions: Mapping[str, Provision]
) -> Iterator[str]:
    yield from _starts(program, law, item.start)
    if item.when is ALWAYS:
        yield "Always."
    else:
        yield "Holds if:"
        yield from _outline(program, item.when, 0)
    for exception in item.unless:
        yield from _exception(program, law, exception, provisions, 0)


def _starts(program: Program, law: Ruleset, cases: tuple[StartCase, ...]) -> Iterator[str]:
    for case in cases:
        condition = "" if case.when == ALWAYS else f" if {condition_words(program, case.when)}"
        yield f"Applies from {_day(law, case.day)}{condition}."


def _day(law: Ruleset, day: date | str) -> str:
    """A day; a date of the ruleset by its name and what the law says now."""
    values = law.dates.get(day, ()) if isinstance(day, str) else ()
    now = max(values, key=lambda v: v.since).day if values else None
    return f"{now} ({day})" if now else str(day)


def _outline(program: Program, condition: Condition, depth: int) -> Iterator[str]:
    """A condition as an indented list."""
    indent = "  " * depth
    match condition:
        case AtLeast(n, parts) if len(parts) > 1:
            word = "all of" if n == len(parts) else "any of" if n == 1 else f"at least {n} of"
            yield f"{indent}- {word}"
            for part in parts:
                yield from _outline(program, part, depth + 1)
        case Not(part) if isinstance(part, AtLeast):
            yield f"{indent}- not"
            yield from _outline(program, part, depth + 1)
        case _:
            yield f"{indent}- {condition_words(program, condition)}"


def _exception(
    program: Program, law: Ruleset, rule: Rule, provisions: Mapping[str, Provision], depth: int
) -> Iterator[str]:
    indent = "  " * depth
    yield ""
    yield f"{indent}Unless ({rule.title or rule.id}; {_cited(rule.cites, provisions)}; {_basis(law, rule)}):"
    yield from _outline(program, rule.when, depth + 1)
    for inner in rule.unless:
        yield from _exception(program, law, inner, provisions, depth + 1)
