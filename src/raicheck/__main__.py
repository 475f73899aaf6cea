"""The `raicheck` command."""

from __future__ import annotations

import os
import sys

from raicheck.cli import main


def run() -> None:
    """Run the command line and end the process with its exit code."""
    code = main()
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    except OSError:
        code = code or 2
    os._exit(code)  # nothing to clean up: freeing rulesets object by object takes 6 % of a check


if __name__ == "__main__":
    run()
