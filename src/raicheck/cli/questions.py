"""`raicheck questions [TOPIC|ID]`."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

import click

from raicheck.cli.common import printable, rulesets_or_none
from raicheck.logic import Program
from raicheck.model import Bank, Question, Topic
from raicheck.read import nearest
from raicheck.words import condition_words

_WIDTH = 80
_MANNER = {
    "yes_no": "yes, no or unsure",
    "one_of": "one of these, or unsure:",
    "many_of": "a list of these, [] for none of them, or unsure:",
    "number": "a number, unsure, or a range {at_least: 1, at_most: 9}",
    "date": "a day such as 2026-11-20, unsure, or a range {from: 2026-11-20, until: 2026-12-31}",
    "text": "a text",
}


@click.command(help="List the topics of the questions, the questions of a TOPIC, or one question by its ID.")
@click.argument("name", metavar="[TOPIC|ID]", required=False)
def command(name: str | None) -> int:
    """TOPIC is the first part of an ID such as decision.overrule."""
    rulesets = rulesets_or_none(None)
    if rulesets is None:
        return 2
    bank = rulesets.bank
    topics = {t.id: t for t in bank.topics}
    if name is None:
        _columns((t.id, f"{t.title} ({len(t.questions)})") for t in bank.topics)
    elif name in topics:
        _topic(bank, topics[name])
    elif name in bank.questions:
        _question(Program(rulesets), bank.questions[name])
    else:
        hint = nearest(name, [*topics, *bank.questions]) or "see raicheck questions"
        raise click.UsageError(f"no topic or question '{printable(name[:60])}': {hint}")
    return 0


def _topic(bank: Bank, topic: Topic) -> None:
    click.echo(f"{topic.title}\n")
    _columns((id_, bank.questions[id_].ask) for id_ in topic.questions)


def _question(program: Program, question: Question) -> None:
    """A question, its help, and how its answer is written."""
    _say(f"{question.id}: {question.ask}")
    _say(question.help)
    if question.who:
        _say(f"Who knows: {question.who}")
    if question.only_if is not None:
        _say(f"Asked only if {condition_words(program, question.only_if)}")
    _say(f"Written as {_written(question)}")
    _columns((f"  {option.id}", option.text) for option in question.options)


def _written(question: Question) -> str:
    topic, _, name = question.id.partition(".")
    if topic == "placement":
        market, _, key = name.partition("_")
        return f"placements: [{{market: {market}, {key}: ...}}] with {_MANNER[question.type]}"
    unit = f" ({question.unit})" if question.unit else ""
    return f"answers: {{{topic}: {{{name}: ...}}}} with {_MANNER[question.type]}{unit}"


def _say(text: str) -> None:
    for line in textwrap.wrap(printable(text), _WIDTH, subsequent_indent="  ", break_on_hyphens=False):
        click.echo(line)


def _columns(rows: Iterable[tuple[str, str]]) -> None:
    """Ids with their words beside them."""
    rows = list(rows)
    width = max((len(id_) for id_, _ in rows), default=0) + 2
    for id_, words in rows:
        wrapped = textwrap.wrap(printable(words), max(_WIDTH - width, 40), break_on_hyphens=False) or [""]
        click.echo(f"{id_:{width}}{wrapped[0]}")
        for line in wrapped[1:]:
            click.echo(" " * width + line)
