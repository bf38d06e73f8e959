"""Join stages to price books: the priced layer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from traincost import display
from traincost.declarations import PRICED
from traincost.declarations.prices import OWN
from traincost.derive import derive, finish
from traincost.errors import UserError
from traincost.pricing import ALWAYS_S, DAY_S, market_series, price_windows, quotes_used
from traincost.quote_use import quote_use
from traincost.windows import as_time, service_windows, stage_windows

KEY = ("book_id", "quote_gpu")
USE = ("book_id", "quote_gpu", "quote_ids")
ANY_GPU = "*"
# of a quote; a book may hold millions
READ = ("book_id", "quote_id", "gpu", "vendor", "region", "commitment", "quote_date", "format")
READ += ("usd_per_gpu_hour", "gpus_in_offer", "file")
HOURS = ("gpu_hours_product", "gpu_hours", "gpu_hours_unrounded")
COSTS = ("cost_usd", "cost_unrounded_usd")


def book_quotes(quotes: pl.DataFrame, books: pl.DataFrame) -> pl.DataFrame:
    """The quotes each book uses: those of its commitment. Grain and columns of `quotes`.

    Raises UserError where a book would mix commitments.
    """
    chosen = quotes.join(
        books.select("book_id", wanted="commitment"),
        on="book_id",
        validate="m:1",
        maintain_order="left",
    ).filter(pl.col("wanted").is_null() | (pl.col("wanted") == pl.col("commitment")))
    for book_id, rows in chosen.group_by("book_id", maintain_order=True):
        found = sorted(rows["commitment"].unique())
        if len(found) > 1:
            raise UserError(
                f"price book {book_id[0]}: {rows[0, 'file']} holds quotes of several commitments"
                f" ({', '.join(found)}); say which with `commitment:` in the configuration"
            )
    return chosen.drop("wanted")


def one_offer_a_day(quotes: pl.DataFrame) -> pl.DataFrame:
    """Of a vendor's quotes in a catalogue, the one in force: for one accelerator, region,
    commitment and day.

    It is the one for the largest offer, since runs rent whole nodes; of equal
    offers the cheapest; of equal prices the first by id. Never the place in a
    file decides. In a flat book all quotes are of one day. Of quotes in this
    project's own columns every one counts: two of a day have been refused.
    """
    day = ["book_id", "gpu", "vendor", "region", "commitment", "quote_date"]
    choice = {"gpus_in_offer": True, "usd_per_gpu_hour": False, "quote_id": False}
    is_own = pl.col("format") == OWN
    ordered = quotes.sort(*choice, descending=list(choice.values()), nulls_last=True)
    chosen = ordered.filter(~is_own).unique(day, keep="first", maintain_order=True)
    return pl.concat([quotes.filter(is_own), chosen]).sort("book_id", "quote_id")


@dataclass(frozen=True)
class Prices:
    """What work is priced from: books, the price in force per book, quotes, stand-ins."""

    books: pl.DataFrame
    series: pl.DataFrame
    quotes: pl.DataFrame
    stand_ins: pl.DataFrame


def price_stages(layers: Mapping[str, pl.DataFrame], max_age_days: int) -> dict[str, pl.DataFrame]:
    """The priced layer: every table of it by name, as declared, sorted by its key.

    `layers`: the validated layer by `validated.<table>`: stages, windows,
    serving_days, quotes, books, stand_ins.
    """
    quotes, books = layers["validated.quotes"].select(READ), layers["validated.books"]
    used_quotes = book_quotes(quotes, books)
    series = market_series(one_offer_a_day(used_quotes), max_age_days)
    held = Prices(books, series, used_quotes, layers["validated.stand_ins"])
    hours = derive(layers["validated.stages"], PRICED["stages"], only=HOURS)
    work = stage_windows(hours, layers["validated.windows"]).with_columns(work_id="stage_id")
    priced = derive(_priced(work, held), PRICED["stages"], only=COSTS)
    days = service_windows(layers["validated.serving_days"]).with_columns(work_id="service_id")
    served = derive(_priced(days, held), PRICED["serving"])
    series = series.with_columns(
        pl.when(pl.col(edge).abs() < ALWAYS_S[1]).then(pl.col(edge)).alias(edge)
        for edge in ("span_start_s", "span_end_s")
    ).with_columns(span_start=as_time("span_start_s"), span_end=as_time("span_end_s"))
    return {
        "series": finish(series, PRICED["series"]),
        "markets": _markets(used_quotes),
        **quote_use(quotes, books, pl.concat(part.select(USE) for part in (priced, served))),
        "stages": finish(priced, PRICED["stages"]),
        "serving": finish(served, PRICED["serving"]),
    }


def _priced(work: pl.DataFrame, held: Prices) -> pl.DataFrame:
    """Work under every book: price, quotes, window, and why there is no price.

    `work`: `work_id`, `gpu`, `start_s` and `end_s`, or `no_window_because`.
    Grain: one row per piece of work and book.
    """
    jobs = _jobs(work, held.books, held.series, held.stand_ins)
    priced = price_windows(jobs, held.series, KEY)
    priced = _explain(_add_quotes(priced, held.series, held.quotes), held.books)
    if len(priced) != len(work) * len(held.books):
        raise AssertionError("pricing must keep one row per piece of work and book")
    return priced


def _markets(quotes: pl.DataFrame) -> pl.DataFrame:
    slug = pl.col("gpu").str.to_lowercase().str.replace_all(r"[^a-z0-9]+", "-").str.strip_chars("-")
    grouped = (
        quotes.sort("book_id", "gpu", "quote_date", "quote_id")
        .group_by("book_id", "gpu", maintain_order=True)
        .agg(quote_ids="quote_id")
        .with_columns(market_id=slug, quote_gpu="gpu", quote_count=pl.col("quote_ids").list.len())
    )
    return finish(grouped, PRICED["markets"])


def _jobs(
    work: pl.DataFrame, books: pl.DataFrame, series: pl.DataFrame, stand_ins: pl.DataFrame
) -> pl.DataFrame:
    """Work times books, with the accelerator whose quotes apply.

    An accelerator's own quotes come before any stand-in, a stand-in named for
    it before the one named for any.
    """
    own = series.select("book_id", gpu="quote_gpu", own_gpu="quote_gpu").unique()
    listed = _stand_ins_of(stand_ins, own)
    by_gpu = listed.rename({"stand_ins": "named", "first_quoted": "named_gpu"})
    of_any = listed.filter(pl.col("gpu") == ANY_GPU).drop("gpu")
    of_any = of_any.rename({"stand_ins": "any_named", "first_quoted": "any_gpu"})
    flat = pl.col("is_flat")
    return (
        work.join(books.select("book_id", "is_flat"), how="cross")
        .join(own, on=["book_id", "gpu"], how="left", validate="m:1", maintain_order="left")
        .join(by_gpu, on=["book_id", "gpu"], how="left", validate="m:1", maintain_order="left")
        .join(of_any, on="book_id", how="left", validate="m:1", maintain_order="left")
        .with_columns(
            id=pl.concat_str("work_id", "book_id", separator="@"),
            quote_gpu=pl.coalesce(
                "own_gpu", "named_gpu", pl.when(pl.col("named").is_null()).then("any_gpu")
            ),
            stand_ins=pl.coalesce("named", "any_named"),
            # a flat book is in force at all times: it needs no window
            start_s=pl.when(flat).then(pl.coalesce("start_s", 0)).otherwise("start_s"),
            end_s=pl.when(flat).then(pl.coalesce("end_s", 1)).otherwise("end_s"),
            has_window=pl.col("start_s").is_not_null(),
        )
        .drop("own_gpu", "named_gpu", "any_gpu", "named", "any_named")
    )


def _stand_ins_of(stand_ins: pl.DataFrame, own: pl.DataFrame) -> pl.DataFrame:
    """Per book and accelerator: its stand-ins in words, and the first that the book quotes."""
    quoted = own.select("book_id", quote_gpu="gpu", first_quoted="own_gpu")
    return (
        stand_ins.join(quoted, on=["book_id", "quote_gpu"], how="left", validate="m:1")
        .sort("book_id", "gpu", "stand_in_order")
        .group_by("book_id", "gpu", maintain_order=True)
        .agg(
            stand_ins=pl.col("quote_gpu").str.join(" or "),
            first_quoted=pl.col("first_quoted").drop_nulls().first(),
        )
    )


def _add_quotes(priced: pl.DataFrame, series: pl.DataFrame, quotes: pl.DataFrame) -> pl.DataFrame:
    """Adds quote_ids and quote_age_days. Grain unchanged."""
    dated = quotes.select(
        "book_id",
        "quote_id",
        dated_s=pl.col("quote_date").cast(pl.Datetime("us")).dt.epoch("s"),
    )
    used = (
        quotes_used(priced, series, KEY)
        .join(priced.select("id", "book_id"), on="id", validate="m:1", maintain_order="left")
        .join(dated, on=["book_id", "quote_id"], validate="m:1", maintain_order="left")
        .group_by("id", maintain_order=True)
        .agg(
            quote_ids=pl.col("quote_id"),
            quote_age_days=((pl.col("used_until_s") - pl.col("dated_s")) / DAY_S).max(),
        )
    )
    return priced.join(
        used, on="id", how="left", validate="1:1", maintain_order="left"
    ).with_columns(pl.col("quote_ids").fill_null([]))


def _explain(priced: pl.DataFrame, books: pl.DataFrame) -> pl.DataFrame:
    """Adds is_stand_in, the window as times and `unpriced_because`; no price without a reason."""
    has_gap = pl.col("quote_gpu").is_not_null() & pl.col("no_window_because").is_null()
    is_priced = pl.col("usd_per_gpu_hour").is_not_null()
    reason = (
        pl.when(is_priced)
        .then(None)
        .when(pl.col("quote_gpu").is_null() & pl.col("stand_ins").is_not_null())
        .then(pl.format("no quote for {}, nor for its stand-in {}", "gpu", "stand_ins"))
        .when(pl.col("quote_gpu").is_null())
        .then(pl.format("no quote for {} and no stand-in configured", pl.col("gpu")))
        .when(pl.col("no_window_because").is_not_null())
        .then(pl.col("no_window_because"))
        .otherwise(
            pl.format(
                "no quote for {} in force on {} of {} days",
                pl.col("quote_gpu"),
                *(
                    pl.col(days).map_elements(display.days, return_dtype=pl.String)
                    for days in ("unpriced_days", "window_days")
                ),
            )
        )
    )
    shown = pl.col("has_window")
    days = {
        "unpriced_days": pl.col("unpriced_s") / DAY_S,
        "window_days": (pl.col("end_s") - pl.col("start_s")) / DAY_S,
    }
    in_days = priced.with_columns(
        pl.when(~is_priced & has_gap).then(value).alias(name) for name, value in days.items()
    )
    return in_days.with_columns(
        is_stand_in=(pl.col("gpu") != pl.col("quote_gpu")).fill_null(False),
        unpriced_because=reason,
        window_start=pl.when(shown).then(as_time("start_s")),
        window_end=pl.when(shown).then(as_time("end_s")),
        quote_ids=pl.when(is_priced).then("quote_ids").otherwise([]),
        quote_age_days=pl.when(is_priced).then("quote_age_days"),
    )
