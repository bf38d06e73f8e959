"""Of when the dollars of a table are."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from traincost import display
from traincost.tables.spec import Cell, day

# the runs that tables speak of beside others
RUNS = ("v3", "r1")


def dollars_of_purchases(layers: Mapping[str, pl.DataFrame]) -> tuple[list[str], list[Cell]]:
    """A note on costs to an owner, and the cells of the days in it."""
    work = layers["estimates.purchases"].filter(pl.col("work_id").is_in(RUNS))
    found = [
        (row["label"], day(row, "quote_date", f"{row['work_id']}.purchase"))
        for row in work.sort("work_id", descending=True).to_dicts()
    ]
    known = [(label, cell) for label, cell in found if cell.display != display.MISSING]
    days = ", ".join(f"{label} {cell.display}" for label, cell in known)
    note = "Dollars are not adjusted: a purchase and a cost to an owner are in those of the day of"
    note += f" their quote ({days})" if days else " their quote"
    return [f"{note}, a rent in those of its time."], [cell for _, cell in known]
