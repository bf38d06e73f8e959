"""assumption_change: what another set of assumptions moves, against that of the project."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from traincost import display
from traincost.declarations.owner_files import PROJECT_SET
from traincost.tables.price_change import RATIO, described, largest_first
from traincost.tables.spec import (
    Cell,
    PublishedTable,
    Shown,
    TableColumn,
    TableRow,
    count,
    quantity,
    text,
)

NAME = "assumption_change"

COLUMNS = (
    TableColumn("unit", "Unit", is_text=True),
    TableColumn("project", "Project's set"),
    TableColumn("yours", "Chosen set"),
    TableColumn("difference", "Difference"),
    TableColumn("ratio", "Ratio"),
    TableColumn("note", "Table", is_text=True),
)


def assumption_change(
    tables: Mapping[str, PublishedTable], layers: Mapping[str, pl.DataFrame]
) -> PublishedTable:
    """One row per number that moved.

    `tables`: the other published tables, by name. `layers`: by `layer.name`,
    `tables.assumption_changes` among them.
    """
    chosen = layers["validated.assumption_sets"].filter("is_chosen")["set_id"].item()
    changes = layers["tables.assumption_changes"]
    title, said = _title(changes, chosen)
    return PublishedTable(
        name=NAME,
        title=title,
        subtitle=f"Each number that a table shows, under the set {PROJECT_SET} of this project and"
        f" under the set that is chosen, {chosen}. The largest ratio comes first.",
        stub_label="Number",
        columns=COLUMNS,
        rows=tuple(_rows(changes, described(tables))),
        notes=(
            "Difference and ratio compare central values. A number that no assumption moves is not"
            " listed. Numbers of a run to its owner are computed under every set.",
            display.legend(),
        ),
        said=tuple(said),
    )


def _title(changes: pl.DataFrame, chosen: str) -> tuple[str, list[Cell]]:
    if chosen == PROJECT_SET:
        return f"The project's own set of assumptions, {PROJECT_SET}, is chosen: nothing moved", []
    moving = changes.filter("has_moved")
    many = count(f"{NAME}.moved_count", moving["your_id"].sort().to_list(), "numbers")
    of = count(f"{NAME}.shown_count", changes["your_id"].sort().to_list(), "numbers")
    title = (
        f"The set {chosen} in place of {PROJECT_SET}: {many.display} of {of.display} numbers that"
        " read assumptions move"
    )
    return title, [cell for cell in (many, of) if cell.counted]


def _rows(
    changes: pl.DataFrame, known: Mapping[str, tuple[str, str, Shown | None]]
) -> Iterator[TableRow]:
    for row in sorted(changes.filter("has_moved").to_dicts(), key=largest_first):
        label, table, shown = known[row["your_id"]]
        shown = shown or Shown(row["unit"], decimals=3)
        owner = f"{NAME}.{row['base_id']}"
        cells = {
            "unit": text("ratio" if shown.unit == "1" else shown.unit),
            "project": quantity(row, "project_value", owner, shown),
            "yours": _yours(row, shown),
            "difference": quantity(row, "difference", owner, shown),
            "ratio": quantity(row, "ratio", owner, RATIO),
            "note": text(table),
        }
        yield TableRow(row["base_id"], label, cells)


def _yours(row: Mapping, shown: Shown) -> Cell:
    """The value under the chosen set, under the id of the number it is."""
    cell = quantity(row, "your_value", "", shown)
    return Cell(
        cell.display, row["your_id"], cell.value, cell.low, cell.high, cell.unit, shown=shown
    )
