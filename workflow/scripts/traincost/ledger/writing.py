"""Priced jobs as Parquet: written as they come, read by whoever wants few of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import IO

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from traincost.parquet import KEY as DESCRIPTION

# few rows to a group: a reader of one GPU's month leaves out most groups
GROUP_ROWS = 1 << 15
# by these a reader may leave out groups
SOUGHT = ("job_id", "gpu", "start_time", "end_time")
# what every job has: readers and writer need not look for gaps
FILLED = ("job_id", "gpu", "commitment", "gpu_count", "start_time", "end_time", "unpriced_s")
MEANINGS = {
    "cost_usd": "USD; GPUs times the price of every second, empty where a second has no price",
    "unpriced_s": "seconds of the job without a price",
    "unpriced_because": "why there is no price",
}


class Writer:
    """A Parquet file of frames that have the same columns."""

    def __init__(self, file: IO[bytes], described: Mapping[str, object]) -> None:
        self._file, self._described = file, described
        self._writer: pq.ParquetWriter | None = None
        self.rows = 0

    def write(self, frame: pl.DataFrame) -> None:
        """Add rows."""
        table = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
        if self._writer is None:
            fields = (field.with_nullable(field.name not in FILLED) for field in table.schema)
            self._writer = self._opened(pa.schema(fields))
        schema = self._writer.schema
        is_same = table.schema.types == schema.types  # but for what may be empty
        table = (
            pa.Table.from_arrays(table.columns, schema=schema) if is_same else table.cast(schema)
        )
        self._writer.write_table(table, row_group_size=GROUP_ROWS)
        self.rows += len(frame)

    def close(self) -> None:
        """Write the end of the file."""
        if self._writer is not None:
            text = json.dumps(self._described, sort_keys=True)
            self._writer.add_key_value_metadata({DESCRIPTION.decode(): text})
            self._writer.close()

    def _opened(self, schema: pa.Schema) -> pq.ParquetWriter:
        columns = {field.name: field.type for field in schema}
        words = [name for name, kind in columns.items() if _is_repeated(name, kind)]
        whole = [
            name
            for name, kind in columns.items()
            if name not in words and (pa.types.is_timestamp(kind) or pa.types.is_integer(kind))
        ]
        return pq.ParquetWriter(
            self._file,
            schema,
            # times and words are small by their encoding; for the rest the quickest
            compression={name: "none" if name in words + whole else "lz4" for name in columns},
            write_statistics=[name for name in columns if name in SOUGHT],
            use_dictionary=words,
            column_encoding=dict.fromkeys(whole, "DELTA_BINARY_PACKED"),
            write_batch_size=GROUP_ROWS,
            # text stays text to readers, which then can leave out groups by it
            store_schema=False,
        )


def _is_repeated(name: str, kind: pa.DataType) -> bool:
    """Whether the column's values are few: words, counts."""
    is_text = pa.types.is_dictionary(kind) or pa.types.is_large_string(kind)
    return name not in ("job_id", "cost_usd") and (is_text or name in ("gpu_count", "unpriced_s"))
