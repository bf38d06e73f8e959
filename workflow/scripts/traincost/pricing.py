"""The one pricing function: count times the integral of the price over a window.

Prices are step functions of time. Each series gets a running integral, so that
the integral over any window is the difference of two look-ups, exact across
every price change and independent of how many changes lie between.

All of it in whole numbers: time in seconds, prices in half micro-dollars (the
median of two prices of at most six decimals is then a whole number too), so
that long histories lose no digits.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

UNITS_PER_USD = 2_000_000
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
    index = _running_integral(series, key)
    row = "_row"
    ordered = windows.with_row_index(row)
    for edge in ("start_s", "end_s"):
        ordered = (
            ordered.sort(edge)
            .join_asof(index, left_on=edge, right_on="from_s", by=list(key), check_sortedness=False)
            .with_columns(_at(pl.col(edge)).name.suffix(f"_{edge}"))
            .drop(index.columns[len(key) :], strict=False)
        )
    length = pl.col("end_s") - pl.col("start_s")
    ordered = ordered.with_columns(unpriced_s=length - _between("covered")).with_columns(
        pl.when(pl.col("unpriced_s") == 0)
        .then(_between(f"units{bound}") / (length * UNITS_PER_USD))
        .alias(f"usd_per_gpu_hour{bound}")
        for bound in BOUNDS
    )
    prices = [f"usd_per_gpu_hour{bound}" for bound in BOUNDS]
    return ordered.sort(row).select(*windows.columns, *prices, "unpriced_s")


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


def _running_integral(series: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
    """One row per change of price: `from_s`, the rates from then on and the integrals up to then.

    A gap is a row with rate 0, so that a look-up inside it adds nothing.
    """
    rates = [f"units{bound}" for bound in BOUNDS]
    priced = series.select(
        *key,
        from_s="span_start_s",
        until_s="span_end_s",
        covered=pl.lit(1, pl.Int64),
        **{
            f"units{bound}": (pl.col(f"usd_per_gpu_hour{bound}") * UNITS_PER_USD)
            .round()
            .cast(pl.Int64)
            for bound in BOUNDS
        },
    )
    gaps = priced.select(
        *key,
        from_s="until_s",
        until_s=pl.lit(None, pl.Int64),
        **{name: pl.lit(0, pl.Int64) for name in ("covered", *rates)},
    ).join(priced, on=[*key, "from_s"], how="anti")
    steps = pl.concat([priced, gaps.select(priced.columns)]).sort(*key, "from_s")
    length = pl.col("from_s").shift(-1).over(key) - pl.col("from_s")
    totals = {
        f"total_{name}": (pl.col(name) * length).cum_sum().shift(1, fill_value=0).over(key)
        for name in ("covered", *rates)
    }
    return steps.with_columns(**totals).drop("until_s").sort("from_s")


def _at(moment: pl.Expr) -> pl.Expr:
    """The running integrals at a moment; 0 before the first price."""
    names = ["covered", *(f"units{bound}" for bound in BOUNDS)]
    return pl.struct(
        (pl.col(f"total_{name}") + pl.col(name) * (moment - pl.col("from_s")))
        .fill_null(0)
        .alias(name)
        for name in names
    ).alias("at")


def _between(name: str) -> pl.Expr:
    return pl.col("at_end_s").struct.field(name) - pl.col("at_start_s").struct.field(name)
