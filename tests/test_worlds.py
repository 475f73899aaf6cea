"""Many worlds in one pass say what each says alone; what is made late is what was made at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence, Set
from datetime import date
from pathlib import Path

import pytest
from conftest import TODAY, spec_of
from hypothesis import given, settings
from hypothesis import strategies as st
from test_logic import conditions, worlds

from raicheck import Rulesets, load_spec_file
from raicheck.answers import AnswerReader
from raicheck.assess import Assessment, assess, assess_all
from raicheck.check import check
from raicheck.facts import settle_all
from raicheck.frozen import lazy
from raicheck.kleene import Planes, at_least
from raicheck.load_spec import SpecLoader
from raicheck.logic import Program
from raicheck.model import Answer, AtLeast, Condition, Known, Not, Ref, Subset, Test
from raicheck.nodes import Places
from raicheck.reach import reach
from raicheck.read import Reader
from raicheck.source import parse
from raicheck.threshold import Threshold
from raicheck.worlds import State, Worlds, alone

EXAMPLES = sorted((Path(__file__).resolve().parent.parent / "examples").glob("*.raicheck.yaml"))
SHOP = [f"shop.{name}" for name in ("open", "sells", "owner", "staff", "opened", "licence", "noise")]
DAYS = (date(2026, 7, 1), TODAY)


@settings(max_examples=200, deadline=None)
@given(conditions, st.lists(worlds(), min_size=1, max_size=7))
def test_many_worlds_are_each_as_alone(
    tiny: Rulesets, condition: Condition, drawn: list[tuple[dict[str, Known], dict[str, Known]]]
) -> None:
    program, known = Program(tiny), [partial for _, partial in drawn]
    together = Worlds(known, [{}] * len(known), TODAY)
    law = tiny.by_id["tiny"]
    items = [condition, *(Ref("rule", "tiny", r) for r in law.rules), *(Ref("label", "tiny", x) for x in law.labels)]
    for item in items:
        values = [program.value(item, State(together, i)) for i in range(len(known))]
        assert values == [program.value(item, alone(k, {}, TODAY)) for k in known]


@settings(max_examples=200, deadline=None)
@given(st.lists(worlds(), min_size=1, max_size=4))
def test_what_was_determined_before_is_what_it_would_be_again(
    tiny: Rulesets, drawn: list[tuple[dict[str, Known], dict[str, Known]]]
) -> None:
    """Answers that are added to a world leave what is determined in it as it is, and the rest is as if new."""
    program, (full, partial) = Program(tiny), drawn[0]
    before = alone(partial, {}, TODAY)
    refs = list(everything(tiny))
    for ref in refs:
        program.value(ref, before)
    changed = {f for f, known in full.items() if partial.get(f) != known}
    after = State(Worlds([full], [{}], TODAY, before))
    told = State(Worlds([full], [{}], TODAY, before, changed=program.facts(changed)))
    kept = alone(full, {}, TODAY)
    kept.worlds.keep(before.worlds, program.facts(changed), program.rests)
    fresh = alone(full, {}, TODAY)
    for ref in refs:
        assert len({program.value(ref, state) for state in (after, told, kept, fresh)}) == 1


def everything(law: Rulesets) -> Iterator[Ref]:
    tiny = law.by_id["tiny"]
    kinds = {"rule": tiny.rules, "label": tiny.labels, "role": tiny.roles, "judgement": tiny.judgements}
    return (Ref(kind, "tiny", id_) for kind, ids in kinds.items() for id_ in ids)  # type: ignore[arg-type]


@settings(max_examples=400, deadline=None)
@given(worlds(), conditions, st.sets(st.sampled_from(SHOP)), st.sets(st.sampled_from(SHOP)))
def test_nothing_becomes_what_was_out_of_reach(
    tiny: Rulesets,
    drawn: tuple[dict[str, Known], dict[str, Known]],
    condition: Condition,
    unsure: set[str],
    first: set[str],
) -> None:
    """Whatever is answered to what can be asked: what then is so was possible, also where some was answered before."""
    program, (full, partial) = Program(tiny), drawn
    askable = tiny.bank.questions.keys() - partial.keys() - unsure
    now = settled(program, partial)
    reached = State(reach(program, now.worlds, askable, tuple(tiny.bank.questions)))
    later = settled(program, {**partial, **{f: full[f] for f in sorted(first & askable & full.keys())}})
    items = [condition, *everything(tiny)]
    for item in items:  # first: what is known now is used for later
        program.planes(item, reached.worlds)
    changed = {f for f, known in later.known.items() if now.known.get(f) != known}
    more = Worlds([later.known], [{}], TODAY, reached, changed=program.facts(changed))
    beyond = State(reach(program, more, askable))
    afresh = State(reach(program, later.worlds, askable))
    end = completed(program, later, full, askable)
    for item in items:
        value = program.value(item, end)
        assert program.planes(item, beyond.worlds) == program.planes(item, afresh.worlds)
        for state in (reached, beyond):
            yes, no = program.planes(item, state.worlds)
            assert value is None or (yes if value else no) & state.beyond


ASKED, UNSURE = (Test(f"shop.{name}", "is", frozenset({"yes"})) for name in ("open", "licence"))


@pytest.mark.parametrize(
    ("condition", "reached"),
    [
        (ASKED, (1, 1)),
        (UNSURE, (0, 0)),
        (Not(UNSURE), (0, 0)),
        (AtLeast(1, (ASKED, UNSURE)), (1, 0)),
        (AtLeast(1, (UNSURE, ASKED)), (1, 0)),
        (AtLeast(2, (ASKED, UNSURE)), (0, 1)),
        (Not(AtLeast(2, (ASKED, UNSURE))), (1, 0)),
        (AtLeast(2, (ASKED, UNSURE, UNSURE)), (0, 0)),
    ],
)
def test_what_is_in_reach(tiny: Rulesets, condition: Condition, reached: Planes) -> None:
    program = Program(tiny)
    now = alone({"shop.sells": Subset(frozenset({"beer"}), frozenset())}, {}, TODAY)
    found = State(reach(program, now.worlds, {"shop.open"}))
    assert beyond(program, condition, found) == reached
    assert found.is_open(program.planes(condition, found.worlds)) is (reached != (0, 0))


NO_SALES, BEER, LICENCE = Test("shop.sells", "none"), Test("shop.sells", "is", frozenset({"beer"})), UNSURE


@pytest.mark.parametrize(
    ("askable", "condition", "reached"),
    [
        ({"shop.owner"}, NO_SALES, (1, 0)),  # a town sells nothing
        ({"shop.owner"}, BEER, (0, 1)),
        ({"shop.staff"}, NO_SALES, (0, 0)),
        ({"shop.licence"}, LICENCE, (0, 0)),  # asked of those who sell beer, which is open for good
        ({"shop.sells"}, LICENCE, (0, 1)),
        ({"shop.sells", "shop.licence"}, LICENCE, (1, 1)),
    ],
)
def test_what_follows_and_what_is_never_asked(
    tiny: Rulesets, askable: set[str], condition: Condition, reached: Planes
) -> None:
    program = Program(tiny)
    assert beyond(program, condition, State(reach(program, alone({}, {}, TODAY).worlds, askable))) == reached


def beyond(program: Program, condition: Condition, state: State) -> Planes:
    """Whether it can become true, and whether false."""
    yes, no = program.planes(condition, state.worlds)
    return int(bool(yes & state.beyond)), int(bool(no & state.beyond))


@settings(max_examples=200, deadline=None)
@given(worlds(), conditions, st.sets(st.sampled_from(SHOP)))
def test_what_one_question_alone_can_decide(
    tiny: Rulesets, drawn: tuple[dict[str, Known], dict[str, Known]], condition: Condition, unsure: set[str]
) -> None:
    """Found for all questions in one pass, it is what could be asked if no other question were left."""
    program, (_, partial) = Program(tiny), drawn
    askable = tiny.bank.questions.keys() - partial.keys() - unsure
    now = settled(program, partial)
    found = State(reach(program, now.worlds, askable, tuple(tiny.bank.questions)))
    assert all(not found.only(fact) for fact in tiny.bank.questions if fact not in askable)
    for item in (condition, *everything(tiny)):
        yes, no = program.planes(item, found.worlds)
        assert found.truth((yes, no)) is program.value(item, now)
        for fact in askable:
            alone = (int(bool(plane & found.only(fact))) for plane in (yes, no))
            assert tuple(alone) == beyond(program, item, State(reach(program, now.worlds, {fact})))


def settled(program: Program, known: dict[str, Known]) -> State:
    return State(settle_all(program, [{f: Answer(k) for f, k in known.items()}], [{}], TODAY)[1])


def completed(program: Program, now: State, full: dict[str, Known], askable: Set[str]) -> State:
    """Answers to all that can be asked, one after the other, each only if its question arises."""
    while True:
        open_ = [f for f in sorted(askable) if f in full and f not in now.known and program.arises(f, now)]
        if not open_:
            return now
        now = settled(program, {**now.known, open_[0]: full[open_[0]]})


def outcomes(assessment: Assessment) -> list[object]:
    return [
        (
            r.applies,
            r.classification,
            r.text_alone,
            [(x.label.id, x.status, x.roles) for x in r.labels],
            [(x.id, x.status, x.text_alone, x.start, x.in_force, x.open) for x in r.rules],
            [(o.id, o.applicability, o.progress, o.start, o.due, o.roles, o.rule) for o in r.obligations],
            r.open_questions,
            r.open_judgements,
            [p.id for p in r.open_points],
        )
        for r in assessment.results.values()
    ]


@pytest.mark.parametrize("day", DAYS)
def test_specs_together_are_assessed_as_one_by_one(shipped: Rulesets, program: Program, day: date) -> None:
    specs = [spec for path in EXAMPLES if (spec := load_spec_file(path, shipped)[0]) is not None]
    assert len(specs) == len(EXAMPLES)
    for spec, together in zip(specs, assess_all(specs, program, day), strict=True):
        assert outcomes(together) == outcomes(assess(spec, program, day))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.name)
def test_notes_that_nobody_reads_are_counted_all_the_same(shipped: Rulesets, program: Program, path: Path) -> None:
    spec, _ = load_spec_file(path, shipped)
    assert spec is not None
    assessment = assess(spec, program, TODAY, brief=True)
    counts: Counter[str] = Counter()
    in_full, counted = check(assessment), check(assessment, counts=counts)
    assert sum(counts.values()) == len(in_full) - len(counted)
    assert Counter(f.code for f in counted) + counts == Counter(f.code for f in in_full)
    assert [f for f in counted if f.severity != "info"] == [f for f in in_full if f.severity != "info"]


def test_counsel_may_determine_one_world_and_not_the_other(tiny: Rulesets) -> None:
    program = Program(tiny)
    loud = spec_of(tiny, "{shop: {open: yes, owner: person, noise: loud}}").answers
    known = {f: a.known for f, a in loud.items()}
    together = Worlds([known] * 3, [{"tiny.nuisance": True}, {"tiny.nuisance": False}, {}], TODAY)
    judged = [program.ref("judgement", "tiny", "nuisance", State(together, i)) for i in range(3)]
    assert judged == [True, False, None]


@given(st.lists(st.integers(0, 255), max_size=6), st.integers(1, 4))
def test_at_least_counts_in_each_world(parts: list[int], n: int) -> None:
    found = at_least(n, parts) & 255
    assert found == sum(1 << i for i in range(8) if sum(p >> i & 1 for p in parts) >= n)


def test_a_lazy_part_is_made_once_and_when_it_is_read() -> None:
    made: list[str] = []

    class Thing:
        @lazy
        def part(self) -> int:
            made.append("x")
            return len(made)

    thing = Thing()
    assert made == []
    assert (thing.part, thing.part, made) == (1, 1, ["x"])


def test_a_loader_reads_the_same_answer_once(tiny: Rulesets) -> None:
    loader = SpecLoader(tiny)
    texts = ["raicheck: 1\nanswers: {shop: {open: yes, sells: [beer]}}\n"] * 2
    roots = [parse(t, "x")[0] for t in texts]
    first, second = (loader.load(root, "x")[0] for root in roots if root is not None)
    assert first is not None
    assert second is not None
    assert first.answers == second.answers
    assert first.answers["shop.sells"] is second.answers["shop.sells"]


@pytest.mark.parametrize("words", ["maybe", "[beer, cake]", "{has: [beer], not: [beer]}"])
def test_a_wrong_answer_is_wrong_each_time(tiny: Rulesets, words: str) -> None:
    answers = AnswerReader(tiny.bank)
    root, _ = parse(f"a: {words}\n", "x")
    assert root is not None
    node = Places(root)
    assert ("a",) in node
    for _ in range(2):
        reader = Reader()
        answers.read(reader, "shop.sells", root.entries["a"], root)  # type: ignore[union-attr]
        assert reader.findings


@pytest.mark.parametrize(
    ("words", "severity", "label", "code", "fails"),
    [
        (("error",), "error", None, "RC303", True),
        (("error",), "warning", None, "RC401", False),
        (("warning",), "error", None, "RC303", True),
        (("never",), "error", None, "RC303", False),
        (("never",), "warning", None, "RC301", True),
        (("RC401",), "warning", None, "RC401", True),
        (("limited",), "info", "high", "RC308", True),
        (("high",), "info", "limited", "RC308", False),
    ],
)
def test_threshold(words: Sequence[str], severity: str, label: str | None, code: str, fails: bool) -> None:
    from raicheck.model import Finding

    finding = Finding(code, severity, "", label=label)  # type: ignore[arg-type]
    assert Threshold(words).fails(finding) is fails
    assert Threshold(words).exit_code([finding]) == int(fails)


def test_every_route_of_a_document_has_its_place() -> None:
    root, _ = parse("a: {b: [x, {c: d}]}\ne: f\n", "x")
    assert root is not None
    found = Places(root)
    assert len(found) == len(list(found)) == 11
    assert {route: (p.line, p.column) for route, p in found.items()} == {
        (): (1, 1), ("a", "#key"): (1, 1), ("a",): (1, 4), ("a", "b", "#key"): (1, 5), ("a", "b"): (1, 8),
        ("a", "b", 0): (1, 9), ("a", "b", 1): (1, 12), ("a", "b", 1, "c", "#key"): (1, 13), ("a", "b", 1, "c"): (1, 16),
        ("e", "#key"): (2, 1), ("e",): (2, 4),
    }  # fmt: skip
    for route in (("z",), ("a", "b", 2), ("a", "z", "#key"), ("#key",), ("e", "f"), ("a", "b", "c")):
        assert route not in found
