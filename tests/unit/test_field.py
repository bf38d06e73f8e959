"""Every run at one price and at its own, worked out by hand."""

from __future__ import annotations

import polars as pl
import pytest

from traincost import field
from traincost.columns import bounded
from unit.tables.worlds import CHEAP, DATED, FLAT, world
from unit.world import Tables, book, layers, quotes_csv, standard

BASELINE = "deepseek-2usd"


def models(tables: Tables, book_id: str = BASELINE) -> dict[str, dict]:
    frame = tables["estimates.models"].filter(book_id=book_id)
    return {row["scope_id"]: row for row in frame.iter_rows(named=True)}


def own(tables: Tables) -> dict[str, dict]:
    return {row["scope_id"]: row for row in tables["estimates.own_prices"].to_dicts()}


def test_every_run_and_the_two_together_have_a_row_under_every_book() -> None:
    tables = standard()
    runs = set(tables["validated.stages"]["run_id"])
    for book_id in tables["validated.books"]["book_id"]:
        assert set(models(tables, book_id)) == runs | {"v3-r1"}


def test_llama_4_scout_is_five_million_hours_at_two_dollars() -> None:
    row = models(standard())["llama-4-scout"]
    assert [row[name] for name in bounded("common_cost_usd")] == [10e6, 9.9e6, 10.1e6]
    # 5.0 million over 2,788,000, 147,000 and 2,935,000
    assert row["ratio_to_v3"] == pytest.approx(1.7934, abs=5e-5)
    assert row["ratio_to_r1"] == pytest.approx(34.0136, abs=5e-5)
    assert row["ratio_to_both"] == pytest.approx(1.7036, abs=5e-5)
    # 4.95 million over 2,938,000 at the least
    assert row["ratio_to_both_low"] == pytest.approx(4.95e6 / 2_938_000)
    assert row["weight_class"] == "within"


def test_a_reference_is_not_compared_with_itself() -> None:
    rows = models(standard())
    assert rows["v3"]["ratio_to_v3"] is None
    assert rows["r1"]["ratio_to_r1"] is None
    assert rows["v3-r1"]["ratio_to_both"] is rows["v3-r1"]["weight_class"] is None
    assert rows["v3-r1"]["ratio_to_v3"] == pytest.approx(2_935_000 / 2_788_000)


def test_the_class_is_open_where_the_interval_crosses_the_limit() -> None:
    rows = models(standard())
    # about 6 million hours, 5 to 7: twice 2,935,000 is 5.87 million
    assert rows["apertus"]["weight_class"] == "open"
    # over 3 million hours, without an upper bound
    assert rows["mt-nlg-530b"]["weight_class"] == "open"
    # 1,460,000 is just below half of it, by 1.465 million against 1.466 at the most
    assert rows["llama-3.1-8b"]["weight_class"] == "outside"
    assert rows["llama-2-70b"]["weight_class"] == "within"


def test_the_one_price_is_that_of_v3_and_r1_under_each_book() -> None:
    tables = world("dearer")
    for book_id, price in (("a", 2), ("b", 1), ("c", 9)):
        row = models(tables, book_id)["llama-3.1-405b"]
        assert row["common_usd_per_gpu_hour"] == price
        assert row["common_cost_usd"] == pytest.approx(30.84e6 * price)


def test_a_book_that_does_not_price_v3_gives_ratios_and_no_cost() -> None:
    row = models(world("unpriced"), "a")["llama-3.1-405b"]
    assert row["common_cost_usd"] is None
    assert row["ratio_to_v3"] == pytest.approx(30.84e6 / 2.788e6)


def test_a_run_is_as_certain_as_its_least_certain_stage() -> None:
    rows = models(standard())
    assert rows["r1"]["hours_basis"] == "disclosed"
    assert rows["gpt-4"]["hours_basis"] == "third-party"
    assert rows["olmo-3-32b"]["hours_basis"] == "product"


def test_v3_has_its_own_price_from_h800_quotes() -> None:
    row = own(standard())["v3"]
    assert (row["own_book_id"], row["own_usd_per_gpu_hour"]) == ("h800-quotes", 3.42)
    assert row["own_cost_usd"] == pytest.approx(2_788_000 * 3.42)
    assert not row["is_stand_in"]


