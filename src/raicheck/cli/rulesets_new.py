"""`raicheck rulesets new ID`."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import click

_RULESET = """\
format: 1
ruleset: {id}
title: {title}
kind: company                # law | voluntary | company
# extends: eu_ai_act         # apply only where this law applies; `uses: [gdpr]` to refer to gdpr/rule-id
checked: {today}          # when somebody last compared this file with the text it states
enacted: {today}
instruments: [{{id: {id}_policy, title: {title}}}]
questions:                   # facts a product manager knows; look first whether raicheck asks them already
  - id: {id}.reviewed
    ask: Has somebody outside the team looked at how it fails?
    help: Yes - the safety group wrote a page about it. No - only the team tested it.
    who: product owner
    type: yes_no
labels:
  - {{id: needs-review, title: Needs a review before launch, rank: 10, severity: limited}}
rules:
  - id: review-before-launch
    title: An independent look at how it fails
    cites: [{id}_policy/1]     # a paragraph of your policy
    label: needs-review
    when: {{all: [decision.about_people, {{{id}.reviewed: no}}]}}
obligations:
  - id: review
    what: Let somebody outside the team look at how it fails
    cites: [{id}_policy/1]
    when: {{rule: review-before-launch}}
    due: {{before: launch}}
    evidence: [Review notes]
"""
_CASES = """\
format: 1
cases:
  - id: {id}-applies
    as_of: {today}
    answers: {{decision: {{about_people: yes}}, {id}: {{reviewed: no}}}}
    expected:
      rules: {{review-before-launch: fires}}
      labels: {{needs-review: certain}}
      obligations: {{review: applies}}
  - id: {id}-reviewed
    as_of: {today}
    answers: {{decision: {{about_people: yes}}, {id}: {{reviewed: yes}}}}
    expected: {{rules: {{review-before-launch: not_firing}}, obligations: {{review: not_applicable}}}}
  - id: {id}-not-about-people
    as_of: {today}
    answers: {{decision: {{about_people: no}}, {id}: {{reviewed: no}}}}
    expected: {{rules: {{review-before-launch: not_firing}}}}
  - id: {id}-unknown
    as_of: {today}
    answers: {{decision: {{about_people: yes}}}}
    expected:
      rules: {{review-before-launch: undetermined}}
      obligations: {{review: undetermined}}
      open: [{id}.reviewed]
"""


@click.command("new", short_help="Write a small ruleset of your own.")
@click.argument("id_", metavar="ID")
@click.option("--title", default="", help="What people call it.")
@click.option(
    "--folder", type=click.Path(path_type=Path, file_okay=False), default=Path(), help="Where to write [here]."
)
def new(id_: str, title: str, folder: Path) -> int:
    """Write a small ruleset of your own, ID.yaml, with its cases: a start that already passes."""
    if not re.fullmatch(r"[a-z][a-z0-9_]{1,40}", id_):
        raise click.UsageError("ID: small letters, digits and _, for example acme_policy")
    ruleset, cases = folder / f"{id_}.yaml", folder / "cases" / id_ / f"{id_}.yaml"
    for path in (ruleset, cases):
        if path.exists():
            raise click.UsageError(f"{path} exists already")
    words = {
        "id": id_,
        "title": title or id_.replace("_", " ").capitalize(),
        "today": date.today().isoformat(),
    }
    cases.parent.mkdir(parents=True, exist_ok=True)
    ruleset.write_text(_RULESET.format(**words), encoding="utf-8")
    cases.write_text(_CASES.format(**words), encoding="utf-8")
    click.echo(f"wrote {ruleset} and {cases}")
    click.echo(f'name it in raicheck.toml: company = ["{ruleset.as_posix()}"]')
    click.echo(f"then: raicheck rulesets lint {ruleset}; raicheck rulesets test {cases.parent}")
    return 0
