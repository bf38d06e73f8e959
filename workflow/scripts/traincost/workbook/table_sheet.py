"""A published table as a sheet: the layout of its HTML, every number a live reference."""

from __future__ import annotations

from itertools import groupby

from xlsxwriter.worksheet import Worksheet

from traincost import display
from traincost.tables.spec import Cell, PublishedTable, TableColumn, TableRow
from traincost.workbook.digits import Digits, digits_of
from traincost.workbook.looks import MUTED
from traincost.workbook.writer import Writer, height_of, scaled, sheet_title

Place = tuple[int, int]
TITLE, SUBTITLE, STATUS, SPANNERS, LABELS = range(5)
NO_ROWS = "No rows."


def table_sheet(writer: Writer, table: PublishedTable) -> None:
    """Add the sheet of a table."""
    widths = _widths(table)
    sheet = writer.sheet(sheet_title(table), widths)
    last = len(table.columns)
    _head(writer, sheet, table, widths)
    row = _body(writer, sheet, table, widths)
    notes_from = row + 1
    for place, note in enumerate(table.notes, start=notes_from):
        writer.spread(sheet, (place, 0), last, note, writer.looks("note"))
        sheet.set_row(place, height_of((note, sum(widths)), size=9))
    if table.notes:
        writer.step_back(sheet, (notes_from, 0, notes_from + len(table.notes) - 1, last))
    sheet.freeze_panes(LABELS + 1, 1)
    sheet.repeat_rows(SPANNERS, LABELS)


def _widths(table: PublishedTable) -> list[float]:
    stub = max((len(row.label) for row in table.rows), default=0)
    widths = [float(min(max(stub + 4, 24), 44))]
    for column in table.columns:
        longest = max((len(row.cells[column.key].display) for row in table.rows), default=0)
        word = max(len(word) for word in column.label.split())
        most = 44 if column.is_text else 18
        widths.append(float(min(max(longest + 2, word + 2, 10), most)))
    return widths


def _head(writer: Writer, sheet: Worksheet, table: PublishedTable, widths: list[float]) -> None:
    looks, last, width = writer.looks, len(table.columns), sum(widths)
    writer.spread(sheet, (TITLE, 0), last, table.title, looks("title"))
    sheet.set_row(TITLE, height_of((table.title, width), size=14))
    writer.spread(sheet, (SUBTITLE, 0), last, table.subtitle, looks("muted_wrapped"))
    sheet.set_row(SUBTITLE, height_of((table.subtitle, width)))
    writer.step_back(sheet, (TITLE, 0, SUBTITLE, last))
    writer.status(sheet, (STATUS, 0), last)
    sheet.set_row(STATUS, 18)
    _spanners(writer, sheet, table.columns)
    writer.text(sheet, (LABELS, 0), table.stub_label, looks("head"))
    for place, column in enumerate(table.columns, start=1):
        writer.text(sheet, (LABELS, place), column.label, looks("head", **_side(column)))
    labels = (table.stub_label, *(column.label for column in table.columns))
    # bold letters are wider
    sheet.set_row(LABELS, height_of(*zip(labels, (0.77 * w for w in widths), strict=True)))


def _spanners(writer: Writer, sheet: Worksheet, columns: tuple[TableColumn, ...]) -> None:
    blank = writer.looks("head", bottom=0, top=1)
    sheet.write_blank(SPANNERS, 0, None, blank)
    place = 1
    for spanner, under in groupby(columns, key=lambda column: column.spanner):
        wide = len(list(under))
        look = writer.looks("head", align="center", top=1) if spanner else blank
        for column in range(place, place + wide):
            sheet.write_blank(SPANNERS, column, None, look)
        if spanner:
            writer.spread(sheet, (SPANNERS, place), place + wide - 1, spanner, look)
        place += wide


def _body(writer: Writer, sheet: Worksheet, table: PublishedTable, widths: list[float]) -> int:
    """Write the rows; the row after the last one."""
    row, group = LABELS + 1, ""
    for position, table_row in enumerate(table.rows):
        if table_row.group != group:
            group = table_row.group
            writer.text(sheet, (row, 0), group, writer.looks("text", bold=True, valign="bottom"))
            sheet.set_row(row, 22)
            row += 1
        is_last = position == len(table.rows) - 1
        _row(writer, sheet, row, table.columns, table_row, is_last)
        words = (table_row.label, *(table_row.cells[c.key].display for c in table.columns))
        sheet.set_row(row, height_of(*zip(words, widths, strict=True)))
        row += 1
    if not table.rows:
        for column in range(len(table.columns) + 1):
            words = NO_ROWS if column == 0 else ""
            writer.text(sheet, (row, column), words, writer.looks("muted", bottom=1))
        row += 1
    texts = [place for place, column in enumerate(table.columns, start=1) if column.is_text]
    for place in (0, *texts):
        writer.step_back(sheet, (LABELS + 1, place, row - 1, place))
    return row


def _row(
    writer: Writer,
    sheet: Worksheet,
    row: int,
    columns: tuple[TableColumn, ...],
    table_row: TableRow,
    is_last: bool,
) -> None:
    looks = writer.looks
    edges = {"bold": table_row.is_total, "bottom": 1 if is_last else 0}
    indent = {"indent": 1} if table_row.group else {}
    writer.text(sheet, (row, 0), table_row.label, looks("wrapped", **edges, **indent))
    for place, column in enumerate(columns, start=1):
        _cell(writer, sheet, (row, place), table_row.cells[column.key], column, edges)


def _cell(
    writer: Writer,
    sheet: Worksheet,
    place: Place,
    cell: Cell,
    column: TableColumn,
    edges: dict[str, object],
) -> None:
    looks = writer.looks
    number_id, _, part = cell.number_id.partition(":")
    digits = digits_of(cell)
    # words that stand for a figure stay words; a number stays live, whatever its digits
    if number_id and cell.value is not None and (digits or not column.is_text):
        digits = digits or Digits(1, "General")
        look = looks("number", num_format=digits.number_format, **edges, **_side(column))
        writer.shown(sheet, place, (number_id, part or "value"), digits, look)
        if writer.ledger[number_id].is_left_behind:
            writer.step_back(sheet, (*place, *place))
    elif cell.value is not None and digits:  # a bound of a claim that states nothing between
        look = looks("number", num_format=digits.number_format, **edges, **_side(column))
        writer.number(sheet, place, scaled(cell.value, digits.per), look)
    elif cell.display in display.LEGEND:
        look = looks("symbol", bottom=edges["bottom"], **_side(column))
        writer.text(sheet, place, cell.display, look)
    else:
        writer.text(sheet, place, cell.display, looks("wrapped", **edges, **_side(column)))


def _side(column: TableColumn) -> dict[str, object]:
    """Words stand off from the numbers before them; bounds are in a lighter ink."""
    if column.is_text:
        return {"align": "left", "indent": 1}
    return {"align": "right"} | ({"font_color": MUTED} if column.is_bound else {})
