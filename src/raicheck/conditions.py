"""Nodes to conditions. The grammar is that of docs/format.md, nothing is evaluated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, get_args

from raicheck.model import (
    NEVER,
    AtLeast,
    Bound,
    Condition,
    Not,
    Question,
    Ref,
    RefKind,
    Test,
)
from raicheck.nodes import ListNode, MapNode, Node, ScalarNode
from raicheck.read import Reader, nearest, shorten

_REFS: frozenset[str] = frozenset(get_args(RefKind))
_NUMBERS: dict[str, Literal[">=", "<=", ">", "<"]] = {"min": ">=", "max": "<=", "above": ">", "below": "<"}
_DAYS: dict[str, Literal[">=", "<=", ">", "<"]] = {"from": ">=", "until": "<=", "after": ">", "before": "<"}


class ConditionReader:
    """Reads the conditions of one ruleset (`ruleset` is "" in the bank) against the known `questions`."""

    def __init__(self, reader: Reader, questions: Mapping[str, Question], ruleset: str) -> None:
        self._reader = reader
        self._questions = questions
        self._ruleset = ruleset

    def read(self, node: Node | None) -> Condition:
        """The condition at `node`; a mistake is reported and reads as never."""
        if isinstance(node, ScalarNode):
            return self._fact(node.text, ScalarNode("yes", True, node.place), node)
        if not isinstance(node, MapNode) or not node.entries:
            place = node.place if node else None
            self._reader.report("expected a condition", place, "a fact id, {fact: value}, all:, any: or not:")
            return NEVER
        if "at_least" in node.entries:
            return self._at_least(node)
        if len(node.entries) > 1:
            self._reader.report("a condition has one key", node.place, "join several with all: or any:")
            return NEVER
        key, value = next(iter(node.entries.items()))
        return self._keyed(key, value, node)

    def _keyed(self, key: str, value: Node, node: MapNode) -> Condition:
        if key == "not":
            return Not(self.read(value))
        if key in ("all", "any"):
            parts = self._parts(value, key)
            return AtLeast(len(parts) if key == "all" else 1, parts)
        if key in _REFS:
            return self._ref(key, value)
        return self._fact(key, value, node)

    def _parts(self, node: Node, key: str) -> tuple[Condition, ...]:
        if not isinstance(node, ListNode) or not node.items:
            self._reader.report(f"{key}: expected a list of conditions", node.place)
            return ()
        return tuple(self.read(item) for item in node.items)

    def _at_least(self, node: MapNode) -> Condition:
        self._reader.mapping(node, ("at_least", "of"), "a condition", ("of",))
        n = self._reader.number(node.entries["at_least"], "at_least")
        parts = self._parts(node.entries["of"], "of") if "of" in node.entries else ()
        if n is None or not 0 < n <= len(parts) or n != int(n):
            self._reader.report("at_least: expected a whole number from 1 to the number of conditions", node.place)
            return NEVER
        return AtLeast(int(n), parts)

    def _ref(self, kind: str, value: Node) -> Condition:
        name = self._reader.text(value, kind)
        ruleset, _, id_ = name.rpartition("/")
        return Ref(kind, ruleset or self._ruleset, id_)  # type: ignore[arg-type]

    def _fact(self, fact: str, value: Node, node: Node) -> Condition:
        question = self._questions.get(fact)
        if question is None:
            place = (node.keys.get(fact, node) if isinstance(node, MapNode) else node).place
            help_ = nearest(fact, self._questions) or "a fact is a question id such as decision.overrule"
            self._reader.report(f"no question '{shorten(fact)}'", place, help_, "RC502")
            return NEVER
        if isinstance(value, MapNode):
            return self._compare_or_only(question, value)
        if isinstance(value, ScalarNode) and self._is_word(question, value.text):
            return Test(fact, "none" if value.text == "none" else "answered")
        words = (value,) if isinstance(value, ScalarNode) else self._reader.items(value, fact)
        return Test(fact, "is", self._options(question, words))

    def _is_word(self, question: Question, word: str) -> bool:
        return (word == "none" and question.type == "many_of") or (word == "answered" and question.type == "text")

    def _options(self, question: Question, nodes: Sequence[Node]) -> frozenset[str]:
        allowed = question.option_ids
        words = []
        for node in nodes:
            word = self._reader.text(node, question.id)
            words.append(word)
            if word not in allowed:
                hint = nearest(word, allowed) or f"possible: {', '.join(sorted(allowed)) or 'a comparison'}"
                self._reader.report(f"'{shorten(word)}' is no option of {question.id}", node.place, hint, "RC503")
        if not words:
            self._reader.report(f"{question.id}: an empty list tests nothing", None, "write none for an empty answer")
        return frozenset(words)

    def _compare_or_only(self, question: Question, node: MapNode) -> Condition:
        if "only" in node.entries and question.type == "many_of":
            self._reader.mapping(node, ("only",), question.id)
            words = self._reader.items(node.entries["only"], question.id)
            return Test(question.id, "only", self._options(question, words))
        table = {"number": _NUMBERS, "date": _DAYS}.get(question.type)
        if table is None:
            self._reader.report(f"{question.id} is {question.type}: it cannot be compared", node.place, code="RC503")
            return NEVER
        self._reader.mapping(node, table, question.id)
        bounds = tuple(b for k, v in node.entries.items() if k in table and (b := self._bound(table[k], question, v)))
        return Test(question.id, "compare", bounds=bounds, ruleset=self._ruleset)

    def _bound(self, op: Literal[">=", "<=", ">", "<"], question: Question, node: Node) -> Bound | None:
        if question.type == "number":
            number = self._reader.number(node, question.id)
            return None if number is None else Bound(op, number)
        word = self._reader.text(node, question.id)
        if word[:1].isdigit():
            day = self._reader.day(node, question.id)
            return None if day is None else Bound(op, day)
        return Bound(op, word)
