"""The notes under models, each with the cells of its numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from traincost.field import SCOPE_OF
from traincost.tables.spec import Cell, Row, Shown, count, listed, quantity

Note = tuple[str, list[Cell]]
Layers = Mapping[str, pl.DataFrame]

HOURS = Shown("GPU-h")


def classes_note(by_scope: pl.DataFrame) -> Note:
    """Which runs lie within a factor of two of V3 and R1, and of which that is open."""
    others = by_scope.filter(~pl.col("scope_id").is_in(list(SCOPE_OF.values()))).sort(
        "ratio_to_both", "scope_id", descending=[True, False]
    )
    within, open_ = (
        [_told(row) for row in others.filter(pl.col("weight_class") == name).to_dicts()]
        for name in ("within", "open")
    )
    said = f"Within a factor of two of V3 + R1: {listed(within) or 'no other run'}."
    if open_:
        said += f" Open, since the interval crosses the limit: {listed(open_)}."
    return f"{said} GPU-hours of unlike GPUs are not alike in what they compute.", []


def _told(row: Row) -> str:
    """A run by its name, and whether others estimate its hours: the title does not count those."""
    is_told_by_others = row["hours_basis"] == "third-party"
    return row["model"] + (" (hours by third parties)" if is_told_by_others else "")


def own_price_note(layers: Layers) -> Note:
    """How many runs have a price of their own, and how it was come by."""
    books = layers["validated.books"].filter("is_own_price").sort("book_order")["label"].to_list()
    if not books:
        return "No book is marked own_price, so no run has a price of its own.", []
    own = layers["estimates.own_prices"].filter(pl.col("scope_id") != SCOPE_OF["both"])
    priced = own.filter(pl.col("own_cost_usd").is_not_null())
    cells = [
        _counted("own_price", priced),
        _counted("stand_in", priced.filter("is_stand_in")),
        _counted("assumed_length", priced.filter("is_length_assumed")),
    ]
    runs, stand_ins, lengths = (cell.display for cell in cells)
    note = (
        f"Own price: the first of these books that prices the run: {'; '.join(books)}. It prices"
        f" {runs} runs: {stand_ins} through a stand-in, the price of another GPU, and {lengths}"
        " over an assumed length, where no GPU count is printed. Every run is assumed to end on"
        " its release day."
    )
    return note, cells


def _counted(name: str, rows: pl.DataFrame) -> Cell:
    ids = [
        f"{scope_id}.total.cost_usd@{book_id}"
        for scope_id, book_id in rows.select("scope_id", "own_book_id").sort("scope_id").iter_rows()
    ]
    return count(f"models.{name}_count", ids, "runs")


def checks_note(layers: Layers) -> Note:
    """How printed totals, and printed hours beside GPUs times duration, compare."""
    totals, hours = layers["estimates.checks"], layers["estimates.hour_checks"]
    cells: list[Cell] = []
    parts = []
    for name, frame, key, of in (
        ("totals", totals, "check_id", "ratio_to_printed"),
        ("hours", hours, "stage_id", "product_to_printed"),
    ):
        counts = [
            count(f"models.{name}_{outcome}_count", _ids(rows, key, of), "figures")
            for outcome in ("agrees", "conflicts")
            for rows in [frame.filter(pl.col("outcome") == outcome)]
        ]
        cells += counts
        parts.append([cell.display for cell in counts])
    conflicts = [*_total_conflicts(totals, cells), *_hour_conflicts(hours, layers, cells)]
    (agree, differ), (hours_agree, hours_differ) = parts
    note = (
        f"Checks: {agree} printed totals, rates and dollar figures are what their stages add up to,"
        f" {differ} not; {hours_agree} printed hours are GPUs times the printed duration,"
        f" {hours_differ} not. Conflicts: {'; '.join(conflicts) or 'none'}."
    )
    return note, cells


def _ids(rows: pl.DataFrame, key: str, of: str) -> Sequence[str]:
    return [f"{owner}.{of}" for owner in rows[key].sort()]


def _total_conflicts(totals: pl.DataFrame, cells: list[Cell]) -> list[str]:
    found = []
    wrong = totals.filter(pl.col("outcome") == "conflicts").sort("check_id")
    for row in wrong.iter_rows(named=True):
        pair = [quantity(row, name, row["check_id"], HOURS) for name in ("printed", "computed")]
        cells += pair
        found.append(f"{row['check_id']}, {pair[0].display} against {pair[1].display}")
    return found


def _hour_conflicts(hours: pl.DataFrame, layers: Layers, cells: list[Cell]) -> list[str]:
    models = dict(layers["validated.stages"].select("stage_id", "model").iter_rows())
    found = []
    wrong = hours.filter(pl.col("outcome") == "conflicts").sort("stage_id")
    for row in wrong.iter_rows(named=True):
        pair = [
            quantity(row, f"gpu_hours_{name}", row["stage_id"], HOURS)
            for name in ("printed", "product")
        ]
        cells += pair
        found.append(
            f"{models[row['stage_id']]}, {pair[0].display} against {pair[1].display} GPU-hours"
        )
    return found
