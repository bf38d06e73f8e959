"""Quantities that claims state and no layer holds, under every price book."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from traincost import pairs
from traincost.declarations import ESTIMATES
from traincost.derive import finish
from traincost.errors import BadCell, refuse
from traincost.lookup import Lookup, Number, columns_of, estimate_of
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
    table = ESTIMATES["quantities"]
    rows: list[Row] = []
    bad: list[BadCell] = []
    for definition in layers["validated.quantities"].sort("file", "line").iter_rows(named=True):
        inputs = pairs.pairs(definition["inputs"])
        wrong = [must for base in inputs.values() if (must := lookup.unknown(base))]
        if not wrong:
            computed = _under_books(definition, inputs, lookup)
            whole = [row for row in computed if len(row["input_ids"]) == len(inputs)]
            if any(row["value"] is None for row in whole):
                wrong.append("gives no number: a divisor must not be zero")
            base = f"{definition['quantity_id']}.value"
            depends = computed[0]["book_id"] is not None
            lookup.add(base, depends, map(_as_number, computed), list(inputs.values()))
            rows += computed
        bad += [_bad(definition, must) for must in wrong]
    refuse(bad)
    return finish(pl.DataFrame(rows, schema=table.schema(), orient="row"), table)


def _bad(definition: Row, must: str) -> BadCell:
    found = f"'{definition['inputs']}'"
    return BadCell(definition["file"], definition["line"], "inputs", found, must)


def _under_books(definition: Row, inputs: Mapping[str, str], lookup: Lookup) -> list[Row]:
    depends = any(lookup.depends[base] for base in inputs.values())
    kept = {name: definition[name] for name in ("quantity_id", "label", "unit", "formula")}
    rows = []
    for book_id in lookup.book_ids if depends else [None]:
        numbers = {name: lookup.at(base, book_id) for name, base in inputs.items()}
        found = {name: number for name, number in numbers.items() if number}
        estimates = {name: estimate_of(number) for name, number in found.items()}
        is_whole = len(found) == len(inputs) and all(estimates.values())
        value = pairs.evaluate(definition["formula"], estimates) if is_whole else None
        ids = [number["number_id"] for number in found.values()]
        named = {"book_id": book_id, "input_names": list(found), "input_ids": ids}
        rows.append(kept | named | columns_of("value", value))
    return rows


def _as_number(row: Row) -> Number:
    """The row as a `Lookup` holds it."""
    base = f"{row['quantity_id']}.value"
    return {
        "number_id": base if row["book_id"] is None else f"{base}@{row['book_id']}",
        "value": row["value"],
        "low": row["value_low"],
        "high": row["value_high"],
        "date": None,
        "unit": row["unit"],
        "printed": None,
        "table": "quantities",
    }
