"""price_change: what the user's own prices move, and what they leave unpriced or unused."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace

import polars as pl

from traincost import display
from traincost.changes import moved
from traincost.tables.gaps import gap_cells
from traincost.tables.spec import (
    Cell,
    PublishedTable,
    Row,
    Shown,
    TableColumn,
    TableRow,
    count,
    money,
    quantity,
    text,
)

NAME = "price_change"
WHOLE = "v3-r1.total.cost_usd"
MOVED, NOT_PRICED, NOT_USED = "What moved", "Runs not priced", "Quotes no run used"
LISTED_QUOTES = 30

PRICE = Shown("USD/GPU-h", decimals=2)
RATIO = Shown("1", decimals=3)
QUOTES = Shown("quotes")

COLUMNS = (
    TableColumn("unit", "Unit", is_text=True, holds=True),
    TableColumn("baseline", "Baseline"),
    TableColumn("yours", "Your prices"),
    TableColumn("difference", "Difference"),
    TableColumn("ratio", "Ratio"),
    TableColumn("note", "Table, or reason", is_text=True, holds=True),
)


def price_change(
    tables: Mapping[str, PublishedTable], layers: Mapping[str, pl.DataFrame]
) -> PublishedTable:
    """One row per number that moved, run not priced and quote not used.

    `tables`: the other published tables, by name. `layers`: by `layer.name`,
    `tables.changes` among them.
    """
    books = layers["validated.books"]
    own = books.filter("is_users").to_dicts()
    baseline = books.filter("is_baseline").row(0, named=True)
    changes = layers["tables.changes"]
    if not own:
        rows: list[TableRow] = []
        title, said = "No prices of your own are configured, so nothing moved", []
    else:
        book_id = own[0]["book_id"]
        rows = [
            *_moved(changes, described(tables)),
            *_not_priced(layers, book_id, baseline["book_id"]),
            *_not_used(layers["priced.unused_quotes"], book_id),
        ]
        title, said = _title(changes, own[0], book_id, baseline["book_id"])
        said += gap_cells(layers["priced.stages"].filter(pl.col("book_id") == book_id))
    more = _unlisted(layers, own)
    return PublishedTable(
        name=NAME,
        title=title,
        subtitle=f"Each number that a table shows, under the baseline ({baseline['label']}) and"
        f" under {own[0]['label'] if own else 'your own prices'}. The largest ratio comes first.",
        stub_label="Number",
        columns=COLUMNS,
        rows=tuple(rows),
        notes=(*_notes(), *(note for note, _ in more)),
        said=(*said, *(cell for _, cell in more)),
    )


def _title(changes: pl.DataFrame, own: Row, book_id: str, baseline: str) -> tuple[str, list[Cell]]:
    moving = moved(changes)
    # what moves does so because of both of its values
    differences = [f"{NAME}.{base}.difference" for base in moving["base_id"].sort()]
    many = count(f"{NAME}.moved_count", differences, "numbers")
    of = count(f"{NAME}.shown_count", changes["baseline_id"].sort().to_list(), "numbers")
    counts = [many, of] if len(moving) else [of]
    tail = f"{many.display if len(moving) else 'none'} of {of.display} numbers move"
    whole = changes.filter(pl.col("base_id") == WHOLE).to_dicts()
    if not whole or whole[0]["your_id"] is None:
        return f"{own['label']}: V3 and R1 are not both priced; {tail}", counts
    owner = WHOLE.removesuffix(".cost_usd")
    old, new = (
        money({"cost_usd": whole[0][f"{side}_value"]}, "cost_usd", owner, book)
        for side, book in (("baseline", baseline), ("your", book_id))
    )
    start = f"{own['label']}: V3 and R1 together {old.display} → {new.display}"
    return f"{start}; {tail}", [old, new, *counts]


def described(tables: Mapping[str, PublishedTable]) -> dict[str, tuple[str, str, Shown | None]]:
    """For each number that tables show: what it is, the first table, how it is shown."""
    found: dict[str, tuple[str, str, Shown | None]] = {}
    for table in tables.values():
        for row in table.rows:
            for column in table.columns:
                cell = row.cells[column.key]
                number_id, _, part = cell.number_id.partition(":")
                if number_id and not part:
                    head = row.alone or ": ".join(
                        dict.fromkeys(filter(None, (row.group, row.label)))
                    )
                    what = column.alone or column.label
                    if column.spanner and not column.alone:
                        what = f"{column.spanner} ({column.label.lower()})"
                    found.setdefault(number_id, (f"{head} · {what}", table.name, cell.shown))
        for cell in table.said:
            found.setdefault(cell.number_id, ("Title and notes", table.name, cell.shown))
    return found


def _moved(
    changes: pl.DataFrame, described: Mapping[str, tuple[str, str, Shown | None]]
) -> Iterator[TableRow]:
    for row in sorted(moved(changes).to_dicts(), key=largest_first):
        label, table, shown = described[row["baseline_id"]]
        # of running text, the table shows the plain number
        shown = replace(shown or Shown(row["unit"]), form="number")
        owner = f"{NAME}.{row['base_id']}"
        cells = {
            "unit": text("ratio" if shown.unit == "1" else shown.unit),
            "baseline": _side(row, "baseline", shown),
            "yours": _side(row, "your", shown),
            "difference": quantity(row, "difference", owner, shown),
            "ratio": quantity(row, "ratio", owner, RATIO),
            "note": text(table),
        }
        yield TableRow(row["base_id"], label, cells, MOVED)


def largest_first(row: Row) -> tuple[float, float, str]:
    """The place of a change: by its ratio either way, then by its size."""
    ratio = row["ratio"]
    size = abs(math.log(ratio)) if ratio and ratio > 0 else math.inf
    return (-round(size, 9), -abs(row["difference"] or 0), row["base_id"])


def _side(row: Row, side: str, shown: Shown) -> Cell:
    """One of the two values, under the id of the number it is."""
    return replace(quantity(row, f"{side}_value", NAME, shown), number_id=row[f"{side}_id"])


def _not_priced(
    layers: Mapping[str, pl.DataFrame], book_id: str, baseline: str
) -> Iterator[TableRow]:
    """Runs that the baseline prices and the user's book does not."""
    runs = layers["validated.stages"].unique("run_id", maintain_order=True).sort("run_id")
    reasons = (
        layers["priced.stages"]
        .filter(pl.col("unpriced_because").is_not_null(), book_id=book_id)
        .sort("run_id", "stage_id")
        .group_by("run_id", maintain_order=True)
        .agg(reasons=pl.col("unpriced_because").unique(maintain_order=True).str.join("; "))
    )
    costs = layers["estimates.scopes"].filter(book_id=baseline).rename({"scope_id": "run_id"})
    on_run = {"on": "run_id", "validate": "1:1", "maintain_order": "left"}
    joined = runs.select("run_id", "model").join(reasons, **on_run).join(costs, **on_run)
    none = text(display.NOT_APPLICABLE)
    for row in joined.iter_rows(named=True):
        cost = quantity(row, "cost_usd", f"{row['run_id']}.total", Shown("USD"), baseline)
        cells = dict.fromkeys(("difference", "ratio"), none) | {
            "unit": text("USD"),
            "baseline": cost,
            "yours": text(display.MISSING),
            "note": text(row["reasons"]),
        }
        yield TableRow(f"not-priced.{row['run_id']}", row["model"], cells, NOT_PRICED)


