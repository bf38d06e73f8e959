"""Figures as printed: what they are worth and how far they may be off."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traincost import printed

# printed, step, value, low, high; None: no upper bound. Worked out by hand.
FIGURES = [
    ("2.79 million", "", "2790000", "2785000", "2795000"),
    ("2,664K", "", "2664000", "2663500", "2664500"),
    ("101K", "", "101000", "100500", "101500"),
    ("101k", "", "101000", "100500", "101500"),
    ("100K", "", "100000", "99500", "100500"),
    ("1.0K", "", "1000", "950", "1050"),
    ("1,000", "", "1000", "500", "1500"),
    ("1000", "", "1000", "500", "1500"),
    ("5,000", "", "5000", "4500", "5500"),
    ("5,000", "1", "5000", "4999.5", "5000.5"),
    ("147,336", "", "147336", "147335.5", "147336.5"),
    ("10.0", "", "10", "9.95", "10.05"),
    ("5.576M", "", "5576000", "5575500", "5576500"),
    ("14.8T", "", "14800000000000", "14750000000000", "14850000000000"),
    ("1.5 billion", "", "1500000000", "1450000000", "1550000000"),
    ("about 5,000", "", "5000", "4000", "6000"),
    ("Roughly 5K", "", "5000", "4000", "6000"),
    ("~200k", "", "200000", "199000", "201000"),
    ("just under 3 million", "", "3000000", "2000000", "3000000"),
    ("less than 2 million", "", "2000000", "1000000", "2000000"),
    ("at least 100", "", "100", "100", None),
    ("well above 1,500", "", "1500", "1500", None),
    ("more than 2M", "", "2000000", "2000000", None),
    ("  101K ", "", "101000", "100500", "101500"),
    # a declared step wider than the figure: hours are never negative
    ("5", "100", "5", "0", "55"),
]

DURATIONS = [
    ("198 hours", "", "198", "197.5", "198.5"),
    ("approximately 198 hours", "", "198", "197", "199"),
    ("80 hours", "", "80", "75", "85"),
    ("80 hours", "1", "80", "79.5", "80.5"),
    ("roughly 80 hours", "1", "80", "79", "81"),
    ("1 hour", "", "1", "0.5", "1.5"),
    # 30.4375 days a month
    ("two months", "", "1461", "1095.75", "1826.25"),
    ("2 Months", "", "1461", "1095.75", "1826.25"),
    ("three weeks", "", "504", "420", "588"),
    ("14.8 days", "", "355.2", "354", "356.4"),
    ("20 days", "", "480", "360", "600"),
    ("20 days", "24", "480", "468", "492"),
    ("ten days", "", "240", "228", "252"),
    ("over 100 days", "24", "2400", "2400", None),
    ("just under one month", "168", "730.5", "562.5", "730.5"),
    ("1,200 hours", "1", "1200", "1199.5", "1200.5"),
]


def bounds(figure: printed.Printed) -> tuple[Decimal, Decimal, Decimal | None]:
    return figure.value, figure.low, figure.high


def expected(value: str, low: str, high: str | None) -> tuple[Decimal, Decimal, Decimal | None]:
    return Decimal(value), Decimal(low), None if high is None else Decimal(high)


@pytest.mark.parametrize(("text", "step", "value", "low", "high"), FIGURES)
def test_a_figure_spans_what_its_digits_leave_open(text, step, value, low, high) -> None:
    assert bounds(printed.measured(text, step)) == expected(value, low, high)


@pytest.mark.parametrize(("text", "step", "value", "low", "high"), DURATIONS)
def test_a_duration_is_read_in_hours(text, step, value, low, high) -> None:
    assert bounds(printed.duration_hours(text, step)) == expected(value, low, high)


def test_a_floor_has_no_upper_bound() -> None:
    assert printed.measured("at least 100").high_number == math.inf
    assert printed.measured("100").high_number == 150


COUNTS = [("512", 512), ("2,048", 2048), ("64*8", 512), ("64 × 8", 512), ("2*4*8", 64)]


@pytest.mark.parametrize(("text", "value"), COUNTS)
def test_a_count_is_exact(text: str, value: int) -> None:
    figure = printed.count(text)
    assert bounds(figure) == (value, value, value)
    assert figure.step is None


FIGURE = "must be a printed figure such as 2,664K, 2.79 million or about 5,000"
DURATION = "must be a duration such as 198 hours, 24 days or three weeks"
COUNT = "must be a whole number such as 2,048, or a product such as 64*8"
POSITIVE = "must be greater than zero"
STEP = "must be a plain number greater than zero, such as 1 or 0.5"

REFUSED = [
    (printed.measured, "", FIGURE),
    (printed.measured, "many", FIGURE),
    (printed.measured, "2664X", FIGURE),
    (printed.measured, "101 K K", FIGURE),
    (printed.measured, "12,34", FIGURE),
    (printed.measured, "1,2345", FIGURE),
    (printed.measured, "1.", FIGURE),
    (printed.measured, ".5", FIGURE),
    (printed.measured, "1e5", FIGURE),
    (printed.measured, "-5", FIGURE),
    (printed.measured, "5-6", FIGURE),
    (printed.measured, "about", FIGURE),
    (printed.measured, "about about 5", FIGURE),
    (printed.measured, "101\u041a", FIGURE),  # a Cyrillic letter that looks like K
    (printed.measured, "\uff15\uff10", FIGURE),  # full-width digits
    (printed.measured, "\u0665", FIGURE),  # an Arabic digit
    (printed.measured, "0", POSITIVE),
    (printed.measured, "0.00 million", POSITIVE),
    (printed.duration_hours, "198", DURATION),
    (printed.duration_hours, "198 hrs", DURATION),
    (printed.duration_hours, "hours", DURATION),
    (printed.duration_hours, "thirteen weeks", DURATION),
    (printed.duration_hours, "118 days, 5 hours", DURATION),
    (printed.duration_hours, "\uff15 days", DURATION),
    (printed.duration_hours, "0 days", POSITIVE),
    (printed.count, "about 512", COUNT),
    (printed.count, "512.5", COUNT),
    (printed.count, "2K", COUNT),
    (printed.count, "64*", COUNT),
    (printed.count, "\uff15", COUNT),
    (printed.count, "0", POSITIVE),
    (printed.count, "0*8", POSITIVE),
]


@pytest.mark.parametrize(("read", "text", "must"), REFUSED)
def test_what_is_no_figure_is_refused_with_what_it_must_be(read, text: str, must: str) -> None:
    with pytest.raises(ValueError) as refused:
        read(text)
    assert str(refused.value) == must


@pytest.mark.parametrize("step", ["0", "-1", "x", "NaN", "inf", "1,000", "\uff11", " "])
def test_a_step_that_is_no_number_is_refused(step: str) -> None:
    for read, text in ((printed.measured, "101K"), (printed.duration_hours, "80 hours")):
        with pytest.raises(ValueError) as refused:
            read(text, step)
        assert str(refused.value) == STEP


plain = st.integers(1, 10**12)
decimals = st.decimals("0.001", 10**6, places=3)
qualifiers = st.sampled_from(["", *printed.ABOUT, *printed.BELOW, *printed.ABOVE])
suffixes = st.sampled_from(["", "K", "M", " million", " thousand", "B", "T"])


@given(plain | decimals, suffixes, qualifiers, st.sampled_from(["", "1", "1000"]))
def test_the_value_lies_in_its_interval(number, suffix, qualifier, step) -> None:
    figure = printed.measured(f"{qualifier} {number}{suffix}", step)
    assert 0 <= figure.low <= figure.value <= (figure.high or figure.value)


@given(st.decimals("1", 10**7, places=4), st.integers(0, 3))
def test_a_printed_number_contains_all_that_round_to_it(exact: Decimal, places: int) -> None:
    step = Decimal(1).scaleb(-places)
    rounded = exact.quantize(step, rounding=ROUND_HALF_UP)
    # a point, so that every digit counts
    figure = printed.measured(str(rounded) if places else f"{rounded}.0", "" if places else "1")
    assert figure.low <= exact <= figure.high
    assert figure.high - figure.low == step


@given(plain, st.sampled_from(["K", "M", "B", "T"]), qualifiers)
def test_a_suffix_says_the_same_as_the_expanded_number_with_its_step(
    number: int, suffix: str, qualifier: str
) -> None:
    scale = 10 ** printed.SUFFIXES[suffix.lower()]
    short = printed.measured(f"{qualifier} {number}{suffix}")
    long = printed.measured(f"{qualifier} {number * scale:,}", str(scale))
    assert short == long


@given(plain, st.sampled_from(["", "about", "just under"]))
def test_more_printed_digits_never_widen_the_interval(number: int, qualifier: str) -> None:
    coarse = printed.measured(f"{qualifier} {number}")
    fine = printed.measured(f"{qualifier} {number}.0")
    assert coarse.low <= fine.low and fine.high <= coarse.high


@given(st.integers(1, 10**6), st.sampled_from(sorted(printed.HOURS_PER)), qualifiers)
def test_a_duration_is_its_number_times_its_unit(number: int, unit: str, qualifier: str) -> None:
    hours = printed.HOURS_PER[unit]
    in_unit = printed.measured(f"{qualifier} {number}")
    in_hours = printed.duration_hours(f"{qualifier} {number} {unit}s")
    assert bounds(in_hours) == tuple(
        None if bound is None else bound * hours for bound in bounds(in_unit)
    )
