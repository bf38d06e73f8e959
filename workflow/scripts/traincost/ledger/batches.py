"""The rows of CSV and Parquet files of any size, a batch at a time."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from traincost.csv_rows import BOM, LINE, open_csv
from traincost.errors import UserError
from traincost.ledger.inputs import KEY, Input, found
from traincost.ledger.marks import COMMA, NEWLINE, Rows, count, whole_rows

BATCH_ROWS = 1 << 19
# a column of text with fewer different ones at the beginning is taken for words that repeat
FEW_TEXTS = 1_000
BLOCK_BYTES = 1 << 23
LONGEST_CELL = 1 << 26
# of a row in a shard: the file and line it came from
PLACE = ("_traincost_file", "_traincost_line")
RAGGED = pl.Schema({LINE: pl.Int64, "cells": pl.Int64})


@dataclass(frozen=True)
class Batch:
    """Some rows of a file, under the names of this project.

    `frame`: text, or what types the file has; the columns of a key as categories.
    `lines`: the line of each row, in a Parquet file as if it had a header. `names`:
    what the file calls the wanted columns. `ragged`: lines with too few or too many
    cells, as LINE and `cells`; the header has `width`. `share`: how much of the file
    has been read with it.
    """

    file: str
    frame: pl.DataFrame
    lines: np.ndarray
    names: Mapping[str, str]
    ragged: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=RAGGED))
    width: int = 0
    share: float = 1.0


@dataclass(frozen=True)
class File:
    """A file to be read: how messages call it, and where polars finds it."""

    name: str
    place: str

    @property
    def is_csv(self) -> bool:
        """Whether it holds text; all else is Parquet."""
        return not self.name.lower().endswith((".parquet", ".pq"))


def batches(files: Iterable[File], wanted: tuple[Input, ...], more: bool) -> Iterator[Batch]:
    """Rows of all files in their order. `more`: with columns beside those wanted."""
    for file in files:
        if file.is_csv:
            with open(file.place, "rb") as opened:
                yield from _csv(opened, file.name, wanted, more)
        else:
            yield from _parquet(file, wanted, more)


def _parquet(file: File, wanted: tuple[Input, ...], more: bool) -> Iterator[Batch]:
    try:
        with pq.ParquetFile(file.place) as opened:
            schema = opened.schema_arrow
        names = found(schema.names, wanted, file.name)
        _refuse_kinds(file, schema, names)
        words = _words(file, schema, names)
        # buffered beforehand, a file would be in memory whole
        with pq.ParquetFile(file.place, read_dictionary=words, pre_buffer=False) as opened:
            yield from _parquet_batches(file, opened, names, words, more)
    except (pa.ArrowException, OSError, ValueError, pl.exceptions.PolarsError) as error:
        raise UserError(f"{file.name} cannot be read as Parquet: {error}") from None


def _parquet_batches(
    file: File, opened: pq.ParquetFile, names: dict[str, str], words: list[str], more: bool
) -> Iterator[Batch]:
    header = opened.schema_arrow.names
    placed = [*PLACE] if {*PLACE} <= {*header} else []
    columns = header if more else [*names.values(), *placed]
    rows = _named(names, columns)
    # words as categories, each of which polars is told once
    kinds = pl.col(words + [names[name] for name in KEY]).cast(pl.Categorical)
    total, done = opened.metadata.num_rows, 0
    for table in _tables(opened, columns):
        frame = pl.from_arrow(table, rechunk=False).with_columns(kinds).select(rows)
        frame = frame.cast({pl.Null: pl.String})
        # lines as if there were a header
        lines = np.arange(done + 2, done + 2 + len(frame))
        done += len(frame)
        if placed and len(frame):
            yield from _placed(frame, names, done / total)
        else:
            yield Batch(file.name, frame.drop(placed), lines, names, share=done / max(total, 1))


def _refuse_kinds(file: File, schema: pa.Schema, names: Mapping[str, str]) -> None:
    """What is no text, number, or time is in no column that is read."""
    for name in names.values():
        kind = schema.field(name).type
        kind = kind.value_type if pa.types.is_dictionary(kind) else kind
        if pa.types.is_nested(kind) or pa.types.is_duration(kind) or _is_binary(kind):
            raise UserError(f"{file.name}, column {name}: holds {kind}; must hold text or numbers")


def _is_binary(kind: pa.DataType) -> bool:
    return (
        pa.types.is_binary(kind)
        or pa.types.is_large_binary(kind)
        or pa.types.is_fixed_size_binary(kind)
        or pa.types.is_binary_view(kind)
    )


def _tables(opened: pq.ParquetFile, columns: list[str]) -> Iterator[pa.Table]:
    """The rows, BATCH_ROWS at a time; one empty table if there are none."""
    parts: list[pa.RecordBatch] = []
    rows = 0
    # a part ends where the file's words are numbered anew
    for part in opened.iter_batches(BATCH_ROWS, columns=columns, use_threads=False):
        parts.append(part)
        rows += len(part)
        if rows >= BATCH_ROWS:
            yield pa.Table.from_batches(parts)
            parts, rows = [], 0
    if parts:
        yield pa.Table.from_batches(parts)
    elif not opened.metadata.num_rows:
        yield pa.table(opened.schema_arrow.empty_table().select(columns))


def _placed(frame: pl.DataFrame, names: Mapping[str, str], share: float) -> Iterator[Batch]:
    """Rows that say themselves which file and line they came from."""
    for own in frame.partition_by(PLACE[0], maintain_order=True):
        yield Batch(own[0, PLACE[0]], own.drop(PLACE), own[PLACE[1]].to_numpy(), names, share=share)


def _words(file: File, schema: pa.Schema, names: Mapping[str, str]) -> list[str]:
    """Columns of text that repeats: those of the key, and others that begin so."""
    texts = [field.name for field in schema if _is_text(field.type)]
    keys = [names[name] for name in KEY]
    begin = pl.scan_parquet(file.place).select(texts).head(FEW_TEXTS * 10).collect()
    others = [
        name for name in texts if name not in names.values() and begin[name].n_unique() < FEW_TEXTS
    ]
    return [name for name in texts if name in keys] + others


def _is_text(kind: pa.DataType) -> bool:
    return (
        pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    )


def _named(names: dict[str, str], header: Iterable[str]) -> list[pl.Expr]:
    """The wanted columns under their names here, then the others under their own."""
    others = [name for name in header if name not in names.values() and name not in names]
    return [*(pl.col(theirs).alias(ours) for ours, theirs in names.items()), *map(pl.col, others)]


def _csv(opened: IO[bytes], file: str, wanted: tuple[Input, ...], more: bool) -> Iterator[Batch]:
    first, above = _header(opened)
    header = open_csv([first], file).header
    names = found(header, wanted, file)
    columns = _named(names, header if more else ())
    words = {names[name] for name in KEY}
    kinds = {name: pl.Categorical if name in words else pl.String for name in header}
    head, line = Head(file, first, kinds), above + 2
    size = max(os.fstat(opened.fileno()).st_size, 1)
    if opened.tell() == size:
        frame = pl.DataFrame(schema=dict.fromkeys(header, pl.String)).select(columns)
        yield Batch(file, frame, np.zeros(0, np.int64), names)
    for block, marks in _blocks(opened, file):
        ends = count(block, NEWLINE)
        lines_in_it = ends + (not block.endswith(b"\n"))
        # a few rows at a time where the reader that knows every corner has to be asked
        for frame, lines, ragged in _rows(head, block, marks, line, lines_in_it):
            named = frame.select(columns).with_columns(pl.col(KEY).cast(pl.Categorical))
            yield Batch(file, named, lines, names, ragged, len(header), opened.tell() / size)
        line += ends


def _header(opened: IO[bytes]) -> tuple[bytes, int]:
    """The first line that is no comment, and how many lines stand above it."""
    for above, line in enumerate(opened):
        if line.removeprefix(BOM).strip() and not line.removeprefix(BOM).startswith(b"#"):
            return line, above
    return b"", 0


@dataclass(frozen=True)
class Head:
    """The header of a CSV file: the line as it stands, and what its columns are read as."""

    file: str
    line: bytes
    kinds: dict[str, type[pl.DataType]]


Part = tuple[pl.DataFrame, np.ndarray, pl.DataFrame]


def _rows(head: Head, block: bytes, marks: Rows, line: int, count: int) -> Iterator[Part]:
    """The rows of a block of `count` lines, their lines, and lines with another number of cells."""
    if marks.is_plain:
        frame = _fast(head, block, marks.commas)
        if frame is not None and len(frame) == count:
            yield frame, np.arange(line, line + count), pl.DataFrame(schema=RAGGED)
            return
    for rows in open_csv([head.line, block], head.file, line - 2).batches:
        yield rows.frame.drop(LINE), rows.frame[LINE].to_numpy(), rows.ragged


def _fast(head: Head, block: bytes, commas: int | None) -> pl.DataFrame | None:
    """A block all of whose rows are whole, or nothing where one may not be."""
    try:
        frame = pl.read_csv(
            block,
            has_header=False,
            schema=head.kinds,
            empty_string_is_null=False,
            quote_char='"' if b'"' in block else None,
        )
    except pl.exceptions.PolarsError:
        return None
    # of categories alone it takes an empty cell for none
    frame = frame.with_columns(pl.col(pl.Categorical).fill_null(""))
    # it takes a row that ends early for one with empty cells, and refuses a longer one
    width, last = len(head.kinds), frame.to_series(-1)
    if frame.width == width and (last == "").any():
        commas = count(block, COMMA) if commas is None else commas
        return frame if commas == len(frame) * (width - 1) else None
    return frame if frame.width == width else None


def _blocks(opened: IO[bytes], file: str) -> Iterator[tuple[bytes, Rows]]:
    """Whole rows at a time, and what is known of them.

    A cell with a line break in it cannot be cut: what holds one is one block with
    what follows, up to where all quotation marks are closed.
    """
    rest = b""
    while chunk := opened.read(BLOCK_BYTES):
        # up to a line's end: then nothing is left over, and nothing is copied twice
        data = rest + (chunk + opened.readline(BLOCK_BYTES))
        rows = whole_rows(data)
        if rows.end:
            yield data[: rows.end], rows
        rest = data[rows.end :]
        if len(rest) > LONGEST_CELL:
            raise UserError(f"{file}: a cell that starts in quotation marks does not end")
    if rest:
        yield rest, whole_rows(rest + b"\n")
