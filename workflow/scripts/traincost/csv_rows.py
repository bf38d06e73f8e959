"""The rows of a CSV file as text with their lines, a batch at a time.

A file of any size passes through in bounded memory: bytes in, frames out.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from traincost.errors import UserError

BATCH_ROWS = 20_000
LONGEST_LINE = 1 << 20
BOM = b"\xef\xbb\xbf"
# no header can hold this name
LINE = "\0line"


@dataclass(frozen=True)
class Rows:
    """Some rows of a file.

    `frame`: a row each, with its line (LINE) and the columns of the header, all
    text; an absent value is the empty string. `ragged`: rows with too few or too
    many cells, as LINE and `cells`, how many they have.
    """

    frame: pl.DataFrame
    ragged: pl.DataFrame


@dataclass
class TextFile:
    """A file of rows: its header and the line of that, what is odd, and its rows in batches."""

    header: list[str]
    batches: Iterator[Rows]
    remarks: list[str] = field(default_factory=list)
    header_line: int = 1


def open_csv(chunks: Iterable[bytes], file: str, left_out: int = 0) -> TextFile:
    """The header of a CSV file and its rows.

    `left_out`: lines that the chunks leave out behind the header, and that count.

    Rows count from line 1, the header; a row's line is the one it starts on. A
    blank line is no row, nor is a line above the header that begins with #: a
    comment. Raises UserError, here or while the batches are read,
    for what is no UTF-8 text, no CSV, or has no header. Read no batch before the
    header is known to name no column twice.
    """
    remarks: list[str] = []
    reader = csv.reader(_lines(chunks, file, remarks, left_out), strict=True)
    header = next(_rows(reader, file, 0), None)
    if header is None:
        raise UserError(f"{file}: is empty; a header and at least one row must be there")
    line, names = header
    rows = _rows(reader, file, left_out)
    return TextFile(names, _batches(rows, names), remarks, line)


def whole_text(opened: TextFile) -> Rows:
    """All rows at once, for small files."""
    batches = list(opened.batches)
    return Rows(pl.concat(b.frame for b in batches), pl.concat(b.ragged for b in batches))


def _batches(numbered: Iterator[tuple[int, list[str]]], header: list[str]) -> Iterator[Rows]:
    """At least one batch, the last one short."""
    rows: list[tuple[int, list[str]]] = []
    ragged: list[tuple[int, int]] = []
    for line, row in numbered:
        if len(row) == len(header):
            rows.append((line, row))
        else:
            ragged.append((line, len(row)))
        if len(rows) + len(ragged) == BATCH_ROWS:
            yield _frames(rows, ragged, header)
            rows, ragged = [], []
    yield _frames(rows, ragged, header)


def _frames(
    rows: list[tuple[int, list[str]]], ragged: list[tuple[int, int]], header: list[str]
) -> Rows:
    lines = pl.Series(LINE, [line for line, _ in rows], pl.Int64)
    cells = zip(*(row for _, row in rows), strict=True) if rows else ([] for _ in header)
    columns = [
        pl.Series(name, column, pl.String) for name, column in zip(header, cells, strict=True)
    ]
    return Rows(
        pl.DataFrame([lines, *columns]),
        pl.DataFrame(ragged, schema={LINE: pl.Int64, "cells": pl.Int64}, orient="row"),
    )


def _rows(reader: Any, file: str, left_out: int) -> Iterator[tuple[int, list[str]]]:
    """Every row that is not blank, with the line it starts on."""
    start = reader.line_num + 1 + left_out
    try:
        for row in reader:
            if row:
                yield start, row
            start = reader.line_num + 1 + left_out
    except csv.Error as error:
        why = f"not readable as CSV: {error}"
        if reader.line_num + left_out > start:
            why = "a cell that starts in quotation marks here does not end; close the quotation"
        raise UserError(f"{file}, line {start}: {why}") from None


def _lines(chunks: Iterable[bytes], file: str, remarks: list[str], left_out: int) -> Iterator[str]:
    """Lines of text with their ends; blank for a comment. Adds to `remarks` what is odd and
    accepted."""
    is_above = True
    for place, line in enumerate(_byte_lines(chunks, file), start=1):
        text = _first_line(line, file, remarks) if place == 1 else line
        number = place if is_above else place + left_out
        if is_above and text.startswith(b"#"):
            text = b"\n"
        is_above = is_above and not text.strip()
        if b"\0" in text:
            raise UserError(f"{file}, line {number}: holds a NUL byte; it must be a text file")
        try:
            yield text.decode("utf-8")
        except UnicodeDecodeError as error:
            byte = text[error.start]
            raise UserError(
                f"{file}, line {number}: byte 0x{byte:02x} is not UTF-8; save the file as UTF-8"
            ) from None


def _first_line(line: bytes, file: str, remarks: list[str]) -> bytes:
    if line.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        raise UserError(f"{file}: is UTF-32; save it as UTF-8")
    # without a mark, every other byte of plain letters is zero
    if line.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0\0" in (line[0:4:2], line[1:4:2]):
        raise UserError(f"{file}: is UTF-16; save it as UTF-8")
    if line.startswith(BOM):
        remarks.append("the file begins with a byte order mark, which is left out")
    if line.endswith(b"\r\n"):
        remarks.append("lines end as on Windows (CR LF)")
    return line.removeprefix(BOM)


def _byte_lines(chunks: Iterable[bytes], file: str) -> Iterator[bytes]:
    rest, number = b"", 0
    for chunk in chunks:
        lines = (rest + chunk).splitlines(keepends=True)
        # the last may go on in the next chunk: a CR may have its LF there
        rest = b"" if not lines or lines[-1].endswith(b"\n") else lines.pop()
        yield from lines
        number += len(lines)
        if len(rest) > LONGEST_LINE:
            raise UserError(
                f"{file}, line {number + 1}: is longer than {LONGEST_LINE:,} bytes;"
                " it must be a text file of lines"
            )
    if rest:
        yield rest
