"""Cells and their numbers."""

from __future__ import annotations

import pytest

from traincost.errors import UserError
from traincost.tables.spec import (
    Cell,
    PublishedTable,
    Shown,
    TableColumn,
    TableRow,
    bounds,
    count,
    money,
    quantity,
    require_scopes,
    text,
)

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
    assert bounds(cell, MILLIONS)[0] == Cell("[x]", unit="million USD", shown=MILLIONS)


def test_words_are_no_numbers() -> None:
    assert text("H100") == Cell("H100")


def test_money_in_words_is_the_same_number() -> None:
    cell = money(ROW, "cost_usd", "r1.total", "book")
    assert (cell.display, cell.value) == ("$5.87 million", 5_870_000)
    assert cell.number_id == "r1.total.cost_usd@book"


def test_a_count_keeps_what_it_counts() -> None:
    cell = count("price_books.other_book_count", ["a", "b"], "books")
    assert (cell.display, cell.value, cell.counted) == ("2", 2, ("a", "b"))


@pytest.mark.parametrize(
    "cell",
    [
        quantity(ROW, "cost_usd", "r1.total", MILLIONS, "book"),
        *bounds(quantity(ROW, "cost_usd", "r1.total", MILLIONS, "book"), MILLIONS),
        money(ROW, "cost_usd", "r1.total", "book"),
        count("price_books.other_book_count", ["a", "b"], "books"),
    ],
)
def test_a_cell_says_how_its_value_came_to_its_string(cell: Cell) -> None:
    assert cell.shown.text(cell.value) == cell.display


def test_the_figures_of_a_table_are_those_of_its_rows_and_words() -> None:
    cost = quantity(ROW, "cost_usd", "r1.total", MILLIONS, "book")
    row = TableRow("r1", "R1", {"cost": cost, "gpu": text("H800")})
    columns = (TableColumn("cost", "Cost"), TableColumn("gpu", "GPU", is_text=True))
    said = (money(ROW, "cost_usd", "v3.total", "book"), text("[x]"))
    table = PublishedTable("bills", "Title", "", "Run", columns, (row,), said=said)
    shown = [cell.number_id for cell in table.figures()]
    assert shown == ["r1.total.cost_usd@book", "v3.total.cost_usd@book"]


def test_a_table_names_the_bill_it_lacks() -> None:
    require_scopes("claims", ["r1", "v3"], ["r1"])
    with pytest.raises(UserError, match="table claims: there is no bill 'v3-r1'; it must be a run"):
        require_scopes("claims", ["r1", "v3"], ["r1", "v3-r1"])
