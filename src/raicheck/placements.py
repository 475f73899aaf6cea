"""When a feature was first placed on a market or put into service there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from raicheck.model import Interval, Spec


def hull(ranges: Sequence[Interval]) -> Interval:
    """The range from the earliest to the latest of several."""
    lows = [r.low for r in ranges]
    highs = [r.high for r in ranges]
    low = None if None in lows else min(lows)  # type: ignore[type-var]
    high = None if None in highs else max(highs)  # type: ignore[type-var]
    return Interval(low, high)


def launch(spec: Spec, market: str | None) -> tuple[date | None, date | None]:
    """Earliest and latest day of the launch on `market` (None: on any); None for an unknown end."""
    ranges = [p.first for p in spec.placements if p.first is not None and market in (None, p.market)]
    if not ranges:
        return None, None
    whole = hull(ranges)
    return whole.low, whole.high  # type: ignore[return-value]
