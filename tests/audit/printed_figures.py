"""Printed figures read a second time, after data/README.md and docs/methods.md, in fractions."""

from __future__ import annotations

import datetime
import math
import re
from dataclasses import dataclass
from fractions import Fraction

Bound = Fraction | float

EITHER_WAY = {"about", "approximately", "approx.", "roughly", "nearly", "almost", "around", "~"}
EITHER_WAY |= {"near", "close to", "approaches"}
FROM_BELOW = {"sub", "just under", "less than", "under", "below", "up to", "at most"}
FROM_ABOVE = {"not sub", "not below", "at least", "well above", "above", "more than", "over"}
WORTH = {
    "k": 10**3,
    "thousand": 10**3,
    "m": 10**6,
    "million": 10**6,
    "b": 10**9,
    "billion": 10**9,
    "t": 10**12,
    "trillion": 10**12,
}
DAY_HOURS = 24
HOURS = {
    "hour": Fraction(1),
    "day": Fraction(DAY_HOURS),
    "week": Fraction(7 * DAY_HOURS),
    "month": Fraction("30.4375") * DAY_HOURS,
    "year": Fraction("365.25") * DAY_HOURS,
}
SPELLED = ("one", "two", "three", "four", "five", "six")
SPELLED += ("seven", "eight", "nine", "ten", "eleven", "twelve")
SHAPE = re.compile(r"(?P<before>\D*?)\s*(?P<digits>\d[\d,]*)(?P<decimals>\.\d+)?\s*(?P<after>\w*)")


@dataclass(frozen=True)
class Number:
    """A number with its bounds; without any where it has none."""

    value: Fraction | None
    low: Bound | None = None
    high: Bound | None = None
    date: datetime.date | None = None


def exact(text: str) -> Number:
    """A count such as `2,048` or `64*8`, or a plain price such as `3.42`."""
    factors = re.split(r"\s*[*×]\s*", text.replace(",", ""))
    return Number(Fraction(math.prod(Fraction(factor) for factor in factors)))


def day(text: str) -> Number:
    return Number(None, date=datetime.date.fromisoformat(text))


def measured(text: str, step: str = "") -> Number:
    """A figure such as `2.79 million`, known to half a unit of its last digit that counts."""
    shape = _shape(text)
    suffix = shape["after"].lower()
    scale = Fraction(WORTH[suffix]) if suffix else Fraction(1)
    return _spread(shape, scale, step, zeros_count=bool(suffix))


def duration(text: str, step: str = "") -> Number:
    """A duration such as `roughly 80 hours` or `three weeks`, in hours."""
    spelled = text
    for place, word in enumerate(SPELLED, start=1):
        spelled = re.sub(rf"\b{word}\b", str(place), spelled)
    shape = _shape(spelled)
    scale = HOURS[shape["after"].removesuffix("s")]
    return _spread(shape, scale, step, zeros_count=spelled != text)


def _shape(text: str) -> dict[str, str]:
    match = SHAPE.fullmatch(text)
    assert match, f"cannot read {text!r}"
    return {key: found or "" for key, found in match.groupdict().items()}


def _spread(shape: dict[str, str], scale: Fraction, declared: str, *, zeros_count: bool) -> Number:
    digits, decimals = shape["digits"].replace(",", ""), shape["decimals"]
    value = Fraction(digits + decimals) * scale
    if declared:
        step = Fraction(declared)
    elif decimals:
        step = scale / 10 ** (len(decimals) - 1)
    else:
        zeros = 0 if zeros_count else len(digits) - len(digits.rstrip("0"))
        step = scale * 10**zeros
    word = shape["before"].lower()
    if word in FROM_ABOVE:
        return Number(value, value, math.inf)
    assert not word or word in EITHER_WAY | FROM_BELOW, f"unknown word {word!r}"
    below = step if word else step / 2
    above = Fraction(0) if word in FROM_BELOW else below
    return Number(value, max(value - below, Fraction(0)), value + above)
