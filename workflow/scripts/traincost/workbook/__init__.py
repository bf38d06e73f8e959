"""The workbook: every published table and every number behind it, live.

Tables, numbers and layers in, the bytes of an .xlsx file out. A new table, number
or assumption is in it by being declared.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import polars as pl
from xlsxwriter import Workbook

from traincost.idle_quotes import without_idle
from traincost.numbers import with_ids
from traincost.tables.spec import PublishedTable
from traincost.workbook import inputs_sheet, numbers_sheet
from traincost.workbook.cover_sheet import cover_sheet
from traincost.workbook.layer_sheets import LAYER_SHEETS, layer_sheet, numbers_of
from traincost.workbook.ledger import ledger
from traincost.workbook.looks import Looks
from traincost.workbook.table_sheet import table_sheet
from traincost.workbook.writer import Writer

OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "default_format_properties": {"font_name": "Arial", "font_size": 10},
}
AUDITED = (
    (inputs_sheet.NAME, "All cells that you may change, and what is assumed besides"),
    *((spec.name, spec.title) for spec in LAYER_SHEETS),
    (numbers_sheet.NAME, "Every number with its bounds, formula, inputs and source"),
)


def workbook(
    tables: Sequence[PublishedTable],
    numbers: pl.DataFrame,
    layers: Mapping[str, pl.DataFrame],
    settings: Mapping[str, Any],
    files: Mapping[str, str],
) -> bytes:
    """The workbook as the bytes of its file, the same for the same input.

    `numbers`: as `numbers.parquet`. `layers`: by `layer.name`. `settings`: what
    the configuration says, `as_of` (YYYY-MM-DD) among it. `files`: data file to
    SHA-256. Raises KeyError where a table shows a number that `numbers` lacks.
    """
    layers = without_idle(layers)
    frames = {**layers, **with_ids(layers)}
    held = ledger(numbers, _wanted(tables, frames, numbers))
    data = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # XlsxWriter leaves out what it warns of
        book = Workbook(data, OPTIONS)
        book.set_properties(
            {"title": "traincost", "created": datetime.fromisoformat(settings["as_of"])}
        )
        book.set_size(2400, 1500)
        writer = Writer(book, Looks(book), held)
        inputs = inputs_sheet.in_order(held, layers["validated.books"])
        cover_sheet(writer, tables, AUDITED, layers, files)
        inputs_sheet.inputs_sheet(writer, inputs, layers, settings)
        for table in tables:
            table_sheet(writer, table)
        for spec in LAYER_SHEETS:
            layer_sheet(writer, spec, frames)
        numbers_sheet.define_names(writer)
        numbers_sheet.numbers_sheet(writer, inputs_sheet.addresses(inputs))
        book.close()
    return data.getvalue()


def _wanted(
    tables: Sequence[PublishedTable], frames: Mapping[str, pl.DataFrame], numbers: pl.DataFrame
) -> set[str]:
    """Ids of all numbers that a sheet or a picture shows."""
    cells = [
        cell
        for table in tables
        for cell in (*(cell for row in table.rows for cell in row.cells.values()), *table.said)
    ]
    shown = {cell.number_id.partition(":")[0] for cell in cells if cell.number_id}
    shown |= {*numbers.filter("is_shown")["number_id"]}
    return shown.union(*(numbers_of(spec, frames) for spec in LAYER_SHEETS))
