"""The pricing function against a sum, hour by hour, in plain Python."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from statistics import median

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from traincost.pricing import DAY_S, market_series, price_windows, quotes_used

HOUR_S = 3600
FIRST = date(2024, 1, 1)
FIRST_S = 19_723 * DAY_S  # 19,723 days from 1970-01-01 to 2024-01-01
KEY = ("book_id", "quote_gpu")
SPAN_DAYS = 40

QUOTE = {
    "book_id": pl.String,
    "gpu": pl.String,
    "vendor": pl.String,
    "region": pl.String,
    "commitment": pl.String,
    "quote_id": pl.String,
    "quote_date": pl.Date,
    "usd_per_gpu_hour": pl.Float64,
}
WINDOW = {
    "id": pl.String,
    "book_id": pl.String,
    "quote_gpu": pl.String,
    "start_s": pl.Int64,
    "end_s": pl.Int64,
}


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def quote(
    number: int | None,
    usd: str,
    vendor: str = "v",
    *,
    region: str | None = None,
    gpu: str = "g",
    book: str = "b",
) -> dict:
    """A quote of the day with that number; None: without a date."""
    name = f"{book}-{gpu}-{vendor}-{region}-{number}"
    return {
        "book_id": book,
        "gpu": gpu,
        "vendor": vendor,
        "region": region,
        "commitment": "on-demand",
        "quote_id": name,
        "quote_date": None if number is None else day(number),
        "usd_per_gpu_hour": float(usd),
        "usd": Fraction(usd),
    }


def series_of(quotes: list[dict], max_age_days: int = 180) -> pl.DataFrame:
    rows = [{name: row[name] for name in QUOTE} for row in quotes]
    return market_series(pl.DataFrame(rows, schema=QUOTE), max_age_days)


def windows_of(*spans: tuple[int, int], gpu: str = "g", book: str = "b") -> pl.DataFrame:
    """Windows from and to seconds after the first day."""
    rows = [
        (f"w{place}", book, gpu, FIRST_S + start, FIRST_S + end)
        for place, (start, end) in enumerate(spans)
    ]
    return pl.DataFrame(rows, schema=WINDOW, orient="row")


def priced(quotes: list[dict], *spans: tuple[int, int], max_age_days: int = 180) -> list[dict]:
    series = series_of(quotes, max_age_days)
    return price_windows(windows_of(*spans), series, KEY).to_dicts()


def in_force(quotes: list[dict], moment_s: int, max_age_days: int) -> list[dict]:
    """The latest quote of every vendor and region that is not too old, looked up one by one."""
    today = day((moment_s - FIRST_S) // DAY_S)
    latest: dict[tuple, dict] = {}
    for row in sorted(quotes, key=lambda row: row["quote_date"]):
        if row["quote_date"] <= today:
            latest[row["vendor"], row["region"]] = row
    return [row for row in latest.values() if (today - row["quote_date"]).days < max_age_days]


def naive(quotes: list[dict], start_s: int, end_s: int, max_age_days: int) -> dict:
    """Mean price, its bounds and the unpriced seconds: one hour after the other."""
    sums = [Fraction(0)] * 3
    unpriced, used = 0, {}
    moment = start_s
    while moment < end_s:
        until = min(end_s, (moment // HOUR_S + 1) * HOUR_S)
        rows = in_force(quotes, moment, max_age_days)
        prices = [row["usd"] for row in rows]
        if prices:
            for place, value in enumerate((median(prices), min(prices), max(prices))):
                sums[place] += value * (until - moment)
            used |= {row["quote_id"]: until for row in rows}
        else:
            unpriced += until - moment
        moment = until
    means = [None if unpriced else total / (end_s - start_s) for total in sums]
    return {"means": means, "unpriced_s": unpriced, "used": used}


prices = st.decimals("0.000001", "25", places=6).map(str)
quotes_lists = st.lists(
    st.builds(
        quote,
        st.integers(0, SPAN_DAYS),
        prices,
        st.sampled_from("xyz"),
        region=st.sampled_from([None, "east"]),
        gpu=st.sampled_from("gh"),
    ),
    min_size=1,
    max_size=10,
    unique_by=lambda row: row["quote_id"],
)
hours = st.integers(-3 * 24, (SPAN_DAYS + 10) * 24).map(lambda hour: hour * HOUR_S)
seconds = st.integers(-3 * DAY_S, (SPAN_DAYS + 10) * DAY_S)
spans = st.tuples(
    hours | seconds, st.integers(1, 12 * DAY_S) | st.integers(1, 288).map(HOUR_S.__mul__)
)


@given(quotes_lists, st.lists(spans, min_size=1, max_size=4), st.integers(1, 50))
def test_the_integral_is_the_sum_over_the_hours(quotes, drawn, max_age_days) -> None:
    windows = windows_of(*((start, start + length) for start, length in drawn))
    series = series_of(quotes, max_age_days)
    found = price_windows(windows, series, KEY)
    used = quotes_used(windows, series, KEY)
    own = [row for row in quotes if row["gpu"] == "g"]
    assert found["id"].to_list() == windows["id"].to_list()
    for row in found.iter_rows(named=True):
        wanted = naive(own, row["start_s"], row["end_s"], max_age_days)
        assert row["unpriced_s"] == wanted["unpriced_s"]
        for bound, exact in zip(("", "_low", "_high"), wanted["means"], strict=True):
            value = row[f"usd_per_gpu_hour{bound}"]
            # exact to the last bit: whole numbers until the one division
            assert value == (None if exact is None else float(exact))
        mine = used.filter(pl.col("id") == row["id"])
        assert dict(mine.select("quote_id", "used_until_s").iter_rows()) == wanted["used"]


@given(quotes_lists, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(quotes, random) -> None:
    shuffled = random.sample(quotes, len(quotes))
    assert series_of(shuffled).equals(series_of(quotes))


@given(quotes_lists)
def test_spans_of_a_series_never_overlap(quotes) -> None:
    for _, rows in series_of(quotes).group_by(KEY):
        ordered = rows.sort("span_start_s")
        assert (ordered["span_start_s"] < ordered["span_end_s"]).all()
        later = ordered["span_start_s"].slice(1)
        assert (later >= ordered["span_end_s"].head(len(later))).all()


def test_a_change_of_price_counts_from_its_own_second() -> None:
    # 12 hours at 2 dollars and 6 at 5: 3 dollars on average
    (window,) = priced([quote(0, "2"), quote(1, "5")], (DAY_S // 2, DAY_S + DAY_S // 4))
    assert window["usd_per_gpu_hour"] == 3


def test_the_same_vendors_next_quote_ends_the_earlier_one() -> None:
    low, high = priced([quote(0, "2"), quote(3, "4")], (0, DAY_S), (3 * DAY_S, 4 * DAY_S))
    assert (low["usd_per_gpu_hour"], high["usd_per_gpu_hour"]) == (2, 4)
    assert high["usd_per_gpu_hour_low"] == 4


def test_another_region_of_the_vendor_is_a_series_of_its_own() -> None:
    quotes = [quote(0, "2", region="east"), quote(3, "4", region="west")]
    (window,) = priced(quotes, (3 * DAY_S, 4 * DAY_S))
    assert window["usd_per_gpu_hour"] == 3
    assert (window["usd_per_gpu_hour_low"], window["usd_per_gpu_hour_high"]) == (2, 4)


def test_several_vendors_give_their_median_and_the_cheapest_and_dearest_as_bounds() -> None:
    quotes = [quote(0, "2", "a"), quote(0, "3", "b"), quote(0, "10", "c")]
    (window,) = priced(quotes, (0, DAY_S))
    names = ("usd_per_gpu_hour", "usd_per_gpu_hour_low", "usd_per_gpu_hour_high")
    assert [window[name] for name in names] == [3, 2, 10]
    (even,) = priced(quotes[1:], (0, DAY_S))
    assert even["usd_per_gpu_hour"] == 6.5


def test_a_quote_lapses_after_its_days_to_the_second() -> None:
    until = 10 * DAY_S
    whole, late = priced([quote(0, "2")], (0, until), (0, until + 1), max_age_days=10)
    assert (whole["usd_per_gpu_hour"], whole["unpriced_s"]) == (2, 0)
    assert (late["usd_per_gpu_hour"], late["unpriced_s"]) == (None, 1)


def test_a_gap_leaves_no_price_and_no_bound() -> None:
    quotes = [quote(0, "2"), quote(20, "2")]
    (window,) = priced(quotes, (0, 21 * DAY_S), max_age_days=10)
    assert window["unpriced_s"] == 10 * DAY_S
    assert window["usd_per_gpu_hour"] is None
    assert window["usd_per_gpu_hour_low"] is window["usd_per_gpu_hour_high"] is None


def test_a_quote_from_after_the_window_never_prices_it() -> None:
    (window,) = priced([quote(5, "2")], (0, 5 * DAY_S))
    assert (window["usd_per_gpu_hour"], window["unpriced_s"]) == (None, 5 * DAY_S)
    assert quotes_used(windows_of((0, 5 * DAY_S)), series_of([quote(5, "2")]), KEY).is_empty()


def test_another_accelerator_or_book_gives_no_price() -> None:
    quotes = [quote(0, "2", gpu="other"), quote(0, "2", book="other")]
    (window,) = priced(quotes, (0, DAY_S))
    assert window["usd_per_gpu_hour"] is None


@pytest.mark.parametrize("usd", ["0.000001", "2", "25"])
def test_an_undated_quote_is_in_force_in_any_year(usd: str) -> None:
    century = 100 * 365 * DAY_S
    for window in priced([quote(None, usd)], (-century, -century + 1), (-century, century)):
        assert (window["usd_per_gpu_hour"], window["unpriced_s"]) == (float(usd), 0)


def test_a_long_history_loses_no_digit() -> None:
    # a price for each day of 55 years, each a millionth dearer than the day before
    days = 20_000
    quotes = [quote(number, f"{1 + number / 1e6:.6f}") for number in range(days)]
    first, last, whole = priced(
        quotes, (0, DAY_S), ((days - 1) * DAY_S, days * DAY_S), (0, days * DAY_S)
    )
    assert first["usd_per_gpu_hour"] == 1
    assert last["usd_per_gpu_hour"] == 1.019999
    assert whole["usd_per_gpu_hour"] == 1.0099995
