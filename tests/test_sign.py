"""Signatures on reports and what `verify` makes of them."""

from __future__ import annotations

import datetime as dt
import io
import json
import zlib
from pathlib import Path
from typing import Any

import pytest

from raicheck.cli import main
from raicheck.report.attach import RECORD, files_in, record_in
from raicheck.report.pdf import Attached, render_pdf
from raicheck.shipped import rulesets_dir
from raicheck.sign import CannotSign, key_signer, p12_signer, seals, sign
from raicheck.verify import recompute

pytestmark = pytest.mark.slow
EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "spam-filter.raicheck.yaml"
DAY = dt.date(2026, 11, 20)
PASSWORD = b"open sesame"


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with root.pem, user.key, user.pem and user.p12."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import pkcs12

    folder = tmp_path_factory.mktemp("keys")
    root_key, user_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())

    def certificate(name: str, public: Any, authority: bool) -> Any:
        named = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        issuer = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Acme Root")])
        usage = x509.KeyUsage(not authority, not authority, False, False, False, authority, authority, False, False)
        return (
            x509.CertificateBuilder()
            .subject_name(named)
            .issuer_name(issuer)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(dt.datetime(2020, 1, 1))
            .not_valid_after(dt.datetime(2099, 1, 1))
            .add_extension(x509.BasicConstraints(authority, None), critical=True)
            .add_extension(usage, critical=True)
            .sign(root_key, hashes.SHA256())
        )

    root = certificate("Acme Root", root_key.public_key(), True)
    user = certificate("Counsel One", user_key.public_key(), False)
    pem = serialization.Encoding.PEM
    (folder / "root.pem").write_bytes(root.public_bytes(pem))
    (folder / "user.pem").write_bytes(user.public_bytes(pem))
    plain = serialization.NoEncryption()
    (folder / "user.key").write_bytes(user_key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    locked = serialization.BestAvailableEncryption(PASSWORD)
    (folder / "user.p12").write_bytes(pkcs12.serialize_key_and_certificates(b"x", user_key, user, [root], locked))
    (folder / "password").write_bytes(PASSWORD + b"\n")
    return folder


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    out = tmp_path_factory.mktemp("report") / "r.pdf"
    arguments = ["--ruleset", "gdpr", "--as-of", DAY.isoformat(), "-o", str(out)]
    assert main(["report", str(EXAMPLE), *arguments]) == 0
    return out.read_bytes()


@pytest.fixture(scope="module")
def signed(report: bytes, keys: Path) -> bytes:
    once = sign(report, key_signer(keys / "user.key", keys / "user.pem", [], None), "owner", "", "")
    return sign(once, p12_signer(keys / "user.p12", PASSWORD), "counsel", "Reviewed", "Berlin")


def test_two_signatures_are_both_good_and_anchored(signed: bytes, keys: Path) -> None:
    found = seals(signed, [keys / "root.pem"])
    assert [s.field for s in found] == ["owner", "counsel"]
    assert all(s.good and s.trusted for s in found)
    assert "Counsel One" in found[0].signer
    assert "Acme Root" in found[0].root


def test_an_unknown_root_is_not_trusted(signed: bytes) -> None:
    assert [(s.good, s.trusted) for s in seals(signed)] == [(True, False)] * 2


def test_signing_keeps_the_forms(signed: bytes) -> None:
    import pikepdf

    with pikepdf.open(io.BytesIO(signed)) as pdf:
        xmp = pdf.Root.Metadata.read_bytes()
    assert b"pdfuaid" in xmp
    assert b"pdfaid" in xmp


def test_signing_takes_files_along(report: bytes, signed: bytes) -> None:
    assert files_in(signed) == files_in(report)


@pytest.mark.parametrize("change", ["flip a byte", "append", "turn a page", "add a note"])
def test_a_change_after_signing_is_seen(signed: bytes, change: str) -> None:
    assert not all(s.good for s in seals(_changed(signed, change)))


def _changed(pdf: bytes, change: str) -> bytes:
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    if change == "flip a byte":
        at = pdf.index(b"stream", 20_000) + 40
        return pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1 :]
    if change == "append":
        return pdf + b"\n"
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    page = writer.root["/Pages"]["/Kids"][0]
    if change == "turn a page":
        page["/Rotate"] = generic.NumberObject(90)
    else:
        entries = {"/Type": "/Annot", "/Subtype": "/FreeText"}
        note = generic.DictionaryObject({generic.NameObject(k): generic.NameObject(v) for k, v in entries.items()})
        note[generic.NameObject("/Rect")] = generic.ArrayObject([generic.NumberObject(n) for n in (10, 10, 90, 90)])
        annotations = page.get("/Annots", generic.ArrayObject())
        annotations.append(writer.add_object(note))
        page["/Annots"] = annotations
    writer.update_container(page)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def test_a_wrong_password(keys: Path) -> None:
    with pytest.raises(CannotSign, match="wrong password"):
        p12_signer(keys / "user.p12", b"wrong")


