"""price_books: the same hours under every price book."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl

from traincost import display
from traincost.tables.source_notes import source_notes
from traincost.tables.spec import (
    PublishedTable,
    Row,
    Shown,
    TableColumn,
    TableRow,
    bounds,
    quantity,
    require_scopes,
    text,
)

NAME = "price_books"
WHOLE = "v3-r1"
RUNS = ("v3", "r1")

KINDS = {"list": "list prices", "index": "index values", "assumption": "assumptions"}

PRICE = Shown("USD/GPU-h", decimals=2)
THOUSANDS = Shown("thousand USD", per=1e3)
MILLIONS = Shown("million USD", decimals=2, per=1e6)
RATIO = Shown("1", decimals=2)
DAYS = Shown("d")

COLUMNS = (
    TableColumn("usd_per_gpu_hour", "USD per GPU-hour"),
    TableColumn("r1", "R1, thousand USD"),
    TableColumn("v3", "V3, million USD"),
    TableColumn("whole", "Estimate", "V3 + R1, million USD"),
    TableColumn("whole_low", "from", "V3 + R1, million USD", is_bound=True),
    TableColumn("whole_high", "to", "V3 + R1, million USD", is_bound=True),
    TableColumn("ratio", "× headline"),
    TableColumn("quotes", "Quotes"),
    TableColumn("age", "Oldest, days"),
    TableColumn("basis", "Priced by", is_text=True),
)


def price_books(layers: Mapping[str, pl.DataFrame], files: Mapping[str, str]) -> PublishedTable:
    """One row per configured book. `layers`: by `layer.name`; `files`: data file to hash."""
    books = layers["validated.books"].sort("book_order")
    scopes = {
        (row["scope_id"], row["book_id"]): row
        for row in layers["estimates.scopes"].iter_rows(named=True)
    }
    require_scopes(NAME, {scope_id for scope_id, _ in scopes}, (*RUNS, WHOLE))
    priced = layers["priced.stages"]
    used = _used(layers, scopes)
    return PublishedTable(
        name=NAME,
        title=_title(books, scopes),
        subtitle="The GPU-hours that DeepSeek prints for V3 and R1, rented at the price in force at"
        " the assumed time of each stage.",
        stub_label="Price book",
        columns=COLUMNS,
        rows=tuple(_row(book, scopes, priced) for book in books.iter_rows(named=True)),
        notes=(
            *_notes(scopes, priced, used[1]["kind"].unique()),
            *source_notes(layers["validated.sources"], used, files),
        ),
    )


def _row(book: Row, scopes: Mapping[tuple[str, str], Row], priced: pl.DataFrame) -> TableRow:
    book_id = book["book_id"]
    whole = scopes[WHOLE, book_id]
    cost = quantity(whole, "cost_usd", f"{WHOLE}.total", MILLIONS, book_id)
    low, high = bounds(cost, MILLIONS)
    none = text(display.NOT_APPLICABLE)
    cells = {
        "usd_per_gpu_hour": quantity(whole, "usd_per_gpu_hour", f"{WHOLE}.total", PRICE, book_id),
        "r1": quantity(scopes["r1", book_id], "cost_usd", "r1.total", THOUSANDS, book_id),
        "v3": quantity(scopes["v3", book_id], "cost_usd", "v3.total", MILLIONS, book_id),
        "whole": cost,
        "whole_low": low,
        "whole_high": high,
        "ratio": quantity(whole, "ratio_to_baseline", f"{WHOLE}.total", RATIO, book_id),
        "quotes": quantity(whole, "quote_count", f"{WHOLE}.total", Shown("quotes"), book_id),
        "age": none
        if book["is_flat"]
        else quantity(whole, "quote_age_days", f"{WHOLE}.total", DAYS, book_id),
        "basis": text(_basis(whole, priced)),
    }
    return TableRow(book_id, book["label"], cells, is_total=book["is_baseline"])


def _basis(whole: Row, priced: pl.DataFrame) -> str:
    """What prices the bill, or why nothing does."""
    if whole["cost_usd"] is not None:
        gpus = ", ".join(whole["quote_gpus"])
        return f"{gpus} (stand-in)" if whole["is_stand_in"] else gpus
    lacking = priced.filter(
        (pl.col("book_id") == whole["book_id"])
        & pl.col("stage_id").is_in(whole["stage_ids"])
        & pl.col("unpriced_because").is_not_null()
    )
    first = lacking.row(0, named=True)
    if lacking["unpriced_because"].n_unique() == 1:
        return f"not priced: {first['unpriced_because']}"
    others = len(lacking) - 1
    many = "one more stage" if others == 1 else f"{others} more stages"
    return f"not priced: {first['unpriced_because']} of {first['stage_id']}, and {many}"


def _title(books: pl.DataFrame, scopes: Mapping[tuple[str, str], Row]) -> str:
    base = books.filter("is_baseline").row(0, named=True)
    others = [
        cost
        for book in books.iter_rows(named=True)
        if not book["is_baseline"]
        and (cost := scopes[WHOLE, book["book_id"]]["cost_usd"]) is not None
    ]
    headline = scopes[WHOLE, base["book_id"]]["cost_usd"]
    at = "no price" if headline is None else display.money(headline)
    start = f"V3 and R1 together: {at} at {base['label']}"
    if len(books) == 1:
        return start
    if not others:
        return f"{start}, no price under any other price book"
    low, high = display.money(min(others)), display.money(max(others))
    span = low if low == high else f"{low} to {high}"
    many = "one other price book" if len(others) == 1 else f"{len(others)} other price books"
    return f"{start}, {span} under {many}"


def _notes(
    scopes: Mapping[tuple[str, str], Row], priced: pl.DataFrame, kinds: Iterable[str]
) -> Iterable[str]:
    ends = (
        priced.filter(pl.col("run_id").is_in(RUNS) & pl.col("window_end").is_not_null())
        .group_by("run_id")
        .agg(pl.col("window_end").max())
        .sort("window_end", "run_id")
    )
    if len(ends):
        dates = " and ".join(f"{run.upper()} ends on {end:%Y-%m-%d}" for run, end in ends.rows())
        yield (
            f"The makers print no dates. They are assumed: {dates}, and a stage lasts its"
            " GPU-hours over its GPUs."
        )
    yield (
        "A quote is in force until the vendor's next one, for a limited time. With several vendors"
        " the median counts, and “from” and “to” span the cheapest and the dearest, times the"
        " printed precision of the hours."
    )
    if any(row["is_stand_in"] for (scope_id, _), row in scopes.items() if scope_id == WHOLE):
        yield "A stand-in is the price of another accelerator that the configuration allows."
    words = [word for kind, word in KINDS.items() if kind in set(kinds)]
    if words:
        listed = " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
        yield f"Prices are {listed}: what was paid is not known."
    yield display.legend()


def _used(
    layers: Mapping[str, pl.DataFrame], scopes: Mapping[tuple[str, str], Row]
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """The stages of the bill, the quotes that price them, of all books, and the windows."""
    whole = [row for (scope_id, _), row in scopes.items() if scope_id == WHOLE]
    stage_ids = {stage_id for row in whole for stage_id in row["stage_ids"]}
    stages = layers["validated.stages"].filter(pl.col("stage_id").is_in(sorted(stage_ids)))
    by_book = pl.DataFrame(
        [(row["book_id"], quote_id) for row in whole for quote_id in row["quote_ids"]],
        schema={"book_id": pl.String, "quote_id": pl.String},
        orient="row",
    )
    quotes = layers["validated.quotes"].join(
        by_book, on=["book_id", "quote_id"], how="semi", maintain_order="left"
    )
    windows = layers["validated.windows"].filter(pl.col("run_id").is_in(RUNS))
    return stages, quotes, windows
