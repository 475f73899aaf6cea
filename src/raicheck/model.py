"""The nouns: conditions, questions, rulesets, specs, findings. Frozen, without behaviour that needs anything else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Literal

from raicheck.frozen import field, frozen

Truth = bool | None
"""True, False, or None: unknown (and nothing else)."""

Route = tuple[str | int, ...]
"""Keys and indices from the root of a document to a node."""

Severity = Literal["error", "warning", "info"]
LabelSeverity = Literal["prohibited", "high", "limited", "minor"]
Kind = Literal["law", "voluntary", "company"]
Basis = Literal["text", "case_law", "final_guidance", "draft_guidance"]
QuestionType = Literal["yes_no", "one_of", "many_of", "number", "date", "text"]
RefKind = Literal["rule", "label", "definition", "judgement", "role"]
Scalar = Decimal | date


@frozen
class Place:
    """Where something stands in a file: 1-based line and column, columns in code points."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int


@frozen
class Finding:
    """One thing to tell the user: stable `code`, terse `message`, `help` that says what to do.

    `key` names what it is about, whatever the wording and the line; `label` is the severity of the label concerned.
    """

    code: str
    severity: Severity
    message: str
    place: Place | None = None
    help: str = ""
    cites: tuple[str, ...] = ()
    related: tuple[tuple[Place, str], ...] = ()
    key: str = ""
    label: LabelSeverity | None = None


# Conditions


@frozen
class Bound:
    """One comparison: `op` is >=, <=, > or <; `limit` a number, a day, or the name of a date in the ruleset."""

    op: Literal[">=", "<=", ">", "<"]
    limit: Decimal | date | str


@frozen
class Test:
    """A test of one fact. `values` for is/only, `bounds` for compare."""

    fact: str
    op: Literal["is", "only", "none", "answered", "compare"]
    values: frozenset[str] = frozenset()
    bounds: tuple[Bound, ...] = ()
    ruleset: str = ""

    __test__ = False  # not a pytest class


@frozen
class Ref:
    """A reference to a rule, label, definition, judgement or role of a ruleset."""

    kind: RefKind
    ruleset: str
    id: str


@frozen
class Not:
    part: Condition


@frozen
class AtLeast:
    """At least `n` of `parts` hold: `all` is n of n, `any` is 1 of n."""

    n: int
    parts: tuple[Condition, ...]


Condition = Test | Ref | Not | AtLeast

ALWAYS = AtLeast(0, ())
NEVER = AtLeast(1, ())


@frozen
class Unknowns:
    """Open fact ids in the order in which they are worth asking, and raised judgements (`<ruleset>.<id>`)."""

    facts: tuple[str, ...]
    judgements: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.facts or self.judgements)


# Facts and answers


@frozen
class Choice:
    """What is known of a yes/no or one-of fact: the options still possible."""

    possible: frozenset[str]


@frozen
class Subset:
    """What is known of a many-of fact: options it has, options it lacks; the rest is unknown."""

    has: frozenset[str]
    lacks: frozenset[str]


@frozen
class Interval:
    """What is known of a number or date: inclusive ends, None for an open end."""

    low: Scalar | None = None
    high: Scalar | None = None


@frozen
class Text:
    text: str


Known = Choice | Subset | Interval | Text


@frozen
class Answer:
    """An answer as given: what it makes known, and whether somebody said "unsure" about (part of) it."""

    known: Known
    unsure: bool = False


@frozen
class Option:
    id: str
    text: str


@frozen
class Question:
    """A fact and how to ask for it. Ids are `<topic>.<name>` and never change."""

    id: str
    ask: str
    type: QuestionType
    help: str = ""
    who: str = ""
    unit: str = ""
    options: tuple[Option, ...] = ()
    only_if: Condition | None = None
    can_change: bool = True
    foils: tuple[str, ...] = ()
    place: Place | None = None

    @property
    def option_ids(self) -> frozenset[str]:
        """The options; yes and no for a yes/no question."""
        return _YES_NO if self.type == "yes_no" else frozenset(o.id for o in self.options)


