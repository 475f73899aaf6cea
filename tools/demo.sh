#!/bin/sh
# The demo: check the ten examples as of a fixed day, then write the report on one of them.
set -u
cd "$(dirname "$0")/.."
RAICHECK=.venv/bin/raicheck
DAY=2026-11-20
mkdir -p out

fail() { echo "demo: $*" >&2; exit 1; }

$RAICHECK check examples/ --as-of $DAY >out/check.txt
code=$?
cat out/check.txt
# Exit code 1 is right: some examples are prohibited practices. A crash ends with 1 too, so look for them by name.
[ $code -eq 1 ] || fail "'raicheck check' ended with $code, expected 1"
for example in call-centre-emotion nudification; do
    grep -q "$example.*prohibited" out/check.txt || fail "$example should be found prohibited"
done
echo
echo "The findings are expected: call-centre-emotion and nudification are prohibited practices."

$RAICHECK report examples/cv-screening.raicheck.yaml --as-of $DAY -o out/cv-screening.pdf || fail "no report"
[ -s out/cv-screening.pdf ] || fail "out/cv-screening.pdf was not written"
echo "The report is in out/cv-screening.pdf."
