"""Cells and their numbers."""

from __future__ import annotations

import pytest

from traincost.errors import UserError
from traincost.tables.spec import Cell, Shown, bounds, count, money, quantity, require_scopes, text

ROW = {"cost_usd": 5_870_000.0, "cost_usd_low": 5_864_000.0, "cost_usd_high": 5_876_000.0}
MILLIONS = Shown("million USD", decimals=2, per=1e6)


def test_a_cell_has_the_string_and_the_number_behind_it() -> None:
    cell = quantity(ROW, "cost_usd", "r1.total", MILLIONS, "book")
    assert cell == Cell(
        "5.87",
        "r1.total.cost_usd@book",
        5_870_000,
        5_864_000,
        5_876_000,
        "million USD",
        shown=MILLIONS,
    )
    low, high = bounds(cell, MILLIONS)
    assert (low.display, high.display) == ("5.86", "5.88")
    assert low.number_id == "r1.total.cost_usd@book:low"
    assert (low.value, high.value) == (5_864_000, 5_876_000)


def test_a_missing_number_has_no_id() -> None:
    cell = quantity(dict.fromkeys(ROW), "cost_usd", "r1.total", MILLIONS, "book")
    assert (cell.display, cell.number_id, cell.value) == ("[x]", "", None)
    assert bounds(cell, MILLIONS)[0] == Cell("[x]", unit="million USD")


def test_words_are_no_numbers() -> None:
    assert text("H100") == Cell("H100")


def test_money_in_words_is_the_same_number() -> None:
    cell = money(ROW, "cost_usd", "r1.total", "book")
    assert (cell.display, cell.value) == ("$5.87 million", 5_870_000)
    assert cell.number_id == "r1.total.cost_usd@book"


def test_a_count_keeps_what_it_counts() -> None:
    cell = count("price_books.other_book_count", ["a", "b"], "books")
    assert (cell.display, cell.value, cell.counted) == ("2", 2, ("a", "b"))


def test_a_table_names_the_bill_it_lacks() -> None:
    require_scopes("claims", ["r1", "v3"], ["r1"])
    with pytest.raises(UserError, match="table claims: there is no bill 'v3-r1'; it must be a run"):
        require_scopes("claims", ["r1", "v3"], ["r1", "v3-r1"])
