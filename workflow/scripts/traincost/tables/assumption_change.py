"""assumption_change: what another set of assumptions moves, against that of the project."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from traincost import display
from traincost.assumption_changes import in_set
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
    tables: Mapping[str, PublishedTable],
    project: Mapping[str, PublishedTable],
    layers: Mapping[str, pl.DataFrame],
) -> PublishedTable:
    """One row per number that moved, came or went.

    `tables`: the other published tables, by name; `project`: as they would be under the project's
    set. `layers`: by `layer.name`, `tables.assumption_changes` among them.
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
        rows=tuple(_rows(changes, _described(project, chosen) | described(tables))),
        notes=(
            "Difference and ratio compare central values. A number that no assumption moves is not"
            " listed; where a set gives none, that side is missing. Numbers of a run to its owner"
            " are computed under every set.",
            display.legend(),
        ),
        said=tuple(said),
    )


def _title(changes: pl.DataFrame, chosen: str) -> tuple[str, list[Cell]]:
    if chosen == PROJECT_SET:
        return f"The project's own set of assumptions, {PROJECT_SET}, is chosen: nothing moved", []
    moving = changes.filter("has_moved")
    # what went has no number of its own: its old value counts for it
    ids = pl.coalesce("your_id", pl.format("{}.{}.project_value", pl.lit(NAME), "base_id")).sort()
    many = count(f"{NAME}.moved_count", moving.select(ids).to_series().to_list(), "numbers")
    of = count(f"{NAME}.shown_count", changes.select(ids).to_series().to_list(), "numbers")
    title = (
        f"The set {chosen} in place of {PROJECT_SET}: {many.display} of {of.display} numbers that"
        " read assumptions move"
    )
    return title, [cell for cell in (many, of) if cell.counted]


def _rows(
    changes: pl.DataFrame, known: Mapping[str, tuple[str, str, Shown | None]]
) -> Iterator[TableRow]:
    for row in sorted(changes.filter("has_moved").to_dicts(), key=largest_first):
        label, table, shown = known[row["base_id"]]
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


def _described(
    tables: Mapping[str, PublishedTable], chosen: str
) -> dict[str, tuple[str, str, Shown | None]]:
    """What numbers of the project's set are, by their id under the chosen one."""
    found = described(tables)
    ids = pl.DataFrame({"number_id": list(found)}, schema={"number_id": pl.String})
    return dict(zip(ids.select(in_set(chosen)).to_series(), found.values(), strict=True))


def _yours(row: Mapping, shown: Shown) -> Cell:
    """The value under the chosen set, under the id of the number it is."""
    if row["your_id"] is None:
        return text(display.MISSING)
    cell = quantity(row, "your_value", "", shown)
    return Cell(
        cell.display, row["your_id"], cell.value, cell.low, cell.high, cell.unit, shown=shown
    )
