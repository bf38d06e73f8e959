"""real_dollars: what runs cost in dollars of one month, beside the dollars of their own time."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from traincost import display
from traincost.tables.source_notes import source_notes
from traincost.tables.spec import (
    Cell,
    PublishedTable,
    Row,
    Shown,
    TableColumn,
    TableRow,
    day,
    marked,
    money,
    quantity,
    text,
)

NAME = "real_dollars"
FIRST = ("v3", "r1")

THOUSANDS = Shown("thousand USD", decimals=1, per=1e3)
BOUGHT, RENTED = "Purchase, thousand USD", "Rent, thousand USD"
COLUMNS = (
    TableColumn("quote_date", "dollars of the month of", BOUGHT),
    TableColumn("cluster_usd", "cluster", BOUGHT),
    TableColumn("real_cluster_usd", "cluster, real", BOUGHT),
    TableColumn("owned_cost_usd", "cost to an owner", BOUGHT),
    TableColumn("real_owned_cost_usd", "cost to an owner, real", BOUGHT),
    TableColumn("start_date", "dollars of the month of", RENTED),
    TableColumn("rental_cost_usd", "own price", RENTED),
    TableColumn("real_rental_cost_usd", "own price, real", RENTED),
)


def real_dollars(layers: Mapping[str, pl.DataFrame], files: Mapping[str, str]) -> PublishedTable:
    """One row per run with real dollars, under the chosen set.

    `layers`: by `layer.name`; `files`: data file to hash.
    """
    rows = _joined(layers)
    month = f"{layers['validated.price_index']['month'].max()}-01"
    title, said = _title(rows, month)
    used = [layers["validated.price_index"]]
    chosen = layers["validated.assumption_sets"].filter("is_chosen")["set_id"].item()
    return PublishedTable(
        name=NAME,
        is_long=True,
        stub_width=0.16,
        title=title,
        subtitle=f"Real dollars are those of the month of {month}. The others are dollars of the"
        " month of the quote or of the start.",
        stub_label="Model",
        columns=COLUMNS,
        rows=tuple(map(_row, rows)),
        notes=(
            f"Assumptions: the set {chosen}. By an index of what data processing and hosting cost"
            " in the United States; it says nothing of the price of one accelerator.",
            f"{display.ESTIMATED} GPU-hours from training compute. {display.legend()}",
            *source_notes(layers["validated.sources"], used, files),
        ),
        said=tuple(said),
    )


def _joined(layers: Mapping[str, pl.DataFrame]) -> list[Row]:
    """Rows with something in real dollars: DeepSeek's first, then the dearest."""
    chosen = layers["validated.assumption_sets"].filter("is_chosen")["set_id"].item()
    work = layers["estimates.purchases"].select(
        "work_id", "label", "gpu_hours", "quote_date", "start_date"
    )
    books = layers["estimates.own_prices"].select("own_book_id", run_id="scope_id")
    runs = layers["estimates.ownership"].select("work_id", "set_id", "run_id")
    real = pl.col("real_cluster_usd", "real_owned_cost_usd", "real_rental_cost_usd")
    frame = (
        layers["estimates.real_dollars"]
        .filter((pl.col("set_id") == chosen) & pl.any_horizontal(real.is_not_null()))
        .join(work, on="work_id", validate="1:1")
        .join(runs, on=["work_id", "set_id"], validate="1:1")
        .join(books, on="run_id", how="left", validate="m:1")
    )

    def place(row: Row) -> tuple:
        work_id = row["work_id"]
        first = FIRST.index(work_id) if work_id in FIRST else len(FIRST)
        return first, -(row["owned_cost_usd"] or 0), work_id

    return sorted(frame.to_dicts(), key=place)


def _title(rows: list[Row], month: str) -> tuple[str, list[Cell]]:
    row = next((row for row in rows if row["work_id"] == FIRST[0]), None)
    if row is None or row["real_owned_cost_usd"] is None:
        return f"What V3 would have cost its owner in dollars of {month} cannot be said", []
    nominal = money(row, "owned_cost_usd", _owner(row))
    real = money(row, "real_owned_cost_usd", f"{_owner(row)}.real")
    title = (
        f"V3 would have cost its owner {nominal.display}, or {real.display} in dollars of the month"
        f" of {month}"
    )
    return title, [nominal, real]


def _owner(row: Row) -> str:
    return f"{row['work_id']}.owned.{row['set_id']}"


def _row(row: Row) -> TableRow:
    owner, bought = _owner(row), f"{row['work_id']}.purchase"
    label = marked(row["label"], row["gpu_hours"])
    cells = {
        **{name: day(row, name, bought) for name in ("quote_date", "start_date")},
        "cluster_usd": quantity(row, "cluster_usd", owner, THOUSANDS),
        "owned_cost_usd": quantity(row, "owned_cost_usd", owner, THOUSANDS),
        **{
            name: quantity(row, name, f"{owner}.real", THOUSANDS)
            for name in ("real_cluster_usd", "real_owned_cost_usd", "real_rental_cost_usd")
        },
        "rental_cost_usd": _rent(row),
    }
    return TableRow(row["work_id"], label, cells, is_total=row["work_id"] in FIRST)


def _rent(row: Row) -> Cell:
    """The bill of the run under its own book."""
    if row["rental_cost_usd"] is None:
        return text(display.MISSING)
    bill = {f"cost_usd{part}": row[f"rental_cost_usd{part}"] for part in ("", "_low", "_high")}
    return quantity(bill, "cost_usd", f"{row['run_id']}.total", THOUSANDS, row["own_book_id"])
