"""price_books: the same hours under every price book."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

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
    TableColumn("basis", "Priced by", is_text=True, holds=True),
)

SUBTITLE = (
    "The GPU-hours that DeepSeek prints for V3 and R1, rented at the price in force at"
    " the assumed time of each stage."
)


def price_books(layers: Mapping[str, pl.DataFrame], files: Mapping[str, str]) -> PublishedTable:
    """One row per configured book. `layers`: by `layer.name`; `files`: data file to hash."""
    books = layers["validated.books"].sort("book_order")
    scopes = {
        (row["scope_id"], row["book_id"]): row
        for row in layers["estimates.scopes"].iter_rows(named=True)
    }
    require_scopes(NAME, {scope_id for scope_id, _ in scopes}, (*RUNS, WHOLE))
    members = next(row["stage_ids"] for (scope_id, _), row in scopes.items() if scope_id == WHOLE)
    priced = layers["priced.stages"].filter(pl.col("stage_id").is_in(members))
    used = _used(layers, scopes)
    title, said = _title(books, scopes)
    return PublishedTable(
        name=NAME,
        title=title,
        subtitle=SUBTITLE,
        stub_label="Price book",
        columns=COLUMNS,
        rows=tuple(_row(book, scopes, priced) for book in books.iter_rows(named=True)),
        notes=(
            *_notes(scopes, priced, used[1]["kind"].unique()),
            *source_notes(layers["validated.sources"], used, files),
        ),
        said=(*said, *(cell for id_ in books["book_id"] for cell in gap_cells(_told(priced, id_)))),
        holds=(SUBTITLE,),
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
    lacking = _lacking(priced, whole["book_id"])
    told = _told(priced, whole["book_id"]).row(0, named=True)
    if lacking["unpriced_because"].n_unique() == 1:
        return f"not priced: {told['unpriced_because']}"
    return (
        f"not priced: {told['unpriced_because']} of {told['stage_id']};"
        " other stages lack a price, too"
    )


def _lacking(priced: pl.DataFrame, book_id: str) -> pl.DataFrame:
    """The stages without a price under a book."""
    return priced.filter(pl.col("unpriced_because").is_not_null(), book_id=book_id)


def _told(priced: pl.DataFrame, book_id: str) -> pl.DataFrame:
    """The one of them whose reason is told: that of the most GPU-hours."""
    return _lacking(priced, book_id).sort("gpu_hours", "stage_id", descending=True).head(1)


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
    priced = [] if headline.value is None else [headline]
    start = f"V3 and R1 together: {headline.display if priced else 'no price'} at {base['label']}"
    if len(books) == 1:
        return start, priced
    if not others:
        return f"{start}, no price under any other price book", priced
    low, high = others[0], others[-1]
    span = low.display if low.display == high.display else f"{low.display} to {high.display}"
    said = [*priced, *([low] if low.display == high.display else [low, high])]
    if len(others) == 1:
        return f"{start}, {span} under one other price book", said
    many = count(f"{NAME}.other_book_count", [cell.number_id for cell in others], "books")
    return f"{start}, {span} under {many.display} other price books", [*said, many]


def _whole_cost(scopes: Mapping[tuple[str, str], Row], book_id: str) -> Cell:
    return money(scopes[WHOLE, book_id], "cost_usd", f"{WHOLE}.total", book_id)


def _notes(
    scopes: Mapping[tuple[str, str], Row], priced: pl.DataFrame, kinds: Iterable[str]
) -> Iterable[str]:
    ends = (
        priced.filter(pl.col("window_end").is_not_null())
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
    windows = layers["validated.windows"].filter(pl.col("run_id").is_in(stages["run_id"].to_list()))
    return stages, quotes, windows
