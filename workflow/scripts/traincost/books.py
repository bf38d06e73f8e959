"""What the configuration names: price books, stand-ins, the set of assumptions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from traincost.declarations import CONFIGURED
from traincost.declarations.prices import OWN
from traincost.errors import UserError, nearest, quoted

# what a file's quotes tell about its book
FACTS = ["book_id", "format", "commitment", "quote_date"]


def configured(
    books: Mapping[str, Mapping[str, Any]], baseline: str, quotes: pl.DataFrame
) -> dict[str, pl.DataFrame]:
    """The tables of the configuration: `books` and `stand_ins`, as declared.

    `quotes`: ingested quotes, or only their distinct `FACTS`. Raises UserError as
    `books_frame` does.
    """
    return {
        "books": books_frame(books, baseline, quotes),
        "stand_ins": stand_ins_frame(books, quotes),
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
    books: Mapping[str, Mapping[str, Any]], baseline: str, quotes: pl.DataFrame
) -> pl.DataFrame:
    """One row per price book, as declared. A book is flat where none of its quotes has a date.

    `quotes`: ingested quotes, or only their distinct `book_id`, `commitment` and
    `quote_date`. Raises UserError where the user's book holds several
    commitments, none of them the one asked for.
    """
    dated = set(quotes.filter(pl.col("quote_date") != "")["book_id"])
    rows = [
        {
            "book_id": book_id,
            "book_order": order,
            "label": book["label"],
            "book_file": book["file"],
            "commitment": book.get("commitment") or _of_several(book_id, book, quotes),
            "is_baseline": book_id == baseline,
            "is_flat": book_id not in dated,
            "is_users": book.get("is_users", False),
            "is_own_price": book.get("own_price", False),
        }
        for order, (book_id, book) in enumerate(books.items(), start=1)
    ]
    return pl.DataFrame(rows, schema=CONFIGURED["books"].schema()).sort("book_id")


def _of_several(book_id: str, book: Mapping[str, Any], quotes: pl.DataFrame) -> str | None:
    """The commitment a book uses if its file holds several, where the configuration says so."""
    wanted = book.get("commitment_of_several")
    if not wanted:
        return None
    held = quotes.filter(pl.col("book_id") == book_id)["commitment"].unique().sort()
    if len(held) < 2:
        return None
    if wanted not in held:
        raise UserError(
            f"{book['file']} holds quotes of several commitments ({', '.join(held)}), none of"
            f" them {wanted}; say which with prices_commitment in the configuration"
        )
    return wanted


def stand_ins_frame(books: Mapping[str, Mapping[str, Any]], quotes: pl.DataFrame) -> pl.DataFrame:
    """One row per book, accelerator replaced and accelerator that may replace it, as declared.

    `quotes`: distinct `book_id` and `format` of ingested quotes: a catalogue that
    the user names has the stand-ins that the configuration keeps for catalogues.
    """
    catalogues = set(quotes.filter(pl.col("format") != OWN)["book_id"])
    rows = []
    for book_id, book in books.items():
        named = book.get("stand_ins", {})
        if book_id in catalogues:
            named = book.get("stand_ins_of_catalogue", {}) | named
        for gpu, quote_gpus in named.items():
            listed = [quote_gpus] if isinstance(quote_gpus, str) else quote_gpus
            rows += [
                {"book_id": book_id, "gpu": gpu, "stand_in_order": order, "quote_gpu": quote_gpu}
                for order, quote_gpu in enumerate(listed, start=1)
            ]
    schema = CONFIGURED["stand_ins"].schema()
    return pl.DataFrame(rows, schema=schema).sort("book_id", "gpu", "stand_in_order")
