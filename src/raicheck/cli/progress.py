"""A progress line on a terminal, for what lasts over a second."""

from __future__ import annotations

import sys
import time
from types import TracebackType


class Progress:
    """Counts steps on standard error, only if that is a terminal."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0
        self._shown = False
        self._started = time.monotonic()
        self._terminal = sys.stderr is not None and sys.stderr.isatty()

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.clear()

    def step(self) -> None:
        """One more is done."""
        self._done += 1
        if self._terminal and self._done % 25 == 0 and time.monotonic() - self._started > 1:
            width = 30 * self._done // self._total
            bar = f"[{'#' * width}{' ' * (30 - width)}] {self._done}/{self._total}"
            sys.stderr.write(f"\r{bar}")
            sys.stderr.flush()
            self._shown = True

    def clear(self) -> None:
        """Make room for what is printed."""
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            self._shown = False
