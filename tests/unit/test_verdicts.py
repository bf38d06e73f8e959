"""Which verdict two intervals get, at and beside every boundary."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traincost.claimed import claimed
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
from traincost.verdicts import FACTORS, Estimate, final, judge, meet, misprint, scope_verdict


def verdict(text: str, low: float, high: float, unit: str = "", value: float | None = None) -> str:
    middle = (low + high) / 2 if value is None else value
    return judge(claimed(text, unit), Estimate(middle, low, high), text).verdict


# 2.79 million is 2,785,000 to 2,795,000; its step is 10,000
@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (2_786_500, 2_789_500, CONSISTENT),
        (2_795_000, 2_796_000, CONSISTENT),  # touch
        (2_784_000, 2_785_000, CONSISTENT),  # touch
        (2_795_001, 2_796_000, INCONSISTENT),
        (2_784_000, 2_784_999, INCONSISTENT),
        (2_800_000, 2_800_000, INCONSISTENT),  # one step off
        (2_790_000, 2_790_000, EXACT),
    ],
)
def test_a_figure_and_its_neighbours(low: float, high: float, expected: str) -> None:
    assert verdict("2.79 million", low, high) == expected


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (2_795_000, CONSISTENT),
        (2_795_001, BY_QUALIFIER),
        (2_800_000, BY_QUALIFIER),  # touches the interval with the qualifier
        (2_800_001, INCONSISTENT),
    ],
)
def test_a_qualifier_reaches_one_step(at: float, expected: str) -> None:
    assert verdict("about 2.79 million", at, at) == expected


@pytest.mark.parametrize(
    ("text", "at", "expected"),
    [
        ("just under 300,000", 300_000, CONSISTENT),
        ("just under 300,000", 300_001, INCONSISTENT),
        ("just under 300,000", 200_000, BY_QUALIFIER),
        ("just under 300,000", 199_999, INCONSISTENT),
        ("well above 51 million", 51_000_000, CONSISTENT),
        ("well above 51 million", 50_999_999, INCONSISTENT),
        ("well above 51 million", 69_000_000, BY_QUALIFIER),
        ("not an order of magnitude", 10, CONSISTENT),
        ("not an order of magnitude", 10.0001, INCONSISTENT),
    ],
)
def test_bounds(text: str, at: float, expected: str) -> None:
    assert verdict(text, at, at) == expected


def test_a_bound_is_never_exact() -> None:
    assert verdict("just under 300,000", 300_000, 300_000) == CONSISTENT
    assert verdict("300,000", 300_000, 300_000) == EXACT


def test_the_wider_interval_decides_what_is_too_coarse() -> None:
    # "5 million" is a fifth of its centre wide; its neighbour in millions is wider
    assert COARSE_SHARE == (5.5 - 4.5) / 5
    assert verdict("5 million", 5_100_000, 5_100_000) == CONSISTENT
    assert verdict("4 million", 4_100_000, 4_100_000) == TOO_COARSE
    assert verdict("4.00 million", 3_500_000, 4_500_000, value=4_100_000) == TOO_COARSE
    assert verdict("4 million", 4_000_000, 4_000_000) == EXACT


def test_a_bound_is_coarse_only_where_the_estimate_reaches_over_it() -> None:
    assert verdict("more", 8, 12) == CONSISTENT
    assert verdict("more", 0.5, 12) == TOO_COARSE
    assert verdict("more", 0.95, 1.05) == CONSISTENT


@pytest.mark.parametrize(("label", "factor"), FACTORS.items())
def test_each_factor_is_recognised_both_ways(label: str, factor: float) -> None:
    text = "1.0370 million"
    for estimate, sign in ((1_037_000 * factor, "×"), (1_037_000 / factor, "÷")):
        found = judge(claimed(text), Estimate(estimate, estimate, estimate), text)
        assert (found.verdict, found.factors) == (WRONG_UNIT, (f"{sign} {label}",))


def test_a_factor_counts_only_if_the_intervals_then_meet() -> None:
    # 278.8K times ten is 2,787,500 to 2,788,500
    assert verdict("278.8K", 2_788_500, 2_790_000) == WRONG_UNIT
    assert verdict("278.8K", 2_788_501, 2_790_000) == INCONSISTENT


def test_several_factors_are_ambiguous() -> None:
    found = judge(claimed("5"), Estimate(50, 44, 56), "5")
    assert found.verdict == AMBIGUOUS_UNIT
    assert found.factors == ("× 8 GPUs per node", "× 10", "× 12 months per year")


def test_an_exchange_rate_is_a_factor() -> None:
    rates = {"the rate RMB/USD": Estimate(7.2, 7.09, 7.30)}
    found = judge(claimed("2.10M"), Estimate(291_000, 290_000, 292_000), "2.10M", (), rates)
    assert (found.verdict, found.factors) == (WRONG_UNIT, ("÷ the rate RMB/USD",))


def test_no_factor_is_tried_on_the_open_end_of_a_bound() -> None:
    # any number times ten is above 10 million
    assert verdict("above 10 million", 6_000_000, 6_000_000) == INCONSISTENT
    assert verdict("above 10 million", 1_000_000, 1_000_000) == WRONG_UNIT


@pytest.mark.parametrize(
    ("claim", "source", "slip"),
    [
        ("648", "64*8", "the operator lost"),
        ("2788", "2.788", "the decimal point lost"),
        ("2.664", "2,664", "the separator lost"),
        ("264K", "2664K", "a digit dropped"),
        ("26664K", "2664K", "a digit doubled"),
        ("5.567M", "5.576M", "two neighbouring digits swapped"),
    ],
)
def test_slips_of_the_pen(claim: str, source: str, slip: str) -> None:
    assert misprint(claim, source) == f"the source prints {source}: {slip}"


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("2674K", "2664K"),  # another digit
        ("25664K", "2664K"),  # one more, and not its neighbour's double
        ("4", "80"),  # too short to tell
        ("12", "21"),
        ("6.575M", "5.576M"),  # two digits, but not neighbours
    ],
)
def test_what_is_no_slip(claim: str, source: str) -> None:
    assert misprint(claim, source) == ""


def test_a_factor_comes_before_a_slip() -> None:
    found = judge(claimed("278.8K"), Estimate(2_788_000, 2_787_500, 2_788_500), "278.8K", ["2788K"])
    assert found.verdict == WRONG_UNIT


def test_a_slip_comes_before_inconsistent() -> None:
    found = judge(claimed("648", "GPUs"), Estimate(512, 512, 512), "648", ["64*8"])
    assert found.verdict == TRANSCRIPTION
    assert found.deviation == 648 / 512 - 1
    assert judge(claimed("648", "GPUs"), Estimate(512, 512, 512), "648").verdict == INCONSISTENT


def test_without_a_number_nothing_is_computed() -> None:
    assert judge(claimed("648"), None).verdict == NOT_COMPUTABLE


def test_scope() -> None:
    assert scope_verdict({"a", "b"}, {"b", "a"}) == SCOPE_HOLDS
    assert scope_verdict({"a"}, {"a", "b"}) == WRONG_SCOPE
    assert scope_verdict({"a", "b"}, {"a"}) == WRONG_SCOPE


@pytest.mark.parametrize("numeric", COMPUTED)
def test_scope_counts_only_where_the_figure_holds(numeric: str) -> None:
    expected = WRONG_SCOPE if numeric in (EXACT, CONSISTENT, BY_QUALIFIER) else numeric
    assert final(numeric, WRONG_SCOPE) == expected
    assert final(numeric, SCOPE_HOLDS) == final(numeric, None) == numeric


spans = st.tuples(st.floats(1, 1e9), st.floats(1, 1e9)).map(sorted)


@given(spans, spans)
def test_to_meet_is_mutual(one: list[float], other: list[float]) -> None:
    assert meet(*one, *other) == meet(*other, *one)
    assert meet(*one, one[1], one[1] * 2)


@given(st.floats(1, 1e9), st.floats(0, 0.5))
def test_a_true_figure_is_never_refuted(value: float, width: float) -> None:
    """A claim printed to four digits holds wherever the estimate holds its true value."""
    text = f"{value / 1e6:.3f} million"
    if not value / 1e6 >= 0.001:
        return
    found = judge(claimed(text), Estimate(value, value * (1 - width), value * (1 + width)), text)
    assert found.verdict in (EXACT, CONSISTENT, TOO_COARSE)
