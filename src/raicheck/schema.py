"""JSON Schemas of what people write, for editors. The loaders check more: these complete and catch typing mistakes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, get_args

from raicheck.answers import UNSURE
from raicheck.config import KEYS as SETTINGS
from raicheck.load_ruleset import KEYS, OBLIGATION_KEYS, RULE_KEYS
from raicheck.load_spec import FEATURE_KEYS, MARKETS
from raicheck.model import Bank, Basis, Kind, LabelSeverity, Progress, Question, Rulesets
from raicheck.threshold import WORDS

Schema = dict[str, Any]
_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_TEXT: Schema = {"type": ["string", "number", "boolean"]}
_DAY: Schema = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
_CITES: Schema = {"type": "array", "items": {"type": "string"}}


def spec_schema(rulesets: Rulesets) -> Schema:
    """The schema of a spec, with every question and option of the bank."""
    laws = rulesets.by_id.values()
    obligations = {f"{law.id}.{id_}": o.what for law in laws for id_, o in law.obligations.items()}
    judgements = {f"{law.id}.{id_}": j.ask for law in laws for id_, j in law.judgements.items()}
    properties: Schema = {
        "raicheck": {"enum": [1, "1"], "description": "The format of this file."},
        "feature": _object(dict.fromkeys(FEATURE_KEYS, _TEXT)),
        "placements": _list(
            _object(
                {
                    "market": {"enum": list(MARKETS)},
                    "first": _days(),
                    "changed": {"enum": ["yes", "no", "unsure", True, False]},
                    "design_change": _days(),
                    "type": _TEXT,
                },
                ["market"],
            )
        ),
        "answers": _answers(rulesets.bank),
        "notes": _object(
            {q: {"anyOf": [_TEXT, _object({"text": _TEXT, "who": _TEXT})]} for q in rulesets.bank.questions}
        ),
        "determinations": _list(
            _object(
                {"judgement": _words(judgements), "answer": _yes_no(), "reason": _TEXT, "by": _TEXT, "on": _DAY},
                ["judgement", "answer"],
            )
        ),
        "obligations": _object(
            {name: {"$ref": "#/$defs/undertaking", "description": what} for name, what in obligations.items()}
        ),
        "waivers": _list(
            _object({"obligation": _TEXT, "reason": _TEXT, "approver": _TEXT, "until": _DAY}, ["obligation"])
        ),
        "declared": _object({law.id: {"enum": [*law.labels, law.unlabelled.id, "out_of_scope"]} for law in laws}),
        "assessed": _object({"as_of": _DAY, "rulesets": {"type": "object", "additionalProperties": _TEXT}}),
    }
    body = _object(properties, ["raicheck"])
    return _document("A raicheck spec", {**body, "$defs": {"undertaking": _undertaking()}})


def config_schema() -> Schema:
    """The schema of `raicheck.toml` and of `[tool.raicheck]`."""
    texts = {"anyOf": [{"type": "string"}, _list({"type": "string"})]}
    properties = {key: {**texts, "description": about} for key, about in SETTINGS.items()}
    properties["as-of"] = {"type": "string", "description": SETTINGS["as-of"]}
    properties["baseline"] = {"type": "string", "description": SETTINGS["baseline"]}
    words = {"anyOf": [{"enum": list(WORDS)}, {"type": "string", "pattern": r"^RC[1-6]\d\d$"}]}
    properties["fail-on"] = {"anyOf": [words, _list(words)], "description": SETTINGS["fail-on"]}
    return _document("Settings of raicheck", _object(properties))


def ruleset_schema() -> Schema:
    """The schema of a ruleset: keys and kinds; docs/format.md says what they mean."""
    condition: Schema = {"anyOf": [{"type": "string"}, {"type": "object"}]}
    common: Schema = {
        "id": _TEXT,
        "cites": _CITES,
        "see": _CITES,
        "roles": _CITES,
        "basis": {"enum": list(get_args(Basis))},
        "enacted": _DAY,
        "repealed": _DAY,
        "when": condition,
        "met_when": condition,
        "unless": _list({"anyOf": [{"type": "string"}, {"$ref": "#/$defs/rule"}]}),
        "kind": {"enum": ["duty", "pointer", "practice"]},
        "evidence": _CITES,
    }
    rule = _object({key: common.get(key, True) for key in RULE_KEYS}, ["id", "cites", "when"])
    obligation = _object({key: common.get(key, True) for key in OBLIGATION_KEYS}, ["id", "what", "cites"])
    label = _object(
        {"id": _TEXT, "title": _TEXT, "rank": {"type": "integer"}, "severity": {"enum": list(get_args(LabelSeverity))}},
        ["id", "title", "rank"],
    )
    known: Schema = {
        "format": {"enum": [1, "1"]},
        "kind": {"enum": list(get_args(Kind))},
        "market": {"enum": list(MARKETS)},
        "checked": _DAY,
        "enacted": _DAY,
        "applies": condition,
        "labels": _list(label),
        "rules": _list({"$ref": "#/$defs/rule"}),
        "exceptions": _list({"$ref": "#/$defs/rule"}),
        "obligations": _list(obligation),
    }
    required = ["format", "ruleset", "title", "kind", "checked", "enacted"]
    body = _object({key: known.get(key, True) for key in KEYS}, required)
    return _document("A raicheck ruleset", {**body, "$defs": {"rule": rule}})


def _document(title: str, body: Schema) -> Schema:
    return {"$schema": _DRAFT, "title": title, **body}


def _object(properties: Mapping[str, Any], required: Iterable[str] = ()) -> Schema:
    made: Schema = {"type": "object", "properties": dict(properties), "additionalProperties": False}
    return {**made, "required": list(required)} if required else made


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _days() -> Schema:
    return {"anyOf": [_DAY, {"const": UNSURE}, _object({"from": _DAY, "until": _DAY})]}


def _yes_no() -> Schema:
    return {"enum": ["yes", "no", True, False]}


def _words(known: Mapping[str, str]) -> Schema:
    return {"anyOf": [{"const": name, "description": about} for name, about in known.items()] or [_TEXT]}


def _undertaking() -> Schema:
    evidence = _object({"path": _TEXT, "sha256": _TEXT, "on": _DAY}, ["path"])
    return _object(
        {
            "progress": {"enum": list(get_args(Progress))},
            "owner": _TEXT,
            "evidence": _list({"anyOf": [_TEXT, evidence]}),
            "reason": _TEXT,
            "approver": _TEXT,
            "until": _DAY,
            "note": _TEXT,
        }
    )


def _answers(bank: Bank) -> Schema:
    topics: dict[str, Schema] = {}
    for question in bank.questions.values():
        topic, _, name = question.id.partition(".")
        if topic != "placement":
            topics.setdefault(topic, {})[name] = {
                **_answer(question),
                "description": f"{question.ask} {question.help}".strip(),
            }
    for retired in bank.retired.values():
        topic, _, name = retired.id.partition(".")
        topics.setdefault(topic, {})[name] = {"deprecated": True}
    return _object({topic: _object(names) for topic, names in topics.items()})


def _answer(question: Question) -> Schema:
    options = [{"const": o.id, "description": o.text} for o in question.options]
    unsure: Schema = {"const": UNSURE}
    match question.type:
        case "yes_no":
            return {"enum": ["yes", "no", UNSURE, True, False]}
        case "one_of":
            return {"anyOf": [*options, unsure, _object({"not": True})]}
        case "many_of":
            several = _list({"anyOf": [*options, unsure]})
            return {"anyOf": [several, *options, unsure, _object({"has": several, "not": several})]}
        case "number":
            amount: Schema = {"type": "number", "minimum": 0}
            return {"anyOf": [amount, unsure, _object(dict.fromkeys(("at_least", "at_most"), amount))]}
        case "date":
            return _days()
        case _:
            return _TEXT
