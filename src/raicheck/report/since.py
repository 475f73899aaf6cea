"""What is different from an earlier report: laws, results, obligations, open questions, as sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from raicheck.assess import Assessment
from raicheck.files import load_document_text
from raicheck.model import Rulesets, Spec
from raicheck.report.view import Changes
from raicheck.report.words import PROGRESS, cut, day_words
from raicheck.words import answer_words

Json = Mapping[str, Any]
_APPLIES = {True: "applies", False: "does not apply", None: "is open"}
_STATUS = {"certain": "established", "possible": "possible", "excluded": "excluded"}
_OWED = {"applies": "applies", "undetermined": "may apply", "not_applicable": "does not apply"}


def changes(before: Json, now: Json, answers: Iterable[str] = ()) -> Changes:
    """The changes between two assessments of one feature, as JSON; `answers` says which answers are different."""
    return Changes(day_words(date.fromisoformat(before["as_of"])), (*_lines(before, now), *answers))


def same_feature(record: Json, now: Json) -> Json | None:
    """The assessment in `record` that is about the feature of `now`."""
    old: list[Json] = record["assessments"]
    wanted = now["feature"].get("id")
    found = [a for a in old if wanted and a["feature"].get("id") == wanted]
    return found[0] if found else old[0] if len(old) == 1 and not wanted else None


def old_spec(files: Mapping[str, bytes], record: Json, before: Json, rulesets: Rulesets) -> Spec | None:
    """The spec that an earlier report was made from, if it is among its files and can still be read."""
    index = record["assessments"].index(before)
    specs = record.get("report", {}).get("specs", [])
    content = files.get(specs[index]["sha256"]) if index < len(specs) else None
    if content is None:
        return None
    spec, _ = load_document_text(content.decode("utf-8-sig", "replace"), Path(specs[index]["name"]), rulesets)
    return spec


def answer_changes(before: Spec, now: Assessment) -> tuple[str, ...]:
    """The answers that are different, in the order of the questions."""
    return tuple(_answers(before, now))


def _answers(before: Spec, now: Assessment) -> Iterator[str]:
    for id_, question in now.program.rulesets.bank.questions.items():
        old, new = before.answers.get(id_), now.spec.answers.get(id_)
        if old != new:
            said = cut(answer_words(question, new), 300)
            yield f"Answer to “{question.ask}” – now: {said}; before: {cut(answer_words(question, old), 300)}."


def _lines(before: Json, now: Json) -> Iterator[str]:
    if before["as_of"] != now["as_of"]:
        yield (f"The law as enacted on {_day(now['as_of'])} counts; before it was that of {_day(before['as_of'])}.")
    for key, noun in (
        ("version", "Product version"),
        ("entity", "Legal entity"),
        ("owner", "Owner"),
        ("stage", "Stage"),
    ):
        old, new = before["feature"].get(key, ""), now["feature"].get(key, "")
        if old != new:
            yield f"{noun}: “{new}”, before “{old}”."
    for id_, law in now["rulesets"].items():
        old_law = before["rulesets"].get(id_)
        if old_law is None:
            yield f"{law['title']} is looked at for the first time."
        else:
            yield from _law(old_law, law)
    for id_, law in before["rulesets"].items():
        if id_ not in now["rulesets"]:
            yield f"{law['title']} is no longer looked at."


def _law(before: Json, now: Json) -> Iterator[str]:
    title = now["title"]
    if before["sha256"] != now["sha256"]:
        yield f"{title}: the rules were revised (last compared with the law on {_day(now['checked'])})."
    if before["applies"] is not now["applies"]:
        yield f"{title}: {_APPLIES[now['applies']]}; before: {_APPLIES[before['applies']]}."
    yield from _compared(title, before["labels"], now["labels"], "title", "status", _STATUS)
    yield from _compared(title, before["obligations"], now["obligations"], "what", "applicability", _OWED)
    yield from _obligations(title, before["obligations"], now["obligations"])
    yield from _questions(title, before, now)


def _compared(
    title: str, before: list[Json], now: list[Json], name: str, key: str, words: Mapping[str, str]
) -> Iterator[str]:
    old = {x["id"]: x[key] for x in before}
    for item in now:
        was = old.get(item["id"])
        if was is not None and was != item[key]:
            yield f"{title}: “{item[name]}” – now {words[item[key]]}, before {words[was]}."
        elif was is None and item[key] not in ("excluded", "not_applicable"):
            yield f"{title}: “{item[name]}” – new, {words[item[key]]}."


def _obligations(title: str, before: list[Json], now: list[Json]) -> Iterator[str]:
    old = {x["id"]: x for x in before}
    for owed in now:
        was = old.get(owed["id"])
        if was is None or owed["applicability"] == "not_applicable":
            continue
        if was["progress"] != owed["progress"]:
            yield f"{title}: “{owed['what']}” – {PROGRESS[owed['progress']]}, before {PROGRESS[was['progress']]}."
        if was["due"]["latest"] != owed["due"]["latest"] and owed["due"]["latest"]:
            yield f"{title}: “{owed['what']}” – due {_day(owed['due']['latest'])}, before {_day(was['due']['latest'])}."


def _questions(title: str, before: Json, now: Json) -> Iterator[str]:
    old = {q["id"]: q["ask"] for q in before["open_questions"]}
    new = {q["id"]: q["ask"] for q in now["open_questions"]}
    settled = [ask for id_, ask in old.items() if id_ not in new]
    opened = [ask for id_, ask in new.items() if id_ not in old]
    if settled:
        yield f"{title}: no longer open: {' '.join(f'“{a}”' for a in settled)}"
    if opened:
        yield f"{title}: newly open: {' '.join(f'“{a}”' for a in opened)}"


def _day(iso: str | None) -> str:
    return day_words(date.fromisoformat(iso)) if iso else "no day"
