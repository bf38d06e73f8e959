"""Read a data file as text, every row with its file and line. Nothing is renamed or dropped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from traincost.columns import Column, Table
from traincost.csv_rows import LINE, open_csv, whole_text
from traincost.errors import BadCell, UserError, nearest, quoted, refuse


def ingested(table: Table) -> Table:
    """The declaration of a data file's ingested form: its header, all of it text."""
    return Table(
        name=table.name,
        layer="ingested",
        meaning=f"{table.meaning} As the data file holds them.",
        grain=table.grain,
        key=table.key if "line" in table.key else ("file", "line"),
        added=table.added,
        columns=tuple(Column(name, "text of the data file") for name in table.raw_header()),
    )


def read_csv_text(data: bytes, file: str, header: Sequence[str]) -> pl.DataFrame:
    """The rows of a CSV file as text columns, preceded by `file` and `line`.

    `line` is the line a row starts on, the header being line 1. An absent value
    is the empty string. Raises UserError for a file that is not UTF-8 text, is
    empty, or whose header or row lengths are wrong; all wrong rows at once.
    """
    opened = open_csv([data], file)
    _check_header(opened.header, header, f"{file}, line {opened.header_line}")
    rows = whole_text(opened)
    refuse(_ragged(rows.ragged, file, len(opened.header)))
    if rows.frame.is_empty():
        raise UserError(f"{file}: has a header and no rows; at least one row must be there")
    return rows.frame.select(pl.lit(file).alias("file"), pl.col(LINE).alias("line"), *header)


def _ragged(rows: pl.DataFrame, file: str, width: int) -> Iterator[BadCell]:
    for line, cells in rows.iter_rows():
        found = f"{cells} {'cell' if cells == 1 else 'cells'}"
        yield BadCell(file, line, "", found, f"a row must have {width}")


def _check_header(found: list[str], wanted: Sequence[str], place: str) -> None:
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
            f"{place}: the header is wrong:\n{listed}\n  it must be: {','.join(wanted)}"
        )


def _named(name: str) -> str:
    return quoted(name) or "without a name"
