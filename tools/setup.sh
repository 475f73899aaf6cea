#!/bin/sh
# Set up what `make` needs: system libraries, .venv, the package with its extras. Does nothing when all is there.
set -eu
cd "$(dirname "$0")/.."
PYTHON=${PYTHON:-python3}

say() { echo "setup: $*"; }
fail() { echo "setup: $*" >&2; exit 1; }

# The command prefix that may install system packages; fails when we may not.
as_root() {
    command -v apt-get >/dev/null || return 1
    if [ "$(id -u)" -eq 0 ]; then echo env
    elif sudo -n true 2>/dev/null; then echo sudo
    else return 1; fi
}

# need WHAT PACKAGE...: install Debian packages, or say which ones are missing.
need() {
    what=$1; shift
    root=$(as_root) || fail "$what is missing. Install it and run make again: sudo apt-get install $*"
    say "installing $* ($what)"
    $root apt-get update -qq || say "the package lists could not be refreshed, trying with the old ones"
    $root DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null ||
        fail "could not install $*. Install it and run make again: sudo apt-get install $*"
}

has_library() { "$PYTHON" -c 'import ctypes, sys; [ctypes.CDLL(name) for name in sys.argv[1:]]' "$@" 2>/dev/null; }

command -v "$PYTHON" >/dev/null || need "Python 3.11 or newer" python3
"$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    fail "Python 3.11 or newer is needed, $PYTHON is $("$PYTHON" -V 2>&1); name another one with: make PYTHON=python3.12"

has_library libpango-1.0.so.0 libpangoft2-1.0.so.0 libharfbuzz-subset.so.0 ||
    need "Pango, with which WeasyPrint draws the PDF," libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
command -v pdftotext >/dev/null || need "pdftotext, with which the tests read the PDF," poppler-utils

# A virtual environment does not survive being moved, nor the removal of its Python.
if ! .venv/bin/python -c 'import pip' 2>/dev/null; then
    "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null || need "Python's venv module" python3-venv
    say "creating .venv"
    rm -rf .venv
    "$PYTHON" -m venv .venv
fi
if ! cmp -s pyproject.toml .venv/installed.toml; then
    say "installing raicheck and its tools into .venv"
    .venv/bin/pip install -q --disable-pip-version-check -e '.[dev,ask,docx,sign]' ||
        fail "pip could not install the dependencies (the first run needs the network)"
    cp pyproject.toml .venv/installed.toml
fi
