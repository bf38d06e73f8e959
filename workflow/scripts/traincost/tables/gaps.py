"""The numbers in the reasons why a stage has no price."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from traincost import display
from traincost.tables.spec import Cell, Shown, quantity


def gap_cells(stages: pl.DataFrame) -> list[Cell]:
    """The days without a quote and of the window, where a reason tells them.

    `stages`: rows of `priced.stages`.
    """
    gaps = stages.filter(pl.col("unpriced_days").is_not_null())
    return [
        replace(
            quantity(row, name, row["stage_id"], Shown("d", decimals=1), row["book_id"]),
            display=display.days(row[name]),
        )
        for row in gaps.iter_rows(named=True)
        for name in ("unpriced_days", "window_days")
    ]
