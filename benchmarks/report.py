"""How long reports take, as ratios measured in one run: python benchmarks/report.py

Bars: 20 pages at most 1.25 times what WeasyPrint alone needs for the same HTML, 200 pages at most 7 times 20 pages,
memory at most 600 MB.
"""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from raicheck import assess, load_rulesets, load_spec_file, rulesets_dir
from raicheck.provisions import load_provisions
from raicheck.report.build import Source, build_report
from raicheck.report.contents import number_headings
from raicheck.report.html import render_html

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = sorted((ROOT / "examples").glob("*.raicheck.yaml"))
BARE = """
import sys
from weasyprint import HTML
HTML(sys.argv[1], base_url=sys.argv[3]).write_pdf(sys.argv[2], pdf_variant="pdf/a-3a")
"""


def timed(command: Sequence[str], runs: int) -> tuple[float, int]:
    """Median seconds and the most memory in MB of a command."""
    seconds, memory = [], 0
    for _ in range(runs):
        start = time.perf_counter()
        process = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT / "src")})
        _, status, used = os.wait4(process.pid, 0)
        seconds.append(time.perf_counter() - start)
        memory = max(memory, used.ru_maxrss // 1024)
        assert status == 0, command
    return statistics.median(seconds), memory


def pages(pdf: Path) -> int:
    """How many pages a file has."""
    said = subprocess.run(["pdfinfo", pdf], capture_output=True, text=True, check=True).stdout
    found = re.search(r"Pages:\s+(\d+)", said)
    assert found
    return int(found.group(1))


def main() -> int:
    """Measure and say whether the bars are met."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        report = [sys.executable, "-m", "raicheck", "report", "--as-of", "2026-11-20"]
        short = [*report, "--ruleset", "eu_ai_act", "-o", str(folder / "short.pdf"), str(EXAMPLES[2])]
        long = [*report, "-o", str(folder / "long.pdf"), *map(str, EXAMPLES[:5])]
        ours, memory = timed(short, 3)
        html = folder / "short.html"
        html.write_text(html_of(EXAMPLES[2]))
        bare, _ = timed([sys.executable, "-c", BARE, str(html), str(folder / "b.pdf"), f"{ROOT}/src/raicheck/"], 3)
        many, most = timed(long, 1)
        few, much = pages(folder / "short.pdf"), pages(folder / "long.pdf")
    scale = (many / much) / (ours / few) * 10
    print(f"{few} pages: {ours:.2f} s, {memory} MB; WeasyPrint alone {bare:.2f} s: ratio {ours / bare:.2f} (bar 1.25)")
    print(f"{much} pages: {many:.2f} s, {most} MB (bar 600); ten times the pages: {scale:.1f} times the time (bar 7)")
    return 0 if ours / bare <= 1.25 and most <= 600 and scale <= 7 else 1


def html_of(spec: Path) -> str:
    """The HTML that the PDF of a report is made of."""
    rulesets, _ = load_rulesets(rulesets_dir(), ["eu_ai_act"])
    loaded, _ = load_spec_file(spec, rulesets)
    assert loaded is not None
    source = Source(assess(loaded, rulesets, date(2026, 11, 20), ["eu_ai_act"]), b"")
    report = build_report([source], load_provisions(rulesets_dir()), "internal", "0", [])
    return number_headings(render_html(report, fonts=True))


if __name__ == "__main__":
    sys.exit(main())
