"""HTML to PDF/A-3a and PDF/UA-1 in one file, the same bytes for the same input."""

from __future__ import annotations

import gc
import hashlib
import mimetypes
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from raicheck.shipped import PACKAGE

if TYPE_CHECKING:
    from weasyprint import Document

_PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
NO_PANGO = (
    "cannot write PDF: the system library Pango is missing (or too old).\n"
    f"  help: sudo apt-get install {_PACKAGES}; an .html or .md report works without it"
)


# Said here, because what a system thinks of endings must not change the bytes of a report.
_KINDS = {".yaml": "application/yaml", ".json": "application/json", ".zip": "application/zip", ".md": "text/markdown"}


class NoPango(Exception):
    """WeasyPrint cannot load its system libraries."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A file inside the PDF."""

    name: str
    content: bytes
    description: str
    kind: str = "Data"


def render_pdf(html: str, as_of: date, attached: Sequence[Attached] = ()) -> bytes:
    """The PDF of `html`. Nothing is read but the fonts that ship with raicheck."""
    try:
        from weasyprint import HTML, Attachment
    except OSError as error:
        raise NoPango from error

    for ending, kind in _KINDS.items():
        mimetypes.add_type(kind, ending)
    day = datetime(as_of.year, as_of.month, as_of.day, tzinfo=UTC)
    files = [
        Attachment(
            string=a.content, name=a.name, description=a.description, relationship=a.kind, created=day, modified=day
        )
        for a in attached
    ]
    digest = hashlib.sha256(html.encode())
    for a in attached:
        digest.update(a.content)
    with _no_cyclic_collection(), _pages_looked_up_once():
        document = HTML(string=html, base_url=PACKAGE.as_uri() + "/", url_fetcher=_fetcher()).render()
        document.metadata.attachments = files
        pdf: bytes = document.write_pdf(
            pdf_variant="pdf/a-3a", pdf_identifier=digest.hexdigest()[:32].encode(), finisher=_also_accessible
        )
    return pdf


@contextmanager
def _no_cyclic_collection() -> Iterator[None]:
    """Layout makes millions of objects and no garbage: collecting costs a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def _pages_looked_up_once() -> Iterator[None]:
    """Keep the list of page references: pydyf makes it anew for each tag, pages times tags."""
    import pydyf

    slow = pydyf.PDF.page_references
    made: dict[int, tuple[bytes, ...]] = {}

    def kept(pdf: Any) -> tuple[bytes, ...]:
        count = len(pdf.pages["Kids"])
        if count not in made:
            made[count] = slow.fget(pdf)
        return made[count]

    pydyf.PDF.page_references = property(kept)
    try:
        yield
    finally:
        pydyf.PDF.page_references = slow


def _fetcher() -> Any:
    """Fetch fonts of this package and data addresses, nothing else."""
    from weasyprint.urls import URLFetcher

    fonts = (PACKAGE / "fonts").as_uri() + "/"

    class OwnFontsOnly(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> Any:
            if url.startswith(("data:", fonts)) and ".." not in url:
                return super().fetch(url, headers)
            raise ValueError("a report reads no other files and no network")

    return OwnFontsOnly()


def _also_accessible(_: Document, pdf: Any) -> None:
    """Say in the metadata that the file is PDF/UA-1 as well as PDF/A-3a."""
    said = (PACKAGE / "templates" / "pdfua.xml").read_bytes()
    for item in pdf.objects:
        stream = getattr(item, "stream", None)
        if stream and any(b"</rdf:RDF>" in part for part in stream if isinstance(part, bytes)):
            item.stream = [
                part.replace(b"</rdf:RDF>", said + b"</rdf:RDF>") if isinstance(part, bytes) else part
                for part in stream
            ]
            return
