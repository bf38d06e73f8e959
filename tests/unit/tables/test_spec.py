"""Cells and their numbers."""

from __future__ import annotations

from traincost.tables.spec import Cell, Shown, bounds, quantity, text

ROW = {"cost_usd": 5_870_000.0, "cost_usd_low": 5_864_000.0, "cost_usd_high": 5_876_000.0}
MILLIONS = Shown("million USD", decimals=2, per=1e6)


def test_a_cell_has_the_string_and_the_number_behind_it() -> None:
    cell = quantity(ROW, "cost_usd", "r1.total", MILLIONS, "book")
    assert cell == Cell(
        "5.87", "r1.total.cost_usd@book", 5_870_000, 5_864_000, 5_876_000, "million USD"
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
