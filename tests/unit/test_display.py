"""Numbers as a reader sees them."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traincost import display

NUMBERS = [
    (294_000, 0, 1, "294,000"),
    (294_672.0, 0, 1, "294,672"),
    (0.5, 0, 1, "1"),
    (1.5, 0, 1, "2"),
    (2.5, 0, 1, "3"),
    # binary floats lie just below these; a reader sees the decimal
    (2.675, 2, 1, "2.68"),
    (1.005, 2, 1, "1.01"),
    (0.285, 2, 1, "0.29"),
    (5_576_000, 2, 1e6, "5.58"),
    (5_575_000, 2, 1e6, "5.58"),
    (5_574_999.99, 2, 1e6, "5.57"),
    (10_036_350, 2, 1e6, "10.04"),
    (0, 2, 1, "0.00"),
    (1e-9, 2, 1, "0.00"),
    (1e16, 0, 1, "10,000,000,000,000,000"),
    (-1234.5, 0, 1, "\N{MINUS SIGN}1,235"),
    # nothing is not negative
    (-0.0, 2, 1, "0.00"),
    (-0.004, 2, 1, "0.00"),
    (math.inf, 2, 1, "∞"),
    (-math.inf, 2, 1, "\N{MINUS SIGN}∞"),
    (None, 2, 1, "[x]"),
]


@pytest.mark.parametrize(("value", "decimals", "per", "shown"), NUMBERS)
def test_a_number_is_rounded_once_half_up_in_decimal(value, decimals, per, shown) -> None:
    assert display.number(value, decimals, per) == shown


@given(st.decimals("-1000000000", "1000000000", places=4), st.integers(0, 3))
def test_rounding_is_that_of_the_written_number(exact: Decimal, decimals: int) -> None:
    shown = display.number(float(exact), decimals)
    step = Decimal(1).scaleb(-decimals)
    wanted = exact.quantize(step, rounding=ROUND_HALF_UP)
    assert Decimal(shown.replace(",", "").replace("\N{MINUS SIGN}", "-")) == wanted


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.05008, "5.0"), (0.9995, "100.0"), (1, "100.0"), (0.0345, "3.5"), (None, "[x]")],
)
def test_a_share_is_shown_in_percent(value: float | None, shown: str) -> None:
    assert display.percent(value) == shown


MONEY = [
    (294_000, "$294,000"),
    (1.994, "$2"),
    (999_999, "$999,999"),
    # what rounds to a million is a million
    (999_999.6, "$1.00 million"),
    (1_000_000, "$1.00 million"),
    (5_870_000, "$5.87 million"),
    (999_994_999, "$999.99 million"),
    (999_995_000, "$1.00 billion"),
    (1.5e9, "$1.50 billion"),
    (-2_000_000, "\N{MINUS SIGN}$2.00 million"),
    (None, "[x]"),
]


@pytest.mark.parametrize(("value", "shown"), MONEY)
def test_money_in_running_text(value: float | None, shown: str) -> None:
    assert display.money(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (54.2, "54.2"),
        (3, "3.0"),
        (0.05, "0.1"),
        (0.04, "0.04"),
        (1 / 86_400, "0.00001"),
        (0.0, "0.00000"),
    ],
)
def test_a_part_of_a_day_is_never_shown_as_none(value: float, shown: str) -> None:
    assert display.days(value) == shown


def test_a_ratio_in_running_text() -> None:
    assert display.times(1.75) == "1.8 times"


def test_every_symbol_has_its_legend() -> None:
    assert set(display.LEGEND) == {display.MISSING, display.NOT_APPLICABLE}
    assert all(re_text and not re_text.endswith(".") for re_text in display.LEGEND.values())


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (5_576_000.0, "5,576,000"),
        (14.8e12, "14,800,000,000,000"),
        (1 / 3, "0.333333333333"),
        (0.1 + 0.2, "0.3"),
        (2.5e-9, "0.0000000025"),
        (999_999_999_999_999.0, "1e15"),
        (3.8e25, "3.8e25"),
        (-1.25e-15, "\N{MINUS SIGN}1.25e\N{MINUS SIGN}15"),
        (-1.5, "\N{MINUS SIGN}1.5"),
        (-0.0, "0"),
        (float("inf"), "\N{INFINITY}"),
        (None, "none"),
    ],
)
def test_a_checked_value_keeps_twelve_digits_and_a_power_of_ten_if_extreme(value, expected) -> None:
    assert display.plain(value) == expected