@pytest.mark.parametrize("broken", ["not a pdf", "same field"])
def test_what_cannot_be_signed(signed: bytes, keys: Path, broken: str) -> None:
    signer = p12_signer(keys / "user.p12", PASSWORD)
    with pytest.raises(CannotSign, match="cannot sign"):
        sign(b"hello" if broken == "not a pdf" else signed, signer, "owner", "", "")


def test_recomputed(report: bytes, tmp_path: Path) -> None:
    found = recompute(report, tmp_path, rulesets_dir())
    assert (found.outcome, found.why, found.revised) == ("matches", (), ())


def test_recomputed_from_a_signed_file(signed: bytes, tmp_path: Path) -> None:
    assert recompute(signed, tmp_path, rulesets_dir()).outcome == "matches"


def with_record(report: bytes, change: dict[str, object], without: str = "") -> bytes:
    """A PDF with the files of a report, the record changed."""
    files = files_in(report)
    record: Any = record_in(files)
    for path, value in change.items():
        at = record
        *parents, last = path.split("/")
        for key in parents:
            at = at[int(key) if isinstance(at, list) else key]
        at[last] = value
    names = {x["sha256"]: x["name"] for x in (*record["report"]["specs"], *record["report"]["rulesets"])}
    questions = record["report"]["questions"]
    names[questions["sha256"]] = questions["name"]
    kept = [Attached(n, files[h], "") for h, n in names.items() if n != without]
    return render_pdf(
        '<html lang="en"><title>x</title><p>x', DAY, [*kept, Attached(RECORD, json.dumps(record).encode(), "")]
    )


@pytest.mark.parametrize("line_break", [b"\n", b"\r\n"])
@pytest.mark.parametrize("packed", [True, False])
def test_a_file_inside_is_read_whatever_its_last_byte(packed: bool, line_break: bytes) -> None:
    contents = (b"a" * n + b"\r" for n in range(1, 300))
    content = next(c for c in contents if not packed or zlib.compress(c).endswith(b"\r"))
    stream = zlib.compress(content) if packed else content
    pdf = b"<</Type /EmbeddedFile>>\nstream\n" + stream + line_break + b"endstream\nendobj\n"
    assert content in files_in(pdf).values()


def test_a_changed_result_does_not_match(report: bytes, tmp_path: Path) -> None:
    forged = with_record(report, {"assessments/0/rulesets/gdpr/applies": False})
    found = recompute(forged, tmp_path, rulesets_dir())
    assert found.outcome == "differs", found.why
    assert "'applies' is False in the report, True recomputed" in found.why[0]


@pytest.mark.parametrize("name", ["gdpr.yaml", "questions.zip", "spam-filter.raicheck.yaml"])
def test_a_missing_file_is_named(report: bytes, tmp_path: Path, name: str) -> None:
    found = recompute(with_record(report, {}, without=name), tmp_path, rulesets_dir())
    assert found.outcome == "incomplete"
    assert name in found.why[0]


def test_an_external_report_cannot_be_verified(tmp_path: Path) -> None:
    found = recompute(render_pdf('<html lang="en"><title>x</title><p>x', DAY), tmp_path, rulesets_dir())
    assert found.outcome == "incomplete"


def test_rulesets_that_have_changed_since_are_told_from_a_mismatch(report: bytes, tmp_path: Path) -> None:
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "gdpr.yaml").write_text("format: 1\n")
    (tmp_path / "inside").mkdir()
    found = recompute(report, tmp_path / "inside", tmp_path / "ours")
    assert found.outcome == "matches"
    assert "gdpr.yaml" in found.revised


def test_on_the_command_line(report: bytes, keys: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "r.pdf"
    file.write_bytes(report)
    assert main(["verify", str(file)]) == 0
    assert "not signed" in capsys.readouterr().out
    password = ["--pass-file", str(keys / "password")]
    assert main(["sign", str(file), "--p12", str(keys / "user.p12"), *password, "--as", "owner"]) == 0
    assert main(["sign", str(file), "--key", str(keys / "user.key"), "--cert", str(keys / "user.pem")]) == 0
    capsys.readouterr()
    assert main(["verify", str(file), "--trust", str(keys / "root.pem")]) == 0
    said = capsys.readouterr().out
    assert said.count("valid") == 2
    assert said.count("anchored in the trusted root Common Name: Acme Root") == 2
    file.write_bytes(_changed(file.read_bytes(), "turn a page"))
    assert main(["verify", str(file)]) == 1
    assert "BROKEN" in capsys.readouterr().out
    file.write_text("no pdf")
    assert main(["verify", str(file)]) == 2


@pytest.mark.parametrize("arguments", [[], ["--key", "K"], ["--p12", "P", "--key", "K", "--cert", "C"]])
def test_a_key_is_needed(keys: Path, tmp_path: Path, arguments: list[str]) -> None:
    file = tmp_path / "r.pdf"
    file.write_bytes(b"%PDF")
    names = {"K": "user.key", "P": "user.p12", "C": "user.pem"}
    assert main(["sign", str(file), *[str(keys / names[a]) if a in names else a for a in arguments]]) == 2
    assert file.read_bytes() == b"%PDF"
