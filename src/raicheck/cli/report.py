"""`raicheck report SPEC... -o FILE`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from raicheck.cli.common import (
    as_of_option,
    assess_wanted,
    has_errors,
    ruleset_option,
    rulesets_or_none,
    show_findings,
)
from raicheck.cli.write import write_bytes
from raicheck.frozen import replace
from raicheck.model import Rulesets

if TYPE_CHECKING:
    from raicheck.report.build import Source
    from raicheck.report.pdf import Attached
    from raicheck.report.view import Edition

_FORMS = (".pdf", ".html", ".md", ".docx")


@click.command(help="Write the report for legal review: FILE.pdf, .html, .md or .docx.")
@click.argument("specs", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path, dir_okay=False), metavar="FILE")
@click.option(
    "--edition",
    type=click.Choice(["internal", "external"]),
    default="internal",
    show_default=True,
    help="external: without notes, attachments and what would change the result.",
)
@click.option(
    "--template",
    "brand",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="DIR",
    help="A folder with brand.css, logo.svg or logo.png, house.html or whole templates.",
)
@click.option(
    "--since",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE",
    help="An earlier report (.pdf) or assessment (.json): say what is different.",
)
@as_of_option
@ruleset_option
def command(
    specs: tuple[Path, ...],
    output: Path,
    edition: Edition,
    brand: Path | None,
    since: Path | None,
    as_of: date,
    ruleset_ids: tuple[str, ...],
) -> int:
    """SPECS are spec files; the report goes to FILE."""
    form = output.suffix.lower()
    if form not in _FORMS:
        raise click.UsageError(f"cannot write '{output.suffix or output.name}', write one of {', '.join(_FORMS)}")
    rulesets = rulesets_or_none(ruleset_ids)
    sources = _sources(specs, rulesets, as_of, ruleset_ids) if rulesets else None
    if rulesets is None or sources is None:
        return 2
    if since is not None:
        sources = _compared(sources, rulesets, since)
    try:
        content = _rendered(form, sources, rulesets, edition, brand)
        write_bytes(output, content)
    except OSError as error:
        click.echo(f"cannot write {output}: {(error.strerror or 'failed').lower()}", err=True)
        return 2
    return 0


def _sources(
    specs: Sequence[Path], rulesets: Rulesets, as_of: date, ruleset_ids: tuple[str, ...]
) -> list[Source] | None:
    from raicheck.files import load_document_text, read_text
    from raicheck.report.build import Source

    sources, broken = [], False
    for path in specs:
        text, findings = read_text(path)
        spec = None
        if not findings:
            spec, findings = load_document_text(text, path, rulesets)
        show_findings(findings)
        if spec is None or has_errors(findings):
            broken = True
            continue
        sources.append(Source(assess_wanted(spec, rulesets, as_of, ruleset_ids), path.read_bytes()))
    return None if broken else sources


def _compared(sources: list[Source], rulesets: Rulesets, since: Path) -> list[Source]:
    from raicheck.assessment_json import assessment_json
    from raicheck.report.attach import record_in
    from raicheck.report.since import answer_changes, changes, old_spec, same_feature

    files = _files(since)
    record = record_in(files)
    if record is None:
        raise click.UsageError(f"{since} is neither a report of raicheck with its attachments nor an assessment")
    compared = []
    for source in sources:
        now = assessment_json(source.assessment, near=False)
        before = same_feature(record, now)
        if before is None:
            raise click.UsageError(f"{since} says nothing about the feature '{now['feature'].get('id', '')}'")
        old = old_spec(files, record, before, rulesets)
        answers = answer_changes(old, source.assessment) if old else ()
        compared.append(replace(source, changes=changes(before, now, answers)))
    return compared


def _files(since: Path) -> dict[str, bytes]:
    from raicheck.report.attach import files_in

    content = since.read_bytes()
    return files_in(content) if content.startswith(b"%PDF") else {"": content}


def _rendered(form: str, sources: list[Source], rulesets: Rulesets, edition: Edition, brand: Path | None) -> bytes:
    from raicheck.crosswalk import load_crosswalk
    from raicheck.provisions import load_provisions
    from raicheck.report.blocks import blocks_of
    from raicheck.report.build import build_report
    from raicheck.report.contents import number_headings
    from raicheck.report.html import BadTemplate, render_html
    from raicheck.report.markdown import to_markdown
    from raicheck.shipped import rulesets_dir, tool_version

    others = _others(rulesets)
    crosswalk, _ = load_crosswalk(rulesets_dir())  # shipped, so without findings
    report = build_report(sources, load_provisions(rulesets_dir()), edition, tool_version(), others, crosswalk)
    try:
        html = number_headings(render_html(report, brand, fonts=form == ".pdf"))
    except BadTemplate as error:
        raise click.ClickException(str(error)) from None
    if form == ".html":
        return html.encode()
    if form == ".md":
        return to_markdown(blocks_of(html)).encode()
    if form == ".docx":
        return _docx(html, report.title, sources[0].assessment.as_of)
    attached = _attached(sources, rulesets, edition) if edition == "internal" else ()
    return _pdf(html, sources[0].assessment.as_of, attached)


def _others(rulesets: Rulesets) -> list[str]:
    """The laws that raicheck knows and that were left out of this report."""
    from raicheck.files import ruleset_files
    from raicheck.load import load_rulesets
    from raicheck.shipped import rulesets_dir

    missing = [i for i in ruleset_files(rulesets_dir()) if i not in rulesets.by_id]
    known, _ = load_rulesets(rulesets_dir(), missing) if missing else (rulesets, [])
    return [r.title for r in known.by_id.values() if r.id in missing and r.kind == "law" and r.rules]


def _pdf(html: str, as_of: date, attached: Sequence[Attached]) -> bytes:
    from raicheck.report.pdf import NO_PANGO, NoPango, render_pdf

    if sys.stderr.isatty():
        click.echo("laying out the pages ...", err=True)
    try:
        return render_pdf(html, as_of, attached)
    except NoPango:
        raise click.ClickException(NO_PANGO) from None


def _docx(html: str, title: str, as_of: date) -> bytes:
    from raicheck.report.blocks import blocks_of
    from raicheck.report.word import NO_DOCX, NoDocx, to_docx

    try:
        return to_docx(blocks_of(html), title, as_of)
    except NoDocx:
        raise click.ClickException(NO_DOCX) from None


def _attached(sources: Sequence[Source], rulesets: Rulesets, edition: Edition) -> Sequence[Attached]:
    """The exact files that were used."""
    from raicheck.report.attach import attachments
    from raicheck.shipped import rulesets_dir

    folder = rulesets_dir()
    laws = {f"{r.id}.yaml": Path(r.place.file).read_bytes() for r in rulesets.by_id.values() if r.place}
    questions = {p.name: p.read_bytes() for p in sorted((folder / "questions").glob("*.yaml"))}
    return attachments(sources, laws, questions, edition)
