"""A report as a Word file, for lawyers who comment in Word."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from raicheck.report.blocks import Block, Heading, Item, Paragraph, Picture, Runs, Table, plain

NO_DOCX = "cannot write Word files: python-docx is not installed.\n  help: pip install 'raicheck[docx]'"
_INDENT = 14  # points per level of a list


class NoDocx(Exception):
    """The optional library for Word files is missing."""


def to_docx(blocks: Sequence[Block], title: str, as_of: date) -> bytes:
    """The Word file; the same bytes for the same blocks."""
    try:
        import docx
    except ImportError as error:
        raise NoDocx from error

    document = docx.Document()
    _set_up(document, title, as_of)
    for block in blocks:
        _add(document, block)
    made = io.BytesIO()
    document.save(made)
    return _without_times(made.getvalue())


def _set_up(document: Any, title: str, as_of: date) -> None:
    from docx.shared import Mm, Pt

    day = datetime(as_of.year, as_of.month, as_of.day)
    core = document.core_properties
    core.title, core.author, core.language = title, "raicheck", "en"
    core.created = core.modified = day
    core.last_modified_by, core.comments = "raicheck", ""
    document.styles["Normal"].font.name = "Noto Sans"
    document.styles["Normal"].font.size = Pt(9.5)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)


def _add(document: Any, block: Block) -> None:
    match block:
        case Heading(1, runs, _):
            document.add_heading(_clean(plain(runs)), 0)
        case Heading(level, runs, _):
            document.add_heading(_clean(plain(runs)), level - 1)
        case Paragraph(runs, _):
            _write(document.add_paragraph(), runs)
        case Item(depth, runs):
            _write_item(document, depth, runs)
        case Picture(words):
            document.add_paragraph().add_run(_clean(words)).italic = True
        case Table():
            _add_table(document, block)


def _write_item(document: Any, depth: int, runs: Runs) -> None:
    from docx.shared import Pt

    paragraph = document.add_paragraph(style="List Bullet")
    paragraph.paragraph_format.left_indent = Pt(_INDENT * (depth + 1))
    paragraph.paragraph_format.space_after = Pt(1)
    _write(paragraph, runs)


def _add_table(document: Any, block: Table) -> None:
    width = max((len(row) for row in block.rows), default=0)
    if not width:
        return
    table = document.add_table(rows=0, cols=width, style="Table Grid")
    for number, row in enumerate(block.rows):
        made = table.add_row()
        for cell, paragraphs in zip(made.cells, row, strict=False):
            _fill(cell, paragraphs, bold=number < block.heads)
        _keep(made, repeat=number < block.heads)
    document.add_paragraph()


def _fill(cell: Any, paragraphs: Sequence[Runs], bold: bool) -> None:
    for number, runs in enumerate(paragraphs):
        _write(cell.paragraphs[0] if number == 0 else cell.add_paragraph(), runs, bold)


def _keep(row: Any, repeat: bool) -> None:
    """Rows are not split over pages; heading rows come again on every page."""
    from docx.oxml import OxmlElement

    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if repeat:
        properties.append(OxmlElement("w:tblHeader"))


def _write(paragraph: Any, runs: Runs, bold: bool = False) -> None:
    for run in runs:
        if run.link.startswith("http"):
            _write_link(paragraph, run.text, run.link)
        else:
            paragraph.add_run(_clean(run.text)).bold = (run.bold or bold) or None


def _write_link(paragraph: Any, text: str, link: str) -> None:
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    hyperlink = OxmlElement("w:hyperlink")
    hyperlink.set(qn("r:id"), paragraph.part.relate_to(link, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run = paragraph.add_run(_clean(text))
    run.font.underline = True
    hyperlink.append(run._r)
    paragraph._p.append(hyperlink)


def _clean(text: str) -> str:
    """Without the control characters that XML does not allow."""
    return "".join(c if c.isprintable() or c in "\n\t" else "\ufffd" for c in text)


def _without_times(made: bytes) -> bytes:
    """The archive with one time for all its entries."""
    stamped = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as old, zipfile.ZipFile(stamped, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            same = zipfile.ZipInfo(entry.filename, (1980, 1, 1, 0, 0, 0))
            same.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(same, old.read(entry.filename))
    return stamped.getvalue()
