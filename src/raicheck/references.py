"""Whether everything a ruleset names exists, and nothing hangs on itself: what evaluation relies on."""

from __future__ import annotations

from collections.abc import Iterator

from raicheck.leaves import behind, gate_rules, refs, tests
from raicheck.model import (
    Condition,
    Finding,
    Obligation,
    Place,
    Question,
    Ref,
    Rule,
    Ruleset,
    Rulesets,
    StartCase,
    Test,
)
from raicheck.read import nearest


def check_references(rulesets: Rulesets, law: Ruleset) -> list[Finding]:
    """Every reference of `law` that does not exist, every rule that cites nothing, every cycle."""
    found = [
        f for condition, place, what in conditions(law) for f in _check_condition(rulesets, law, condition, place, what)
    ]
    found += [f for rule in all_rules(law) for f in _check_rule(law, rule)]
    found += [f for obligation in law.obligations.values() for f in _check_obligation(law, obligation)]
    if not found:
        found += _cycles(rulesets, law)
    return found


def check_questions(rulesets: Rulesets) -> list[Finding]:
    """Cycles among the questions' `only_if` and names in the bank that only a ruleset could know."""
    found = []
    for question in rulesets.bank.questions.values():
        if question.only_if is None:
            continue
        if any(refs(question.only_if)):
            found.append(_error(f"{question.id}: only_if can test questions only", question.place, code="RC502"))
        elif question.id in _gating(rulesets, question, set()):
            found.append(_error(f"question {question.id} arises only if itself does", question.place, code="RC507"))
    return found


def _gating(rulesets: Rulesets, question: Question, seen: set[str]) -> set[str]:
    if question.only_if is None:
        return seen
    for test in tests(question.only_if):
        if test.fact not in seen:
            seen.add(test.fact)
            _gating(rulesets, rulesets.bank.questions[test.fact], seen)
    return seen


def all_rules(law: Ruleset) -> Iterator[Rule]:
    """Every rule and exception of a ruleset, each once."""
    tops = [*law.rules.values(), *(e for o in law.obligations.values() for e in o.unless)]
    seen: set[int] = set()
    while tops:
        rule = tops.pop(0)
        if id(rule) not in seen:
            seen.add(id(rule))
            yield rule
            tops += rule.unless


def conditions(law: Ruleset) -> Iterator[tuple[Condition, Place | None, str]]:
    """Every condition of a ruleset with the place and name of what it belongs to."""
    yield law.applies, law.place, "applies"
    for rule in all_rules(law):
        yield rule.when, rule.place, rule.id
        yield from _starts(rule.start, rule.place, rule.id)
    for obligation in law.obligations.values():
        yield obligation.when, obligation.place, obligation.id
        yield from _starts(obligation.start, obligation.place, obligation.id)
        if obligation.met_when is not None:
            yield obligation.met_when, obligation.place, obligation.id
    for role in law.roles.values():
        yield role.when, law.place, role.id
    for definition in law.definitions.values():
        yield definition.when, definition.place, definition.id
    for judgement in law.judgements.values():
        for part in (judgement.yes_when, judgement.no_when, judgement.raised_when):
            yield part, judgement.place, judgement.id
    for point in law.open_points:
        yield point.when, law.place, point.id


def _starts(
    cases: tuple[StartCase, ...], place: Place | None, what: str
) -> Iterator[tuple[Condition, Place | None, str]]:
    for case in cases:
        yield case.when, place, what


def _error(message: str, place: Place | None, help_: str = "", code: str = "RC502") -> Finding:
    return Finding(code, "error", message, place, help_)


def _check_condition(
    rulesets: Rulesets, law: Ruleset, condition: Condition, place: Place | None, what: str
) -> Iterator[Finding]:
    for ref in refs(condition):
        yield from _check_ref(rulesets, law, ref, place, what)
    for test in tests(condition):
        for name in _named_days(test):
            if name not in law.dates:
                yield _error(f"{what}: no date '{name}'", place, nearest(name, law.dates))


def _named_days(test: Test) -> list[str]:
    return [b.limit for b in test.bounds if isinstance(b.limit, str)]


def _check_ref(rulesets: Rulesets, law: Ruleset, ref: Ref, place: Place | None, what: str) -> Iterator[Finding]:
    other = rulesets.by_id.get(ref.ruleset)
    if other is None or (other is not law and ref.ruleset not in law.uses):
        yield _error(f"{what}: ruleset '{ref.ruleset}' is not used here", place, f"add it to uses: [{ref.ruleset}]")
        return
    known = {
        "rule": other.rules,
        "label": other.labels,
        "definition": other.definitions,
        "judgement": other.judgements,
        "role": other.roles,
    }[ref.kind]
    if ref.id not in known:
        yield _error(f"{what}: no {ref.kind} '{ref.id}' in {other.id}", place, nearest(ref.id, known))


def _check_rule(law: Ruleset, rule: Rule) -> Iterator[Finding]:
    if not rule.cites:
        yield _error(f"{rule.id} cites nothing", rule.place, "add the provision: cites: [instrument/node]", "RC506")
    if rule.label and rule.label not in law.labels:
        yield _error(f"{rule.id}: no label '{rule.label}'", rule.place, nearest(rule.label, law.labels))
    yield from _check_names(law, rule)


def _check_names(law: Ruleset, item: Rule | Obligation) -> Iterator[Finding]:
    for role in item.roles:
        if role not in law.roles:
            yield _error(f"{item.id}: no role '{role}'", item.place, nearest(role, law.roles))
    for case in item.start:
        if isinstance(case.day, str) and case.day not in law.dates:
            yield _error(f"{item.id}: no date '{case.day}'", item.place, nearest(case.day, law.dates))


def _check_obligation(law: Ruleset, obligation: Obligation) -> Iterator[Finding]:
    if not obligation.cites:
        yield _error(f"{obligation.id} cites nothing", obligation.place, "add the provision", "RC506")
    yield from _check_names(law, obligation)
    tier = obligation.breach.tier if obligation.breach else None
    if tier and tier not in law.penalties:
        yield _error(f"{obligation.id}: no penalty '{tier}'", obligation.place, nearest(tier, law.penalties))


def _cycles(rulesets: Rulesets, law: Ruleset) -> Iterator[Finding]:
    """Named things of `law` that hang on themselves."""
    done: set[Ref] = set()
    for rule in law.rules.values():
        loop = _loop(rulesets, Ref("rule", law.id, rule.id), [], done)
        if loop:
            yield _error(f"{rule.id} hangs on itself: {' → '.join(loop)}", rule.place, "break the cycle", "RC507")
            return


def _loop(rulesets: Rulesets, ref: Ref, path: list[Ref], done: set[Ref]) -> list[str]:
    if ref in path:
        return [f"{r.kind} {r.id}" for r in [*path[path.index(ref) :], ref]]
    if ref in done:
        return []
    inner = [r for c in _needs(rulesets, ref) for r in refs(c)]
    for needed in inner:
        loop = _loop(rulesets, needed, [*path, ref], done)
        if loop:
            return loop
    done.add(ref)
    return []


def _needs(rulesets: Rulesets, ref: Ref) -> Iterator[Condition]:
    yield from behind(rulesets, ref)
    if ref.kind == "rule" and ref.ruleset in rulesets.by_id:
        law = rulesets.by_id[ref.ruleset]
        if ref.id not in gate_rules(rulesets, law):
            yield law.applies
