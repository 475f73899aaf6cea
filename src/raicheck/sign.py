"""PAdES signatures on reports: making them, and what an existing one is worth. The file stays PDF/A and PDF/UA."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NO_PYHANKO = "pyHanko is not installed.\n  help: pip install 'raicheck[sign]'"


class CannotSign(Exception):
    """The key, certificate or file cannot be used; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Seal:
    """A signature found: who, when, whether the signed bytes are unchanged, and what anchors the certificate."""

    field: str
    signer: str
    issuer: str
    at: str
    intact: bool
    whole_file: bool
    trusted: bool
    root: str

    @property
    def good(self) -> bool:
        return self.intact and self.whole_file


def key_signer(key: Path, certificate: Path, chain: Iterable[Path], password: bytes | None) -> Any:
    """A signer from a PEM or DER key and certificate."""
    from pyhanko.sign import signers

    files = [str(p) for p in chain]
    made = signers.SimpleSigner.load(str(key), str(certificate), ca_chain_files=files or None, key_passphrase=password)
    return _usable(made, f"{key} and {certificate}")


def p12_signer(file: Path, password: bytes | None) -> Any:
    """A signer from a PKCS#12 file."""
    from pyhanko.sign import signers

    return _usable(signers.SimpleSigner.load_pkcs12(str(file), passphrase=password), str(file))


def _usable(signer: Any, name: str) -> Any:
    if signer is None:
        raise CannotSign(f"cannot use {name}: wrong password or no key and certificate")
    return signer


def sign(pdf: bytes, signer: Any, field: str, reason: str, location: str) -> bytes:
    """The file with one more signature, appended so that earlier ones stay valid."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.sign import signers
    from pyhanko.sign.fields import SigSeedSubFilter
    from pyhanko.sign.general import SigningError

    details = signers.PdfSignatureMetadata(
        field_name=field,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        reason=reason or None,
        location=location or None,
    )
    made = io.BytesIO()
    try:
        signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), details, signer=signer, output=made)
    except (PdfError, SigningError, ValueError) as error:
        raise CannotSign(f"cannot sign: {error}") from error
    return made.getvalue()


def seals(pdf: bytes, trusted: Iterable[Path] = ()) -> list[Seal]:
    """The signatures on a file, each checked against the certificates in `trusted`."""
    from pyhanko.keys import load_certs_from_pemder
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko_certvalidator import ValidationContext

    try:
        reader = PdfFileReader(io.BytesIO(pdf))
        embedded = reader.embedded_signatures
    except PdfError as error:
        raise CannotSign(f"cannot read the file: {error}") from error
    roots = list(load_certs_from_pemder([str(p) for p in trusted]))
    return [_seal(reader, s, ValidationContext(trust_roots=roots), s is embedded[-1]) for s in embedded]


def _seal(reader: Any, signature: Any, context: Any, is_last: bool) -> Seal:
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.errors import SignatureValidationError

    certificate = signature.signer_cert
    at = signature.self_reported_timestamp
    said = (signature.field_name, certificate.subject.human_friendly, certificate.issuer.human_friendly)
    when = at.isoformat(sep=" ", timespec="minutes") if at else "time not stated"
    try:
        # pyHanko's own comparison of revisions takes minutes on the tags of a report of 50 pages.
        status = validate_pdf_signature(signature, context, skip_diff=True)
        unchanged = _covers(status, is_last) and _only_signed_since(reader, signature.signed_revision)
    except (SignatureValidationError, PdfError, ValueError):
        return Seal(*said, when, False, False, False, "")
    path = status.validation_path
    root = path.first.subject.human_friendly if path is not None and status.trusted else ""
    return Seal(*said, when, status.intact and status.valid, unchanged, bool(status.trusted), root)


def _covers(status: Any, is_last: bool) -> bool:
    """The last signature has to cover the file to its end, an earlier one the file as it was then."""
    coverage = status.coverage.name if status.coverage is not None else ""
    return coverage == "ENTIRE_FILE" or (coverage == "ENTIRE_REVISION" and not is_last)


_MAY_CHANGE = {"/Catalog": {"/AcroForm", "/Metadata", "/Extensions"}, "/Page": {"/Annots"}}


def _only_signed_since(reader: Any, revision: int) -> bool:
    """Whether all that came after a revision are signatures: new objects, and old ones changed only to hold them."""
    refs = reader.xrefs.explicit_refs_in_revision
    known = {ref for earlier in range(revision + 1) for ref in refs(earlier)}
    old = reader.get_historical_resolver(revision)
    for later in range(revision + 1, reader.xrefs.total_revisions):
        new = reader.get_historical_resolver(later)
        for ref in refs(later):
            found = new.get_object(ref)
            if not (_holds_signature(old.get_object(ref), found) if ref in known else _is_harmless(found)):
                return False
    return True


def _is_harmless(added: Any) -> bool:
    """Whether a new object shows nothing on a page: no note or stamp, only the field of a signature."""
    from pyhanko.pdf_utils.generic import DictionaryObject

    if not isinstance(added, DictionaryObject) or "/Subtype" not in added or "/Rect" not in added:
        return True
    return bool(added.get("/FT") == "/Sig" and all(side == 0 for side in added["/Rect"]))


def _holds_signature(before: Any, after: Any) -> bool:
    from pyhanko.pdf_utils.generic import DictionaryObject, StreamObject

    if isinstance(before, StreamObject):
        return bool(before.get("/Type") == "/Metadata" and after.get("/Type") == "/Metadata")
    if not isinstance(before, DictionaryObject) or not isinstance(after, DictionaryObject):
        return False
    kind = str(before.get("/Type", ""))
    if not kind:  # the form that lists the signatures, or the document information
        return "/Fields" in before or "/Producer" in before
    changed = {k for k in {*before, *after} if _raw(before, k) != _raw(after, k)}
    return changed <= _MAY_CHANGE.get(kind, set())


def _raw(found: Any, key: str) -> Any:
    return found.raw_get(key) if key in found else None
