"""Stages joined to price books."""

from __future__ import annotations

from fractions import Fraction

import polars as pl
import pytest

from traincost.errors import UserError
from unit.world import book, configured_books, price, quotes_csv, standard, text_of, validate

H800, H100, ANY_H100 = "H800 SXM 80GB", "H100 SXM 80GB", "H100 (form factor not stated)"
# before V3's window, which begins on 2024-10-30; R1's is 2025-01-08 to 2025-01-20
BEFORE = "2024-10-01"


def stages(*quotes: dict, max_age_days: int = 180, **entry) -> dict[str, dict]:
    """Every stage under one book of these quotes, by id."""
    tables = validate(books={"mine": book("Mine", quotes_csv(*quotes), **entry)})
    rows = price(tables, max_age_days)["stages"].iter_rows(named=True)
    return {row["stage_id"]: row for row in rows}


def test_every_stage_has_one_row_per_book_and_a_price_or_a_reason() -> None:
    layers = standard()
    rows = layers["priced.stages"]
    assert len(rows) == len(layers["validated.stages"]) * len(layers["validated.books"])
    has_price, has_reason = pl.col("cost_usd").is_not_null(), pl.col("unpriced_because")
    assert rows.filter(has_price == has_reason.is_not_null()).is_empty()
    assert rows.filter(~has_price & pl.col("usd_per_gpu_hour_low").is_not_null()).is_empty()
    assert rows.filter(has_price & (pl.col("quote_ids").list.len() == 0)).is_empty()


def test_the_cost_is_the_hours_times_the_mean_price_of_the_window() -> None:
    # R1's last stage ends on January 20th and lasts 41,000 / 512 = 80.078125 hours
    row = stages(
        {"quote_date": "2024-12-01", "usd_per_gpu_hour": "3"},
        {"quote_date": "2025-01-19", "usd_per_gpu_hour": "2"},
    )["r1.training"]
    hours = Fraction(41_000, 512)
    # whole seconds, as windows are
    length = round(hours * 3600)
    mean = Fraction(3 * (length - 86_400) + 2 * 86_400, length)
    assert row["usd_per_gpu_hour"] == float(mean)
    assert row["cost_usd"] == pytest.approx(float(41_000 * mean), rel=1e-15)
    assert row["cost_usd_low"] == pytest.approx(float(40_500 * mean), rel=1e-15)
    assert row["cost_usd_high"] == pytest.approx(float(41_500 * mean), rel=1e-15)
    assert row["quote_ids"] == ["q1", "q2"]
    # the older quote is last used at the start of January 19th, 49 days after its own
    assert row["quote_age_days"] == 49


def test_bounds_multiply_the_printed_precision_with_the_spread_of_vendors() -> None:
    row = stages(
        {"quote_date": BEFORE, "usd_per_gpu_hour": "2", "vendor": "Cheap"},
        {"quote_date": BEFORE, "usd_per_gpu_hour": "5", "vendor": "Dear"},
    )["r1.sft-data"]
    assert row["usd_per_gpu_hour"] == 3.5
    # 5K hours are 4,500 to 5,500
    assert (row["cost_usd_low"], row["cost_usd_high"]) == (4_500 * 2, 5_500 * 5)


def test_a_flat_book_needs_no_window() -> None:
    tables = standard()
    no_window = tables["priced.stages"].filter(pl.col("window_start").is_null())
    flat = no_window.filter(book_id="deepseek-2usd")
    assert len(flat) > 5 and flat["cost_usd"].null_count() == 0
    assert flat["quote_age_days"].null_count() == len(flat)


def test_a_dated_book_cannot_price_a_stage_without_window_and_says_why() -> None:
    found = stages({"gpu": "A100 80GB (form factor not stated)", "quote_date": "2023-06-01"})
    row = found["llama-2-34b.pre-training"]
    assert row["cost_usd"] is None
    assert row["unpriced_because"] == "no window: a stage of the run prints no GPU count"


def test_a_gap_leaves_no_price_and_names_the_days() -> None:
    # V3's pre-training begins 2024-10-30 and a quote of the day lapses 30 days later
    found = stages({"quote_date": "2024-10-30"}, {"quote_date": "2024-12-20"}, max_age_days=30)
    row = found["v3.pre-training"]
    assert row["usd_per_gpu_hour"] is row["cost_usd"] is row["quote_age_days"] is None
    assert row["quote_ids"] == []
    # 2,664,000 / 2,048 hours are 54.2 days, of which 21 have no quote
    assert row["unpriced_because"] == f"no quote for {H800} in force on 21.0 of 54.2 days"


