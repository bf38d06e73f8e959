"""serving: days of DeepSeek's own service that cost as much as the training."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from traincost import display
from traincost.tables.gaps import gap_cells
from traincost.tables.source_notes import source_notes
from traincost.tables.spec import (
    PERCENT,
    USD,
    Cell,
    PublishedTable,
    Row,
    Shown,
    TableColumn,
    TableRow,
    bounds,
    listed,
    money,
    quantity,
    text,
)

NAME = "serving"

PRICE = Shown("USD/GPU-h", decimals=2)
DAYS = Shown("d", decimals=1)
TIMES = Shown("1", decimals=1)
PER_MILLION = Shown("USD/M tokens", decimals=2)
HOURS = Shown("node-h")

DAY, EQUAL, WRITTEN = "The day, USD", "Days that cost as much as", "USD per million tokens written"
COLUMNS = (
    TableColumn("usd_per_gpu_hour", "USD per GPU-hour"),
    TableColumn("day_cost_usd", "Cost", DAY),
    TableColumn("day_cost_usd_low", "from", DAY, is_bound=True),
    TableColumn("day_cost_usd_high", "to", DAY, is_bound=True),
    TableColumn("days_to_r1", "R1", EQUAL),
    TableColumn("days_to_both", "V3 + R1", EQUAL),
    TableColumn("revenue_to_cost", "Theoretical revenue, × cost"),
    TableColumn("by_time", "by time of nodes", WRITTEN),
    TableColumn("by_price", "by list prices", WRITTEN),
    TableColumn("all", "all cost on writing", WRITTEN),
    TableColumn("basis", "Priced by", is_text=True, holds=True),
)
SHARES = ("by_time", "by_price", "all")


def serving(layers: Mapping[str, pl.DataFrame], files: Mapping[str, str]) -> PublishedTable:
    """One row per serving day and book. `layers`: by `layer.name`; `files`: data file to hash."""
    books = layers["validated.books"].sort("book_order")
    rows = {
        (row["service_id"], row["book_id"]): row | priced
        for row in layers["estimates.serving"].iter_rows(named=True)
        for priced in [_priced(layers, row["service_id"], row["book_id"])]
    }
    days = layers["validated.serving_days"].sort("service_id").to_dicts()
    computed = {row["service_id"]: row for row in layers["estimates.serving_days"].to_dicts()}
    title, said = _title(books, rows, days[-1])
    notes = [_day_note(day, computed[day["service_id"]]) for day in days]
    return PublishedTable(
        name=NAME,
        title=title,
        subtitle="An inference service over a day, from the nodes that its owner prints, at the"
        " price in force on that day; beside the bills of training under the same book.",
        stub_label="Price book",
        columns=COLUMNS,
        rows=tuple(
            _row(book, rows[day["service_id"], book["book_id"]], day)
            for day in days
            for book in books.iter_rows(named=True)
        ),
        notes=(
            *(note for note, _ in notes),
            *_notes(),
            *source_notes(layers["validated.sources"], [layers["validated.serving_days"]], files),
        ),
        said=(
            *said,
            *(cell for _, cells in notes for cell in cells),
            *gap_cells(layers["priced.serving"], "service_id"),
        ),
    )


def _priced(layers: Mapping[str, pl.DataFrame], service_id: str, book_id: str) -> Row:
    wanted = (pl.col("service_id") == service_id) & (pl.col("book_id") == book_id)
    row = layers["priced.serving"].filter(wanted).row(0, named=True)
    return {
        name: row[name]
        for name in row
        if name.startswith(("usd_per", "unpriced", "window_days", "is_", "quote_gpu", "cost_usd"))
    }


def _title(
    books: pl.DataFrame, rows: Mapping[tuple[str, str], Row], day: Row
) -> tuple[str, list[Cell]]:
    """The title, and the cells of the numbers in it."""
    base = books.filter("is_baseline").row(0, named=True)
    row = rows[day["service_id"], base["book_id"]]
    if row["days_to_both"] is None:
        return f"What serving costs beside training cannot be said at {base['label']}", []
    r1, both = (
        quantity(row, name, day["service_id"], DAYS, base["book_id"])
        for name in ("days_to_r1", "days_to_both")
    )
    title = (
        f"{r1.display} days of DeepSeek's own service cost as much as R1, {both.display} days as"
        f" much as V3 and R1, at {base['label']}"
    )
    return title, [r1, both]


def _row(book: Row, row: Row, day: Row) -> TableRow:
    book_id, owner = book["book_id"], day["service_id"]
    cost = quantity(row, "cost_usd", owner, USD, book_id)
    low, high = bounds(cost, USD)
    cells = {
        "usd_per_gpu_hour": quantity(row, "usd_per_gpu_hour", owner, PRICE, book_id),
        "day_cost_usd": cost,
        "day_cost_usd_low": low,
        "day_cost_usd_high": high,
        "days_to_r1": quantity(row, "days_to_r1", owner, DAYS, book_id),
        "days_to_both": quantity(row, "days_to_both", owner, DAYS, book_id),
        "revenue_to_cost": quantity(row, "revenue_to_cost", owner, TIMES, book_id),
        "basis": text(_basis(row)),
        **{
            name: quantity(row, f"usd_per_million_output_{name}", owner, PER_MILLION, book_id)
            for name in SHARES
        },
    }
    return TableRow(f"{owner}@{book_id}", book["label"], cells, day["label"], book["is_baseline"])


def _basis(row: Row) -> str:
    if row["cost_usd"] is None:
        return f"not priced: {row['unpriced_because']}"
    return f"{row['quote_gpu']} (stand-in)" if row["is_stand_in"] else row["quote_gpu"]


def _day_note(day: Row, computed: Row) -> tuple[str, list[Cell]]:
    """What the owner prints of the day, and what its figures give."""
    owner = day["service_id"]
    said, cells = [], []
    for label, ours, printed, name in (
        ("cost", "stated_cost_usd", "printed_cost_usd", "cost"),
        ("revenue", "revenue_usd", "printed_revenue_usd", "revenue"),
    ):
        if day[printed] is None:
            continue
        pair = [money(computed, ours, owner), money(day, printed, owner)]
        cells += pair
        outcome = computed[f"{name}_outcome"]
        said.append(f"{label} {pair[0].display}, printed {pair[1].display} ({outcome})")
    busy, held = (
        quantity(computed, name, owner, HOURS) for name in ("busy_node_hours", "node_hours")
    )
    share = [
        quantity(computed, name, owner, PERCENT)
        for name in ("output_share_by_time", "output_share_by_price")
    ]
    note = (
        f"{day['label']}: from nodes, tokens and list prices, {listed(said) or 'nothing printed'}."
        f" At the printed speeds, reading and writing take {busy.display} node-hours of"
        f" {held.display}. Writing has {share[0].display}% of the time of nodes and"
        f" {share[1].display}% of the revenue."
    )
    return note, [*cells, busy, held, *share]


def _notes() -> tuple[str, ...]:
    return (
        "Dividing the cost between reading and writing is an assumption. By time of nodes: each"
        " bears its share of the node-hours at the printed speeds. By list prices: its share of the"
        " revenue. All cost on writing: reading is free. Revenue is theoretical: every token at the"
        " list price of R1; the owner says that the true revenue is much lower.",
        f"{display.MISSING} {display.LEGEND[display.MISSING]}.",
    )
