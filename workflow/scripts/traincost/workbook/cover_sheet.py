"""The first sheet: what this is, how to audit it, what may be changed, whose it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl
from xlsxwriter.worksheet import Worksheet

from traincost import display
from traincost.tables.spec import PublishedTable
from traincost.workbook.digits import Digits, number_format
from traincost.workbook.writer import Writer, height_of, sheet_title

NAME = "Cover"
WIDTHS = (26, 16, 16, 16, 16, 60)
LAST = len(WIDTHS) - 1

ABOUT = (
    "The published tables of traincost as a workbook that computes: what disclosed training work"
    " would have cost to rent, with an interval for every result. Each number on a table's sheet"
    " refers to its cell on the sheet Numbers, and that cell holds the formula of the pipeline."
)
AUDIT = (
    "On a table's sheet select a number and press Ctrl+[ to go to its cell on the sheet Numbers."
    " The row there holds value, lower and upper bound, the formula in names and in words, the"
    " file, line and document behind it. Press Ctrl+[ again for what the formula reads.",
    "The name of a cell is the id of its number with underscores: type one into the name box to"
    " go there. The low and the high bound of a number have names that end in _low and _high.",
    "The same ids open a number on the terminal (traincost why) and in results/audit/.",
)
KINDS = (
    ("input", "a price or an assumption: you may change it. All stand on the sheet Assumptions"),
    ("number", "a figure as read, or a live formula: leave it as it is"),
    (
        "fixed",
        "on the sheet Numbers: chosen or counted by the pipeline, such as a median of dated"
        " quotes. No formula here follows it",
    ),
)
LICENCE = (
    "Code: MIT licence, the traincost authors. If you publish a table, keep its source note.",
    "Data: read from the documents on the sheet Sources.",
)


def cover_sheet(
    writer: Writer,
    tables: Sequence[PublishedTable],
    others: Sequence[tuple[str, str]],
    layers: Mapping[str, pl.DataFrame],
    files: Mapping[str, str],
) -> None:
    """Add the sheet. `others`: name and meaning of the sheets that are no tables."""
    sheet = writer.sheet(NAME, WIDTHS)
    looks = writer.looks
    writer.spread(sheet, (0, 0), LAST, "traincost: a workbook to audit", looks("title"))
    sheet.set_row(0, 24)
    row = _paragraphs(writer, sheet, 1, (ABOUT,))
    writer.status(sheet, (row, 0), LAST)
    row = _bills(writer, sheet, row + 1, layers)
    row = _heading(writer, sheet, row, "How to audit a number")
    row = _paragraphs(writer, sheet, row, AUDIT)
    row = _heading(writer, sheet, row, "What may be changed")
    for name, words in KINDS:
        example = looks(name, num_format=number_format(2))
        sheet.write_number(row, 0, 2, example)
        writer.spread(sheet, (row, 1), LAST, words, looks("wrapped", align="left", indent=1))
        row += 1
    row = _contents(writer, sheet, row, tables, others)
    row = _heading(writer, sheet, row, "Licence and attribution")
    row = _paragraphs(writer, sheet, row, (*LICENCE, *_attributions(layers)))
    row = _heading(writer, sheet, row, "Read from")
    for file, digest in sorted(files.items()):
        writer.text(sheet, (row, 0), file)
        writer.spread(sheet, (row, 2), LAST, f"SHA-256 {digest}", looks("muted"))
        row += 1


def _heading(writer: Writer, sheet: Worksheet, row: int, words: str) -> int:
    writer.text(sheet, (row + 1, 0), words, writer.looks("heading"))
    sheet.set_row(row + 1, 18)
    return row + 2


def _paragraphs(writer: Writer, sheet: Worksheet, row: int, texts: Sequence[str]) -> int:
    for place, words in enumerate(texts, start=row):
        writer.spread(sheet, (place, 0), LAST, words, writer.looks("wrapped"))
        sheet.set_row(place, height_of((words, sum(WIDTHS))))
    return row + len(texts)


def _bills(writer: Writer, sheet: Worksheet, row: int, layers: Mapping[str, pl.DataFrame]) -> int:
    """The bills of the baseline, live, beside the printed ones."""
    baseline = layers["validated.books"].filter("is_baseline").row(0, named=True)
    words = f"Bills under the baseline ({baseline['label']}), USD"
    row = _heading(writer, sheet, row, words)
    writer.step_back(sheet, (row - 1, 0, row - 1, 0))
    for place, label in enumerate(("", "now", "from", "to", "as printed")):
        align = "left" if place == 0 else "right"
        writer.text(sheet, (row, place), label, writer.looks("head", align=align))
    scopes = layers["validated.scopes"].sort("scope_id")
    for scope_id, label in scopes.select("scope_id", "label").iter_rows():
        row += 1
        writer.text(sheet, (row, 0), label)
        _bill(writer, sheet, row, f"{scope_id}.total.cost_usd@{baseline['book_id']}")
    return row + 1


def _bill(writer: Writer, sheet: Worksheet, row: int, number_id: str) -> None:
    entry = writer.ledger.get(number_id)
    if entry is None:
        writer.text(sheet, (row, 1), display.MISSING, writer.looks("symbol"))
        return
    digits = Digits(1, number_format())
    look = writer.looks("number", num_format=digits.number_format)
    for place, part in enumerate(entry.parts(), start=1):
        writer.shown(sheet, (row, place), (number_id, part), digits, look)
    writer.number(sheet, (row, 4), entry.row["value"], look)


def _contents(
    writer: Writer,
    sheet: Worksheet,
    row: int,
    tables: Sequence[PublishedTable],
    others: Sequence[tuple[str, str]],
) -> int:
    row = _heading(writer, sheet, row, "Sheets")
    named = [(sheet_title(table), table.title) for table in tables]
    first = row
    for name, words in (*named, *others):
        target = f"internal:'{name}'!A1"
        sheet.write_url(row, 0, target, writer.looks("link"), name)
        writer.spread(sheet, (row, 1), LAST, words, writer.looks("wrapped"))
        sheet.set_row(row, height_of((words, sum(WIDTHS[1:]))))
        row += 1
    if named:
        writer.step_back(sheet, (first, 1, first + len(named) - 1, LAST))
    return row


def _attributions(layers: Mapping[str, pl.DataFrame]) -> list[str]:
    found = layers["validated.sources"]["attribution"].drop_nulls().unique().sort()
    return [f"With attribution to: {words}." for words in found]