def test_stand_ins_assumed_lengths_and_gaps_are_told_apart() -> None:
    rows = own(standard())
    maverick = rows["llama-4-maverick"]
    assert maverick["own_book_id"] == "h100-list"
    assert maverick["is_stand_in"] and maverick["is_length_assumed"]
    assert not rows["llama-65b"]["is_length_assumed"]
    assert rows["palm-540b"]["unpriced_because"] == (
        "no quote for TPU v4 and no stand-in configured"
    )
    # of several books the reason nearest to a price: that of the quotes that lapsed
    assert "in force on 60.0 of 60.0 days" in rows["z-image-6b"]["unpriced_because"]
    assert "no book" not in rows["z-image-6b"]["unpriced_because"]


def test_the_first_marked_book_that_prices_a_run_is_used() -> None:
    late = book("Late", quotes_csv({"quote_date": "2025-01-01"}), own_price=True)
    whole = DATED | {"own_price": True}
    first = layers(books={"a": FLAT, "late": late, "whole": whole}, baseline="a")
    # a quote of January prices R1 and not V3
    assert own(first)["r1"]["own_book_id"] == "late"
    assert own(first)["v3"]["own_book_id"] == own(first)["v3-r1"]["own_book_id"] == "whole"
    other = layers(books={"a": FLAT, "whole": whole, "late": late}, baseline="a")
    assert own(other)["r1"]["own_book_id"] == "whole"


def test_without_a_marked_book_no_run_has_its_own_price() -> None:
    rows = own(world("flat"))
    assert {row["own_cost_usd"] for row in rows.values()} == {None}
    assert {row["unpriced_because"] for row in rows.values()} == {"no book is marked own_price"}


def test_own_costs_are_compared_each_at_its_own_price() -> None:
    row = own(standard())["llama-4-maverick"]
    cost = 2.38e6 * row["own_usd_per_gpu_hour"]
    assert row["own_cost_usd"] == pytest.approx(cost)
    assert row["own_ratio_to_both"] == pytest.approx(cost / (2_935_000 * 3.42))


def test_dollars_of_others_are_compared_with_the_bill_under_each_book() -> None:
    tables = layers(books={"a": FLAT, "b": CHEAP}, baseline="a")
    rows = tables["estimates.third_party"].filter(estimate_id="gpt-4.cloud-epoch")
    ratios = dict(rows.select("book_id", "cost_ratio_to_both").iter_rows())
    # 78,562,017 over 5.87 million, and over half of that
    assert ratios["a"] == pytest.approx(13.3836, abs=5e-5)
    assert ratios["b"] == pytest.approx(2 * ratios["a"])


def test_an_estimate_with_a_floor_has_no_upper_bound() -> None:
    rows = standard()["estimates.third_party"].filter(
        estimate_id="gpt-4.statement", book_id=BASELINE
    )
    assert rows["cost_ratio_to_both_high"].item() == float("inf")
    assert rows["cost_ratio_to_both_low"].item() == pytest.approx(100 / 5.876)


def test_printed_hours_beside_gpus_times_duration() -> None:
    rows = {row["stage_id"]: row for row in standard()["estimates.hour_checks"].to_dicts()}
    # 512 times 198 hours, a whole hour each way, holds 101K; 64*8 is 512
    assert rows["r1.zero-rl"]["gpu_hours_product"] == 101_376
    assert rows["r1.zero-rl"]["outcome"] == "agrees"
    # 57,000 chips for 2,400 hours are 136.8 million, not 132
    assert rows["gemini-1.0-ultra.training"]["outcome"] == "conflicts"
    assert {row["outcome"] for row in rows.values()} == {"agrees", "conflicts"}


def test_beside_adds_bounds_where_there_are_some() -> None:
    frame = pl.DataFrame({"k": ["x", "y"]})
    theirs = pl.DataFrame({"k": ["x"], "cost": [1.0], "cost_low": [0.5], "cost_high": [2.0]})
    found = field.beside(frame, theirs, ["k"], "cost", "their")
    assert found.to_dict(as_series=False) == {
        "k": ["x", "y"],
        "their_cost": [1.0, None],
        "their_cost_low": [0.5, None],
        "their_cost_high": [2.0, None],
    }
