"""What the configuration names: price books, stand-ins, the set of assumptions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from traincost.declarations import CONFIGURED
from traincost.errors import UserError, nearest, quoted


def configured(
    raw: Mapping[str, pl.DataFrame], config: Mapping[str, Any]
) -> dict[str, pl.DataFrame]:
    """The tables that come from the configuration, by name. `raw`: ingested tables.

    Raises UserError where the configured set of assumptions is in no file.
    """
    return {
        "books": books_frame(config["price_books"], config["baseline"], raw["quotes"]),
        "stand_ins": stand_ins_frame(config["price_books"]),
        "assumption_sets": sets_frame(config["assumption_set"], raw["assumptions"]),
    }


def sets_frame(chosen: str, raw_assumptions: pl.DataFrame) -> pl.DataFrame:
    """One row per set of assumptions, as declared."""
    sets = raw_assumptions["set_id"].unique().sort()
    if chosen not in sets:
        raise UserError(
            f"the configuration, assumption_set: {quoted(chosen)} is no set of"
            f" data/assumptions.csv or of the file named by `assumptions`{nearest(chosen, sets)}"
        )
    frame = pl.DataFrame({"set_id": sets}).with_columns(is_chosen=pl.col("set_id") == chosen)
    return frame.cast(CONFIGURED["assumption_sets"].schema())


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
