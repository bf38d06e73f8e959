"""A workbook as a test reads it: by openpyxl, which neither wrote nor computes it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property

import openpyxl
from openpyxl.cell.cell import Cell as Place
from openpyxl.worksheet.worksheet import Worksheet

from traincost.tables.spec import Cell, PublishedTable

PARTS = ("value", "low", "high")
Address = tuple[str, int, int]


@dataclass(frozen=True)
class Reading:
    """A workbook's bytes, read."""

    data: bytes

    @cached_property
    def values(self) -> openpyxl.Workbook:
        """Cached values."""
        return openpyxl.load_workbook(io.BytesIO(self.data), data_only=True)

    @cached_property
    def formulas(self) -> openpyxl.Workbook:
        """Formulas, where a cell has one."""
        return openpyxl.load_workbook(io.BytesIO(self.data))

    @cached_property
    def numbers(self) -> dict[str, dict[str, Address]]:
        """Where each part of each number stands on the sheet Numbers."""
        sheet = self.values["Numbers"]
        head = headings(sheet, "number id")
        found: dict[str, dict[str, Address]] = {}
        for row in range(head["number id"][0] + 1, sheet.max_row + 1):
            number_id = sheet.cell(row, head["number id"][1]).value
            found[number_id] = {part: ("Numbers", row, head[part][1]) for part in PARTS}
        return found

    @cached_property
    def left_behind(self) -> set[str]:
        """Numbers that say of themselves that they do not follow a yellow cell."""
        sheet = self.values["Numbers"]
        _, told = headings(sheet, "number id")["in this workbook"]
        return {
            number_id
            for number_id, places in self.numbers.items()
            if "does not follow" in sheet.cell(places["value"][1], told).value
        }

    @cached_property
    def yellow(self) -> dict[str, dict[str, Address]]:
        """Where the yellow cells of each number stand on the sheet Assumptions."""
        sheet = self.values["Assumptions"]
        head = headings(sheet, "number id")
        found: dict[str, dict[str, Address]] = {}
        row = head["number id"][0] + 1
        while number_id := sheet.cell(row, head["number id"][1]).value:
            found[number_id] = {
                part: ("Assumptions", row, head[part][1])
                for part in PARTS
                if sheet.cell(row, head[part][1]).value is not None
            }
            row += 1
        return found

    def value(self, address: Address) -> object:
        sheet, row, column = address
        return self.values[sheet].cell(row, column).value

    def formula_cells(self) -> Iterator[tuple[Address, str]]:
        for sheet in self.formulas:
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.data_type == "f":
                        yield (sheet.title, cell.row, cell.column), cell.value

    def shown(self, table: PublishedTable) -> Iterator[tuple[Cell, Place]]:
        """Each cell of a published table, and the place on its sheet that shows it."""
        sheet = self.values[title_of(table)]
        row, first = headings(sheet, table.columns[0].label)[table.columns[0].label]
        assert sheet.cell(row, first - 1).value == table.stub_label
        for table_row in table.rows:
            row += 1
            if sheet.cell(row, 1).value == table_row.group and not sheet.cell(row, first).value:
                row += 1
            assert sheet.cell(row, 1).value == table_row.label
            for place, column in enumerate(table.columns, start=first):
                yield table_row.cells[column.key], sheet.cell(row, place)


def title_of(table: PublishedTable) -> str:
    return table.called


def headings(sheet: Worksheet, one: str) -> dict[str, tuple[int, int]]:
    """Row and column of each heading in the first row that holds `one`; of equal ones the first."""
    for row in sheet.iter_rows(max_row=12):
        there = [cell for cell in row if cell.value is not None]
        found = {cell.value: (cell.row, cell.column) for cell in reversed(there)}
        if one in found:
            return found
    raise AssertionError(f"no heading {one!r} on {sheet.title}")


def as_shown(value: float, number_format: str) -> str:
    """A number under a number format of the kind the workbook uses."""
    positive, negative = number_format.split(";")
    pattern = negative if value < 0 else positive
    before, decimals, behind = re.fullmatch(
        r'((?:"[^"]*")?−?)#,##0(?:\.(0+))?((?:"[^"]*")?)', pattern
    ).groups()
    step = Decimal(1).scaleb(-len(decimals or ""))
    # spreadsheets round what they hold to 15 digits first
    digits = Decimal(f"{abs(value):.15g}").quantize(step, rounding=ROUND_HALF_UP)
    return f"{before}{digits:,f}{behind}".replace('"', "")
