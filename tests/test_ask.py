"""Which question is asked next: only one that can still change something, and few."""

from __future__ import annotations

import random
from collections.abc import Collection
from datetime import date
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raicheck import leaves
from raicheck.answers import nothing_known
from raicheck.ask import PHASES, Interview, Phase, View, cost
from raicheck.assess import Assessment, assess
from raicheck.facts import settle_all
from raicheck.files import CORE_LAWS, load_spec_file
from raicheck.frozen import replace
from raicheck.load import load_rulesets
from raicheck.logic import Program
from raicheck.model import (
    Answer,
    AtLeast,
    Bank,
    Choice,
    Condition,
    Implication,
    Interval,
    Known,
    Label,
    Not,
    Option,
    Placement,
    Question,
    Rule,
    Ruleset,
    Rulesets,
    Spec,
    Subset,
    Test,
    Topic,
)
from raicheck.shipped import rulesets_dir
from raicheck.worlds import State

DAY = date(2026, 11, 20)
YES, NO = (Choice(frozenset({w})) for w in ("yes", "no"))
CORE, _ = load_rulesets(rulesets_dir(), CORE_LAWS)
INTERVIEW = Interview(Program(CORE), CORE_LAWS)
EXAMPLE, _ = load_spec_file(rulesets_dir().parent / "examples" / "cv-screening.raicheck.yaml", CORE)
assert EXAMPLE is not None
EXAMPLE = replace(EXAMPLE, answers={f: a for f, a in EXAMPLE.answers.items() if not f.startswith("placement.")})


def is_(fact: str, *values: str) -> Condition:
    return Test(fact, "is", frozenset(values or {"yes"}))


# A small world: yes/no questions, of which some arise only with others, and a multi-select; rules of any shape.
FACTS = [f"t.{name}" for name in "abcdef"]
GATES = {"t.e": is_("t.d"), "t.f": is_("t.e", "no")}
IMPLICATIONS = (
    Implication(is_("t.c"), "t.b", NO),
    Implication(is_("t.c", "no"), "t.e", NO),  # also where it is open whether e arises
    Implication(is_("t.f"), "t.m", Subset(frozenset("x"), frozenset("z"))),
    Implication(is_("t.m", "y"), "t.d", YES),
)
MANY = Question("t.m", "m?", "many_of", options=tuple(Option(o, o.upper()) for o in "xyz"))
BANK = {f: Question(f, f"{f}?", "yes_no", only_if=GATES.get(f)) for f in FACTS} | {"t.m": MANY}


LEAVES = st.sampled_from(
    [*(is_(f) for f in FACTS), *(is_(f, "no") for f in FACTS), is_("t.m", "x"), is_("t.m", "y"), is_("t.m", "z")]
)


