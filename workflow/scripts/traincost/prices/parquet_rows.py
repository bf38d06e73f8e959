"""The rows of a Parquet file as text, a batch at a time; row 1 counts as line 2."""

from __future__ import annotations

import io
from collections.abc import Iterator

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from traincost.csv_rows import BATCH_ROWS, LINE, Rows, TextFile
from traincost.errors import UserError

MAGIC = b"PAR1"


def open_parquet(data: bytes, file: str) -> TextFile:
    """The columns of a Parquet file and its rows, every cell as a CSV file would hold it.

    Raises UserError for what cannot be read, and for columns that hold neither
    text nor numbers nor dates.
    """
    try:
        opened = pq.ParquetFile(io.BytesIO(data))
    except (pa.ArrowException, OSError, ValueError) as error:
        raise UserError(f"{file}: cannot be read as Parquet: {error}") from None
    header = opened.schema_arrow.names
    remarks = ["a Parquet file: line 2 is its first row"]
    return TextFile(header, _batches(opened, file), remarks)


def _batches(opened: pq.ParquetFile, file: str) -> Iterator[Rows]:
    ragged = pl.DataFrame(schema={LINE: pl.Int64, "cells": pl.Int64})
    start = 2
    try:
        for batch in opened.iter_batches(BATCH_ROWS):
            frame = pl.DataFrame(pa.Table.from_batches([batch]))
            texts = [_text(column, file) for column in frame]
            lines = pl.Series(LINE, range(start, start + len(frame)), pl.Int64)
            start += len(frame)
            yield Rows(pl.DataFrame([lines, *texts]), ragged)
    except (pa.ArrowException, OSError, ValueError, pl.exceptions.PolarsError) as error:
        raise UserError(f"{file}: cannot be read as Parquet: {error}") from None


def _text(column: pl.Series, file: str) -> pl.Series:
    kind = column.dtype
    if kind.is_float():
        # a whole number that shares its column with gaps was stored with a point
        whole = column.is_finite() & (column == column.round()) & (column.abs() < 2**53)
        text = column.cast(pl.String).zip_with(
            ~whole.fill_null(False), column.cast(pl.Int64, strict=False).cast(pl.String)
        )
    elif kind in (pl.Datetime, pl.Date):
        text = _day(column)
    elif kind in (pl.String, pl.Categorical, pl.Enum, pl.Null) or kind.is_numeric():
        text = column.cast(pl.String)
    else:
        raise UserError(
            f"{file}, column {column.name}: holds {kind}; must hold text, numbers or dates"
        )
    return text.fill_null("")


def _day(column: pl.Series) -> pl.Series:
    """Days as YYYY-MM-DD; a time other than midnight stays, for validation to refuse."""
    if column.dtype == pl.Date:
        return column.dt.to_string("%Y-%m-%d")
    at_midnight = column.dt.replace_time_zone(None) == column.dt.replace_time_zone(
        None
    ).dt.truncate("1d")
    return column.dt.to_string("%Y-%m-%d").zip_with(
        at_midnight.fill_null(False), column.dt.to_string("%Y-%m-%d %H:%M:%S")
    )
