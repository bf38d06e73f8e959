"""Rows that repeat an earlier row of their file exactly."""

from __future__ import annotations

import polars as pl

from traincost.csv_rows import LINE
from traincost.first_seen import FirstSeen


class Repeats:
    """Remembers every row of a file."""

    def __init__(self) -> None:
        self._seen = FirstSeen()

    def split(self, frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Rows not seen before, and of the others a `note` with their line. Order is kept."""
        content = pl.concat_str(pl.all().exclude(LINE), separator="\x1f")
        told = self._seen.look_up(frame, content, [LINE])
        first = pl.col(f"first_{LINE}")
        repeated = told.filter(first != pl.col(LINE)).select(
            LINE, note=pl.format("repeats line {} exactly; counted once", first)
        )
        return told.filter(first == pl.col(LINE)).select(frame.columns), repeated
