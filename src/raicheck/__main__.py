"""The `raicheck` command."""

from __future__ import annotations

from raicheck.cli import main


def run() -> None:
    """Run the command line and end the process with its exit code."""
    raise SystemExit(main())


if __name__ == "__main__":
    run()
