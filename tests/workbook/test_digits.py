"""Number formats give the string that every other format of a table shows."""

from __future__ import annotations

import pytest

from traincost.tables.spec import Cell, Shown
from traincost.workbook.digits import digits_of
from workbook.reading import as_shown


@pytest.mark.parametrize(
    ("cell", "per", "number_format"),
    [
        (Cell("5,870,000", "x", 5_870_000.0), 1, "#,##0;−#,##0"),
        (Cell("5.87", "x", 5_870_000.0), 1e6, "#,##0.00;−#,##0.00"),
        (
            Cell("$5.87 million", "x", 5_870_000.0),
            1e6,
            '"$"#,##0.00" million";"$"−#,##0.00" million"',
        ),
        (Cell("5.0", "x", 0.0501), 0.01, "#,##0.0;−#,##0.0"),
        (Cell("1.7 times", "x", 1.71), 1, '#,##0.0" times";−#,##0.0" times"'),
        (Cell("−3", "x", -2.6), 1, "#,##0;−#,##0"),
        # what a cell says of itself comes before what its string allows
        (Cell("0.0", "x", 0.0, shown=Shown("%", 1, 0.01)), 0.01, "#,##0.0;−#,##0.0"),
    ],
)
def test_a_string_has_its_number_format(cell: Cell, per: float, number_format: str) -> None:
    digits = digits_of(cell)
    assert (digits.per, digits.number_format) == (per, number_format)
    assert as_shown(cell.value / per, number_format) == cell.display


@pytest.mark.parametrize("words", ["[x]", "∞", "two", "64*8", "2–3", 'about "5"'])
def test_a_string_that_no_format_gives_has_none(words: str) -> None:
    assert digits_of(Cell(words, "x", 5.0)) is None
