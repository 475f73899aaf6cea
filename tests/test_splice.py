"""Answers written into a spec: the answer is there, nothing else has changed."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raicheck.answers import nothing_known
from raicheck.files import load_spec_text
from raicheck.load import load_rulesets
from raicheck.model import Answer, Choice, Interval, Note, Question, Subset
from raicheck.nodes import ScalarNode
from raicheck.shipped import rulesets_dir
from raicheck.source import parse
from raicheck.splice import drop_note, new_spec, put_answer, put_note, quoted

RULESETS, _ = load_rulesets(rulesets_dir(), ["eu_ai_act", "gdpr", "dpdpa"])
QUESTIONS = RULESETS.bank.questions
HAND_EDITED = """\
# our feature
---
raicheck: 1   # format
feature: {id: cv-screening, name: "CV: screening"}
# answers by topic
answers:
  origin: {built_by: us, we: [use, offer]}   # agreed with legal
  purpose:
    # broad
    areas:
      - employment   # recruiters
      - rating_people

  decision:
    role:
    - decides
    # why: they said so
    overrule: yes # every time
    minutes: {at_least: 2,
              at_most: 6}
  people:
notes:
  decision.overrule: |
    Ask the hiring
    operations lead

# paperwork
obligations:
  gdpr.dpia: {progress: open}
