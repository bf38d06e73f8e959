"""Cells of a ledger that are refused: the first with their lines, all of them put aside."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl

from traincost.csv_rows import LINE
from traincost.errors import SHOWN_CELLS, BadCell, BadCells, quoted
from traincost.ledger.batches import Batch
from traincost.ledger.reading import Wrong

REJECTS = pl.Schema(
    {
        "file": pl.Categorical(),
        "line": pl.Int64,
        "column": pl.Categorical(),
        "found": pl.String,
        "must": pl.Categorical(),
    }
)


class Refusals:
    """Gathers refused cells of any number in the memory that one batch needs."""

    def __init__(self, put_aside: Callable[[pl.DataFrame], None], where: str) -> None:
        """`put_aside` takes rows of REJECTS; `where` says to the reader where they end up."""
        self._bad, self._put_aside, self._where = BadCells(), put_aside, where

    @property
    def count(self) -> int:
        """How many cells and rows were refused so far."""
        return self._bad.count

    def add(self, batch: Batch, column: str, wrong: Wrong) -> None:
        """Cells of a column of ours, each kind of mistake a mask and what must hold."""
        for mask, must in wrong:
            name = batch.names.get(column, column)
            rows = pl.Series(np.flatnonzero(mask))
            self._gather(batch.file, batch.lines[mask], name, batch.frame[column][rows], must)

    def add_ragged(self, batch: Batch) -> None:
        """Rows with too few or too many cells."""
        if len(batch.ragged):
            cells = batch.ragged["cells"].cast(pl.String) + pl.Series([" cells"])
            lines = batch.ragged[LINE].to_numpy()
            self._gather(batch.file, lines, "", cells, f"a row must have {batch.width}")

    def add_row(self, batch: Batch, rows: np.ndarray, found: pl.Series, must: str) -> None:
        """Whole rows."""
        if len(rows):
            self._gather(batch.file, batch.lines[rows], "", found, must)

    def refuse(self) -> None:
        """Raise one UserError that lists the first of them and counts the rest, or do nothing."""
        self._bad.refuse(f"  all of them stand in {self._where}")

    def _gather(
        self, file: str, lines: np.ndarray, column: str, found: pl.Series, must: str
    ) -> None:
        try:
            text = found.cast(pl.String).fill_null("")
        except pl.exceptions.PolarsError:  # no text stands for such values
            text = pl.repeat(f"{found.dtype}", len(found), dtype=pl.String, eager=True)
        show = quoted if column else str
        first = [
            BadCell(file, int(line), column, show(cell), must)
            for line, cell in zip(lines[:SHOWN_CELLS], text.head(SHOWN_CELLS), strict=True)
        ]
        self._bad.add_many(first, len(lines))
        aside = pl.DataFrame({"line": lines, "found": text}).select(
            pl.lit(file).cast(REJECTS["file"]).alias("file"),
            pl.col("line").cast(pl.Int64),
            pl.lit(column).cast(REJECTS["column"]).alias("column"),
            "found",
            pl.lit(must).cast(REJECTS["must"]).alias("must"),
        )
        self._put_aside(aside)
