"""What quotes must hold together, and what they come to in dollars.

A price in another currency is converted at a dated rate of data/exchange_rates.csv;
every price must be plausible for its accelerator; no two may contradict each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import polars as pl

from traincost.cross_checks import bad_cell, impossible_dates, references
from traincost.declarations import DATA_FILES, VALIDATED
from traincost.declarations.prices import OWN, USD
from traincost.derive import derive
from traincost.errors import BadCell, quoted
from traincost.prices.names import twins
from traincost.repeats import Repeats

Tables = Mapping[str, pl.DataFrame]

RATE_MAX_AGE_DAYS = 31
_PLACE = ("file", "line")
_NAMES = ("vendor", "region")
_VENDOR_DAY = ("gpu", "vendor", "region", "commitment", "quote_date")


class BookCheck:
    """The checks of one price book, over batches of its quotes in the order of its file."""

    def __init__(self, book: Mapping[str, object], tables: Tables, as_of: date) -> None:
        """`book`: its row of `books`. `tables`: the validated tables but for the quotes."""
        self._is_flat = bool(book["is_flat"])
        self._tables, self._as_of = tables, as_of
        self._ids, self._days = Repeats(), Repeats()
        # of each name its first row
        self._named: dict[str, dict[str, Mapping[str, object]]] = {name: {} for name in _NAMES}

    def checked(self, raw: pl.DataFrame, read: pl.DataFrame) -> tuple[pl.DataFrame, list[BadCell]]:
        """Quotes as declared, and cells that do not fit. `raw`, `read`: the same rows, as
        text and as typed by their declaration. Grain and order are kept."""
        quotes = in_dollars(read, self._tables["exchange_rates"])
        bad = [
            *references(read, DATA_FILES["quotes"], self._tables),
            *impossible_dates(read, DATA_FILES["quotes"], self._as_of),
            *self._blank_dates(raw),
            *_prices_given(raw),
            *_unconverted(quotes, self._tables["exchange_rates"]),
            *_implausible(quotes, self._tables["gpus"]),
        ]
        named = quotes.filter(pl.col("quote_id").is_not_null())
        self._ids.add(named, pl.col("quote_id"), [*_PLACE, "quote_id"])
        for column, known in self._named.items():
            for row in read.unique(column, keep="first", maintain_order=True).iter_rows(named=True):
                known.setdefault(row[column] or "", row)
        # of catalogues, the largest offer of a day counts
        own = quotes.filter((pl.col("format") == OWN) & pl.col("quote_date").is_not_null())
        self._days.add(own, pl.struct(_VENDOR_DAY), [*_PLACE, "quote_date"])
        table = VALIDATED["quotes"]
        return quotes.select(*table.schema()).cast(table.schema()), bad

    def contradictions(self) -> Iterator[BadCell]:
        """Once all batches are checked: ids that repeat, days of a vendor that do, and names
        that look alike.

        Of two quotes one would price the day, and nothing says which. Undated quotes
        are all in force. One vendor in two spellings would count twice.
        """
        for row in self._ids.found().iter_rows(named=True):
            must = f"must be unique, but also stands in {row['file']}, line {row['first_line']}"
            yield bad_cell(row, "quote_id", quoted(row["quote_id"]), must)
        for row in self._days.found().iter_rows(named=True):
            must = (
                f"must differ from that of line {row['first_line']}, a quote of the same vendor"
                " for the same GPU, region and commitment"
            )
            yield bad_cell(row, "quote_date", f"'{row['quote_date']}'", must)
        for column, known in self._named.items():
            for name, earlier in twins(known):
                line = known[earlier]["line"]
                must = f"must be spelt as '{earlier}' in line {line}, or else not look like it"
                yield bad_cell(known[name], column, quoted(name), must)

    def _blank_dates(self, raw: pl.DataFrame) -> Iterator[BadCell]:
        if not self._is_flat:
            must = "must not be empty: other quotes of this book are dated"
            for row in raw.filter(pl.col("quote_date") == "").iter_rows(named=True):
                yield bad_cell(row, "quote_date", "", must)


def in_dollars(read: pl.DataFrame, rates: pl.DataFrame) -> pl.DataFrame:
    """Adds what a price is in dollars, and the rate it was converted at. Grain and order kept.

    A rate is the last one of the currency on the day of the quote,
    RATE_MAX_AGE_DAYS old at most; without one there is no dollar price.
    """
    known = rates.select("currency", "rate_date", "rate_id", usd_per_currency_unit="usd_per_unit")
    dated = known.filter(pl.col("rate_date").is_not_null()).sort("rate_date")
    always = known.filter(pl.col("rate_date").is_null()).drop("rate_date").unique("currency")
    row, is_given = "_row", pl.col("usd_per_gpu_hour_given").is_not_null()
    found = (
        read.with_columns(_currency=pl.when(~is_given).then("currency"))
        .with_row_index(row)
        .sort("quote_date", row, nulls_last=True)
        .join_asof(
            dated,
            left_on="quote_date",
            right_on="rate_date",
            by_left="_currency",
            by_right="currency",
            tolerance=f"{RATE_MAX_AGE_DAYS}d",
            check_sortedness=False,
        )
        .join(
            always,
            left_on="_currency",
            right_on="currency",
            how="left",
            validate="m:1",
            suffix="_always",
        )
        .with_columns(
            pl.coalesce(name, f"{name}_always").alias(name)
            for name in ("rate_id", "usd_per_currency_unit")
        )
        .sort(row)
    )
    return derive(found.drop(row), VALIDATED["quotes"], only=["usd_per_gpu_hour"])


def _prices_given(raw: pl.DataFrame) -> Iterator[BadCell]:
    """A price is given in dollars, or in a currency with its name."""
    usd, price, currency = (
        pl.col(name) != "" for name in ("usd_per_gpu_hour", "price_per_gpu_hour", "currency")
    )
    dollars = pl.col("currency").is_in(["", USD])
    mistakes = {
        (
            "usd_per_gpu_hour",
            "must not be empty, unless price_per_gpu_hour and currency are filled",
        ): (~usd & ~price & ~currency),
        ("price_per_gpu_hour", "must be empty where usd_per_gpu_hour is filled"): usd & price,
        ("currency", f"must be empty or {USD} where usd_per_gpu_hour is filled"): usd & ~dollars,
        ("price_per_gpu_hour", "must not be empty: a currency is named"): ~usd & ~price & currency,
        ("currency", "must not be empty: price_per_gpu_hour is in it"): ~usd & price & ~currency,
    }
    for (column, must), is_wrong in mistakes.items():
        for row in raw.filter(is_wrong).iter_rows(named=True):
            yield bad_cell(row, column, quoted(row[column]), must)


def _unconverted(quotes: pl.DataFrame, rates: pl.DataFrame) -> Iterator[BadCell]:
    listed = ", ".join(rates["currency"].unique().sort())
    known = pl.col("currency").is_in(rates["currency"].unique().to_list())
    lacking = quotes.filter(
        pl.col("usd_per_gpu_hour_given").is_null()
        & pl.col("currency").is_not_null()
        & pl.col("price_per_gpu_hour").is_not_null()
        & pl.col("rate_id").is_null()
    )
    for row in lacking.filter(~known).iter_rows(named=True):
        must = f"must be a currency of data/exchange_rates.csv: {listed}"
        yield bad_cell(row, "currency", quoted(row["currency"]), must)
    for row in lacking.filter(known).iter_rows(named=True):
        currency = row["currency"]
        if row["quote_date"] is None:
            must = f"must not be empty: a price in {currency} is converted at the rate of its day"
            yield bad_cell(row, "quote_date", "", must)
            continue
        days = rates.filter(pl.col("currency") == currency)["rate_date"]
        must = (
            f"data/exchange_rates.csv has no rate for {row['quote_date']}, nor of the"
            f" {RATE_MAX_AGE_DAYS} days before; it has {currency} from {days.min()} to {days.max()}"
        )
        yield bad_cell(row, "currency", f"'{currency}'", must)


def _implausible(quotes: pl.DataFrame, gpus: pl.DataFrame) -> Iterator[BadCell]:
    limits = gpus.select(
        "gpu", low="usd_per_gpu_hour_from", high="usd_per_gpu_hour_to", why="range_reason"
    )
    ranged = quotes.join(limits, on="gpu", validate="m:1", maintain_order="left")
    usd = pl.col("usd_per_gpu_hour")
    for row in ranged.filter(usd.is_not_null() & pl.col("low").is_null()).iter_rows(named=True):
        must = "has no plausible price in data/gpus.csv; fill usd_per_gpu_hour_from and _to there"
        yield bad_cell(row, "gpu", f"'{row['gpu']}'", must)
    # a price of zero or less has been refused as such
    for row in ranged.filter(
        (usd > pl.col("high")) | ((usd < pl.col("low")) & (usd > 0))
    ).iter_rows(named=True):
        yield bad_cell(row, _price_column(row), _found_price(row), _why_implausible(row))


def _why_implausible(row: Mapping[str, float]) -> str:
    usd, low, high, shared = (
        row[name] for name in ("usd_per_gpu_hour", "low", "high", "gpus_in_offer")
    )
    told = f" ({usd:.6g} USD)" if _is_converted(row) else ""
    if usd < low:
        return f"must be at least {low:g} USD for one GPU-hour{told} of {row['gpu']} ({row['why']})"
    per_gpu = f": {usd:g} / {shared:g} is {usd / shared:g}" if shared and shared > 1 else ""
    return (
        f"must be at most {high:g} USD for one GPU-hour{told} of {row['gpu']} ({row['why']});"
        f" this looks like the price of a whole node: divide it by the GPUs of the node{per_gpu}"
    )


def _is_converted(row: Mapping[str, object]) -> bool:
    return row["usd_per_gpu_hour_given"] is None


def _price_column(row: Mapping[str, object]) -> str:
    return "price_per_gpu_hour" if _is_converted(row) else "usd_per_gpu_hour"


def _found_price(row: Mapping[str, object]) -> str:
    if row["format"] != OWN:
        return quoted(str(row["price_printed"]))
    found = "price_per_gpu_hour" if _is_converted(row) else "usd_per_gpu_hour_given"
    return f"'{row[found]:g}'"
