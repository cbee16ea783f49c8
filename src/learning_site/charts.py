"""The charts as numbers: where a value stands on a scale, in percent of its width. No markup here.

Widths are percentages, so that a lane of a chart fits a phone and a desk alike and its text stays text.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

RATIO_TICKS = tuple(Decimal(tick) for tick in ("0.125", "0.25", "0.5", "1", "2", "4", "8"))
MOST_YEAR_TICKS = 7
NARROWEST = 1.5  # percent that a bar is wide at least
MARGIN = 4  # percent left free at both ends of a scale of ratios, so that a mark is never cut


@dataclass(frozen=True)
class Tick:
    """A value that the scale names, and where it stands."""

    value: Decimal
    at: float


@dataclass(frozen=True)
class Scale:
    """From values to places: `low` stands at the left end, `high` at the right."""

    low: float
    high: float
    ticks: list[Tick]
    logarithmic: bool = False
    margin: float = 0

    def at(self, value: Decimal | float) -> float:
        """Where a value stands, in percent of the width."""
        return _place(float(value), self.low, self.high, self.logarithmic, self.margin)

    def length(self, low: Decimal | float, high: Decimal | float) -> float:
        """How wide the way between two values is, in percent of the width; never too small to be seen."""
        return max(round(self.at(high) - self.at(low), 2), NARROWEST)


def _place(value: float, low: float, high: float, logarithmic: bool, margin: float) -> float:
    if logarithmic:
        value, low, high = math.log2(value), math.log2(low), math.log2(high)
    return round(margin + (100 - 2 * margin) * (value - low) / (high - low), 2)


def percent() -> Scale:
    """From 0 to 100."""
    return Scale(0, 100, [Tick(Decimal(value), float(value)) for value in (0, 25, 50, 75, 100)])


def ratios(values: Iterable[Decimal]) -> Scale:
    """A scale on which half and double are equally far from 1, wide enough for every value and for 1."""
    found = [*values, Decimal(1)]
    # From the next tick below the least to the next above the greatest, so that the ends are named.
    low = max((tick for tick in RATIO_TICKS if tick <= min(found)), default=RATIO_TICKS[0])
    high = min((tick for tick in RATIO_TICKS if tick >= max(found)), default=RATIO_TICKS[-1])
    ends = (min(float(low), float(min(found))), max(float(high), float(max(found))))
    ticks = [Tick(t, _place(float(t), *ends, True, MARGIN)) for t in RATIO_TICKS if low <= t <= high]
    return Scale(*ends, ticks, True, MARGIN)


def years(start: float, end: float) -> Scale:
    """Whole years that hold all from a start to an end; a tick stands where its year begins."""
    low, high = math.floor(start), math.ceil(end)
    step = math.ceil((high - low) / MOST_YEAR_TICKS)
    ticks = [Tick(Decimal(year), _place(year, low, high, False, 0)) for year in range(low, high, step)]
    return Scale(low, high, ticks)


def as_year(when: str, end: bool = False) -> float:
    """A date such as 2014, 2014-10 or 2014-10-31 as a number of years; with `end`, where it is over."""
    year, month, day = ([int(part) for part in when.split("-")] + [0, 0])[:3]
    if not month:
        return year + end
    if not day:
        return round(year + (month - 1 + end) / 12, 3)
    return round(year + (month - 1) / 12 + (day - 1 + end) / 365, 3)
