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
        embedded = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    except PdfError as error:
        raise CannotSign(f"cannot read the file: {error}") from error
    roots = list(load_certs_from_pemder([str(p) for p in trusted]))
    return [
        _seal(signature, ValidationContext(trust_roots=roots), is_last=signature is embedded[-1])
        for signature in embedded
    ]


def _seal(signature: Any, context: Any, is_last: bool) -> Seal:
    from pyhanko.sign.diff_analysis import SuspiciousModification
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko.sign.validation.errors import SignatureValidationError

    certificate = signature.signer_cert
    at = signature.self_reported_timestamp
    said = (signature.field_name, certificate.subject.human_friendly, certificate.issuer.human_friendly)
    when = at.isoformat(sep=" ", timespec="minutes") if at else "time not stated"
    try:
        status = validate_pdf_signature(signature, context)
    except (SignatureValidationError, SuspiciousModification, ValueError):
        return Seal(*said, when, False, False, False, "")
    path = status.validation_path
    root = path.first.subject.human_friendly if path is not None and status.trusted else ""
    coverage = status.coverage
    # An earlier signature covers the file as it was then; what came later may only be further signatures.
    whole = (coverage is not None and coverage.name == "ENTIRE_FILE") or (not is_last and bool(status.docmdp_ok))
    return Seal(*said, when, status.intact and status.valid, whole, bool(status.trusted), root)
