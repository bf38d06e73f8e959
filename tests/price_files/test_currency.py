"""Prices in other currencies come in by a dated rate, which is a column of the quote."""

from __future__ import annotations

from datetime import date

import pytest

from price_files.files import GOOD, IN_CURRENCY, csv_of, own, quotes

YUAN = {"usd_per_gpu_hour": "", "price_per_gpu_hour": "20", "currency": "CNY"}

# day of the quote, the rate of data/exchange_rates.csv that holds then, yuan per dollar
RATES = [
    ("2024-07-24", "cny-2024-07-24", 7.1358),
    ("2024-08-24", "cny-2024-07-24", 7.1358),
    ("2024-10-01", "cny-2024-10", 7.0881),
    ("2024-10-31", "cny-2024-10", 7.0881),
    ("2024-12-15", "cny-2024-12", 7.2807),
    ("2025-03-04", "cny-2025-02", 7.2734),
]


@pytest.mark.parametrize(("day", "rate_id", "yuan"), RATES)
def test_the_rate_is_the_last_one_on_the_day_of_the_quote(
    day: str, rate_id: str, yuan: float
) -> None:
    (quote,) = quotes(own(YUAN | {"quote_date": day})).rows(named=True)
    assert quote["rate_id"] == rate_id
    assert quote["usd_per_currency_unit"] == pytest.approx(1 / yuan, rel=1e-15)
    assert quote["usd_per_gpu_hour"] == pytest.approx(20 / yuan, rel=1e-15)
    assert (quote["price_per_gpu_hour"], quote["currency"]) == (20, "CNY")
    assert quote["quote_date"] == date.fromisoformat(day)


@pytest.mark.parametrize("day", ["2024-08-25", "2025-03-05", "2024-07-23"])
def test_a_rate_holds_for_a_month_and_never_backwards(day: str) -> None:
    with pytest.raises(Exception, match="has no rate for " + day):
        quotes(own(YUAN | {"quote_date": day}))


def test_dollars_are_dollars() -> None:
    in_dollars = {"usd_per_gpu_hour": "", "price_per_gpu_hour": "2.75", "currency": "USD"}
    found = quotes(own({}, {"vendor": "B"} | in_dollars, {"vendor": "C", "currency": "USD"}))
    assert found["usd_per_gpu_hour"].to_list() == [2.75] * 3
    assert found["usd_per_gpu_hour_given"].to_list() == [2.75, None, 2.75]
    assert found["price_per_gpu_hour"].to_list() == [None, 2.75, None]
    assert found["rate_id"].to_list() == [None, "usd", None]
    assert found["usd_per_currency_unit"].to_list() == [None, 1.0, None]


def test_rows_keep_their_order_whatever_their_dates_and_currencies() -> None:
    late_first = [YUAN | {"quote_date": day} for day, *_ in reversed(RATES)]
    found = quotes(own(*late_first, {}))
    assert found["rate_id"].to_list() == [*(rate for _, rate, _ in reversed(RATES)), None]
    assert found["line"].to_list() == [2, 3, 4, 5, 6, 7, 8]


def test_the_dollar_column_may_be_absent() -> None:
    columns = [name for name in IN_CURRENCY if name != "usd_per_gpu_hour"]
    text = csv_of([GOOD | {"price_per_gpu_hour": "20", "currency": "CNY"}], columns)
    text = text.replace("2024-09-01", "2024-10-15")
    assert quotes(text)["usd_per_gpu_hour"].item() == pytest.approx(20 / 7.0881)
