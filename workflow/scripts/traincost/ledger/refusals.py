"""Cells of a ledger that are refused: the first with their lines, all of them put aside."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl

from traincost.csv_rows import LINE
from traincost.errors import SHOWN_CELLS, BadCell, BadCells, quoted
from traincost.ledger.batches import Batch
from traincost.ledger.reading import Wrong


class Refusals:
    """Gathers refused cells of any number in the memory that one batch needs."""

    def __init__(self, put_aside: Callable[[pl.DataFrame], None], where: str) -> None:
        """`put_aside` takes rows of file, line, column, found, must.

        `where` says to the reader where they end up.
        """
        self._bad, self._put_aside, self._where = BadCells(), put_aside, where

    @property
    def count(self) -> int:
        """How many cells and rows were refused so far."""
        return self._bad.count

    def add(self, batch: Batch, column: str, wrong: Wrong) -> None:
        """Cells of a column of ours, each kind of mistake a mask and what must hold."""
        for mask, must in wrong:
            name = batch.names.get(column, column)
            lines, found = batch.lines, batch.frame[column]
            if not mask.all():
                lines, found = lines[mask], found[pl.Series(np.flatnonzero(mask))]
            self._gather(batch.file, lines, name, found, must)

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
        same = {"file": file, "column": column, "must": must}
        # one word for all rows, so that it is written as one
        words = {name: pl.lit(word, pl.Enum([word])) for name, word in same.items()}
        aside = pl.DataFrame({"line": lines, "found": text}).with_columns(**words)
        self._put_aside(aside.select("file", "line", "column", "found", "must"))
