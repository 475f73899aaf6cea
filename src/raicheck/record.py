"""The stored assessment: models of the JSON that raicheck writes, and its JSON Schema. More names may be added."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Status = Literal["fires", "not_firing", "undetermined", "needs_counsel"]
Basis = Literal["text", "case_law", "final_guidance", "draft_guidance"]
InForce = bool | Literal["disputed"] | None
Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class _Model(BaseModel):
    # More names may come under the same schema version: an older raicheck keeps what it does not know.
    model_config = ConfigDict(extra="allow", populate_by_name=True)


class Tool(_Model):
    """What wrote the document."""

    name: str
    version: str


class Reading(_Model):
    """One way to read an open point of law."""

    id: str
    text: str
    day: date | None
    cites: list[str]


class Start(_Model):
    """From when: one day, or a range; null is an end that is unknown or never comes."""

    earliest: date | None
    latest: date | None
    readings: list[Reading]


class Due(_Model):
    """When it is due; event-driven obligations have a text only."""

    earliest: date | None
    latest: date | None
    text: str


class Classification(_Model):
    """A display summary: the ids of the strongest label that certainly and that possibly holds."""

    certain: str
    possible: str


class LabelRecord(_Model):
    """A risk class with the roles it concerns."""

    id: str
    title: str
    severity: Literal["prohibited", "high", "limited", "minor"]
    rank: int
    roles: list[str]
    status: Literal["certain", "possible", "excluded"]


class Open(_Model):
    """What would settle it."""

    questions: list[str]
    judgements: list[str]


class RuleRecord(_Model):
    """What became of a rule or exception."""

    id: str
    title: str
    status: Status
    text_alone: Status | None
    label: str | None
    roles: list[str]
    basis: Basis
    cites: list[str]
    see: list[str]
    start: Start = Field(alias="from")
    in_force: InForce
    why: str
    note: str
    readings: list[Reading]
    open: Open
    exceptions: list[RuleRecord]


class EvidenceRecord(_Model):
    """A file that shows an obligation is met."""

    path: str
    sha256: str
    on: date | None


class Breach(_Model):
    """Which penalty a breach belongs to."""

    tier: str
    cites: list[str]


class ObligationRecord(_Model):
    """What became of an obligation, pointer or practice."""

    id: str
    what: str
    kind: Literal["duty", "pointer", "practice"]
    topic: str
    rule: str | None
    cites: list[str]
    see: list[str]
    basis: Basis
    roles: list[str]
    applicability: Literal["applies", "not_applicable", "undetermined"]
    needs_counsel: bool
    progress: Literal["open", "in_progress", "done", "met_elsewhere", "accepted_risk"]
    owner: str
    start: Start = Field(alias="from")
    in_force: InForce
    due: Due
    evidence: list[str]
    evidence_given: list[EvidenceRecord]
    breach: Breach | None
    note: str
    why: str
    open: Open
    exceptions: list[RuleRecord]


class OpenQuestionRecord(_Model):
    """A question that can still change outcomes."""

    id: str
    ask: str
    who: str
    unsure: bool
    settles: list[str]


class OpenJudgementRecord(_Model):
    """A judgement that counsel has to make."""

    id: str
    ask: str
    cites: list[str]


class OpenPointRecord(_Model):
    """What the law leaves open."""

    id: str
    title: str
    cites: list[str]
    readings: list[Reading]


class ChangeRecord(_Model):
    """One answer that would be different."""

    question: str
    now: str
    then: str


class NearMissRecord(_Model):
    """A rule that does not fire and the fewest facts that would make it."""

    rule: str
    title: str
    label: str | None
    cites: list[str]
    changes: list[ChangeRecord]


class RulesetRecord(_Model):
    """Everything one law or framework says about a feature."""

    title: str
    kind: Literal["law", "voluntary", "company"]
    sha256: Sha256
    checked: date
    applies: bool | None
    classification: Classification
    text_alone: Classification | None
    labels: list[LabelRecord]
    rules: list[RuleRecord]
    obligations: list[ObligationRecord]
    open_questions: list[OpenQuestionRecord]
    open_judgements: list[OpenJudgementRecord]
    open_points: list[OpenPointRecord]
    near_misses: list[NearMissRecord]


class AssessmentRecord(_Model):
    """One spec on one day."""

    spec: str
    feature: dict[str, str]
    as_of: date
    rulesets: dict[str, RulesetRecord]


class Related(_Model):
    """A second place that a finding is about."""

    file: str
    line: int
    column: int
    message: str


class FindingRecord(_Model):
    """One thing to tell the team; file, line and column are null where it has no place."""

    code: str
    severity: Literal["error", "warning", "info"]
    file: str | None
    line: int | None
    column: int | None
    message: str
    help: str
    cites: list[str]
    related: list[Related] = []


class Attachment(_Model):
    """A file inside a report, named by what it contains."""

    name: str
    sha256: Sha256


class ReportRecord(_Model):
    """What a report was made from: enough to make it again."""

    edition: Literal["internal", "external"]
    specs: list[Attachment]
    rulesets: list[Attachment]
    questions: Attachment


class Record(_Model):
    """The whole document. `report` is there when it is the record inside a report."""

    schema_version: str
    tool: Tool
    assessments: list[AssessmentRecord]
    findings: list[FindingRecord]
    report: ReportRecord | None = None


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of the JSON output and of stored records."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Record.model_json_schema(by_alias=True)}
