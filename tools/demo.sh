#!/bin/sh
# The demo: check the ten examples as of a fixed day, then write the report on one of them.
set -u
cd "$(dirname "$0")/.."
RAICHECK=.venv/bin/raicheck
DAY=2026-11-20
mkdir -p out

$RAICHECK check examples/ --as-of $DAY
code=$?
if [ $code -ne 1 ]; then
    echo "demo: 'raicheck check' ended with $code, expected 1 (two examples are prohibited practices)" >&2
    exit 1
fi
echo
echo "Exit code 1 is right here: two of the examples, call-centre-emotion and nudification, are prohibited practices."

$RAICHECK report examples/cv-screening.raicheck.yaml --as-of $DAY -o out/cv-screening.pdf || exit 1
[ -s out/cv-screening.pdf ] || { echo "demo: out/cv-screening.pdf was not written" >&2; exit 1; }
echo "The report is in out/cv-screening.pdf."