_YES_NO = frozenset({"yes", "no"})


@frozen
class Topic:
    """A section of the interview: so many times as `early` its questions count when the next one is chosen."""

    id: str
    title: str
    questions: tuple[str, ...]
    early: Decimal = Decimal(1)


@frozen
class Retired:
    """An old question id and where its fact lives now (None: nowhere)."""

    id: str
    now: str | None
    since: date


@frozen
class Implication:
    """When `when` holds, `then` holds too: a many-of fact has/lacks options, or a choice is one of some options."""

    when: Condition
    fact: str
    then: Known
    place: Place | None = None


@frozen
class Bank:
    """All questions, in the order of the topic files."""

    questions: Mapping[str, Question]
    topics: tuple[Topic, ...] = ()
    retired: Mapping[str, Retired] = field(default_factory=dict)
    implications: tuple[Implication, ...] = ()


# Law


@frozen
class Reading:
    """One way to read an open point of law; `day` when the readings differ in a date."""

    id: str
    text: str
    day: date | None = None
    cites: tuple[str, ...] = ()


@frozen
class DatedValue:
    """What a date of the law was, as enacted since `since`. `day` None and no readings: no day any more."""

    since: date
    day: date | None
    readings: tuple[Reading, ...] = ()
    cites: tuple[str, ...] = ()


@frozen
class StartCase:
    """`day` (or the name of a date of the ruleset) if `when` holds."""

    day: date | str
    when: Condition = ALWAYS


@frozen
class Rule:
    """A rule, or an exception (a rule that limits another). It fires when `when` holds and no exception fires."""

    id: str
    cites: tuple[str, ...]
    when: Condition
    title: str = ""
    see: tuple[str, ...] = ()
    label: str | None = None
    roles: tuple[str, ...] = ()
    basis: Basis = "text"
    enacted: date | None = None
    repealed: date | None = None
    start: tuple[StartCase, ...] = ()
    readings: tuple[Reading, ...] = ()
    note: str = ""
    unless: tuple[Rule, ...] = ()
    place: Place | None = None


@frozen
class Due:
    """When an obligation is due: `before` something, `within` a period `after` an event, `every` period, or always."""

    before: str = ""
    within: str = ""
    after: str = ""
    every: str = ""


@frozen
class Breach:
    tier: str
    cites: tuple[str, ...] = ()


@frozen
class Obligation:
    """Something owed (kind duty), another law likely met (pointer) or recommended (practice)."""

    id: str
    what: str
    cites: tuple[str, ...]
    when: Condition
    kind: Literal["duty", "pointer", "practice"] = "duty"
    see: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    unless: tuple[Rule, ...] = ()
    basis: Basis = "text"
    enacted: date | None = None
    repealed: date | None = None
    start: tuple[StartCase, ...] = ()
    readings: tuple[Reading, ...] = ()
    due: Due = Due()
    met_when: Condition | None = None
    evidence: tuple[str, ...] = ()
    breach: Breach | None = None
    topic: str = ""
    note: str = ""
    place: Place | None = None


@frozen
class Label:
    id: str
    title: str
    rank: int
    severity: LabelSeverity = "minor"


@frozen
class Role:
    id: str
    title: str
    when: Condition
    cites: tuple[str, ...] = ()


@frozen
class Definition:
    id: str
    when: Condition
    cites: tuple[str, ...] = ()
    place: Place | None = None


@frozen
class Judgement:
    """An evaluative element. Raised and not settled by facts or a determination, it needs counsel."""

    id: str
    ask: str
    cites: tuple[str, ...]
    raised_when: Condition
    yes_when: Condition = NEVER
    no_when: Condition = NEVER
    place: Place | None = None


@frozen
class Instrument:
    id: str
    title: str
    version: str = ""
    link: str = ""


@frozen
class Penalty:
    id: str
    max: str
    sme: str = ""
    smc: str = ""
    cites: tuple[str, ...] = ()


