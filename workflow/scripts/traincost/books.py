"""Price books as the configuration names them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from traincost.declarations import CONFIGURED


def books_frame(
    books: Mapping[str, Mapping[str, Any]], baseline: str, raw_quotes: pl.DataFrame
) -> pl.DataFrame:
    """One row per price book, as declared. A book is flat where none of its quotes has a date."""
    dated = set(raw_quotes.filter(pl.col("quote_date") != "")["book_id"])
    rows = [
        {
            "book_id": book_id,
            "book_order": order,
            "label": book["label"],
            "book_file": book["file"],
            "commitment": book.get("commitment"),
            "is_baseline": book_id == baseline,
            "is_flat": book_id not in dated,
            "is_users": book.get("is_users", False),
            "is_own_price": book.get("own_price", False),
        }
        for order, (book_id, book) in enumerate(books.items(), start=1)
    ]
    return pl.DataFrame(rows, schema=CONFIGURED["books"].schema()).sort("book_id")


def stand_ins_frame(books: Mapping[str, Mapping[str, Any]]) -> pl.DataFrame:
    """One row per book and accelerator replaced, as declared."""
    rows = [
        {"book_id": book_id, "gpu": gpu, "quote_gpu": quote_gpu}
        for book_id, book in books.items()
        for gpu, quote_gpu in book.get("stand_ins", {}).items()
    ]
    return pl.DataFrame(rows, schema=CONFIGURED["stand_ins"].schema()).sort("book_id", "gpu")
