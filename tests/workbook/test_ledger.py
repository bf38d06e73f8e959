"""Which cell a reader may change, and which numbers follow it."""

from __future__ import annotations

from typing import Any

import polars as pl

from traincost.declarations import AUDIT
from traincost.workbook.ledger import FIGURE, FIXED, INPUT, LIVE, ledger
from traincost.workbook.names import cell_names

BLANK: dict[str, Any] = {
    "unit": "USD/GPU-h",
    "kind": "reported",
    "layer": "validated",
    "table": "quotes",
    "column": "usd_per_gpu_hour",
    "input_names": [],
    "input_ids": [],
    "considered_ids": [],
}


def number(number_id: str, value: float, **more: Any) -> dict[str, Any]:
    return BLANK | {"number_id": number_id, "base_id": number_id, "value": value} | more


def chosen(number_id: str, value: float, *read: str, **more: Any) -> dict[str, Any]:
    names = ["usd_per_gpu_hour"] * len(read)
    made = {"selection": "the median", "input_ids": list(read), "input_names": names}
    return number(number_id, value, layer="priced", table="stages", **made | more)


def derived(number_id: str, value: float, formula: str, **read: str) -> dict[str, Any]:
    made = {"formula": formula, "input_names": list(read), "input_ids": list(read.values())}
    return number(number_id, value, layer="priced", table="stages", unit="USD", **made)


def entries(*rows: dict[str, Any]):
    frame = pl.DataFrame(list(rows), schema=AUDIT["numbers"].schema())
    return ledger(frame, frame["number_id"])


def test_a_price_that_formulas_follow_is_yellow() -> None:
    found = entries(
        number("quote.price", 2),
        chosen("stage.price", 2, "quote.price"),
        derived("stage.cost", 20, "price * 10", price="stage.price"),
    )
    assert [entry.how for entry in found.values()] == [INPUT, LIVE, LIVE]
    assert found["stage.price"].formulas == {"value": "quote_price"}
    assert found["stage.cost"].formulas == {"value": "stage_price*10"}


def test_a_price_that_a_median_has_read_is_not_since_the_median_would_stay() -> None:
    found = entries(
        number("a.price", 2),
        number("b.price", 4),
        chosen("one.price", 2, "a.price"),
        chosen("two.price", 3, "a.price", "b.price"),
    )
    assert {key: entry.how for key, entry in found.items()} == {
        "a.price": FIGURE,
        "b.price": FIGURE,
        "one.price": LIVE,
        "two.price": FIXED,
    }


def test_what_no_formula_reads_is_no_input() -> None:
    assert entries(number("quote.price", 2))["quote.price"].how == FIGURE


def test_a_reported_figure_is_no_input_and_an_assumed_one_is() -> None:
    for kind, how in (("reported", FIGURE), ("assumed", INPUT)):
        found = entries(
            number("x.share", 0.5, kind=kind, table="assumptions", unit="1"),
            derived("x.cost", 5, "share * 10", share="x.share"),
        )
        assert found["x.share"].how == how


def test_a_count_of_prices_is_a_constant_that_says_so_and_leaves_the_price_yellow() -> None:
    found = entries(
        number("quote.price", 1),
        chosen("stage.price", 1, "quote.price"),
        chosen("stage.quotes", 1, "quote.price", unit="quotes"),
    )
    assert found["quote.price"].how == INPUT
    assert found["stage.quotes"].how == FIXED
    assert found["stage.quotes"].is_left_behind and not found["stage.price"].is_left_behind


def test_a_formula_that_does_not_give_the_number_is_not_written() -> None:
    """The number of the pipeline stands, and says that it does not follow."""
    found = entries(
        number("quote.price", 2),
        derived("right.cost", 20, "price * 10", price="quote.price"),
        derived("wrong.cost", 21, "price * 10", price="quote.price"),
    )
    assert found["wrong.cost"].how == FIXED and found["wrong.cost"].is_left_behind


def test_an_interval_that_does_not_follow_is_marked_beside_a_value_that_does() -> None:
    found = entries(
        number("quote.price", 2),
        derived("x.cost", 20, "price * 10", price="quote.price") | {"low": 15.0, "high": 25.0},
    )
    assert found["x.cost"].formulas == {"value": "quote_price*10"}
    assert found["x.cost"].how == LIVE and found["x.cost"].is_left_behind


def test_names_that_would_clash_are_numbered() -> None:
    names = cell_names(["a-b.c", "a.b-c", "A_b_c_low"])
    assert names["a-b.c", "value"] == "a_b_c"
    assert names["a.b-c", "value"] == "a_b_c_2"
    assert names["A_b_c_low", "value"] == "A_b_c_low_2"
    assert len({name.lower() for name in names.values()}) == 9


def test_names_never_look_like_addresses_and_are_never_too_long() -> None:
    names = cell_names(["1st.x", "abc1", "x" * 300, "x" * 301])
    assert names["1st.x", "value"] == "n_1st_x"
    assert names["abc1", "value"] == "abc1_"
    long = {names["x" * 300, "value"], names["x" * 301, "value"]}
    assert len(long) == 2 and max(map(len, long)) < 250
