"""Formulas in data files: what they may read, and their values under every book."""

from __future__ import annotations

import polars as pl
import pytest

from traincost import pairs
from traincost.errors import UserError
from traincost.pipeline import validated
from traincost.quantities import quantities

from .test_claims import BASELINE, BOOKS, base, raw


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
        ("h_low=a.b", "not end in _low or _high"),
    ],
)
def test_inputs_that_are_no_pairs_are_refused(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        pairs.pairs(text)


def test_bounds_follow_the_formula() -> None:
    inputs = pl.DataFrame({"x": [10.0], "x_low": [9.0], "x_high": [float("inf")]})
    found = pairs.evaluate("100 / x", inputs).row(0, named=True)
    assert found == {"value": 10.0, "low": 0.0, "high": pytest.approx(100 / 9)}