def compound(parts: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    several = st.lists(parts, min_size=2, max_size=3).map(tuple)
    return parts.map(Not) | several.flatmap(lambda p: st.integers(1, len(p)).map(lambda n: AtLeast(n, p)))


CONDITIONS = st.recursive(LEAVES, compound, max_leaves=8)


def world(conditions: list[Condition]) -> Interview:
    rules = {f"r{i}": Rule(f"r{i}", ("law/1",), c, label="l" if i % 2 else "k") for i, c in enumerate(conditions)}
    labels = {i: Label(i, i, 1, "high") for i in "kl"}
    law = Ruleset("law", "Law", "law", DAY, date(2020, 1, 1), labels=labels, rules=rules)
    bank = Bank(BANK, (Topic("t", "T", tuple(BANK)),), implications=IMPLICATIONS)
    return Interview(Program(Rulesets(bank, {"law": law})), ["law"])


def completions(
    interview: Interview, known: dict[str, Known], unsure: set[str], unasked: Collection[str] = ()
) -> list[tuple[dict[str, Known | None], object]]:
    """Every way to answer what can still be answered, with what the rules then are; `unasked` facts may stay open."""
    open_ = [f for f in BANK if f not in known and f not in unsure]
    found = []
    for row in product(*(answers_to(f, f in unasked) for f in open_)):
        answers: dict[str, Known | None] = {**known, **dict(zip(open_, row, strict=True))}
        asked = arising(interview, answers, open_)
        if contradict(interview, asked, open_):
            continue
        state = settled(interview, asked)
        law = interview.laws[0]
        found.append((answers, tuple(interview.program.ref("rule", "law", r, state) for r in law.rules)))
    return found


def answers_to(fact: str, none_as_well: bool) -> list[Known | None]:
    answers = [YES, NO] if fact != "t.m" else subsets()
    return [*answers, None] if none_as_well else [*answers]


def about(interview: Interview) -> set[str]:
    """The facts in rules, with those that decide whether they are asked."""
    found = {t.fact for rule in interview.laws[0].rules.values() for t in leaves.tests(rule.when)}
    while more := {t.fact for f in found & GATES.keys() for t in leaves.tests(GATES[f])} - found:
        found |= more
    return found


def settled(interview: Interview, answers: dict[str, Known]) -> State:
    """What is known with these answers."""
    return State(settle_all(interview.program, [{f: Answer(k) for f, k in answers.items()}], [{}], DAY)[1])


def contradict(interview: Interview, answers: dict[str, Known], open_: Collection[str]) -> bool:
    """Whether what follows contradicts an answer to something open."""
    facts, _ = settle_all(interview.program, [{f: Answer(k) for f, k in answers.items()}], [{}], DAY)
    return any(c.fact in open_ for c in facts[0].contradictions)


def arising(interview: Interview, answers: dict[str, Known | None], open_: list[str]) -> dict[str, Known]:
    """The answers without those to questions that nobody is asked."""
    given = {f: a for f, a in answers.items() if a is not None}
    found = {f: a for f, a in given.items() if f not in open_}
    while True:
        state = settled(interview, found)
        fresh = [f for f in open_ if f in given and f not in found and interview.program.arises(f, state)]
        if not fresh:
            return found
        found[fresh[0]] = given[fresh[0]]


def subsets() -> list[Subset]:
    every = MANY.option_ids
    chosen = (frozenset(s) for count in range(4) for s in combinations(sorted(every), count))
    return [Subset(has, every - has) for has in chosen]


def decides(
    interview: Interview, fact: str, known: dict[str, Known], unsure: set[str], unasked: Collection[str] = ()
) -> bool:
    """Brute force: whether two completions that differ in `fact` alone differ in a rule."""
    groups: dict[object, set[object]] = {}
    for answers, rules in completions(interview, known, unsure, unasked):
        if answers[fact] is None:
            continue
        others = tuple((f, a) for f, a in answers.items() if f != fact)
        groups.setdefault(others, set()).add(rules)
    return any(len(g) > 1 for g in groups.values())


def may_decide(interview: Interview, fact: str, known: dict[str, Known], unsure: set[str]) -> bool:
    """The same, also where what no rule asks about excludes the two with every answer: nobody need come to it."""
    return decides(interview, fact, known, unsure) or (
        decides(interview, fact, known, unsure, BANK.keys() - about(interview))
    )


def changes_at_once(interview: Interview, fact: str, known: dict[str, Known]) -> bool:
    law = interview.laws[0]

    def rules(answers: dict[str, Known]) -> object:
        state = settled(interview, answers)
        return tuple(interview.program.ref("rule", "law", r, state) for r in law.rules)

    values = [YES, NO] if fact != "t.m" else subsets()
    return any(rules({**known, fact: v}) != rules(known) for v in values)


@given(st.lists(CONDITIONS, min_size=1, max_size=4), st.randoms(use_true_random=False))
@settings(max_examples=300, deadline=None)
def test_never_a_question_that_changes_nothing_and_none_left_that_would(
    conditions: list[Condition], rnd: random.Random
) -> None:
    interview = world(conditions)
    spec, known, unsure = Spec(), dict[str, Known](), set[str]()
    while True:
        view = interview.view(spec, DAY)
        step = view.step("classification") or view.step("obligations")
        if step is None:
            break
        fact = step.question.id
        assert fact not in spec.answers
        assert changes_at_once(interview, fact, known) or may_decide(interview, fact, known, unsure)
        if rnd.random() < 0.2:
            unsure.add(fact)
            answer = Answer(nothing_known(step.question), unsure=True)
        else:
            answer = Answer(rnd.choice([YES, NO] if fact != "t.m" else subsets()))
            known[fact] = answer.known
        spec = replace(spec, answers={**spec.answers, fact: answer})
    open_ = [f for f in BANK if f not in spec.answers]
    assert not [f for f in open_ if decides(interview, f, known, unsure)]


@given(st.lists(CONDITIONS, min_size=1, max_size=4), st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_a_view_after_another_is_as_a_new_one(conditions: list[Condition], rnd: random.Random) -> None:
    """Whatever is answered, taken back or no longer sure in between."""
    interview = world(conditions)
    answers: dict[str, Answer] = {}
    before = None
    for _ in range(8):
        view, fresh = (
            interview.view(Spec(answers=dict(answers)), DAY, before),
            interview.view(Spec(answers=answers), DAY),
        )
        for phase in PHASES:
            assert view.open(phase) == fresh.open(phase)
            assert view.step(phase) == fresh.step(phase)
        before = view
        for fact in rnd.sample(list(BANK), rnd.randint(1, 2)):
            known = rnd.choice([YES, NO] if fact != "t.m" else subsets())
            change = rnd.choice([Answer(known), Answer(nothing_known(BANK[fact]), unsure=True), None])
            answers = {f: a for f, a in answers.items() if f != fact} | ({fact: change} if change else {})


def test_a_placement_that_becomes_known_is_not_asked_for() -> None:
    """Also where the answers are the same (as only the caller of the library can have it)."""
    spec = replace(EXAMPLE, placements=())
    before = INTERVIEW.view(spec, DAY)
    assert any(o.stake.kind == "launch" for o in before.open("obligations"))
    after = replace(spec, placements=(Placement("eu", Interval(DAY, DAY)),))
    view = INTERVIEW.view(after, DAY, before)
    assert view.open("obligations") == INTERVIEW.view(after, DAY).open("obligations")


def outcomes(assessment: Assessment) -> list[object]:
    return [
        (
            r.applies,
            [(x.id, x.status, x.start) for x in r.rules],
            [(x.label.id, x.status) for x in r.labels],
            [(o.id, o.applicability, o.start, o.due, o.progress) for o in r.obligations],
        )
        for r in assessment.results.values()
    ]


def answered(spec: Spec, fact: str, known: Known, unsure: bool = False) -> Spec:
    market, _, key = fact.removeprefix("placement.").partition("_")
    placements = spec.placements
    if fact.startswith("placement.") and key == "first":
        placements = (*placements, Placement(market, known))  # type: ignore[arg-type]
    return replace(spec, answers={**spec.answers, fact: Answer(known, unsure)}, placements=placements)


@pytest.mark.parametrize("seed", range(3))
def test_every_question_of_a_real_interview_can_change_an_outcome(seed: int) -> None:
    rnd, spec, topic = random.Random(seed), Spec(), ""
    for phase in PHASES:
        while step := (view := INTERVIEW.view(spec, DAY)).step(phase, (), topic):
            fact = step.question.id
            assert fact not in spec.answers
            answers = list(view.trials(fact))
            assert changes(spec, fact, answers) or (step.decides != "alone" and nothing_changes_alone(view, phase))
            assert step.decides != "perhaps"
            topic = fact.partition(".")[0]
            spec = answered(spec, fact, rnd.choice(answers))
    view = INTERVIEW.view(spec, DAY)
    assert not [o for phase in PHASES for o in view.open(phase)]


def changes(spec: Spec, fact: str, answers: list[Known]) -> bool:
    before = outcomes(assess(spec, INTERVIEW.program, DAY, CORE_LAWS))
    return any(outcomes(assess(answered(spec, fact, a), INTERVIEW.program, DAY, CORE_LAWS)) != before for a in answers)


def nothing_changes_alone(view: View, phase: Phase) -> bool:
    """No open question alone changes anything in this phase: the outcomes hang on several at once."""
    return not any(
        view.changes(fact, [o.stake for o in view.open(phase) if fact in o.facts])
        for item in view.open(phase)
        for fact in item.facts
    )


def test_the_first_questions_are_the_gates_and_details_wait() -> None:
    view = INTERVIEW.view(Spec(), DAY)
    step = view.step("classification")
    assert step is not None
    assert step.question.only_if is None


def test_not_sure_is_not_asked_again_and_a_skipped_question_waits() -> None:
    view = INTERVIEW.view(Spec(), DAY)
    first = view.step("classification")
    assert first is not None
    unsure = answered(Spec(), first.question.id, nothing_known(first.question), unsure=True)
    second = INTERVIEW.view(unsure, DAY).step("classification")
    assert second is not None
    assert second.question.id != first.question.id
    skipped = view.step("classification", {first.question.id})
    assert skipped is not None
    assert skipped.question.id != first.question.id


def test_what_a_skipped_question_would_decide_is_asked_later() -> None:
    """Two of three facts decide: with one skipped nothing else may look undecidable for good."""
    interview = world([AtLeast(2, (is_("t.a"), is_("t.b"), is_("t.c")))])
    unsure = Spec(answers={"t.a": Answer(nothing_known(BANK["t.a"]), unsure=True)})
    before = interview.view(unsure, DAY)
    first = before.step("classification", {"t.b", "t.c"})
    assert first is None
    again = interview.view(unsure, DAY, before).step("classification")
    assert again is not None
    assert again.question.id in ("t.b", "t.c")


ANY_OF_E = AtLeast(1, (is_("t.e"), is_("t.e", "no")))


@pytest.mark.parametrize("condition", [AtLeast(1, (AtLeast(2, (is_("t.a"), is_("t.d", "no"))), ANY_OF_E))])
@pytest.mark.parametrize("turned", [False, True])
def test_what_one_answer_leaves_open_and_all_after_the_other_decide_is_asked(
    condition: Condition, turned: bool
) -> None:
    """Nobody knows a. With "no" to d it hangs on a; with "yes" every answer to e, asked next, makes it so."""
    interview = world([Not(condition) if turned else condition])
    unsure = Spec(answers={"t.a": Answer(nothing_known(BANK["t.a"]), unsure=True)})
    step = interview.view(unsure, DAY).step("obligations")
    assert step is not None
    assert (step.question.id, step.decides) == ("t.d", "together")


TWO_OF_E_X_C = AtLeast(2, (is_("t.e", "no"), is_("t.m", "x"), is_("t.c")))
TWO_OF_F_B_D = AtLeast(2, (is_("t.f", "no"), is_("t.b"), is_("t.d", "no")))
D_OR_B = AtLeast(1, (is_("t.d"), is_("t.b")))
MADE_BY_ANSWERS_THAT_EXCLUDE_EACH_OTHER = AtLeast(
    3,
    (
        AtLeast(1, (is_("t.b", "no"), TWO_OF_E_X_C, TWO_OF_F_B_D)),
        AtLeast(2, (Not(is_("t.e")), is_("t.a"))),
        AtLeast(1, (D_OR_B, AtLeast(2, (is_("t.d", "no"), is_("t.a", "no"))))),
    ),
)


@pytest.mark.parametrize(
    ("condition", "unsure", "known"),
    [
        # f is asked of those with d and without e, and d follows from y: only y and f decide
        (AtLeast(1, (is_("t.a"), AtLeast(2, (is_("t.f", "no"), is_("t.m", "y"))), is_("t.b"))), {"t.a", "t.b"}, {}),
        # with f comes x: that f decides without x is no reason to ask
        (MADE_BY_ANSWERS_THAT_EXCLUDE_EACH_OTHER, {"t.a"}, {"t.c": NO}),
    ],
)
def test_what_is_asked_before_what_decides_must_decide_something_itself(
    condition: Condition, unsure: set[str], known: dict[str, Known]
) -> None:
    interview = world([condition])
    answers = {f: Answer(nothing_known(BANK[f]), unsure=True) for f in unsure} | {
        f: Answer(k) for f, k in known.items()
    }
    step = interview.view(Spec(answers=answers), DAY).step("obligations")
    useful = {f for f in BANK if f not in answers and decides(interview, f, known, unsure)}
    assert (step.question.id in useful) if step else not useful


def test_options_that_decide_only_with_each_other_are_tried_together() -> None:
    both = AtLeast(3, (is_("t.m", "x"), is_("t.m", "y"), Not(is_("t.m", "z"))))
    interview = world([AtLeast(1, (both, is_("t.a")))])
    unsure = Spec(answers={"t.a": Answer(nothing_known(BANK["t.a"]), unsure=True)})
    step = interview.view(unsure, DAY).step("obligations")
    assert step is not None
    assert step.question.id == "t.m"


def test_what_stays_unknown_whatever_is_answered_is_not_left_to_ask() -> None:
    """Two of three would do, of which two nobody knows: the third no longer counts, and b may still."""
    interview = world([AtLeast(1, (AtLeast(2, (is_("t.m", "z"), is_("t.a"), is_("t.c"))), is_("t.b")))])
    unsure = {f: Answer(nothing_known(BANK[f]), unsure=True) for f in ("t.a", "t.c")}
    view = interview.view(Spec(answers=unsure), DAY)
    assert [item.facts for item in view.open("obligations")] == [("t.b",)]


def test_a_multi_select_costs_one_answer_per_eight_options() -> None:
    options = tuple(Option(str(i), str(i)) for i in range(17))
    assert cost(Question("t.m", "?", "many_of", options=options)) == 3
    assert cost(Question("t.m", "?", "one_of", options=options)) == 1
    assert cost(Question("t.m", "?", "many_of", options=options[:8])) == 1


def test_what_is_left_is_a_range_that_ends_at_nothing() -> None:
    low, high = INTERVIEW.view(Spec(), DAY).remaining("classification")
    assert 5 < low < high
    interview = world([is_("t.a")])
    spec = Spec(answers={"t.a": Answer(YES)})
    assert interview.view(spec, DAY).remaining("classification") == (0, 0)
