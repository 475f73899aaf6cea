"""Question files to the Bank, with every mistake as a finding."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import get_args

from raicheck.answers import AnswerReader
from raicheck.conditions import ConditionReader
from raicheck.frozen import replace
from raicheck.model import (
    Bank,
    Choice,
    Finding,
    Implication,
    Option,
    Question,
    QuestionType,
    Retired,
    Subset,
    Topic,
)
from raicheck.nodes import ListNode, MapNode, Node, ScalarNode
from raicheck.read import Reader

FORMAT = Decimal(1)
RESERVED = frozenset({"unsure", "answered"})
_TOPIC_KEYS = ("format", "topic", "title", "early", "questions", "retired", "implications")
_QUESTION_KEYS = ("id", "ask", "help", "who", "type", "unit", "options", "only_if", "can_change", "foils")


def load_bank(roots: Sequence[Node]) -> tuple[Bank, list[Finding]]:
    """The bank made of topic files (their root nodes, in order)."""
    reader = Reader("RC501")
    maps = [m for r in roots if (m := reader.mapping(r, _TOPIC_KEYS, "a question file", ("format", "topic", "title")))]
    for root in maps:
        check_format(reader, root)
    drafts: dict[str, tuple[Question, Node | None]] = {}
    topics = tuple(_topic(reader, root, drafts) for root in maps)
    questions = {id_: draft for id_, (draft, _) in drafts.items()}
    conditions = ConditionReader(reader, questions, "")
    for id_, (draft, gate) in drafts.items():
        if gate is not None:
            questions[id_] = _gated(draft, conditions, gate)
    retired = [
        r for root in maps for r in reader.each(root.entries.get("retired"), "retired", lambda n: _retired(reader, n))
    ]
    bank = Bank(questions, topics, {r.id: r for r in retired})
    implications = tuple(
        i
        for root in maps
        for node in reader.items(root.entries.get("implications"), "implications")
        for i in _implications(reader, conditions, bank, node)
    )
    return Bank(questions, topics, bank.retired, implications), reader.findings


def check_format(reader: Reader, root: MapNode) -> None:
    """Report a format version that this raicheck does not read."""
    node = root.entries.get("format")
    version = reader.number(node, "format")
    if version is not None and version != FORMAT:
        reader.report(
            f"format {version} is not readable here",
            node.place if node else None,
            f"this raicheck reads format {FORMAT}; update raicheck",
            "RC504",
        )


def _topic(reader: Reader, root: MapNode, drafts: dict[str, tuple[Question, Node | None]]) -> Topic:
    topic = reader.text(root.entries.get("topic"), "topic")
    ids = []
    for node in reader.items(root.entries.get("questions"), "questions"):
        made = _question(reader, node, topic)
        if made is None:
            continue
        if made[0].id in drafts:
            reader.report(f"question '{made[0].id}' exists already", made[0].place, "one fact, one question", "RC505")
        drafts[made[0].id] = made
        ids.append(made[0].id)
    early = reader.number(root.entries.get("early"), "early")
    return Topic(
        topic, reader.text(root.entries.get("title"), "title"), tuple(ids), Decimal(1) if early is None else early
    )


def _question(reader: Reader, node: Node, topic: str) -> tuple[Question, Node | None] | None:
    root = reader.mapping(node, _QUESTION_KEYS, "a question", ("id", "ask", "type"))
    if root is None:
        return None
    at = root.entries.get
    id_ = reader.text(at("id"), "id")
    if not id_.startswith(f"{topic}.") or id_.count(".") != 1:
        reader.report(f"question id '{id_}' does not belong to topic '{topic}'", node.place, f"write {topic}.<name>")
    type_: QuestionType = reader.one_of(at("type"), get_args(QuestionType), "type", "yes_no")
    options = _options(reader, at("options"), RESERVED | {"none"} if type_ == "many_of" else RESERVED)
    if bool(options) != (type_ in ("one_of", "many_of")):
        reader.report(f"{id_}: options belong to one_of and many_of questions, and only there", node.place)
    question = Question(
        id_,
        reader.text(at("ask"), "ask"),
        type_,
        reader.text(at("help"), "help"),
        reader.text(at("who"), "who"),
        reader.text(at("unit"), "unit"),
        options,
        None,
        reader.truth(at("can_change"), "can_change", True),
        reader.texts(at("foils"), "foils"),
        node.place,
    )
    return question, at("only_if")


def _options(reader: Reader, node: Node | None, reserved: frozenset[str]) -> tuple[Option, ...]:
    table = reader.table(node, "options")
    if table is None:
        return ()
    for key in reserved & table.entries.keys():
        reader.report(
            f"'{key}' cannot be an option", table.keys[key].place, "an empty answer is [], an open one unsure"
        )
    return tuple(Option(key, reader.text(text, f"option {key}")) for key, text in table.entries.items())


def _gated(draft: Question, conditions: ConditionReader, gate: Node) -> Question:
    return replace(draft, only_if=conditions.read(gate))


def _retired(reader: Reader, node: Node) -> Retired | None:
    root = reader.mapping(node, ("id", "now", "since"), "a retired question", ("id", "since"))
    if root is None:
        return None
    since = reader.day(root.entries.get("since"), "since")
    now = reader.text(root.entries.get("now"), "now") or None
    return None if since is None else Retired(reader.text(root.entries.get("id"), "id"), now, since)


def _implications(reader: Reader, conditions: ConditionReader, bank: Bank, node: Node) -> list[Implication]:
    root = reader.mapping(node, ("when", "then"), "an implication", ("when", "then"))
    then = reader.table(root.entries.get("then"), "then") if root else None
    if root is None or then is None:
        return []
    when = conditions.read(root.entries.get("when"))
    made = []
    answers = AnswerReader(bank)
    for fact, value in then.entries.items():
        answer = answers.read(reader, fact, _none_as_list(bank, fact, value), then.keys[fact])
        if answer is not None and isinstance(answer.known, (Choice, Subset)):
            made.append(Implication(when, fact, answer.known, value.place))
    return made


def _none_as_list(bank: Bank, fact: str, value: Node) -> Node:
    """`none` is how a condition says that a list is empty; here it is an answer."""
    question = bank.questions.get(fact)
    if question and question.type == "many_of" and isinstance(value, ScalarNode) and value.text == "none":
        return ListNode((), value.place)
    return value
