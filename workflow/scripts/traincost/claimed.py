"""Figures as claims print them: all that printed.py reads, and what only claims say.

| printed | interval |
|---|---|
| `5 to 6 million`, `5-6M`, `between 5 and 6 million` | from the lower to the upper figure |
| `2,000 plus`, `10M+` | the figure and more |
| `nine figures`, `tens of millions` | all numbers of that many digits |
| `closer to 6 million than to 300,000` | from halfway on, towards the first figure |
| `months` without a number | one month and more |
| `5%`, `5 percent` | a share: 0.045-0.055 |
| `20x`, `20 times` | a ratio |
| words of `PHRASES`: `far more`, `not an order of magnitude` | the ratio they state |

Whatever states its own bounds, words or a one-sided qualifier, is a bound: it says
nothing about how exact a figure is.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Decimal

from traincost import printed
from traincost.printed import Printed

# words that state a ratio of two quantities: the figure meant, its bounds; None: no upper one
_MORE = (Decimal(1), Decimal(1), None)
_LESS = (Decimal(1), Decimal(0), Decimal(1))
PHRASES: dict[str, tuple[Decimal, Decimal, Decimal | None]] = {
    "more": _MORE,
    "far more": _MORE,
    "much more": _MORE,
    "less": _LESS,
    "much cheaper": _LESS,
    "a fraction": _LESS,
    "a small subset": _LESS,
    "an order of magnitude": (Decimal(10), Decimal(10), None),
    "not an order of magnitude": (Decimal(10), Decimal(0), Decimal(10)),
    "the same weight class": (Decimal(1), Decimal("0.1"), Decimal(10)),
}
COUNTED = "GPUs"
# units of time a claim may be in, in hours
TIMES = {"h": Decimal(1), "d": Decimal(24)}

_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_TEENS = ("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
_WORDS = {word: value for value, word in enumerate((*printed.WORDS, *_TEENS), start=1)}
_WORDS |= {word: value * 10 for value, word in enumerate(_TENS, start=2)}
_WORD = re.compile(
    rf"\b(?:({'|'.join(_TENS)})[- ]({'|'.join(printed.WORDS[:9])})|({'|'.join(_WORDS)}))\b",
    re.IGNORECASE,
)
_NUMBER = r"\$?(\d[\d,]*(?:\.\d+)?)\s?([KkMBT]|thousand|million|billion|trillion)?"
_RANGE = re.compile(rf"{_NUMBER}\s?(?:to|and|-|–)\s?{_NUMBER}")
_CLOSER = re.compile(r"closer to (.+) than (?:to )?(.+)", re.IGNORECASE)
_DIGITS = re.compile(r"(\d+)[- ]figures?", re.IGNORECASE)
_TENS_OF = re.compile(r"(?:a )?(?:few )?(tens|hundreds) of (thousand|million|billion)s")
_MUST = (
    "must be a figure such as 2.79 million, about 5,000, 5 to 6 million, 2 months or nine figures,"
    " or words such as far more"
)


@dataclass(frozen=True)
class Claimed:
    """What a claim states: value and two intervals.

    `low`, `high`: with the qualifier; `plain_low`, `plain_high`: half a step each way.
    `is_bound`: the claim states bounds, not how exact it is. `is_words`: no figure is
    printed, so that nothing can be off from it; `value` is then the figure meant.
    """

    value: float
    low: float
    high: float
    plain_low: float
    plain_high: float
    is_bound: bool
    is_words: bool = False


def claimed(text: str, unit: str = "", step: str = "") -> Claimed:
    """A figure of a claim, in `unit`: `h` and `d` for times, `GPUs` for counts.

    `step` overrides the printed step, in `unit`. Raises ValueError with what a
    figure must look like.
    """
    cleaned = _with_digits(text.strip())
    if found := _in_words(text.strip().lower(), cleaned, unit):
        return found
    if match := _RANGE.fullmatch(re.sub(r"(?i)^between ", "", cleaned)):
        return _range(match)
    return _figure(cleaned, unit, step, is_word=cleaned != text.strip())


def stated(text: str, step: str = "") -> Printed:
    """The same as a Printed, for figures that data files hold; times in hours.

    Raises ValueError.
    """
    figure = claimed(text, "h", step)
    low = Decimal(repr(figure.low))
    high = None if math.isinf(figure.high) else Decimal(repr(figure.high))
    return Printed(Decimal(repr(figure.value)), low, high, None, "")


def _in_words(words: str, cleaned: str, unit: str) -> Claimed | None:
    """What states bounds in words; `cleaned` has its number words as digits."""
    if words in PHRASES:
        return _bound(*PHRASES[words])
    if match := _CLOSER.fullmatch(cleaned):
        return _closer(claimed(match[1], unit), claimed(match[2], unit))
    power = None
    if match := _DIGITS.fullmatch(cleaned):
        power = int(match[1]) - 1
    elif match := _TENS_OF.fullmatch(words):
        power = printed.SUFFIXES[match[2]] + ("tens", "hundreds").index(match[1]) + 1
    if power is not None:
        low = Decimal(10) ** power
        return _bound(low, low, low * 10 - 1)
    if words.endswith("s") and words[:-1] in printed.HOURS_PER:
        one = printed.HOURS_PER[words[:-1]] / _hours_per(unit)
        return _bound(one, one, None)
    return None


def _figure(text: str, unit: str, step: str, is_word: bool) -> Claimed:
    """A figure with its qualifier; `is_word`: its number was one, and is meant to the unit."""
    plus = re.fullmatch(r"(.+?)(?: plus|\+)", text)
    body = re.sub(r"(?:US)?\$\s?", "", f"at least {plus[1]}" if plus else text)
    scale = Decimal(1)
    if match := re.fullmatch(r"(.+?)(?:\s?%| percent)", body):
        body, scale = match[1], Decimal("0.01")
    body = re.sub(r"(?<=\d)(?:\s?[x×]| times)$", "", body)
    try:
        if _is_time(body):
            per = _hours_per(unit)
            own = str(printed.HOURS_PER[_last_word(body)]) if is_word else ""
            return _of(printed.duration_hours(body, _times(step, per) or own), 1 / per)
        is_count = unit == COUNTED and not step and not printed.split_qualifier(body)[0]
        if is_count or printed.PRODUCT.fullmatch(body):
            return _of(printed.count(body))
        return _of(printed.measured(body, _times(step, 1 / scale)), scale)
    except ValueError as error:
        is_about_form = str(error).startswith("must be a ")
        raise ValueError(_MUST if is_about_form else str(error)) from None


def _of(figure: Printed, scale: Decimal = Decimal(1)) -> Claimed:
    def number(value: Decimal | None) -> float:
        return math.inf if value is None else float(value * scale)

    bounds = (*map(number, (figure.low, figure.high)), *map(number, figure.plain))
    return Claimed(number(figure.value), *bounds, is_bound=figure.is_one_sided)


def _bound(value: Decimal, low: Decimal, high: Decimal | None) -> Claimed:
    ends = (float(low), math.inf if high is None else float(high))
    return Claimed(float(value), *ends, *ends, is_bound=True, is_words=True)


def _closer(near: Claimed, far: Claimed) -> Claimed:
    middle = (near.value + far.value) / 2
    ends = (middle, math.inf) if near.value > far.value else (0.0, middle)
    return Claimed(near.value, *ends, *ends, is_bound=True)


def _range(match: re.Match[str]) -> Claimed:
    first, first_suffix, last, last_suffix = match.groups()
    low = printed.measured(f"{first} {first_suffix or last_suffix or ''}".strip()).value
    high = printed.measured(f"{last} {last_suffix or ''}".strip()).value
    if low >= high:
        raise ValueError("a range must go from the lower figure to the higher one")
    ends = (float(low), float(high))
    return Claimed(float((low + high) / 2), *ends, *ends, is_bound=False)


def _times(step: str, factor: Decimal) -> str:
    """A declared step in another unit."""
    try:
        return str(printed.declared_step(step) * factor) if step else ""
    except ValueError as error:
        raise ValueError(f"its printed step {error}") from None


def _is_time(text: str) -> bool:
    return _last_word(text) in printed.HOURS_PER


def _last_word(text: str) -> str:
    """In the singular."""
    return text.rsplit(maxsplit=1)[-1].lower().removesuffix("s") if text else ""


def _hours_per(unit: str) -> Decimal:
    if unit not in TIMES:
        raise ValueError(f"is a time: the unit must be one of {', '.join(TIMES)}")
    return TIMES[unit]


def _with_digits(text: str) -> str:
    """Number words up to ninety-nine as digits."""

    def digits(match: re.Match[str]) -> str:
        return str(sum(_WORDS[word.lower()] for word in match.groups() if word))

    return _WORD.sub(digits, text)
