"""Quantities that claims state and no layer holds, under every price book."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from traincost import pairs
from traincost.declarations import ESTIMATES
from traincost.derive import finish
from traincost.errors import BadCell, refuse
from traincost.lookup import Lookup, Number, columns_of, estimate_of, frame_of
from traincost.numbers import Layers

Row = Mapping[str, Any]


def quantities(layers: Layers) -> pl.DataFrame:
    """The declared quantities, computed; `quantities` of the estimates layer.

    `layers`: by `layer.name`, with all tables of numbers that come before. A
    quantity may read those that stand above it in the file. One row per quantity,
    and per price book where an input depends on one. Raises UserError for inputs
    that are no numbers.
    """
    lookup = Lookup(layers)
    definitions = layers["validated.quantities"]
    table = ESTIMATES["quantities"]
    rows: list[Row] = []
    bad: list[BadCell] = []
    for definition in definitions.sort("file", "line").iter_rows(named=True):
        inputs = pairs.pairs(definition["inputs"])
        wrong = [must for base in inputs.values() if (must := lookup.unknown(base))]
        bad += [_bad(definition, must) for must in wrong]
        if not wrong:
            computed = _under_books(definition, inputs, lookup)
            if any(
                row["value"] is None and len(row["input_ids"]) == len(inputs) for row in computed
            ):
                bad.append(_bad(definition, "gives no number: a divisor must not be zero"))
            base = f"{definition['quantity_id']}.value"
            lookup.add(base, computed[0]["book_id"] is not None, map(_as_number, computed))
            rows += computed
    refuse(bad)
    return finish(pl.DataFrame(rows, schema=table.schema(), orient="row"), table)


def _bad(definition: Row, must: str) -> BadCell:
    found = f"'{definition['inputs']}'"
    return BadCell(definition["file"], definition["line"], "inputs", found, must)


def _under_books(definition: Row, inputs: Mapping[str, str], lookup: Lookup) -> list[Row]:
    depends = any(lookup.depends[base] for base in inputs.values())
    book_ids = lookup.book_ids if depends else [None]
    found = [
        {name: lookup.at(base, book_id) for name, base in inputs.items()} for book_id in book_ids
    ]
    values = pairs.evaluate(definition["formula"], frame_of([_columns(row) for row in found]))
    return [
        {name: definition[name] for name in ("quantity_id", "label", "unit", "formula")}
        | {
            "book_id": book_id,
            "input_names": [name for name, number in row.items() if number],
            "input_ids": [number["number_id"] for number in row.values() if number],
            "value": value["value"],
            "value_low": value["low"],
            "value_high": value["high"],
        }
        for book_id, row, value in zip(book_ids, found, values.iter_rows(named=True), strict=True)
    ]


def _columns(row: Mapping[str, Number | None]) -> dict[str, float | None]:
    columns: dict[str, float | None] = {}
    for name, number in row.items():
        columns |= columns_of(name, estimate_of(number))
    return columns


def _as_number(row: Row) -> Number:
    """The row as `numbers` would list it, for quantities further down."""
    base = f"{row['quantity_id']}.value"
    return {
        "number_id": base if row["book_id"] is None else f"{base}@{row['book_id']}",
        "value": row["value"],
        "low": row["value_low"],
        "high": row["value_high"],
        "unit": row["unit"],
        "input_ids": row["input_ids"],
        "printed": None,
        "layer": "estimates",
        "table": "quantities",
        "column": "value",
    }
