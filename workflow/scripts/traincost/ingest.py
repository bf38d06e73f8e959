"""Read a data file as text, every row with its file and line. Nothing is renamed or dropped."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import polars as pl

from traincost.columns import Column, Table
from traincost.errors import BadCell, UserError, nearest, quoted, refuse

PLACE = {"file": pl.String, "line": pl.Int64}


def ingested(table: Table) -> Table:
    """The declaration of a data file's ingested form: its header, all of it text."""
    return Table(
        name=table.name,
        layer="ingested",
        meaning=f"{table.meaning} As the data file holds them.",
        grain=table.grain,
        key=("file", "line"),
        added=table.added,
        columns=tuple(Column(name, "text of the data file") for name in table.raw_header()),
    )


def read_csv_text(data: bytes, file: str, header: Sequence[str]) -> pl.DataFrame:
    """The rows of a CSV file as text columns, preceded by `file` and `line`.

    `line` is the line a row starts on, the header being line 1. An absent value
    is the empty string. Raises UserError for a file that is not UTF-8 text, is
    empty, or whose header or row lengths are wrong; all wrong rows at once.
    """
    text = _decode(data, file)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        found = next(reader, None)
        if not found:
            raise UserError(f"{file}: is empty; a header and at least one row must be there")
        _check_header(found, header, file)
        rows, bad, start = [], [], reader.line_num + 1
        for row in reader:
            if len(row) == len(found):
                rows.append((file, start, *row))
            elif row:  # a blank line is no row
                wrong = f"{len(row)} {'cell' if len(row) == 1 else 'cells'}"
                bad.append(BadCell(file, start, "", wrong, f"a row must have {len(found)}"))
            start = reader.line_num + 1
    except csv.Error as error:
        raise UserError(f"{file}, line {reader.line_num}: not readable as CSV: {error}") from None
    refuse(bad)
    if not rows:
        raise UserError(f"{file}: has a header and no rows; at least one row must be there")
    schema = PLACE | dict.fromkeys(found, pl.String)
    return pl.DataFrame(rows, schema=schema, orient="row").select(*PLACE, *header)


def _decode(data: bytes, file: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UserError(f"{file}: is UTF-16; save it as UTF-8")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        byte = data[error.start]
        raise UserError(
            f"{file}, line {line}: byte 0x{byte:02x} is not UTF-8; save the file as UTF-8"
        ) from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise UserError(f"{file}, line {line}: holds a NUL byte; it must be a text file")
    return text


def _check_header(found: list[str], wanted: Sequence[str], file: str) -> None:
    problems = []
    for name in dict.fromkeys(found):
        if found.count(name) > 1:
            problems.append(f"column {_named(name)} stands {found.count(name)} times")
        if name not in wanted:
            problems.append(f"column {_named(name)} is not known{nearest(name, wanted)}")
    problems += [f"column '{name}' is missing" for name in wanted if name not in found]
    if len(found) == 1 and any(separator in found[0] for separator in ";\t"):
        problems = ["cells are not separated by commas; save it as CSV with commas"]
    if problems:
        listed = "\n".join(f"  {problem}" for problem in problems)
        raise UserError(
            f"{file}, line 1: the header is wrong:\n{listed}\n  it must be: {','.join(wanted)}"
        )


def _named(name: str) -> str:
    return quoted(name) or "without a name"
