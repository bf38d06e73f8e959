"""What work costs at the prices in force: the mean price of a window, from quotes.

The integral is that of integral.py, which prices ledgers too. Prices are in half
micro-dollars, so that the median of two prices of at most six decimals is a whole
number, and time is in seconds: long histories lose no digits.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import polars as pl

from traincost.integral import index_of, integrals

UNITS_PER_USD = 2_000_000
# how far binary numbers are off the decimals they were read from, and medians of these
LAST_BITS = 2.0**-51
DAY_S = 86_400
# outside every calendar date: the span of a flat book
ALWAYS_S = (-(10**11), 10**11)

BOUNDS = ("", "_low", "_high")
SPAN = ("book_id", "quote_gpu", "quote_id", "usd_per_gpu_hour", "from_s", "until_s")


def market_series(quotes: pl.DataFrame, max_age_days: int) -> pl.DataFrame:
    """Who asked what, when: the median, lowest and highest price of every span.

    `quotes`: one row per quote, with series columns `book_id, gpu, vendor,
    region, commitment`, `quote_id`, `quote_date` (null: always in force) and
    `usd_per_gpu_hour`. A quote is in force from its date until the same
    vendor's next quote for that GPU, region and commitment, `max_age_days` at
    most. Returns one row per book, GPU and span between changes: `book_id,
    quote_gpu, span_start_s, span_end_s` (seconds since 1970),
    `usd_per_gpu_hour` with bounds, `quote_ids` (cheapest first). Spans without
    a quote in force have no row.
    """
    spans = _quote_spans(quotes, max_age_days).select(SPAN)  # a book may hold millions
    changes = _changes(spans)
    return (
        _each_span_in_force(spans, changes)
        .sort("book_id", "quote_gpu", "span_start_s", "usd_per_gpu_hour", "quote_id")
        .group_by("book_id", "quote_gpu", "span_start_s", "span_end_s", maintain_order=True)
        .agg(
            pl.col("usd_per_gpu_hour").median(),
            usd_per_gpu_hour_low=pl.col("usd_per_gpu_hour").min(),
            usd_per_gpu_hour_high=pl.col("usd_per_gpu_hour").max(),
            quote_ids=pl.col("quote_id"),
        )
    )


def price_windows(windows: pl.DataFrame, series: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
    """Time-weighted mean price of every window, or none where a moment has no price.

    `windows` (any grain): the `key` columns, `start_s`, `end_s` (whole seconds,
    start before end). `series`: the `key` columns, `span_start_s`,
    `span_end_s`, `usd_per_gpu_hour` with bounds; spans of a key do not overlap.
    Adds `usd_per_gpu_hour` with bounds and `unpriced_s`, the seconds without a
    price; where that is not 0 the price is null. Row order is kept.
    """
    dated = windows.with_row_index("_row").drop_nulls(["start_s", "end_s"])
    start_s, end_s = (dated[edge].to_numpy() for edge in ("start_s", "end_s"))
    names = series.select(key).unique(maintain_order=True).with_row_index("_key")
    keys, own_keys = (_numbered(frame, names, key) for frame in (dated, series))
    from_s = series["span_start_s"].to_numpy()
    life_s = series["span_end_s"].to_numpy() - from_s
    prices = {}
    for bound in BOUNDS:
        name = f"usd_per_gpu_hour{bound}"
        # a key more: that of windows without any price
        units = [whole_units(series[name])]
        index = index_of([own_keys], [from_s], units, [life_s], len(names) + 1)
        sums, missed = integrals(index, keys, start_s, end_s)
        means = zip(sums, end_s - start_s, missed, strict=True)
        # of whole numbers, the division alone rounds
        prices[name] = [
            None if gap else float(Fraction(total) / (int(length) * UNITS_PER_USD))
            for total, length, gap in means
        ]
    found = dated.select("_row").with_columns(
        *(pl.Series(name, values, pl.Float64) for name, values in prices.items()),
        unpriced_s=pl.Series(missed, dtype=pl.Int64),
    )
    return (
        windows.with_row_index("_row")
        .join(found, on="_row", how="left", validate="1:1", maintain_order="left")
        .drop("_row")
    )


def whole_units(usd: pl.Series) -> np.ndarray:
    """Prices in units of UNITS_PER_USD: whole numbers, or exact fractions where one is none.

    A price with more decimals, such as one in another currency, keeps them all.
    """
    units = (usd * UNITS_PER_USD).round()
    is_whole = (units / UNITS_PER_USD - usd).abs() <= usd * LAST_BITS
    if is_whole.all():
        return units.cast(pl.Int64).to_numpy()
    exact = [
        int(whole) if fits else Fraction(price) * UNITS_PER_USD
        for price, whole, fits in zip(usd, units, is_whole, strict=True)
    ]
    return np.array(exact, dtype=object)


def _numbered(frame: pl.DataFrame, names: pl.DataFrame, key: Sequence[str]) -> np.ndarray:
    """The number of each row's key among `names`, or one more where it is not there."""
    joined = frame.select(key).join(
        names, on=list(key), how="left", validate="m:1", maintain_order="left"
    )
    return joined["_key"].fill_null(len(names)).cast(pl.Int64).to_numpy()


