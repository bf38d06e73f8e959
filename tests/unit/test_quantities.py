"""Formulas in data files: what they may read, and their values under every book."""

from __future__ import annotations

import math

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from traincost import formulas, pairs
from traincost.columns import bounded
from traincost.errors import UserError
from traincost.pipeline import validated
from traincost.quantities import quantities
from traincost.verdicts import Estimate
from unit.test_claims import BASELINE, BOOKS, base, raw


def quantities_of(*rows: dict[str, str]) -> pl.DataFrame:
    tables, config = raw()
    blank = {"label": "A quantity", "unit": "1", "note": ""}
    tables["quantities"] = pl.DataFrame(
        [
            {"file": "data/quantities.csv", "line": line} | blank | row
            for line, row in enumerate(rows, start=2)
        ]
    )
    checked = validated(tables, config)
    return quantities(base() | {"validated.quantities": checked["validated.quantities"]})


def test_the_same_numbers_by_hand() -> None:
    found = {
        row["quantity_id"]: row
        for row in base()["estimates.quantities"].to_dicts()
        if row["book_id"] in (None, BASELINE)
    }
    by_hand = {
        "v3-cluster-days": 2_788_000 / 2_048 / 24,
        "v3-pre-training-days": 2_664_000 / 2_048 / 24,
        "v3-rate-gpus": 180_000 / (3.7 * 24),
        "r1-zero-rl-hours": 101_000 / 512,
        "llama-3.1-405b-to-v3": 30.84 / 2.788,
        "llama-4-maverick-to-v3": 2.38 / 2.788,
        "v3-r1-to-llama-4-maverick": 2.935 / 2.38,
        "v3-active-share": 37 / 671,
        "v3-base-r1-cost": (2_664_000 + 119_000 + 147_000) * 2,
        "h3c-h800-usd-per-gpu": 262_500 / ((7.0881 + 7.2957) / 2),
        "h100-node-rent-year": 75_000 * 12,
        "openai-rnd-to-final": 10,
    }
    for quantity_id, value in by_hand.items():
        assert found[quantity_id]["value"] == pytest.approx(value, rel=1e-12), quantity_id
    share = found["r1-to-pre-training"]
    # 294,000 give or take 3,000 over 5,328,000 give or take 1,000
    assert share["value_low"] == pytest.approx(291_000 / 5_329_000)
    assert share["value_high"] == pytest.approx(297_000 / 5_327_000)


def test_a_row_per_book_only_where_a_price_is_read() -> None:
    rows = base()["estimates.quantities"]
    assert rows.filter(quantity_id="v3-cluster-days")["book_id"].to_list() == [None]
    assert rows.filter(quantity_id="v3-base-r1-cost")["book_id"].to_list() == sorted(BOOKS)


def test_a_missing_input_gives_no_value_and_is_no_input() -> None:
    inputs = "other=llama-3.1-405b.total.cost_usd v3=v3.total.cost_usd"
    found = quantities_of(
        {"quantity_id": "ratio", "formula": "other / v3", "inputs": inputs}
    ).to_dicts()
    unpriced = next(row for row in found if row["book_id"] == "h800-quotes")
    assert unpriced["value"] is None
    assert unpriced["input_ids"] == ["v3.total.cost_usd@h800-quotes"]


def test_a_quantity_may_read_those_above_it() -> None:
    first = {"quantity_id": "a", "formula": "h / 2", "inputs": "h=v3.total.gpu_hours"}
    second = {"quantity_id": "b", "formula": "a / 2", "inputs": "a=a.value"}
    found = quantities_of(first, second).filter(quantity_id="b")
    assert found["value"].to_list() == [697_000]
    with pytest.raises(UserError, match=r"line 2, column inputs: found 'a=a\.value'; must"):
        quantities_of(second, first)


def test_division_by_nothing_is_refused() -> None:
    row = {"quantity_id": "a", "formula": "h / (h - h)", "inputs": "h=v3.total.gpu_hours"}
    with pytest.raises(UserError, match="gives no number: a divisor must not be zero"):
        quantities_of(row)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("hours", "must be name=number"),
        ("=v3.total.gpu_hours", "must be name=number"),
        ("h=", "must be name=number"),
        ("2h=v3.total.gpu_hours", "must be name=number"),
        ("h=a.b h=c.d", "the name 'h' must stand once"),
    ],
)
def test_inputs_that_are_no_pairs_are_refused(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        pairs.pairs(text)


SPAN = Estimate(10.0, 9.0, 12.0)
OPEN = Estimate(10.0, 9.0, math.inf)


@pytest.mark.parametrize(
    ("formula", "x", "value", "low", "high"),
    [
        ("x + 1", SPAN, 11, 10, 13),
        ("1 - x", SPAN, -9, -11, -8),
        ("x * (x - x - 2)", SPAN, -20, -60, 12),
        ("100 / x", SPAN, 10, 100 / 12, 100 / 9),
        ("100 / x", OPEN, 10, 0, 100 / 9),
        ("x - x", SPAN, 0, -3, 3),
        ("power(x, 2)", SPAN, 100, 81, 144),
        ("least(x, 11)", SPAN, 10, 9, 11),
        ("greatest(x, 11)", SPAN, 11, 11, 12),
        ("coalesce(x, 11)", SPAN, 10, 9, 12),
        ("ln(x)", SPAN, math.log(10), math.log(9), math.log(12)),
        ("ln(x - 9)", SPAN, 0, -math.inf, math.log(3)),
        ("x * 1.5", OPEN, 15, 13.5, math.inf),
    ],
)
def test_bounds_follow_the_formula(
    formula: str, x: Estimate, value: float, low: float, high: float
) -> None:
    found = pairs.evaluate(formula, {"x": x})
    assert (found.value, found.low, found.high) == pytest.approx((value, low, high))


@pytest.mark.parametrize(
    "formula", ["x / 0", "(x - x) / (x - x) + x", "x / (x - 10)", "ln(x - 10)"]
)
def test_what_has_no_value_is_none(formula: str) -> None:
    assert pairs.evaluate(formula, {"x": SPAN}) is None


spans = st.tuples(st.floats(0.1, 1e6), st.floats(0.1, 1e6), st.floats(0.1, 1e6)).map(sorted)


@given(spans, spans)
def test_the_same_bounds_as_for_columns(x: list[float], y: list[float]) -> None:
    """One text, one meaning: as polars and the intervals of columns have it."""
    formula = "(x - y) / (x + y) * power(x, 2) + greatest(x, y / 3) * least(ln(x + 1), y)"
    inputs = {
        name: Estimate(mid, low, high) for name, (low, mid, high) in zip("xy", (x, y), strict=True)
    }
    columns = {
        part: [end]
        for name, each in inputs.items()
        for part, end in zip(bounded(name), (each.value, each.low, each.high), strict=True)
    }
    low, high = formulas.bounds(formula, lambda _: True)
    frame = pl.DataFrame(columns).select(value=formulas.central(formula), low=low, high=high)
    found = pairs.evaluate(formula, inputs)
    assert frame.row(0) == pytest.approx((found.value, found.low, found.high), rel=1e-12)
