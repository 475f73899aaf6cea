"""How the findings of a check are written: one class per format, fed file by file."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import PurePath
from typing import Protocol

from raicheck.checked import Checked
from raicheck.frozen import frozen
from raicheck.model import Finding, Place
from raicheck.provisions import Provision

FORMATS = ("text", "json", "sarif", "junit", "github", "markdown")
SUFFIXES = {".txt": "text", ".json": "json", ".sarif": "sarif", ".xml": "junit", ".md": "markdown"}


@frozen
class Context:
    """What writers need beside the findings. Reading sources and provisions is the caller's affair."""

    as_of: date
    fails: Callable[[Finding], bool]
    source_line: Callable[[Place], str]
    provision: Callable[[str], Provision | None]
    page: Callable[[str], str]
    folder: str = ""
    paint: Callable[[str, str], str] = lambda text, _style: text
    width: int = 80
    verbose: bool = False


class Output(Protocol):
    """A writer: the text to write before, for each file, and after."""

    def begin(self) -> str: ...

    def add(self, checked: Checked) -> str: ...

    def end(self, findings: Sequence[Finding]) -> str: ...


def make_output(format_: str, context: Context) -> Output:
    """The writer of a format."""
    module = importlib.import_module(f"raicheck.output.{format_}")
    output: Output = module.Writer(context)
    return output


def citation(context: Context, cite: str) -> tuple[str, str]:
    """The words and the link of a citation."""
    provision = context.provision(cite)
    return (provision.citation, provision.link) if provision else (cite, "")


def relative(context: Context, file: str) -> str:
    """A path as counted from the folder in which raicheck runs, with slashes."""
    name = PurePath(file).as_posix()
    return name.removeprefix(f"{context.folder}/") if context.folder else name