def _not_used(unused: pl.DataFrame, book_id: str) -> Iterator[TableRow]:
    none = text(display.NOT_APPLICABLE)
    quotes = unused.filter(pl.col("book_id") == book_id).sort("quote_id").head(LISTED_QUOTES)
    for row in quotes.iter_rows(named=True):
        price = quantity(row, "usd_per_gpu_hour", row["quote_id"], PRICE, book_id)
        cells = dict.fromkeys(("baseline", "difference", "ratio"), none) | {
            "unit": text("USD/GPU-h"),
            "yours": price,
            "note": text(row["unused_because"]),
        }
        dated = "" if row["quote_date"] is None else f", {row['quote_date']}"
        label = f"{row['vendor']}, {row['gpu']}{dated}"
        yield TableRow(f"not-used.{row['quote_id']}", label, cells, NOT_USED)


def _unlisted(layers: Mapping[str, pl.DataFrame], own: list[Row]) -> list[tuple[str, Cell]]:
    """A note on the quotes that the table has no room for, with its number."""
    for row in layers["priced.book_use"].iter_rows(named=True):
        is_own = own and row["book_id"] == own[0]["book_id"]
        if is_own and row["unused_count"] > LISTED_QUOTES:
            many = quantity(row, "unused_count", "quotes", QUOTES, row["book_id"])
            note = (
                f"{many.display} quotes were used by no run; the first of them are listed, all"
                " stand in priced/unused_quotes.parquet."
            )
            return [(note, many)]
    return []


def _notes() -> tuple[str, ...]:
    return (
        "Difference and ratio compare central values. A number that no price moves is not listed."
        " The headline keeps the baseline.",
        display.legend(),
    )