def test_a_gap_of_seconds_is_no_gap_of_zero_days() -> None:
    # 36,870 / 512 hours are three days and 42 seconds; the quote begins three days before the end
    data = text_of("data/stages.csv").replace(",41K,,", ',"36,870",1,')
    books = {"mine": book("Mine", quotes_csv({"quote_date": "2025-01-17"}))}
    rows = price(validate({"stages": data}, books))["stages"]
    row = rows.row(by_predicate=pl.col("stage_id") == "r1.training", named=True)
    assert row["unpriced_because"] == f"no quote for {H800} in force on 0.00049 of 3.0 days"


def test_a_quote_from_after_the_run_never_prices_it() -> None:
    row = stages({"quote_date": "2025-01-20"})["r1.training"]
    assert row["unpriced_because"] == f"no quote for {H800} in force on 3.3 of 3.3 days"


def test_no_quote_and_no_stand_in_is_said() -> None:
    row = stages({"gpu": H100, "quote_date": BEFORE})["r1.training"]
    assert row["unpriced_because"] == f"no quote for {H800} and no stand-in configured"
    assert not row["is_stand_in"] and row["quote_gpu"] is None


STAND_INS = [
    ({H800: H100, "*": ANY_H100}, [H800, H100, ANY_H100], H800),
    ({H800: H100, "*": ANY_H100}, [H100, ANY_H100], H100),
    ({"*": ANY_H100}, [H100, ANY_H100], ANY_H100),
]


@pytest.mark.parametrize(("stand_ins", "quoted", "used"), STAND_INS)
def test_own_quotes_come_before_a_named_stand_in_and_that_before_any(
    stand_ins, quoted, used
) -> None:
    quotes = [{"gpu": gpu, "quote_date": BEFORE} for gpu in quoted]
    row = stages(*quotes, stand_ins=stand_ins)["r1.training"]
    assert row["quote_gpu"] == used
    assert row["is_stand_in"] == (used != H800)
    assert row["quote_ids"] == [f"q{quoted.index(used) + 1}"]


def test_a_stand_in_of_its_own_that_is_not_quoted_is_not_replaced_by_the_one_for_any() -> None:
    other = {"gpu": ANY_H100, "quote_date": BEFORE}
    row = stages(other, stand_ins={H800: H100, "*": ANY_H100})["r1.training"]
    assert row["unpriced_because"] == f"no quote for {H800}, nor for its stand-in {H100}"
    row = stages(other, stand_ins={"*": H100})["r1.training"]
    assert row["unpriced_because"] == f"no quote for {H800}, nor for its stand-in {H100}"


def test_a_stand_in_does_not_fill_a_gap_in_the_own_quotes() -> None:
    row = stages(
        {"quote_date": "2025-01-19"},
        {"gpu": H100, "quote_date": BEFORE},
        stand_ins={H800: H100},
    )["r1.training"]
    assert row["cost_usd"] is None and row["quote_gpu"] == H800


def test_several_commitments_in_a_book_are_refused_until_one_is_chosen() -> None:
    quotes = [
        {"quote_date": BEFORE, "commitment": "reserved", "usd_per_gpu_hour": "1"},
        {"quote_date": BEFORE, "commitment": "on-demand", "usd_per_gpu_hour": "3"},
    ]
    with pytest.raises(UserError) as refused:
        stages(*quotes)
    assert str(refused.value) == (
        "price book mine: data/prices/Mine.csv holds quotes of several commitments (on-demand,"
        " reserved); say which with `commitment:` in the configuration"
    )
    assert stages(*quotes, commitment="reserved")["r1.training"]["usd_per_gpu_hour"] == 1


def test_the_order_of_rows_changes_nothing() -> None:
    tables = validate()
    names = ("stages", "windows", "serving_days", "quotes", "books", "stand_ins")
    shuffled = {
        name: tables[name].sample(fraction=1, shuffle=True, seed=place)
        for place, name in enumerate(names)
    }
    for name, frame in price(tables).items():
        assert price(shuffled)[name].equals(frame)


def test_a_book_is_priced_alike_whatever_other_books_there_are() -> None:
    alone = validate(books={"h800-quotes": configured_books()["h800-quotes"]})
    beside = standard()["priced.stages"].filter(book_id="h800-quotes")
    assert price(alone)["stages"].equals(beside)
