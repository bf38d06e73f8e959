"""What every sheet is written with: text that stays text, numbers that stay live."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from traincost import display
from traincost.tables.spec import PublishedTable
from traincost.workbook.digits import Digits
from traincost.workbook.ledger import Ledger
from traincost.workbook.looks import Looks

# name of the cell that counts the yellow cells a reader has changed
CHANGED = "changed_cells"
STEPPED_BACK = (
    "A yellow cell was changed. The numbers follow it. What is grey and in italics does not: it"
    " was written for the printed values."
)
UNBOUNDED = "∞"
# a spreadsheet cell holds no more characters
LONGEST_TEXT = 32_767
# no row is higher, in points; longer words fill the highest one in any width
TALLEST, LONGEST_MEASURED = 409, 8_000
A4, LANDSCAPE_MARGINS = 9, {"left": 0.5, "right": 0.5, "top": 0.6, "bottom": 0.6}


@dataclass(frozen=True)
class Writer:
    """The workbook being written, its looks and its numbers."""

    book: Workbook
    looks: Looks
    ledger: Ledger

    def sheet(self, name: str, widths: Sequence[float]) -> Worksheet:
        """A new sheet, ready to print; `widths` of its columns in characters."""
        sheet = self.book.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.set_margins(**LANDSCAPE_MARGINS)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L&8&A&R&8&P / &N")
        for place, width in enumerate(widths):
            sheet.set_column(place, place, width, self.looks("text"))
        return sheet

    def text(
        self, sheet: Worksheet, place: tuple[int, int], value: Any, look: Format | None = None
    ) -> None:
        """Words, whatever they begin with; nothing where there are none."""
        words = "" if value is None else str(value)
        if len(words) > LONGEST_TEXT:
            words = f"{words[: LONGEST_TEXT - 1]}…"
        sheet.write_string(*place, words, look or self.looks("text"))

    def spread(
        self, sheet: Worksheet, place: tuple[int, int], last: int, words: str, look: Format
    ) -> None:
        """Words over the columns from `place` to `last`, the row as high as they need."""
        row, first = place
        if last > first:
            sheet.merge_range(row, first, row, last, "", look)
        self.text(sheet, place, words, look)

    def number(
        self,
        sheet: Worksheet,
        place: tuple[int, int],
        worth: float,
        look: Format,
        formula: str = "",
    ) -> None:
        """A number, or a formula with the number that it comes to."""
        if math.isinf(worth):
            self.text(sheet, place, UNBOUNDED, look)
        elif formula:
            sheet.write_formula(*place, f"={formula}", look, worth)
        else:
            sheet.write_number(*place, worth, look)

    def shown(
        self,
        sheet: Worksheet,
        place: tuple[int, int],
        number: tuple[str, str],
        digits: Digits,
        look: Format,
    ) -> None:
        """A number of the ledger, by id and part, as a live reference to it."""
        number_id, part = number
        entry = self.ledger[number_id]
        name, worth = entry.names[part], entry.row[part]
        formula = f'IF(ISNUMBER({name}),{_in_units(name, digits.per)},"{display.MISSING}")'
        self.number(sheet, place, scaled(worth, digits.per), look, formula)

    def step_back(self, sheet: Worksheet, area: tuple[int, int, int, int]) -> None:
        """Grey the words of an area while a yellow cell is changed."""
        rule = {
            "type": "formula",
            "criteria": f"={CHANGED}>0",
            "format": self.looks.stepped_back,
        }
        sheet.conditional_format(*area, rule)

    def status(self, sheet: Worksheet, place: tuple[int, int], last: int) -> None:
        """A line that is empty until a yellow cell is changed."""
        row, first = place
        look = self.looks("status")
        if last > first:
            sheet.merge_range(row, first, row, last, "", look)
        sheet.write_formula(row, first, f'=IF({CHANGED}>0,"{STEPPED_BACK}","")', look, "")


def _in_units(name: str, per: float) -> str:
    """A number in units of display, as a formula."""
    if per == 1:
        return name
    return f"{name}*{round(1 / per)}" if per < 1 else f"{name}/{per:.0f}"


def scaled(worth: float, per: float) -> float:
    """What that comes to."""
    return worth * round(1 / per) if per < 1 else worth / per


def height_of(*pieces: tuple[str, float], size: float = 10) -> float:
    """Height in points of a row with these wrapped words, each in its width in characters."""
    most = 1
    for words, width in pieces:
        # letters are narrower than the digits that widths are measured in
        per_line = max(1, int(1.1 * width * 10 / size))
        lines = words[:LONGEST_MEASURED].split("\n")
        most = max(most, sum(max(1, len(wrap(line, per_line))) for line in lines))
    return min(most * size * 1.28 + 3, TALLEST)


def sheet_title(table: PublishedTable) -> str:
    """The name of a published table's sheet; longer ones are refused by spreadsheets."""
    return table.called[:31]
