"""Answers as written in a spec to what they make known."""

from __future__ import annotations

from raicheck.model import Answer, Bank, Choice, Interval, Known, Question, Scalar, Subset, Text
from raicheck.nodes import ListNode, MapNode, Node, ScalarNode
from raicheck.read import Reader, nearest, shorten

UNSURE = "unsure"
_REMEMBERED = 5_000  # answers kept, at the most
_ENDS = {"number": ("at_least", "at_most"), "date": ("from", "until")}


def nothing_known(question: Question) -> Known:
    """What is known of an unanswered question."""
    if question.type in ("yes_no", "one_of"):
        return Choice(question.option_ids)
    if question.type == "many_of":
        return Subset(frozenset(), frozenset())
    return Interval() if question.type in ("number", "date") else Text("")


def near_questions(fact: str, bank: Bank) -> str:
    """Where to look for a question that does not exist under this id."""
    topic = shorten(fact.partition(".")[0])
    topics = {id_.partition(".")[0] for id_ in bank.questions}
    if topic in topics:
        return nearest(fact, bank.questions) or f"its questions: raicheck questions {topic}"
    return nearest(fact, bank.questions) or f"{nearest(topic, topics)} all topics: raicheck questions".lstrip()


class AnswerReader:
    """Reads answers to the questions of a bank. Build once: what many specs say is read once."""

    def __init__(self, bank: Bank) -> None:
        self.bank = bank
        self._read: dict[tuple[str, str | tuple[str, ...]], Answer] = {}

    def known(self, fact: str, node: Node) -> Answer | None:
        """The answer to `fact` at `node` if the same was read before."""
        words = _words(node)
        return None if words is None else self._read.get((fact, words))

    def read(self, reader: Reader, fact: str, node: Node, key: Node) -> Answer | None:
        """The answer to `fact` at `node`; None (and a finding) if it is no possible answer."""
        question = self.bank.questions.get(fact)
        if question is None:
            reader.report(f"no question '{shorten(fact)}'", key.place, near_questions(fact, self.bank), "RC207")
            return None
        answer, words = _answer(reader, question, node), _words(node)
        if answer is not None and words is not None and question.option_ids and len(self._read) < _REMEMBERED:
            self._read[fact, words] = answer
        return answer


def _words(node: Node) -> str | tuple[str, ...] | None:
    """A scalar or a list of scalars as written; None for anything else."""
    if isinstance(node, ScalarNode):
        return node.text
    if isinstance(node, MapNode) or not all(isinstance(i, ScalarNode) for i in node.items):
        return None
    return tuple([item.text for item in node.items])  # type: ignore[union-attr]


def _answer(reader: Reader, question: Question, node: Node) -> Answer | None:
    if isinstance(node, ScalarNode) and node.text == UNSURE and question.type != "text":
        return Answer(nothing_known(question), unsure=True)
    if question.type == "many_of":
        return _subset(reader, question, node)
    if question.type in ("yes_no", "one_of"):
        return _choice(reader, question, node)
    if question.type in ("number", "date"):
        return _interval(reader, question, node)
    text = reader.text(node, question.id)
    return Answer(Text(text)) if text else None


def _option(reader: Reader, question: Question, node: Node) -> str | None:
    word = reader.text(node, question.id)
    if question.type == "yes_no":
        word = {"true": "yes", "false": "no"}.get(word, word)
    if word in question.option_ids:
        return word
    names = ["yes", "no"] if question.type == "yes_no" else [o.id for o in question.options]
    hint = nearest(word, [*names, UNSURE]) or f"possible: {', '.join([*names, UNSURE])}"
    reader.report(f"{question.id}: '{shorten(word)}' is no possible answer", node.place, hint, "RC208")
    return None


def _choice(reader: Reader, question: Question, node: Node) -> Answer | None:
    if isinstance(node, MapNode):
        root = reader.mapping(node, ("not",), question.id)
        excluded = _options(reader, question, root.entries.get("not")) if root else frozenset()
        return Answer(Choice(question.option_ids - excluded))
    word = _option(reader, question, node)
    return None if word is None else Answer(Choice(frozenset({word})))


def _options(reader: Reader, question: Question, node: Node | None) -> frozenset[str]:
    nodes = [node] if isinstance(node, ScalarNode) else reader.items(node, question.id)
    return frozenset(o for n in nodes if (o := _option(reader, question, n)))


def _subset(reader: Reader, question: Question, node: Node) -> Answer | None:
    if isinstance(node, MapNode):
        root = reader.mapping(node, ("has", "not"), question.id)
        assert root is not None
        has = _options(reader, question, root.entries.get("has"))
        lacks = _options(reader, question, root.entries.get("not"))
        for both in sorted(has & lacks):
            reader.report(
                f"{question.id}: '{both}' is both had and not had", node.place, "remove one of the two", "RC209"
            )
        return Answer(Subset(has, lacks - has), unsure=has | lacks != question.option_ids)
    if isinstance(node, ScalarNode) and node.text:
        node = ListNode((node,), node.place)
    unsure = isinstance(node, ListNode) and any(isinstance(n, ScalarNode) and n.text == UNSURE for n in node.items)
    wanted = [n for n in reader.items(node, question.id) if not (isinstance(n, ScalarNode) and n.text == UNSURE)]
    words = [_option(reader, question, n) for n in wanted]
    if None in words:
        return None
    has = frozenset(w for w in words if w)
    return Answer(Subset(has, frozenset() if unsure else question.option_ids - has), unsure)


def _interval(reader: Reader, question: Question, node: Node) -> Answer | None:
    if isinstance(node, MapNode):
        low_key, high_key = _ENDS[question.type]
        root = reader.mapping(node, (low_key, high_key), question.id)
        assert root is not None
        low = _scalar(reader, question, root.entries.get(low_key))
        high = _scalar(reader, question, root.entries.get(high_key))
        if low is not None and high is not None and low > high:  # type: ignore[operator]
            reader.report(f"{question.id}: the range ends before it begins", node.place, "swap the two", "RC209")
            return None
        return Answer(Interval(low, high), unsure=low != high)
    value = _scalar(reader, question, node)
    return None if value is None else Answer(Interval(value, value))


def _scalar(reader: Reader, question: Question, node: Node | None) -> Scalar | None:
    if question.type == "date":
        return reader.day(node, question.id)
    value = reader.number(node, question.id)
    if node is not None and value is not None and value < 0:
        reader.report(f"{question.id}: {value} is below zero", node.place, "amounts start at 0", "RC206")
        return None
    return value


def is_settled(answer: Answer | None) -> bool:
    """Whether nothing about the fact is left open."""
    if answer is None or answer.unsure:
        return False
    match answer.known:
        case Choice(possible):
            return len(possible) == 1
        case Interval(low, high):
            return low is not None and low == high
        case _:
            return True
