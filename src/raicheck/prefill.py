"""A file of answers to begin an interview with: a spec, its `answers:` part, or question ids with values."""

from __future__ import annotations

from raicheck.answers import AnswerReader
from raicheck.load_spec import load_spec
from raicheck.model import Answer, Finding, Rulesets
from raicheck.nodes import MapNode, Node
from raicheck.read import Reader


def read_prefill(root: Node, rulesets: Rulesets, file: str) -> tuple[dict[str, Answer], list[Finding]]:
    """The answers at `root`, with every mistake as a finding."""
    if isinstance(root, MapNode) and "raicheck" in root.entries:
        spec, findings = load_spec(root, rulesets, file)
        return (dict(spec.answers) if spec else {}), findings
    reader = Reader("RC201")
    top = reader.table(root, "answers")
    if top is not None and set(top.entries) == {"answers"}:
        top = reader.table(top.entries["answers"], "answers")
    reading, answers = AnswerReader(rulesets.bank), dict[str, Answer]()
    for key, value in top.entries.items() if top else ():
        assert top is not None
        nested = value if isinstance(value, MapNode) and "." not in key else None
        pairs = {f"{key}.{k}": v for k, v in nested.entries.items()} if nested else {key: value}
        for fact, node in pairs.items():
            old = rulesets.bank.retired.get(fact)
            id_ = old.now if old and old.now else fact
            named = nested.keys[fact.partition(".")[2]] if nested else top.keys[key]
            answer = reading.read(reader, id_, node, named)
            if answer is not None:
                answers.setdefault(id_, answer)
    return answers, reader.findings
