"""Price books as configured."""

from __future__ import annotations

import polars as pl

from traincost.books import books_frame, stand_ins_frame

BOOKS = {
    "z-dated": {"label": "Dated", "file": "d.csv", "stand_ins": {"*": "G2", "G1": "G3"}},
    "a-flat": {"label": "Flat", "file": "f.csv", "commitment": "reserved", "own_price": True},
}
RAW = pl.DataFrame(
    {
        "book_id": ["a-flat", "z-dated", "z-dated"],
        "format": "own",
        "quote_date": ["", "", "2024-01-01"],
    }
)


def test_books_keep_the_order_of_the_configuration_as_a_column() -> None:
    rows = books_frame(BOOKS, "a-flat", RAW).to_dicts()
    assert [(row["book_id"], row["book_order"]) for row in rows] == [("a-flat", 2), ("z-dated", 1)]
    assert [row["is_baseline"] for row in rows] == [True, False]
    assert [row["commitment"] for row in rows] == ["reserved", None]


def test_a_book_is_flat_where_no_quote_has_a_date() -> None:
    rows = books_frame(BOOKS, "a-flat", RAW).to_dicts()
    assert [row["is_flat"] for row in rows] == [True, False]


def test_a_book_supplies_own_prices_only_where_it_is_marked() -> None:
    rows = books_frame(BOOKS, "a-flat", RAW).to_dicts()
    assert [row["is_own_price"] for row in rows] == [True, False]


def test_stand_ins_have_a_row_each() -> None:
    rows = stand_ins_frame(BOOKS, RAW).rows()
    assert rows == [("z-dated", "*", 1, "G2"), ("z-dated", "G1", 1, "G3")]
