"""cost_over_time: what every run costs at one price, by the day of its release."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import polars as pl

from traincost.field import SCOPE_OF
from traincost.pictures.cost_marks import GROUPS, REFERENCE
from traincost.pictures.spec import Picture
from traincost.tables.source_notes import row_by_row
from traincost.tables.spec import (
    MONEY,
    USD,
    Cell,
    PublishedTable,
    TableColumn,
    TableRow,
    count,
    day,
    money,
    quantity,
)

NAME = "cost_over_time"
GROUP_OF = {
    "disclosed": "Hours disclosed",
    "disclosed-approximate": "Hours disclosed",
    "product": "GPUs times duration",
    "derived": "GPUs times duration",
    "upper-bound": "Upper or lower bound",
    "lower-bound": "Upper or lower bound",
    "third-party": "Hours estimated by third parties",
}
# of the printed dollars, those for renting: the others count something else
RENTED = "cloud rates"
COLUMNS = (TableColumn("release_date", "Released"), TableColumn("cost", "Cost, USD"))


def cost_over_time(layers: Mapping[str, pl.DataFrame], files: Mapping[str, str]) -> Picture:
    """The picture under the baseline. `layers`: by `layer.name`; `files`: data file to hash."""
    book_id = layers["validated.books"].filter("is_baseline")["book_id"].item()
    models = layers["estimates.models"].filter(pl.col("book_id") == book_id)
    dated = models.filter(
        pl.col("release_date").is_not_null() & pl.col("common_cost_usd").is_not_null()
    )
    rows = (*_runs(dated, book_id), *_dollars(layers["estimates.third_party"], book_id))
    title, said = _title(models, book_id)
    undated = len(models) - len(dated)
    more = "" if not undated else " Runs without a release day are in the table of models only."
    used = [layers["validated.stages"], layers["validated.cost_estimates"]]
    table = PublishedTable(
        name=NAME,
        title=title,
        subtitle="Cost of each disclosed run at the one price per GPU-hour that V3 and R1 have"
        " under the baseline, on a logarithmic scale; bars span the printed precision.",
        stub_label="Model",
        columns=COLUMNS,
        rows=rows,
        notes=(
            "Dollars printed by third parties are at their own cloud rates, not at the one price."
            f"{more} Marks without a name stand too close together.",
            *row_by_row(layers["validated.sources"], used, files)[1:],
        ),
        said=tuple(said),
    )
    alt, named = _alt(table)
    return Picture(replace(table, said=(*said, *named)), alt)


def _title(models: pl.DataFrame, book_id: str) -> tuple[str, list[Cell]]:
    """How many disclosed runs cost more than V3 and R1, and the cells of the numbers."""
    both = models.filter(pl.col("scope_id") == SCOPE_OF["both"]).to_dicts()
    if not both or both[0]["common_cost_usd"] is None:
        return "What runs cost cannot be said at this price book", []
    others = models.filter(
        ~pl.col("scope_id").is_in(list(SCOPE_OF.values()))
        & (pl.col("hours_basis") != "third-party")
    )
    dearer = others.filter(pl.col("common_cost_usd") > both[0]["common_cost_usd"])
    many, of = (
        count(f"{NAME}.{name}", _ids(rows, book_id), "runs")
        for name, rows in (("dearer_count", dearer), ("disclosed_count", others))
    )
    cost = money(both[0], "common_cost_usd", f"{SCOPE_OF['both']}.total", book_id)
    title = (
        f"At one price per GPU-hour, {many.display} of {of.display} other disclosed runs cost more"
        f" than V3 and R1 together ({cost.display})"
    )
    return title, [many, of, cost]


def _ids(rows: pl.DataFrame, book_id: str) -> list[str]:
    return [f"{scope_id}.total.common_cost_usd@{book_id}" for scope_id in rows["scope_id"].sort()]


def _runs(dated: pl.DataFrame, book_id: str) -> Iterator[TableRow]:
    for row in dated.sort("common_cost_usd", "scope_id", descending=[True, False]).to_dicts():
        is_reference = row["scope_id"] in SCOPE_OF.values()
        owner = f"{row['scope_id']}.total"
        cells = {
            "release_date": day(row, "release_date", owner),
            "cost": quantity(row, "common_cost_usd", owner, USD, book_id),
        }
        group = REFERENCE if is_reference else GROUP_OF[row["hours_basis"]]
        yield TableRow(row["scope_id"], row["model"], cells, group, is_reference)


def _dollars(third_party: pl.DataFrame, book_id: str) -> Iterator[TableRow]:
    rows = third_party.filter(
        (pl.col("book_id") == book_id)
        & (pl.col("method") == RENTED)
        & pl.col("release_date").is_not_null()
    )
    for row in rows.sort("estimate_id").to_dicts():
        owner = row["estimate_id"]
        cells = {
            "release_date": day(row, "release_date", owner),
            "cost": quantity(row, "estimated_cost_usd", owner, USD),
        }
        label = f"{row['model']} ({row['publisher']})"
        yield TableRow(owner, label, cells, "Dollars printed by third parties")


def _alt(table: PublishedTable) -> tuple[str, list[Cell]]:
    """The picture in words, and the cells of the numbers in it."""
    if not table.rows:
        return f"{table.title}. There is nothing to draw.", []
    by_cost = sorted(table.rows, key=lambda row: row.cells["cost"].value)
    days = sorted((row.cells["release_date"] for row in table.rows), key=lambda cell: cell.display)
    groups = [group for group in GROUPS if any(row.group == group for row in table.rows)]
    named = [by_cost[0], by_cost[-1], *(row for row in table.rows if row.group == REFERENCE)]
    costs = [_in_words(row.cells["cost"]) for row in named]
    cheapest, dearest, *references = (
        f"{row.label} at {cost.display}" for row, cost in zip(named, costs, strict=True)
    )
    alt = (
        f"Scatter plot. Across: day of release, {days[0].display} to {days[-1].display}. Up: cost"
        f" in dollars, logarithmic. Marks by group: {', '.join(groups)}. The cheapest is"
        f" {cheapest}, the dearest {dearest}. For reference: {'; '.join(references)}."
        f" {table.title}."
    )
    return alt, [*costs, days[0], days[-1]]


def _in_words(cost: Cell) -> Cell:
    return replace(cost, display=MONEY.text(cost.value), shown=MONEY)
