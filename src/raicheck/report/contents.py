"""Numbers for the headings of a finished document, and its contents."""

from __future__ import annotations

import re

_HEADING = re.compile(r'<h([123]) id="([^"]+)"([^>]*)>(.*?)</h\1>', re.DOTALL)
_PLACE = "<!--contents-->"


def number_headings(html: str) -> str:
    """`2.1` before every section heading, and a linked list of the sections where the template wants it."""
    counts = [0, 0]
    entries: list[str] = []

    def numbered(found: re.Match[str]) -> str:
        level, anchor, more, words = found.groups()
        if level == "1":
            entries.append(f'<li class="part-name"><a href="#{anchor}">{words}</a></li>')
            return found.group(0)
        if level == "2":
            counts[0], counts[1] = counts[0] + 1, 0
            entries.append(f'<li><a href="#{anchor}">{counts[0]} {words}</a></li>')
            number = f"{counts[0]}"
        else:
            counts[1] += 1
            number = f"{counts[0]}.{counts[1]}"
        return f'<h{level} id="{anchor}"{more}>{number} {words}</h{level}>'

    body = _HEADING.sub(numbered, html)
    return body.replace(_PLACE, f"<ul>{''.join(entries)}</ul>", 1)
