"""The source note under a table: producer, document, date, and the hash of the file read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl

SHORT = 8


def source_notes(
    sources: pl.DataFrame, used: Iterable[pl.DataFrame], files: Mapping[str, str]
) -> tuple[str, ...]:
    """One note for the documents behind the rows of `used`, one for the files they stand in.

    `sources`: one row per source. `used`: validated rows, with source_id and
    file. `files`: data file to SHA-256.
    """
    rows = pl.concat([frame.select("source_id", "file") for frame in used])
    wanted = sources.filter(pl.col("source_id").is_in(rows["source_id"].unique().to_list()))
    documents = "; ".join(_document(row) for row in wanted.sort("source_id").iter_rows(named=True))
    return (f"Sources: {documents}.", f"Read from: {_read_from(rows, files)}.")


def row_by_row(
    sources: pl.DataFrame, used: Iterable[pl.DataFrame], files: Mapping[str, str]
) -> tuple[str, ...]:
    """The notes of a table with too many documents to list: where they are named, whom to credit.

    Arguments as for `source_notes`.
    """
    rows = pl.concat([frame.select("source_id", "file") for frame in used])
    wanted = sources.filter(pl.col("source_id").is_in(rows["source_id"].unique().to_list()))
    credit = "; ".join(wanted["attribution"].drop_nulls().unique().sort())
    credited = f" Some are the work of others: {credit}." if credit else ""
    return (
        "Sources: the document behind each row is named in the data files, with the place in it."
        + credited,
        f"Read from: {_read_from(rows, files)}.",
    )


def _read_from(rows: pl.DataFrame, files: Mapping[str, str]) -> str:
    return ", ".join(f"{name} ({files[name][:SHORT]})" for name in rows["file"].unique().sort())


def _document(row: Mapping[str, str | None]) -> str:
    parts = [row["publisher"], row["title"], row["published"], row["attribution"]]
    return ", ".join(part for part in parts if part)
