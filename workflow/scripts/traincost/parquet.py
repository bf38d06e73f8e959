"""Parquet files that explain themselves.

Key `traincost` of the file's metadata holds, as JSON, the table's meaning,
grain and key, each column's unit, meaning and formula, and the hashes of the
inputs. pyarrow reads it back: `pyarrow.parquet.read_schema(path).metadata`.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import IO, Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from traincost.columns import KINDS, Table

KEY = b"traincost"


def to_parquet(frame: pl.DataFrame, table: Table, inputs: Mapping[str, str]) -> bytes:
    """A declared table as Parquet bytes. `inputs`: file name to SHA-256."""
    buffer = io.BytesIO()
    with ParquetParts(buffer, table, inputs) as parts:
        parts.write(frame)
    return buffer.getvalue()


class ParquetParts:
    """A declared table written a frame at a time, in the memory that one frame needs."""

    def __init__(self, file: IO[bytes], table: Table, inputs: Mapping[str, str]) -> None:
        """`file`: where the bytes go. `inputs`: file name to SHA-256."""
        self._table = table
        self._schema = _schema(table, inputs)
        self._writer = pq.ParquetWriter(file, self._schema, compression="zstd")

    def __enter__(self) -> ParquetParts:
        return self

    def __exit__(self, *_: object) -> None:
        self._writer.close()

    def write(self, frame: pl.DataFrame) -> None:
        """Add the rows of a frame, its columns in declared order."""
        named = frame.select(column.name for column in self._table.physical())
        arrow = named.to_arrow(compat_level=pl.CompatLevel.oldest())
        self._writer.write_table(arrow.cast(self._schema))


def _schema(table: Table, inputs: Mapping[str, str]) -> pa.Schema:
    description = json.dumps(describe(table) | {"inputs": dict(sorted(inputs.items()))})
    empty = pl.DataFrame(schema=table.schema()).to_arrow(compat_level=pl.CompatLevel.oldest())
    fields = [
        empty.schema.field(column.name).with_metadata(
            {"unit": column.unit, "meaning": column.meaning, "formula": column.formula}
        )
        for column in table.physical()
    ]
    return pa.schema(fields, metadata={KEY: description.encode()})


def describe(table: Table) -> dict[str, Any]:
    """The declaration of a table as plain data."""
    return {
        "table": table.name,
        "layer": table.layer,
        "meaning": table.meaning,
        "grain": table.grain,
        "key": list(table.key),
        "columns": [
            {
                "name": column.name,
                "type": KINDS[column.kind][1],
                "unit": column.unit,
                "meaning": column.meaning,
                "formula": column.formula,
                "may_be_empty": column.optional,
            }
            for column in table.physical()
        ],
    }


def description_of(data: bytes) -> dict[str, Any]:
    """The description a Parquet file carries. Raises KeyError where it carries none."""
    metadata = pq.read_schema(io.BytesIO(data)).metadata or {}
    return json.loads(metadata[KEY])
