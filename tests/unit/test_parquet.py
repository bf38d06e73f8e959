"""Parquet files that explain themselves."""

from __future__ import annotations

import io
import json
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest

from traincost.columns import Column, Table
from traincost.dictionary import layer_tables
from traincost.parquet import describe, description_of, to_parquet

TABLE = Table(
    name="x",
    layer="test",
    meaning="X.",
    grain="One row per x.",
    key=("id",),
    columns=(
        Column("id", "the id"),
        Column("cost", "the cost", kind="number", unit="USD", interval=True, formula="a * b"),
        Column("ids", "members", kind="ids"),
        Column("moment", "when", kind="time", optional=True),
    ),
)
FRAME = pl.DataFrame(
    {"cost_low": [1.0], "id": ["a"], "cost": [2.0], "cost_high": [3.0], "ids": [["b"]]},
).with_columns(moment=pl.lit(None, pl.Datetime("us")), extra=pl.lit(1))


def written(**inputs: str) -> bytes:
    return to_parquet(FRAME, TABLE, inputs)


def test_the_declared_columns_are_written_in_order_and_read_back_alike() -> None:
    frame = pl.read_parquet(written())
    assert frame.columns == ["id", "cost", "cost_low", "cost_high", "ids", "moment"]
    assert frame.equals(FRAME.select(frame.columns))


def test_pyarrow_reads_meaning_grain_units_and_the_hashes_of_the_inputs() -> None:
    schema = pq.read_schema(io.BytesIO(written(b="22", a="11")))
    told = json.loads(schema.metadata[b"traincost"])
    assert told == describe(TABLE) | {"inputs": {"a": "11", "b": "22"}}
    assert (told["meaning"], told["grain"], told["key"]) == ("X.", "One row per x.", ["id"])
    cost = schema.field("cost").metadata
    assert cost == {b"unit": b"USD", b"meaning": b"the cost", b"formula": b"a * b"}
    assert told["columns"][2] == {
        "name": "cost_low",
        "type": "number",
        "unit": "USD",
        "meaning": "lower bound of `cost`",
        "formula": "",
        "may_be_empty": False,
    }


def test_the_same_table_gives_the_same_bytes_whatever_the_order_of_inputs() -> None:
    assert written(a="1", b="2") == written(b="2", a="1")


def test_a_column_that_is_missing_is_an_error() -> None:
    with pytest.raises(pl.exceptions.ColumnNotFoundError):
        to_parquet(FRAME.drop("cost_low"), TABLE, {})


def test_a_file_without_description_is_told_apart() -> None:
    buffer = io.BytesIO()
    FRAME.write_parquet(buffer)
    with pytest.raises(KeyError):
        description_of(buffer.getvalue())


def test_every_built_file_carries_its_declaration_and_the_hashes_of_its_inputs(
    built: Path,
) -> None:
    for layer, tables in layer_tables().items():
        for table in tables:
            data = (built / f"results/{layer}/{table.name}.parquet").read_bytes()
            told = description_of(data)
            assert len(told.pop("inputs")) > 0
            assert told == describe(table)