def quotes_used(windows: pl.DataFrame, series: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
    """The quotes in force at some moment of each window.

    Grain: one row per window (its `id` column) and quote, with `used_until_s`,
    the last moment the quote was used. Sorted by both.
    """
    return (
        windows.select("id", *key, "start_s", "end_s")
        .join(series, on=list(key))
        .filter(
            (pl.col("span_start_s") < pl.col("end_s")) & (pl.col("span_end_s") > pl.col("start_s"))
        )
        .select(
            "id",
            pl.col("quote_ids").alias("quote_id"),
            used_until_s=pl.min_horizontal("end_s", "span_end_s"),
        )
        .explode("quote_id")
        .group_by("id", "quote_id")
        .agg(pl.col("used_until_s").max())
        .sort("id", "quote_id")
    )


def _quote_spans(quotes: pl.DataFrame, max_age_days: int) -> pl.DataFrame:
    """Grain of the quotes; adds from_s and until_s."""
    vendor_series = ["book_id", "gpu", "vendor", "region", "commitment"]
    from_s = pl.col("quote_date").cast(pl.Datetime("us")).dt.epoch("s")
    return (
        quotes.sort(*vendor_series, "quote_date", "quote_id")
        .with_columns(from_s=from_s)
        .with_columns(next_s=pl.col("from_s").shift(-1).over(vendor_series))
        .with_columns(
            until_s=pl.min_horizontal("next_s", pl.col("from_s") + max_age_days * DAY_S),
        )
        .with_columns(
            from_s=pl.col("from_s").fill_null(ALWAYS_S[0]),
            until_s=pl.when(pl.col("from_s").is_null())
            .then(ALWAYS_S[1])
            .otherwise(pl.col("until_s")),
        )
        .rename({"gpu": "quote_gpu"})
    )


def _changes(spans: pl.DataFrame) -> pl.DataFrame:
    """Every moment a quote of a book and GPU begins or ends, numbered in order: `place`."""
    series = ["book_id", "quote_gpu"]
    return (
        pl.concat(spans.select(*series, span_start_s=edge) for edge in ("from_s", "until_s"))
        .unique()
        .sort(*series, "span_start_s")
        .with_columns(
            place=pl.int_range(pl.len()).over(series),
            span_end_s=pl.col("span_start_s").shift(-1).over(series),
        )
    )


def _each_span_in_force(spans: pl.DataFrame, changes: pl.DataFrame) -> pl.DataFrame:
    """Grain: one row per quote and span between changes that it is in force.

    Found by the places of its two ends, so that the work grows with the rows
    returned and not with quotes times changes.
    """
    series = ["book_id", "quote_gpu"]
    for edge in ("from_s", "until_s"):
        places = changes.select(
            *series, pl.col("span_start_s").alias(edge), pl.col("place").alias(f"{edge}_place")
        )
        spans = spans.join(places, on=[*series, edge], validate="m:1", maintain_order="left")
    return (
        spans.with_columns(place=pl.int_ranges("from_s_place", "until_s_place"))
        .explode("place")
        .drop_nulls("place")
        .join(changes, on=[*series, "place"], validate="m:1", maintain_order="left")
    )
