"""Parquet files that explain themselves.

Key `traincost` of the file's metadata holds, as JSON, the table's meaning,
grain and key, each column's unit, meaning and formula, and the hashes of the
inputs. pyarrow reads it back: `pyarrow.parquet.read_schema(path).metadata`.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from traincost.columns import KINDS, Table

KEY = b"traincost"


def to_parquet(frame: pl.DataFrame, table: Table, inputs: Mapping[str, str]) -> bytes:
    """A declared table as Parquet bytes. `inputs`: file name to SHA-256."""
    description = json.dumps(describe(table) | {"inputs": dict(sorted(inputs.items()))})
    arrow = frame.select(column.name for column in table.physical()).to_arrow(
        compat_level=pl.CompatLevel.oldest()
    )
    fields = [
        arrow.schema.field(column.name).with_metadata(
            {"unit": column.unit, "meaning": column.meaning, "formula": column.formula}
        )
        for column in table.physical()
    ]
    schema = pa.schema(fields, metadata={KEY: description.encode()})
    buffer = io.BytesIO()
    pq.write_table(arrow.cast(schema), buffer, compression="zstd")
    return buffer.getvalue()


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
