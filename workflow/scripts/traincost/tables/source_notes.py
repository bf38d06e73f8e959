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
    names = rows["file"].unique().sort()
    read = ", ".join(f"{name} ({files[name][:SHORT]})" for name in names)
    return (f"Sources: {documents}.", f"Read from: {read}.")


def _document(row: Mapping[str, str | None]) -> str:
    parts = [row["publisher"], row["title"], row["published"], row["attribution"]]
    return ", ".join(part for part in parts if part)
