"""DeepSeek's inference day, worked out by hand."""

from __future__ import annotations

import pytest

from unit.tables.worlds import CHEAP, DATED, FLAT, NOTHING
from unit.world import Tables, book, layers, quotes_csv, standard, text_of

DAY = "deepseek-2025-02-28"


def day(tables: Tables) -> dict:
    return tables["estimates.serving_days"].filter(service_id=DAY).row(0, named=True)


def under(tables: Tables, book_id: str) -> dict:
    rows = tables["estimates.serving"].filter(service_id=DAY, book_id=book_id)
    priced = tables["priced.serving"].filter(service_id=DAY, book_id=book_id)
    return priced.row(0, named=True) | rows.row(0, named=True)


def test_the_day_costs_87072_dollars_at_two_dollars() -> None:
    row = day(standard())
    # 226.75 nodes x 8 x 24 x 2
    assert row["stated_cost_usd"] == 87_072
    assert (row["stated_cost_usd_low"], row["stated_cost_usd_high"]) == (87_070.08, 87_073.92)
    assert row["cost_outcome"] == "agrees"


def test_tokens_and_list_prices_give_the_theoretical_revenue() -> None:
    row = day(standard())
    # millions: 342 at 0.14, 266 at 0.55, 168 at 2.19, in thousand dollars
    assert row["input_revenue_usd"] == pytest.approx(342e3 * 0.14 + 266e3 * 0.55)
    assert row["output_revenue_usd"] == pytest.approx(168e3 * 2.19)
    assert row["revenue_usd"] == pytest.approx(562_100)
    # half a billion tokens each way: 0.5 x 0.55, 0.5 x 0.41 and 0.5 x 2.19 thousand
    assert row["revenue_usd_high"] - row["revenue_usd"] == pytest.approx(275 + 205 + 1095)
    assert (
        row["revenue_outcome"] == row["margin_outcome"] == row["cached_share_outcome"] == "agrees"
    )
    assert row["margin"] == pytest.approx(562_100 / 87_072 - 1)
    assert row["cached_share"] == pytest.approx(342 / 608)


def test_the_printed_speeds_account_for_the_nodes_of_the_day() -> None:
    row = day(standard())
    # 608 billion at 73.7K a second, 168 billion at 14.8K: 2,292 and 3,153 of 5,442 node-hours
    assert row["input_node_hours"] == pytest.approx(608e9 / 73.7e3 / 3600)
    assert row["output_node_hours"] == pytest.approx(168e9 / 14.8e3 / 3600)
    assert row["node_hours"] == 226.75 * 24
    assert row["node_hours_outcome"] == "agrees"
    assert row["output_share_by_time"] == pytest.approx(3153.15 / 5444.73, abs=1e-5)
    assert row["output_share_by_price"] == pytest.approx(367_920 / 562_100)


def test_a_printed_cost_that_the_nodes_do_not_give_is_a_conflict() -> None:
    text = text_of("data/serving_days.csv").replace('"87,072"', '"97,072"')
    assert day(layers({"serving_days": text}))["cost_outcome"] == "conflicts"


def test_what_is_not_printed_is_not_compared() -> None:
    text = text_of("data/serving_days.csv").replace('"87,072"', "")
    assert day(layers({"serving_days": text}))["cost_outcome"] == "not comparable"


def test_days_that_equal_the_bills() -> None:
    row = under(standard(), "deepseek-2usd")
    assert row["days_to_r1"] == pytest.approx(294_000 / 87_072)
    assert row["days_to_both"] == pytest.approx(5_870_000 / 87_072)
    assert row["revenue_to_cost"] == pytest.approx(562_100 / 87_072)


def test_a_flat_price_moves_cost_and_leaves_days_alone() -> None:
    tables = layers(books={"a": FLAT, "b": CHEAP}, baseline="a")
    two, one = under(tables, "a"), under(tables, "b")
    assert one["day_cost_usd"] == pytest.approx(two["day_cost_usd"] / 2)
    assert one["days_to_r1"] == pytest.approx(two["days_to_r1"])
    assert one["usd_per_million_output_all"] == pytest.approx(two["usd_per_million_output_all"] / 2)


def test_a_million_tokens_written_under_three_ways_to_divide_the_day() -> None:
    row = under(standard(), "deepseek-2usd")
    # 87,072 dollars over 168,000 million tokens; then 57.9% and 65.5% of it
    assert row["usd_per_million_output_all"] == pytest.approx(0.51829, abs=1e-5)
    # also 16 dollars a node-hour over 14,800 tokens a second
    assert row["usd_per_million_output_by_time"] == pytest.approx(
        16 / 14.8e3 / 3600 * 1e6, rel=1e-3
    )
    assert row["usd_per_million_output_by_price"] == pytest.approx(0.33924, abs=1e-5)


def test_the_price_is_that_of_the_day_and_not_of_the_training() -> None:
    quotes = quotes_csv(
        {"quote_date": "2024-10-01", "usd_per_gpu_hour": "3"},
        # from midnight: 4 of the 24 hours that end at 04:00 UTC
        {"quote_date": "2025-02-28", "usd_per_gpu_hour": "1.5"},
    )
    tables = layers(books={"a": FLAT, "b": book("Falling", quotes)}, baseline="a")
    row = under(tables, "b")
    assert row["usd_per_gpu_hour"] == pytest.approx((20 * 3 + 4 * 1.5) / 24)
    assert row["days_to_r1"] == pytest.approx(441_000 / (43_536 * 2.75))


def test_a_day_without_a_quote_in_force_says_why() -> None:
    # the quote of August 2024 lapsed on February 20th
    row = under(standard(), "h800-quotes")
    assert row["day_cost_usd"] is row["days_to_r1"] is None
    assert row["unpriced_because"] == "no quote for H800 SXM 80GB in force on 1.0 of 1.0 days"
    nothing = under(layers(books={"a": FLAT, "b": NOTHING}, baseline="a"), "b")
    assert nothing["unpriced_because"] == "no quote for H800 SXM 80GB and no stand-in configured"


def test_quotes_that_price_only_the_day_are_used() -> None:
    quotes = quotes_csv({"quote_date": "2025-02-27", "usd_per_gpu_hour": "3"})
    tables = layers(books={"a": FLAT, "b": book("Late", quotes)}, baseline="a")
    used = tables["priced.book_use"].filter(book_id="b").row(0, named=True)
    assert (used["quote_count"], used["used_count"], used["unused_count"]) == (1, 1, 0)


def test_days_to_a_bill_that_is_not_priced_are_not_told() -> None:
    row = under(layers(books={"a": FLAT, "b": DATED}, baseline="a"), "b")
    assert row["days_to_r1"] is not None
    late = book("Late", quotes_csv({"quote_date": "2025-02-01"}))
    row = under(layers(books={"a": FLAT, "b": late}, baseline="a"), "b")
    assert row["day_cost_usd"] is not None and row["days_to_r1"] is None
