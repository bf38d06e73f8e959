"""Every cell of the published tables as rows, for the audit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import polars as pl

from traincost.declarations import AUDIT
from traincost.derive import finish
from traincost.tables.spec import Cell, PublishedTable

WORDS = "words"


def cells_frame(tables: Iterable[PublishedTable]) -> pl.DataFrame:
    """`cells` as declared, sorted by key."""
    table = AUDIT["cells"]
    rows = [row for published in tables for row in _rows(published)]
    return finish(pl.DataFrame(rows, schema=table.schema(), orient="row"), table)


def _rows(table: PublishedTable) -> Iterator[dict[str, Any]]:
    for row in table.rows:
        for column in table.columns:
            yield _row(table.name, row.row_id, row.label, column.key, row.cells[column.key])
    for place, cell in enumerate(table.said, start=1):
        yield _row(table.name, WORDS, None, f"{place:03d}", cell)


def _row(table: str, row_id: str, label: str | None, column: str, cell: Cell) -> dict[str, Any]:
    number_id, _, part = cell.number_id.partition(":")
    return {
        "table": table,
        "row_id": row_id,
        "row_label": label,
        "column": column,
        "number_id": number_id or None,
        "part": (part or "value") if number_id else None,
        "value": cell.value,
        "unit": cell.unit or None,
        "display": cell.display,
        "counted_ids": list(cell.counted),
    }
