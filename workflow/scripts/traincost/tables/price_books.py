"""price_books: the same hours under every price book."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from traincost import display
from traincost.tables.gaps import gap_cells
from traincost.tables.source_notes import source_notes
from traincost.tables.spec import (
    Cell,
    PublishedTable,
    Row,
    Shown,
    TableColumn,
    TableRow,
    bounds,
    count,
    money,
    quantity,
    text,
)

NAME = "price_books"
WHOLE = "v3-r1"
RUNS = ("v3", "r1")

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
    TableColumn("whole_low", "from", "V3 + R1, million USD"),
    TableColumn("whole_high", "to", "V3 + R1, million USD"),
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
    title, said = _title(books, scopes)
    whole = layers["priced.stages"].filter(pl.col("run_id").is_in(RUNS))
    return PublishedTable(
        name=NAME,
        title=title,
        subtitle="The GPU-hours that DeepSeek prints for V3 and R1, rented at the price in force at"
        " the assumed time of each stage.",
        stub_label="Price book",
        columns=COLUMNS,
        rows=tuple(_row(book, scopes) for book in books.iter_rows(named=True)),
        notes=(*_notes(), *_sources(layers, scopes, files)),
        said=(*said, *gap_cells(whole)),
    )


def _row(book: Row, scopes: Mapping[tuple[str, str], Row]) -> TableRow:
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
        "basis": text(_basis(book, whole)),
    }
    return TableRow(book_id, book["label"], cells, is_total=book["is_baseline"])


def _basis(book: Row, whole: Row) -> str:
    if whole["cost_usd"] is None:
        reasons = dict.fromkeys(
            reason.split(": ", 1)[1] for reason in whole["unpriced_because"].split("; ")
        )
        return f"not priced: {'; '.join(reasons)}"
    gpus = ", ".join(whole["quote_gpus"])
    return f"{gpus} (stand-in)" if whole["is_stand_in"] else gpus


def _title(books: pl.DataFrame, scopes: Mapping[tuple[str, str], Row]) -> tuple[str, list[Cell]]:
    """The title, and the cells of the numbers in it."""
    base = books.filter("is_baseline").row(0, named=True)
    headline = _whole_cost(scopes, base["book_id"])
    others = sorted(
        (
            _whole_cost(scopes, book["book_id"])
            for book in books.iter_rows(named=True)
            if not book["is_baseline"] and scopes[WHOLE, book["book_id"]]["cost_usd"] is not None
        ),
        key=lambda cell: (cell.value, cell.number_id),
    )
    start = f"V3 and R1 together: {headline.display} at {base['label']}"
    if not others:
        return f"{start}; no other price book prices them", [headline]
    low, high = others[0], others[-1]
    span = low.display if low.display == high.display else f"{low.display} to {high.display}"
    many = count(f"{NAME}.other_book_count", [cell.number_id for cell in others], "books")
    books_say = "one other price book" if len(others) == 1 else f"{many.display} other price books"
    return f"{start}, {span} under {books_say}", [headline, low, high, many]


def _whole_cost(scopes: Mapping[tuple[str, str], Row], book_id: str) -> Cell:
    return money(scopes[WHOLE, book_id], "cost_usd", f"{WHOLE}.total", book_id)


def _notes() -> tuple[str, ...]:
    return (
        "The makers print no dates. Windows are assumed: a run ends on its release day and lasts"
        " its GPU-hours over its GPUs. A quote is in force until the vendor's next one, for a"
        " limited time; with several vendors the median counts, and “from” and “to” span the"
        " cheapest and the dearest, times the printed precision of the hours.",
        "A stand-in is the price of another accelerator that the configuration allows, shown as"
        " such. Prices are list prices: what was paid is not known.",
        f"{display.MISSING} {display.LEGEND[display.MISSING]};"
        f" {display.NOT_APPLICABLE} {display.LEGEND[display.NOT_APPLICABLE]}.",
    )


def _sources(
    layers: Mapping[str, pl.DataFrame],
    scopes: Mapping[tuple[str, str], Row],
    files: Mapping[str, str],
) -> tuple[str, ...]:
    whole = [row for (scope_id, _), row in scopes.items() if scope_id == WHOLE]
    stage_ids = {stage_id for row in whole for stage_id in row["stage_ids"]}
    quote_ids = {quote_id for row in whole for quote_id in row["quote_ids"]}
    stages = layers["validated.stages"].filter(pl.col("stage_id").is_in(sorted(stage_ids)))
    quotes = layers["validated.quotes"].filter(pl.col("quote_id").is_in(sorted(quote_ids)))
    return source_notes(layers["validated.sources"], [stages, quotes], files)
