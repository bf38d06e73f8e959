"""Figures as sources print them: text in, value and interval out.

A measured figure is known to half a unit of its last significant printed digit.
The rules, one table:

| printed | step | interval |
|---|---|---|
| `2.79 million` | 0.01 million | half a step each way: 2.785-2.795 million |
| `101K` | 1K: with a suffix the last digit counts | 100,500-101,500 |
| `5,000` | 1,000: trailing zeros do not count | 4,500-5,500 |
| `80 hours`, declared step 1 | as declared | 79.5-80.5 |
| `20 days` | 10 days: a unit is no suffix | 15-25 days |
| `two months` | one month: in words the last unit counts | 1.5-2.5 months |
| about, roughly, nearly, near ... x (`ABOUT`) | | a whole step each way |
| just under, less than, up to ... x (`BELOW`) | | from one step below x up to x |
| at least, above, well above ... x (`ABOVE`) | | x and more, no upper bound |
| `64*8`, a count | none | exact |

What only claims print, such as `5 to 6 million`, is read in claimed.py.

Decimal throughout: no figure passes through binary floating point before its
interval is known.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Decimal

SUFFIXES = {
    "k": 3,
    "thousand": 3,
    "m": 6,
    "million": 6,
    "b": 9,
    "billion": 9,
    "t": 12,
    "trillion": 12,
}
ABOUT = ("about", "approximately", "approx.", "roughly", "nearly", "almost", "around", "~")
ABOUT += ("near", "close to", "approaches")
BELOW = ("just under", "less than", "under", "below", "up to", "at most", "sub")
ABOVE = ("at least", "well above", "above", "more than", "over", "not sub", "not below")
HOURS_PER = {
    "hour": Decimal(1),
    "day": Decimal(24),
    "week": Decimal(168),
    # a month is a twelfth of 365.25 days: 30.4375 days
    "month": Decimal("730.5"),
    "year": Decimal(8766),
}
WORDS = ("one", "two", "three", "four", "five", "six")
WORDS += ("seven", "eight", "nine", "ten", "eleven", "twelve")

# [0-9] and not \d, which takes the digits of every script
_NUMBER = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?"
_FIGURE = re.compile(
    rf"(?P<number>{_NUMBER})\s?(?P<suffix>[KkMBT]|thousand|million|billion|trillion)?"
)
PRODUCT = re.compile(r"[0-9]+(?:\s?[*×]\s?[0-9]+)+")
_STEP = re.compile(r"[0-9]+(?:\.[0-9]+)?")


@dataclass(frozen=True)
class Printed:
    """A parsed figure: central value, interval, step (None where exact), qualifier."""

    value: Decimal
    low: Decimal
    high: Decimal | None
    step: Decimal | None
    qualifier: str

    @property
    def plain(self) -> tuple[Decimal, Decimal | None]:
        """The interval without the qualifier: half a step each way."""
        if self.step is None:
            return self.low, self.high
        return _half_a_step(self.value, self.step)

    @property
    def is_one_sided(self) -> bool:
        """Whether the qualifier states a bound and not how exact the figure is."""
        return self.qualifier in BELOW or self.qualifier in ABOVE

    @property
    def high_number(self) -> float:
        """The upper bound as a float; infinity where the source only gives a floor."""
        return math.inf if self.high is None else float(self.high)


def count(text: str) -> Printed:
    """An exact count such as `2,048` or `64*8`.

    Raises ValueError with what a count must look like.
    """
    cleaned = text.strip()
    if PRODUCT.fullmatch(cleaned):
        value = Decimal(1)
        for factor in re.split(r"\s?[*×]\s?", cleaned):
            value *= Decimal(factor)
    elif re.fullmatch(_NUMBER, cleaned) and "." not in cleaned:
        value = Decimal(cleaned.replace(",", ""))
    else:
        raise ValueError("must be a whole number such as 2,048, or a product such as 64*8")
    if value <= 0:
        raise ValueError("must be greater than zero")
    return Printed(value, value, value, None, "")


def measured(text: str, step: str = "") -> Printed:
    """A measured figure such as `2.79 million`, `101K`, `about 7,000,000`.

    `step` overrides the step of the last printed digit, in the expanded unit.
    Raises ValueError with what a figure must look like.
    """
    qualifier, figure = split_qualifier(text)
    match = _FIGURE.fullmatch(figure)
    if not match:
        raise ValueError("must be a printed figure such as 2,664K, 2.79 million or about 5,000")
    scale = _scale(match["suffix"])
    number = match["number"].replace(",", "")
    last_counts = match["suffix"] is not None
    return _interval(Decimal(number) * scale, _step(number, scale, step, last_counts), qualifier)


def duration_hours(text: str, step: str = "") -> Printed:
    """A duration such as `roughly 80 hours`, `24 days` or `three weeks`, in hours.

    `step` overrides the printed step, in hours. Raises ValueError.
    """
    qualifier, figure = split_qualifier(text)
    words = figure.rsplit(maxsplit=1)
    unit = words[-1].lower().removesuffix("s") if len(words) == 2 else ""
    if unit not in HOURS_PER:
        raise ValueError("must be a duration such as 198 hours, 24 days or three weeks")
    number = words[0].lower()
    is_word = number in WORDS
    if is_word:
        number = str(WORDS.index(number) + 1)
    if not re.fullmatch(_NUMBER, number):
        raise ValueError("must be a duration such as 198 hours, 24 days or three weeks")
    number = number.replace(",", "")
    hours = HOURS_PER[unit]
    return _interval(Decimal(number) * hours, _step(number, hours, step, is_word), qualifier)


def declared_step(text: str) -> Decimal:
    """The step that a data file declares. Raises ValueError with what it must be."""
    step = Decimal(text) if _STEP.fullmatch(text) else Decimal(0)
    if step == 0:
        raise ValueError("must be a plain number greater than zero, such as 1 or 0.5")
    return step


def split_qualifier(text: str) -> tuple[str, str]:
    """The words before a figure, if they qualify it, and the rest."""
    cleaned = text.strip()
    lowered = cleaned.lower()
    # longest first, so that "well above" is not read as "above"
    for qualifier in sorted(ABOUT + BELOW + ABOVE, key=len, reverse=True):
        if lowered.startswith(qualifier):
            return qualifier, cleaned[len(qualifier) :].strip()
    return "", cleaned


def _scale(suffix: str | None) -> Decimal:
    return Decimal(10) ** SUFFIXES[suffix.lower()] if suffix else Decimal(1)


def _step(number: str, scale: Decimal, declared: str, last_counts: bool) -> Decimal:
    """One unit of the last significant digit; `last_counts` where zeros at the end are, too."""
    if declared:
        return declared_step(declared)
    if "." in number:
        return scale.scaleb(-len(number.split(".")[1]))
    zeros = 0 if last_counts else len(number) - len(number.rstrip("0") or "0")
    return scale.scaleb(zeros)


def _interval(value: Decimal, step: Decimal, qualifier: str) -> Printed:
    if value <= 0:
        raise ValueError("must be greater than zero")
    if qualifier in ABOUT:
        return Printed(value, max(value - step, Decimal(0)), value + step, step, qualifier)
    if qualifier in BELOW:
        return Printed(value, max(value - step, Decimal(0)), value, step, qualifier)
    if qualifier in ABOVE:
        return Printed(value, value, None, step, qualifier)
    return Printed(value, *_half_a_step(value, step), step, qualifier)


def _half_a_step(value: Decimal, step: Decimal) -> tuple[Decimal, Decimal]:
    return max(value - step / 2, Decimal(0)), value + step / 2