@frozen
class OpenPoint:
    """Something the law leaves open, with its readings; shown where `when` may hold."""

    id: str
    title: str
    when: Condition
    readings: tuple[Reading, ...]
    cites: tuple[str, ...] = ()


@frozen
class Ruleset:
    """One law or framework as data."""

    id: str
    title: str
    kind: Kind
    checked: date
    enacted: date
    applies: Condition = ALWAYS
    market: str | None = None
    uses: tuple[str, ...] = ()
    extends: str | None = None
    summary: str = ""
    enforcer: str = ""
    instruments: tuple[Instrument, ...] = ()
    unlabelled: Label = Label("none", "No label", 0)
    labels: Mapping[str, Label] = field(default_factory=dict)
    roles: Mapping[str, Role] = field(default_factory=dict)
    dates: Mapping[str, tuple[DatedValue, ...]] = field(default_factory=dict)
    definitions: Mapping[str, Definition] = field(default_factory=dict)
    judgements: Mapping[str, Judgement] = field(default_factory=dict)
    rules: Mapping[str, Rule] = field(default_factory=dict)
    obligations: Mapping[str, Obligation] = field(default_factory=dict)
    penalties: Mapping[str, Penalty] = field(default_factory=dict)
    open_points: tuple[OpenPoint, ...] = ()
    sha256: str = ""
    place: Place | None = None


@frozen
class Rulesets:
    """Everything the engine reads: the bank and rulesets by id, dependencies included."""

    bank: Bank
    by_id: Mapping[str, Ruleset]


# Specs


@frozen
class Placement:
    """When a type was first placed on a market or put into service there, and its last significant design change.

    `changed`: whether there was or will be one: yes, no, unsure, or "" where nobody said.
    """

    market: str
    first: Interval | None = None
    changed: str = ""
    design_change: Interval | None = None
    type: str = ""


@frozen
class Note:
    text: str = ""
    who: str = ""


@frozen
class Determination:
    """Counsel's signed answer to a judgement, named `<ruleset>.<judgement>`."""

    judgement: str
    answer: bool
    reason: str = ""
    by: str = ""
    on: date | None = None

    @property
    def lacks(self) -> tuple[str, ...]:
        """What is missing to make it count: a reason, who signed, the day."""
        return tuple(name for name, value in (("reason", self.reason), ("by", self.by), ("on", self.on)) if not value)


@frozen
class Evidence:
    path: str
    sha256: str = ""
    on: date | None = None


Progress = Literal["open", "in_progress", "done", "met_elsewhere", "accepted_risk"]


@frozen
class Undertaking:
    """What the team says about one obligation, named `<ruleset>.<obligation>`."""

    progress: Progress = "open"
    owner: str = ""
    evidence: tuple[Evidence, ...] = ()
    reason: str = ""
    approver: str = ""
    until: date | None = None
    note: str = ""


@frozen
class Waiver:
    obligation: str
    reason: str = ""
    approver: str = ""
    until: date | None = None


@frozen
class Assessed:
    """The last assessment the team recorded: day and ruleset hashes."""

    as_of: date | None = None
    rulesets: Mapping[str, str] = field(default_factory=dict)


@frozen
class Spec:
    """One feature with one intended purpose, as its team describes it."""

    feature: Mapping[str, str] = field(default_factory=dict)
    placements: tuple[Placement, ...] = ()
    answers: Mapping[str, Answer] = field(default_factory=dict)
    notes: Mapping[str, Note] = field(default_factory=dict)
    determinations: tuple[Determination, ...] = ()
    obligations: Mapping[str, Undertaking] = field(default_factory=dict)
    waivers: tuple[Waiver, ...] = ()
    declared: Mapping[str, str] = field(default_factory=dict)
    assessed: Assessed | None = None
    file: str = ""
    places: Mapping[Route, Place] = field(default_factory=dict)

    def place(self, *route: str | int) -> Place | None:
        """The place of the nearest known node on `route`."""
        while route:
            if route in self.places:
                return self.places[route]
            route = route[:-1]
        return self.places.get(())
