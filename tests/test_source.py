"""Strict YAML: everything outside the subset is one clear finding at its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from raicheck.model import Finding
from raicheck.nodes import MapNode, Node, Places, ScalarNode
from raicheck.source import MAX_BYTES, decode, parse

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("", "RC104", 1, 1),
        ("# only a comment\n", "RC104", 1, 1),
        ("a: 1\na: 2\n", "RC110", 2, 1),
        ("a: [1\nb: 2", "RC101", 2, 2),
        ("a: &x 1\n", "RC105", 1, 4),
        ("a: *x\n", "RC105", 1, 4),
        ("a: !!python/object:os.system x\n", "RC107", 1, 4),
        ("a: 1\n---\nb: 2\n", "RC106", 2, 1),
        ("? [a, b]\n: 1\n", "RC109", 1, 3),
        ("a: \x07\n", "RC103", 1, 1),
        ("a: " + "[" * 41 + "]" * 41, "RC108", 1, 43),
    ],
)
def test_refused(text: str, code: str, line: int, column: int) -> None:
    root, findings = parse(text, "f.yaml")
    assert root is None
    assert [(f.code, f.place and f.place.line, f.place and f.place.column) for f in findings] == [(code, line, column)]


@pytest.mark.parametrize(
    ("text", "help_", "first"),
    [
        ("a: 1\nb: 2\na: 3\n", "remove one of the two; the first is in line 1", 1),
        ("b: 2\na:\n  x: 1\na:\n  y: 1\n", "join the two; the first is in line 2", 2),
    ],
)
def test_a_key_twice_names_the_first(text: str, help_: str, first: int) -> None:
    (found,) = parse(text, "f.yaml")[1]
    assert found.help == help_
    assert [place.line for place, _ in found.related] == [first]


@pytest.mark.parametrize(
    "text", ["a: 1\n<<<<<<< HEAD\nb: 2\n=======\nb: 3\n>>>>>>> x\n", "a: 1\r\n<<<<<<<\r\na: 2\r\n"]
)
def test_a_merge_conflict_is_named(text: str) -> None:
    (found,) = parse(text, "f.yaml", 2)[1]
    assert (found.message, found.place and found.place.line) == ("unresolved merge conflict", 3)


def test_every_node_has_its_place() -> None:
    root, _ = parse("é: {b: [x, yes]}\n", "f.yaml", first_line=4)
    assert root is not None
    where = Places(root)
    assert (where["é", "b", 1].line, where["é", "b", 1].column) == (4, 12)
    assert where["é", "b", "#key"].column == 5


def test_no_is_a_text_and_plainness_is_kept() -> None:
    root, _ = parse("a: no\nb: 'no'\n", "f.yaml")
    assert isinstance(root, MapNode)
    a, b = root.entries["a"], root.entries["b"]
    assert isinstance(a, ScalarNode)
    assert isinstance(b, ScalarNode)
    assert (a.text, a.plain, b.text, b.plain) == ("no", True, "no", False)


@pytest.mark.parametrize(("raw", "code"), [(b"a: \xff\n", "RC103"), (b"x" * (MAX_BYTES + 1), "RC102")])
def test_bytes_that_are_refused(raw: bytes, code: str) -> None:
    text, findings = decode(raw, "f.yaml")
    assert text == ""
    assert [f.code for f in findings] == [code]


def test_byte_order_mark_is_no_part_of_the_text() -> None:
    assert decode(b"\xef\xbb\xbfa: 1", "f.yaml") == ("a: 1", [])


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_a_document_or_a_finding(text: str) -> None:
    root, findings = parse(text, "f.yaml")
    assert (root is None) == bool(findings)


DOCUMENTS = sorted(p for f in ("examples", "rulesets") for p in (ROOT / f).rglob("*.yaml"))
PIECES = st.sampled_from(
    (
        *("a: 1\n", "b:\n  - x\n  - 'y'\n", '  c: {d: e, f: [g, "h"]}\n', "? k\n: v\n", "&x ", "*x", "!t ", "! z\n"),
        *("---\n", "# c\n", "a: |\n  t\n", "é: ü\n", "\t", "[", "]", "}", ": ", "- ", "\r\n", "<<: {q: r}\n", "\x85"),
    )
)


def read_by_events(monkeypatch: pytest.MonkeyPatch, text: str) -> object:
    with monkeypatch.context() as context:
        context.setattr("raicheck.source._composed", lambda *_: None)
        return content(*parse(text, "f.yaml", 3))


def content(root: Node | None, findings: list[Finding]) -> object:
    where = Places(root) if root else {}
    return dict(where.items()), root and plain(root), findings


def plain(node: Node) -> object:
    if isinstance(node, ScalarNode):
        return node.text, node.plain
    if isinstance(node, MapNode):
        return [(key, plain(value)) for key, value in node.entries.items()]
    return [plain(item) for item in node.items]


@given(st.lists(PIECES, max_size=8).map("".join))
@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_short_document_is_read_as_by_events(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    assert content(*parse(text, "f.yaml", 3)) == read_by_events(monkeypatch, text)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.stem)
def test_a_document_is_read_as_by_events(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for part in (text, text[:7_000]):
        assert content(*parse(part, "f.yaml", 3)) == read_by_events(monkeypatch, part)


@pytest.mark.parametrize(("before", "after"), [("[", "]"), ("{a: ", "}"), ("- ", ""), ("[{a: ", "}]")])
def test_forty_levels_are_enough(monkeypatch: pytest.MonkeyPatch, before: str, after: str) -> None:
    for levels in (39, 40, 41):
        text = "x: \n  " * (before == "- ") + before * levels + "y" + after * levels + "\n"
        assert content(*parse(text, "f.yaml", 3)) == read_by_events(monkeypatch, text)


def test_depth_never_overflows() -> None:
    for text in (
        "[" * 7_900,
        "- " * 3_900,
        "{a: " * 1_900,
        "a: " + "[" * 3_000 + "]" * 3_000,
        "? " * 3_900,
        "[? " * 2_600,
    ):
        assert parse(text, "f.yaml")[1]
