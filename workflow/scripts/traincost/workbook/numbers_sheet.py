"""The sheet that every other one refers to: each number with its formula and its source."""

from __future__ import annotations

import math

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from traincost.workbook.digits import format_of_number
from traincost.workbook.ledger import FIXED, INPUT, Entry
from traincost.workbook.names import PARTS
from traincost.workbook.writer import Writer

NAME = "Numbers"
TITLE, HEAD = 0, 2
COLUMNS = (
    # heading, column of numbers.parquet, width
    ("number id", "number_id", 46),
    ("value", "", 15),
    ("low", "", 15),
    ("high", "", 15),
    ("unit", "unit", 12),
    ("comes from", "kind", 11),
    ("in this workbook", "", 17),
    ("formula", "formula", 34),
    ("chosen by", "selection", 30),
    ("made of", "input_ids", 46),
    ("shown as", "display", 14),
    ("printed", "printed", 14),
    ("file", "file", 24),
    ("line", "line", 7),
    ("document", "source_title", 44),
    ("place in it", "locator", 24),
    ("verification", "status", 18),
)
VALUE_COLUMN = 1


def define_names(writer: Writer) -> None:
    """Give the cell of every part of every number its name."""
    for row, entry in enumerate(writer.ledger.values(), start=HEAD + 1):
        for part in entry.parts():
            cell = xl_rowcol_to_cell(row, _column(part), row_abs=True, col_abs=True)
            writer.book.define_name(entry.names[part], f"={NAME}!{cell}")


def numbers_sheet(writer: Writer, yellow: dict[tuple[str, str], str]) -> None:
    """Add the sheet. `yellow`: the address of each cell that a reader may change."""
    sheet = writer.sheet(NAME, [width for _, _, width in COLUMNS])
    writer.text(sheet, (TITLE, 0), "Every number, and what it is made of", writer.looks("title"))
    sheet.set_row(TITLE, 22)
    for place, (heading, _, _) in enumerate(COLUMNS):
        align = "right" if heading in (*PARTS, "line") else "left"
        writer.text(sheet, (HEAD, place), heading, writer.looks("head", align=align))
    for row, entry in enumerate(writer.ledger.values(), start=HEAD + 1):
        _row(writer, sheet, row, entry, yellow)
    sheet.freeze_panes(HEAD + 1, 1)
    sheet.repeat_rows(HEAD)
    sheet.autofilter(HEAD, 0, HEAD + max(1, len(writer.ledger)), len(COLUMNS) - 1)


def _column(part: str) -> int:
    return VALUE_COLUMN + PARTS.index(part)


def _row(
    writer: Writer,
    sheet: Worksheet,
    row: int,
    entry: Entry,
    yellow: dict[tuple[str, str], str],
) -> None:
    for place, (heading, column, _) in enumerate(COLUMNS):
        if heading == "in this workbook":
            writer.text(sheet, (row, place), told(entry))
        elif column == "line" and entry.row["line"] is not None:
            sheet.write_number(row, place, entry.row["line"], writer.looks("number"))
        elif column:
            value = entry.row[column]
            words = ", ".join(value) if isinstance(value, list) else value
            writer.text(sheet, (row, place), words)
    if entry.row["date"] is not None:
        sheet.write_datetime(row, VALUE_COLUMN, entry.row["date"], writer.looks("date"))
    for part in entry.parts():
        address = yellow.get((entry.number_id, part), "")
        formula = there(address) if address else guarded(entry.formulas.get(part, ""))
        name = "number" if formula or entry.how != FIXED else "fixed"
        look = writer.looks(name, num_format=format_of_number(entry.row[part]))
        writer.number(sheet, (row, _column(part)), entry.row[part], look, formula)


def there(address: str) -> str:
    """What a reader has entered; not available where that is no number."""
    return f"IF(ISNUMBER({address}),{address},NA())"


def guarded(formula: str) -> str:
    """A formula that is not available, rather than an error, where it divides by zero."""
    may_fail = any(part in formula for part in ("/", "POWER(", "LN("))
    return f"IFERROR({formula},NA())" if may_fail else formula


def told(entry: Entry) -> str:
    """How a number behaves in the workbook, in words."""
    if entry.how == INPUT:
        return "yellow cell"
    if not entry.is_left_behind:
        return entry.how
    parts = ", ".join(part for part in entry.parts() if _is_stiff(entry, part))
    return f"{entry.how}; does not follow: {parts}"


def _is_stiff(entry: Entry, part: str) -> bool:
    return part not in entry.formulas and math.isfinite(entry.row[part])
