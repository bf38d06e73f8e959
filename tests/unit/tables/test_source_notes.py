"""The note on documents and files."""

from __future__ import annotations

import polars as pl

from traincost.tables.source_notes import source_notes

SOURCES = pl.DataFrame(
    {
        "source_id": ["b", "a", "unused"],
        "publisher": ["Epoch AI", None, "X"],
        "title": ["Prices", "A report", "Y"],
        "published": ["2025-06-20", "2024", None],
        "attribution": ["Epoch AI, epoch.ai, CC BY 4.0", None, None],
    }
)
FILES = {"data/x.csv": "0123456789abcdef", "data/y.csv": "f" * 64, "data/other.csv": "0" * 64}


def rows(*pairs: tuple[str, str]) -> pl.DataFrame:
    return pl.DataFrame(pairs, schema=["source_id", "file"], orient="row")


def test_it_names_each_document_and_file_once_with_attribution_and_hash() -> None:
    used = [rows(("b", "data/x.csv"), ("b", "data/x.csv")), rows(("a", "data/y.csv"))]
    assert source_notes(SOURCES, used, FILES) == (
        "Sources: A report, 2024; Epoch AI, Prices, 2025-06-20, Epoch AI, epoch.ai, CC BY 4.0.",
        "Read from: data/x.csv (01234567), data/y.csv (ffffffff).",
    )
