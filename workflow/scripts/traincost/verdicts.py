"""Verdicts: what a claim's interval says beside an estimate's. docs/verdicts.md defines each.

Two intervals that touch meet. Nothing here is a tolerance: how exact a claim and an
estimate are follows from how their figures were printed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from traincost.claimed import Claimed
from traincost.verdict_names import (
    AMBIGUOUS_UNIT,
    BY_QUALIFIER,
    COARSE_SHARE,
    COMPUTED,
    CONSISTENT,
    EXACT,
    INCONSISTENT,
    NOT_COMPUTABLE,
    SCOPE_HOLDS,
    TOO_COARSE,
    TRANSCRIPTION,
    WRONG_SCOPE,
    WRONG_UNIT,
)

# factors that units are mistaken by
FACTORS = {
    "8 GPUs per node": 8.0,
    "10": 10.0,
    "12 months per year": 12.0,
    "24 hours per day": 24.0,
    "1000": 1000.0,
}
# fewer digits resemble each other by chance
MIN_DIGITS = 3
# last bits of floats do not decide whether intervals touch
_LAST_BITS = 1e-9


@dataclass(frozen=True)
class Estimate:
    """A number of the pipeline with its bounds."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Verdict:
    """A verdict and what it rests on.

    `deviation`: the claim's value over the estimate's, less one. `width_share`: the
    wider of the two intervals over its centre, one-sided ones left out. `apart`: the gap
    between them over the estimate. `factors`: those that make the intervals meet;
    `factor`: the only one. `detail`: what was found, in words.
    """

    verdict: str
    deviation: float | None = None
    width_share: float | None = None
    apart: float | None = None
    factors: tuple[str, ...] = ()
    factor: float | None = None
    detail: str = ""


def judge(
    claim: Claimed,
    estimate: Estimate | None,
    claim_text: str = "",
    source_texts: Sequence[str] = (),
    rates: Mapping[str, Estimate] | None = None,
) -> Verdict:
    """The numeric verdict on a claim.

    `claim_text` and `source_texts`: the figure as the claim and as the sources of the
    estimate print it, where they should be the same figure. `rates`: exchange rates
    that a currency may be mistaken by, by their label.
    """
    if estimate is None:
        return Verdict(NOT_COMPUTABLE)
    deviation = _deviation(claim, estimate)
    width = _width_share(claim, estimate)
    apart = _apart(claim, estimate)
    if not apart:
        return Verdict(_consistent(claim, estimate, width), deviation, width, 0.0)
    if fitting := _fitting(claim, estimate, rates or {}):
        verdict = WRONG_UNIT if len(fitting) == 1 else AMBIGUOUS_UNIT
        only = next(iter(fitting.values())) if len(fitting) == 1 else None
        detail = f"the intervals meet after {' or '.join(fitting)}"
        return Verdict(verdict, deviation, width, apart, tuple(fitting), only, detail)
    slips = (misprint(claim_text, text) for text in source_texts)
    detail = next(filter(None, slips), "")
    return Verdict(
        TRANSCRIPTION if detail else INCONSISTENT, deviation, width, apart, detail=detail
    )


def meet(low: float, high: float, other_low: float, other_high: float) -> bool:
    """Whether two closed intervals have a point in common."""
    slack = _LAST_BITS * max(abs(low), abs(other_low))
    return low <= other_high + slack and other_low <= high + slack


def scope_verdict(claimed: set[str], actual: set[str]) -> str:
    """Whether the stages a claim speaks of are those its figure is made of."""
    return SCOPE_HOLDS if claimed == actual else WRONG_SCOPE


def final(numeric: str, scope: str | None) -> str:
    """The verdict on a claim of figure and scope: the scope counts if the figure holds."""
    return WRONG_SCOPE if scope == WRONG_SCOPE and COMPUTED[numeric] is True else numeric


def misprint(claim_text: str, source_text: str) -> str:
    """How the digits of one figure come from the other's by a slip; empty where they do not."""
    found, source = _digits(claim_text), _digits(source_text)
    if max(len(found), len(source)) < MIN_DIGITS:
        return ""
    found, source = found.strip("0"), source.strip("0")
    if found == source:
        slip = f"{_mark(source_text) or _mark(claim_text) or 'the magnitude'} lost"
    elif found in _without_one(source):
        slip = "a digit dropped"
    elif found in _with_one_doubled(source):
        slip = "a digit doubled"
    elif found in _with_neighbours_swapped(source):
        slip = "two neighbouring digits swapped"
    else:
        return ""
    return f"the source prints {source_text}: {slip}"


def _consistent(claim: Claimed, estimate: Estimate, width: float | None) -> str:
    is_equal = math.isclose(claim.value, estimate.value, rel_tol=_LAST_BITS)
    if is_equal and not claim.is_bound:
        return EXACT
    if not meet(claim.plain_low, claim.plain_high, estimate.low, estimate.high):
        return BY_QUALIFIER
    if claim.is_bound and claim.low <= estimate.low and estimate.high <= claim.high:
        return CONSISTENT  # all of the estimate keeps the bounds, however wide it is
    return TOO_COARSE if width is not None and width > COARSE_SHARE else CONSISTENT


def _deviation(claim: Claimed, estimate: Estimate) -> float | None:
    if claim.is_words or estimate.value == 0:
        return None
    return claim.value / estimate.value - 1


def _width_share(claim: Claimed, estimate: Estimate) -> float | None:
    spans = [(estimate.low, estimate.high)]
    if not claim.is_bound:
        spans.append((claim.low, claim.high))
    shares = [2 * (high - low) / (high + low) for low, high in spans if 0 < high < math.inf]
    return max(shares, default=None)


def _apart(claim: Claimed, estimate: Estimate) -> float:
    if meet(claim.low, claim.high, estimate.low, estimate.high):
        return 0.0
    gap = max(claim.low - estimate.high, estimate.low - claim.high)
    return gap / abs(estimate.value) if estimate.value else math.inf


def _fitting(claim: Claimed, estimate: Estimate, rates: Mapping[str, Estimate]) -> dict[str, float]:
    """The factors that fit, by their label."""
    if claim.is_words:
        return {}
    low, high = claim.low, claim.high
    if claim.is_bound:  # any factor fits a bound
        low, high = claim.plain_low, claim.plain_high
    exact = {label: Estimate(factor, factor, factor) for label, factor in FACTORS.items()}
    fitting = {}
    for label, factor in (exact | dict(rates)).items():
        if meet(low * factor.low, high * factor.high, estimate.low, estimate.high):
            fitting[f"× {label}"] = factor.value
        elif meet(low / factor.high, high / factor.low, estimate.low, estimate.high):
            fitting[f"÷ {label}"] = factor.value
    return fitting


def _mark(text: str) -> str:
    """The mark between the digits of a printed figure."""
    marks = {"operator": r"\d\s?[*×]\s?\d", "decimal point": r"\d\.\d", "separator": r"\d,\d"}
    return next((f"the {name}" for name, mark in marks.items() if re.search(mark, text)), "")


def _digits(text: str) -> str:
    return "".join(re.findall(r"\d", text))


def _without_one(digits: str) -> set[str]:
    return {digits[:place] + digits[place + 1 :] for place in range(len(digits))}


def _with_one_doubled(digits: str) -> set[str]:
    return {digits[: place + 1] + digits[place:] for place in range(len(digits))}


def _with_neighbours_swapped(digits: str) -> set[str]:
    return {
        digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
        for place in range(len(digits) - 1)
    } - {digits}
