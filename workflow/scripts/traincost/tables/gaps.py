"""The numbers in the reasons why a stage has no price."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from traincost import display
from traincost.tables.spec import Cell, Shown, quantity


def gap_cells(priced: pl.DataFrame, owner: str = "stage_id") -> list[Cell]:
    """The days without a quote and of the window, where a reason tells them.

    `priced`: rows of `priced.stages`, or of `priced.serving` with their `owner`.
    """
    gaps = priced.filter(pl.col("unpriced_days").is_not_null())
    return [
        replace(
            quantity(row, name, row[owner], Shown("d", decimals=1), row["book_id"]),
            display=display.days(row[name]),
        )
        for row in gaps.iter_rows(named=True)
        for name in ("unpriced_days", "window_days")
    ]
