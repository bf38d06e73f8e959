"""The sheet of prices and assumptions: all cells that a reader may change stand here."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from traincost.columns import Column
from traincost.declarations import BY_ADDRESS
from traincost.ranges import Limits, limits, price_ranges
from traincost.workbook.digits import format_of_number
from traincost.workbook.ledger import FIGURE, INPUT, Entry, Ledger
from traincost.workbook.names import PARTS
from traincost.workbook.writer import CHANGED, Writer, height_of

NAME = "Assumptions"
TITLE, LEAD, STATUS, COUNT, HEAD = range(5)
LEAD_WORDS = (
    "Change the yellow cells; every number made of them follows, on every sheet. An empty yellow"
    " cell makes them unavailable, never zero. The printed values stay beside them."
)
COLUMNS = (
    ("what", 44),
    ("value", 12),
    ("low", 10),
    ("high", 10),
    ("unit", 12),
    ("printed value", 10),
    ("printed low", 10),
    ("printed high", 10),
    ("changed", 9),
    ("price book", 24),
    ("source", 50),
    ("number id", 44),
)
WHAT, VALUE, UNIT, PRINTED, IS_CHANGED, BOOK = 0, 1, 4, 5, 8, 9
# what tells rows of a data file apart, where it has these columns
TELLING = ("label", "vendor", "model", "stage", "gpu", "quote_date")

Frames = Mapping[str, pl.DataFrame]


def in_order(ledger: Ledger, books: pl.DataFrame) -> list[Entry]:
    """The yellow cells from top to bottom: the baseline's first, then book by book."""
    order = dict(books.select("book_id", "book_order").iter_rows())
    baseline = books.filter("is_baseline")["book_id"].item()
    inputs = [entry for entry in ledger.values() if entry.how == INPUT]

    def place(entry: Entry) -> tuple[bool, int, str]:
        book_id = entry.row["book_id"]
        return book_id != baseline, order.get(book_id, 0), entry.number_id

    return sorted(inputs, key=place)


def addresses(inputs: Sequence[Entry]) -> dict[tuple[str, str], str]:
    """Where the yellow cell of each part of each input stands."""
    return {
        (entry.number_id, part): f"{NAME}!{_cell(row, VALUE + PARTS.index(part))}"
        for row, entry in enumerate(inputs, start=HEAD + 1)
        for part in entry.parts()
    }


def inputs_sheet(
    writer: Writer, inputs: Sequence[Entry], layers: Frames, settings: Mapping[str, Any]
) -> None:
    """Add the sheet: yellow cells, assumptions that no formula here follows, settings."""
    sheet = writer.sheet(NAME, [width for _, width in COLUMNS])
    last = IS_CHANGED
    writer.spread(sheet, (TITLE, 0), last, "Prices and assumptions", writer.looks("title"))
    writer.spread(sheet, (LEAD, 0), last, LEAD_WORDS, writer.looks("muted_wrapped"))
    sheet.set_row(TITLE, 22)
    sheet.set_row(LEAD, height_of((LEAD_WORDS, sum(width for _, width in COLUMNS[: last + 1]))))
    writer.status(sheet, (STATUS, 0), last)
    _headings(writer, sheet, HEAD)
    ranges = price_ranges(layers)
    for row, entry in enumerate(inputs, start=HEAD + 1):
        _about(writer, sheet, row, entry, layers)
        _yellow(writer, sheet, row, entry, limits(entry.number_id, _declared(entry), ranges))
    _count_changes(writer, sheet, len(inputs))
    row = _fixed(writer, sheet, HEAD + len(inputs) + 3, layers)
    _settings(writer, sheet, row + 2, settings)
    sheet.freeze_panes(HEAD + 1, 1)


def _cell(row: int, column: int) -> str:
    return xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True)


def _headings(writer: Writer, sheet: Worksheet, row: int) -> None:
    for place, (heading, _) in enumerate(COLUMNS):
        is_number = VALUE <= place <= IS_CHANGED and place != UNIT
        side = {"align": "right"} if is_number else _side(place)
        writer.text(sheet, (row, place), heading, writer.looks("head", **side))


def _side(place: int) -> dict[str, Any]:
    """Words stand off from the numbers before them."""
    return {"align": "left", "indent": 0 if place == WHAT else 1}


def _about(writer: Writer, sheet: Worksheet, row: int, entry: Entry, layers: Frames) -> None:
    """Everything about an input but its numbers."""
    held = entry.row
    books = dict(layers["validated.books"].select("book_id", "label").iter_rows())
    place = f"{held['file']}, line {held['line']}" if held["file"] else ""
    source = "; ".join(filter(None, (held["source_title"], held["locator"], place)))
    what = f"{_what(entry, layers)}: {_declared(entry).meaning}"
    told = {
        WHAT: what,
        UNIT: held["unit"],
        BOOK: books.get(held["book_id"]) or "",
        BOOK + 1: source,
        BOOK + 2: entry.number_id,
    }
    for column, words in told.items():
        writer.text(sheet, (row, column), words, writer.looks("wrapped", **_side(column)))
    sheet.set_row(row, height_of(*((words, COLUMNS[at][1]) for at, words in told.items())))


