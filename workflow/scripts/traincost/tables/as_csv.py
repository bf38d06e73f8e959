"""A published table as CSV: one line per cell, raw value and displayed string side by side."""

from __future__ import annotations

import csv
import io

from traincost.tables.spec import PublishedTable

HEADER = (
    "table",
    "row",
    "row_label",
    "column",
    "id",
    "value",
    "low",
    "high",
    "unit",
    "display",
)


def to_csv(table: PublishedTable) -> str:
    """Grain: one line per row and column of the table.

    `value`, `low` and `high` are unrounded, in the unit of the layer table the
    number comes from; `display` is the string that every format shows, in
    `unit`.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(HEADER)
    for row in table.rows:
        for column in table.columns:
            cell = row.cells[column.key]
            texts = (table.name, row.row_id, row.label, column.key, cell.number_id)
            bounds = (_plain(cell.value), _plain(cell.low), _plain(cell.high))
            writer.writerow((*map(inert, texts), *bounds, cell.unit, inert(cell.display)))
    return buffer.getvalue()


def inert(text: str) -> str:
    """Text that a spreadsheet will not run as a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _plain(value: float | None) -> str:
    return "" if value is None else repr(value)