"""
TEXTS = {
    "new": new_spec("f", "A feature"),
    "by hand": HAND_EDITED,
    "windows": HAND_EDITED.replace("\n", "\r\n"),
    "no end of line": HAND_EDITED.rstrip("\n"),
    "flow": '{"raicheck": 1, "answers": {"decision": {"overrule": "no"}}, "notes": {}}',
    "empty answers": "raicheck: 1\nanswers:\n  # nothing yet\n",
    "empty flow": "raicheck: 1\nanswers: {}\nplacements: []\n",
    "placed": "raicheck: 1\nplacements:\n- market: eu\n  first: 2027-01-01  # planned\n- {market: in}\n",
    "ends in a block scalar": "raicheck: 1\nfeature:\n  summary: |\n    two\n    lines\n",
}


def answer_to(question: Question) -> st.SearchStrategy[Answer]:
    ids = sorted(question.option_ids)
    unsure = st.just(Answer(nothing_known(question), unsure=True))
    if question.type in ("yes_no", "one_of"):
        return st.sampled_from(ids).map(lambda o: Answer(Choice(frozenset({o})))) | unsure
    if question.type == "many_of":
        some = st.integers(0, 2 ** len(ids) - 1).map(
            lambda bits: frozenset(o for i, o in enumerate(ids) if bits >> i & 1)
        )
        partial = some.map(lambda has: has or frozenset(ids[:1])).map(
            lambda has: Answer(Subset(has, frozenset()), unsure=True)
        )
        return some.map(lambda has: Answer(Subset(has, question.option_ids - has))) | partial | unsure
    one: st.SearchStrategy[Decimal] | st.SearchStrategy[date]
    if question.type == "number":
        one = st.decimals(0, 10**12, allow_nan=False, places=2).map(lambda d: d.normalize() + 0)
    else:
        one = st.dates(date(1990, 1, 1), date(2090, 1, 1))
    exact = one.map(lambda v: Answer(Interval(v, v)))
    return exact | one.map(lambda v: Answer(Interval(v, None), unsure=True)) | unsure


ANSWERS = st.sampled_from(list(QUESTIONS)).flatmap(lambda id_: st.tuples(st.just(id_), answer_to(QUESTIONS[id_])))


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@given(st.lists(ANSWERS, min_size=1, max_size=6))
@settings(max_examples=40, deadline=None)
def test_an_answer_is_written_and_nothing_else(text: str, answers: list[tuple[str, Answer]]) -> None:
    before, findings = load_spec_text(text, "x", RULESETS)
    assert before is not None
    assert not findings
    wanted = dict(before.answers)
    for fact, answer in answers:
        made = put_answer(text, "x", RULESETS, fact, answer)
        assert not isinstance(made, list), (made, text, fact, answer)
        text, after = made
        wanted[fact] = answer
        if fact == "placement.eu_design_change":  # a day of a change says that there is one
            wanted.setdefault("placement.eu_changed", after.answers["placement.eu_changed"])
        assert dict(after.answers) == wanted
        assert (after.feature, after.notes, after.obligations) == (before.feature, before.notes, before.obligations)


@given(ANSWERS)
@settings(max_examples=100, deadline=None)
def test_comments_and_lines_of_other_things_stay(written: tuple[str, Answer]) -> None:
    fact, answer = written
    made = put_answer(HAND_EDITED, "x", RULESETS, fact, answer)
    assert not isinstance(made, list)
    touched = {
        "decision.minutes": ("minutes:", "at_most:"),
        "decision.role": ("- decides",),
        "purpose.areas": ("- e", "- r"),
    }
    name = fact.partition(".")[2]
    topic = fact.partition(".")[0]
    gone = [
        line
        for line in HAND_EDITED.splitlines()
        if line not in made[0].splitlines()
        and not line.strip().startswith((f"{name}:", f"{topic}:", *touched.get(fact, ())))
        and "{built_by" not in line
    ]
    assert gone == []
    for comment in ("# format", "# agreed with legal", "# broad", "# every time", "# why: they said so", "# paperwork"):
        assert comment in made[0]


def test_items_of_a_list_that_stay_keep_their_comments() -> None:
    options = QUESTIONS["purpose.areas"].option_ids
    has = frozenset({"employment", "finance"})
    made = put_answer(HAND_EDITED, "x", RULESETS, "purpose.areas", Answer(Subset(has, options - has)))
    assert not isinstance(made, list)
    assert "      - employment   # recruiters\n      - finance\n" in made[0]
    assert "- rating_people" not in made[0]


def test_a_launch_is_written_under_placements() -> None:
    day = date(2027, 3, 1)
    made = put_answer(TEXTS["placed"], "x", RULESETS, "placement.eu_first", Answer(Interval(day, day)))
    assert not isinstance(made, list)
    assert made[0] == TEXTS["placed"].replace("2027-01-01", "2027-03-01")
    made = put_answer(made[0], "x", RULESETS, "placement.us_first", Answer(Interval(day, day + timedelta(30)), True))
    assert not isinstance(made, list)
    assert made[0].endswith("- {market: us, first: {from: 2027-03-01, until: 2027-03-31}}\n")


@pytest.mark.parametrize("words", ["yes", "no"])
def test_whether_the_design_changes_is_written_under_placements(words: str) -> None:
    answer = Answer(Choice(frozenset({words})))
    made = put_answer(TEXTS["placed"], "x", RULESETS, "placement.eu_changed", answer)
    assert not isinstance(made, list)
    assert f"  changed: {words}\n" in made[0]
    assert made[1].answers["placement.eu_changed"] == answer


def test_not_sure_about_the_launch_is_an_answer() -> None:
    made = put_answer(TEXTS["new"], "x", RULESETS, "placement.eu_first", Answer(Interval(), unsure=True))
    assert not isinstance(made, list)
    assert made[1].answers["placement.eu_first"] == Answer(Interval(), unsure=True)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_a_quoted_text_reads_as_itself(text: str) -> None:
    root, findings = parse(f"{quoted(text)}\n", "x")
    assert not findings
    assert isinstance(root, ScalarNode)
    assert root.text == text


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_note_is_written(text: str) -> None:
    note = Note('say "yes": or no # ask', "ops@acme.example")
    made = put_note(text, "x", RULESETS, "decision.overrule", note)
    assert not isinstance(made, list)
    assert made[1].notes["decision.overrule"] == note


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_note_is_removed_and_everything_else_stays(text: str) -> None:
    before, _ = load_spec_text(text, "x", RULESETS)
    assert before is not None
    for fact in ("market.places", "decision.overrule", "people.groups"):
        made = put_note(text, "x", RULESETS, fact, Note("ask", "ops"))
        assert not isinstance(made, list)
        text = made[0]
    for fact in ("people.groups", "market.places", "decision.overrule"):
        made = drop_note(text, "x", RULESETS, fact)
        assert not isinstance(made, list), (made, text)
        text = made[0]
        assert fact not in made[1].notes
        assert "# paperwork" in text or "raicheck: 1   # format" not in text
    assert not made[1].notes
    assert made[1].answers == before.answers


@pytest.mark.parametrize(
    ("notes", "after"),
    [
        (
            "notes:  # ours\n  # first\n  market.places: {who: a}  # by Friday\n  # last\n",
            "# ours\n  # first\n# by Friday\n  # last\n",
        ),
        ("notes:\n  market.places: {who: a}\n  people.groups: b\n", "notes:\n  people.groups: b\n"),
        ("notes: {market.places: a, people.groups: b}  # c\n", "notes: {people.groups: b}  # c\n"),
        ("notes: {market.places: a}  # c\n", "notes: {}  # c\n"),
        ("notes: {\n  market.places: a\n  }\n", "}\n"),
    ],
)
def test_comments_beside_a_removed_note_stay(notes: str, after: str) -> None:
    made = drop_note(f"raicheck: 1\n{notes}", "x", RULESETS, "market.places")
    assert not isinstance(made, list)
    assert made[0].endswith(after)


def test_what_cannot_be_written_is_said() -> None:
    text = "raicheck: 1\nplacements:\n- {market: eu, first: 2027-01-01, type: a}\n- &x {market: in}\n"
    made = put_answer(text, "x", RULESETS, "decision.overrule", Answer(Choice(frozenset({"yes"}))))
    assert isinstance(made, list)
    assert made[0].code == "RC105"
