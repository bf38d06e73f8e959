"""Numbers by their base id, under a price book; and what they are made of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

import polars as pl

from traincost.columns import bounded
from traincost.errors import nearest
from traincost.numbers import Layers, base_ids, numbers
from traincost.verdicts import Estimate, meet

Number = Mapping[str, Any]

# what printed totals count, and in which unit
COUNTED_UNITS = {
    "gpu_hours": "GPU-h",
    "cost_usd": "USD",
    "gpu_hours_per_trillion_tokens": "GPU-h/T tokens",
}
# a unit such as RMB/USD
_RATE = re.compile(r"[A-Z]{3}/[A-Z]{3}")


class Lookup:
    """The numbers of some layers. `book_ids`: every price book there is."""

    def __init__(self, layers: Layers) -> None:
        self.depends = base_ids(layers)
        self.book_ids: list[str] = layers["validated.books"]["book_id"].to_list()
        self.rows: dict[str, Number] = {
            row["number_id"]: row for row in numbers(layers).iter_rows(named=True)
        }

    def add(self, base: str, depends: bool, rows: Iterator[Number]) -> None:
        """Add numbers of one base id."""
        self.depends[base] = depends
        self.rows |= {row["number_id"]: row for row in rows}

    def unknown(self, base: str) -> str:
        """What must hold where a base id is not known; empty where it is."""
        if base in self.depends:
            return ""
        return f"must be the id of a number, without its price book{nearest(base, self.depends)}"

    def at(self, base: str, book_id: str | None) -> Number | None:
        """The number under a book; none where it has no value there."""
        return self.rows.get(f"{base}@{book_id}" if self.depends[base] else base)

    def unit(self, base: str) -> str:
        """Unit of a base id; empty where no book gives it a value."""
        for book_id in (None, *self.book_ids):
            if row := self.at(base, book_id):
                return unit_of(row)
        return ""

    def source_texts(self, base: str, number: Number) -> list[str]:
        """How sources print a number: itself, the total that checks it, or its only input.

        What they print is left out where it is another number, as at another price.
        """
        only = number["input_ids"] if len(number["input_ids"]) == 1 else []
        candidates = (number["number_id"], f"{base}.printed", *only)
        found = (self.rows.get(candidate) for candidate in candidates)
        whole = estimate_of(number)
        return [
            row["printed"]
            for row in found
            if row and row["printed"] and _meet(estimate_of(row), whole)
        ]

    def stages_of(self, number_id: str) -> frozenset[str]:
        """The stages whose printed figures a number is made of."""
        reached: set[str] = set()
        todo = [number_id]
        while todo:
            current = todo.pop()
            if current not in reached:
                reached.add(current)
                todo += self.rows[current]["input_ids"]
        return frozenset().union(*(self._of_stage.get(found, frozenset()) for found in reached))

    @cached_property
    def rates(self) -> dict[str, Estimate]:
        """Exchange rates among the reported figures."""
        return {
            f"the rate {row['number_id']}": estimate
            for row in self.rows.values()
            if row["table"] == "reported_figures"
            and _RATE.fullmatch(row["unit"])
            and (estimate := estimate_of(row))
        }

    @cached_property
    def _of_stage(self) -> dict[str, frozenset[str]]:
        return {
            row["number_id"]: frozenset({row["number_id"].removesuffix(f".{row['column']}")})
            for row in self.rows.values()
            if (row["layer"], row["table"]) == ("validated", "stages")
        }


def unit_of(number: Number) -> str:
    """The unit of a number; that of a printed total is told by what it counts."""
    return COUNTED_UNITS.get(number["unit"], number["unit"])


def _meet(one: Estimate | None, other: Estimate | None) -> bool:
    return bool(one and other and meet(one.low, one.high, other.low, other.high))


def estimate_of(number: Number | None) -> Estimate | None:
    """Value and bounds; an exact number bounds itself. None where there is no number."""
    if number is None or number["value"] is None:
        return None
    value = number["value"]
    low, high = (value if number[side] is None else number[side] for side in ("low", "high"))
    return Estimate(value, low, high)


def columns_of(name: str, estimate: Estimate | None) -> dict[str, float | None]:
    """A number as the columns `x`, `x_low`, `x_high`."""
    values = (estimate.value, estimate.low, estimate.high) if estimate else (None, None, None)
    return dict(zip(bounded(name), values, strict=True))


def frame_of(rows: list[dict[str, float | None]]) -> pl.DataFrame:
    """Rows of `columns_of` as Float64 columns."""
    return pl.DataFrame(rows, schema=dict.fromkeys(rows[0], pl.Float64), orient="row")