def _what(entry: Entry, layers: Frames) -> str:
    """What tells the row of the data file apart, else the owner in the number's id."""
    held = entry.row
    frame = layers[f"{held['layer']}.{held['table']}"]
    owner = held["base_id"].removesuffix(f".{held['column']}")
    if not {"file", "line"} <= set(frame.columns):
        return owner
    found = frame.filter(pl.col("file") == held["file"], pl.col("line") == held["line"])
    words = [str(found[0, name]) for name in TELLING if name in found.columns and found[0, name]]
    return ", ".join(words) or owner


def _declared(entry: Entry) -> Column:
    return BY_ADDRESS[f"{entry.row['layer']}.{entry.row['table']}"][entry.row["column"]]


def _yellow(writer: Writer, sheet: Worksheet, row: int, entry: Entry, within: Limits) -> None:
    same = []
    for part in entry.parts():
        offset, worth = PARTS.index(part), entry.row[part]
        ours, printed = _cell(row, VALUE + offset), _cell(row, PRINTED + offset)
        digits = format_of_number(worth) if worth >= 1000 else "0.00######"
        writer.number(sheet, (row, VALUE + offset), worth, writer.looks("input", num_format=digits))
        writer.number(
            sheet, (row, PRINTED + offset), worth, writer.looks("number", num_format=digits)
        )
        if math.isfinite(worth):
            _restrict(sheet, (row, VALUE + offset), within, entry, worth)
        same.append(f"{ours}={printed}")
    look = writer.looks("number", num_format='"yes";;"no"')
    sheet.write_formula(row, IS_CHANGED, f"=IF(AND({','.join(same)}),0,1)", look, 0)


def _restrict(
    sheet: Worksheet, place: tuple[int, int], within: Limits, entry: Entry, worth: float
) -> None:
    """Take what the pipeline takes; the bounds' formulas rely on the sign."""
    above, at_least, at_most = within
    if above is None and at_least is None and worth >= 0:
        at_least = 0
    ends = {">": ("above", above), ">=": ("at least", at_least), "<=": ("at most", at_most)}
    there = [(sign, word, end) for sign, (word, end) in ends.items() if end is not None]
    cell = _cell(*place)
    rules = [f"{cell}{sign}{end:g}" for sign, _, end in there]
    words = [f"{word} {end:g}" for _, word, end in there]
    sheet.data_validation(
        *place,
        *place,
        {
            "validate": "custom",
            "value": f"=AND({','.join([f'ISNUMBER({cell})', *rules])})",
            "error_title": "Not taken",
            "error_message": f"A number is needed, {', '.join(words)} ({entry.row['unit']})."[:255],
        },
    )


def _count_changes(writer: Writer, sheet: Worksheet, count: int) -> None:
    """Count the changed cells in a cell of that name."""
    writer.text(sheet, (COUNT, WHAT), "Yellow cells changed", writer.looks("muted"))
    first, last = _cell(HEAD + 1, IS_CHANGED), _cell(HEAD + count, IS_CHANGED)
    formula = f"=SUM({first}:{last})" if count else "=0"
    sheet.write_formula(COUNT, VALUE, formula, writer.looks("number"), 0)
    writer.book.define_name(CHANGED, f"={NAME}!{_cell(COUNT, VALUE)}")


def _fixed(writer: Writer, sheet: Worksheet, row: int, layers: Frames) -> int:
    """Assumed values that no formula here follows; the row after them."""
    assumed = [
        entry
        for entry in writer.ledger.values()
        if entry.how == FIGURE and entry.row["kind"] == "assumed"
    ]
    if not assumed:
        return row
    heading = "Assumed, and used by the pipeline only: a change needs a new run"
    writer.text(sheet, (row, WHAT), heading, writer.looks("heading"))
    for place, entry in enumerate(assumed, start=row + 1):
        _about(writer, sheet, place, entry, layers)
        if entry.row["date"] is not None:
            sheet.write_datetime(place, VALUE, entry.row["date"], writer.looks("date"))
        for part in entry.parts():
            look = writer.looks("number", num_format=format_of_number(entry.row[part]))
            column = VALUE + PARTS.index(part)
            writer.number(sheet, (place, column), entry.row[part], look, entry.names[part])
    return row + 1 + len(assumed)


def _settings(writer: Writer, sheet: Worksheet, row: int, settings: Mapping[str, Any]) -> None:
    heading = "Settings of the run, from config/config.yaml: a change needs a new run"
    writer.text(sheet, (row, WHAT), heading, writer.looks("heading"))
    for place, (name, value) in enumerate(settings.items(), start=row + 1):
        writer.text(sheet, (place, WHAT), name)
        if isinstance(value, int | float) and not isinstance(value, bool):
            sheet.write_number(place, VALUE, value, writer.looks("number"))
        else:
            writer.text(sheet, (place, VALUE), value)
