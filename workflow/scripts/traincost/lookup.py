"""Numbers by their base id, under a price book; and which stages they are made of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from traincost.columns import bounded
from traincost.errors import nearest
from traincost.numbers import Layers, base_ids, values
from traincost.verdicts import Estimate, meet

Number = Mapping[str, Any]

COLUMNS = ("number_id", "value", "low", "high", "date", "unit", "printed", "table")
# what printed totals count, and in which unit
COUNTED_UNITS = {
    "gpu_hours": "GPU-h",
    "cost_usd": "USD",
    "gpu_hours_per_trillion_tokens": "GPU-h/T tokens",
}
# a unit such as RMB/USD
_RATE = re.compile(r"[A-Z]{3}/[A-Z]{3}")


class Lookup:
    """The numbers of some layers, and what is added to them. `book_ids`: every price book."""

    def __init__(self, layers: Layers) -> None:
        self.depends = base_ids(layers)
        self.book_ids: list[str] = layers["validated.books"]["book_id"].to_list()
        self.rows: dict[str, Number] = {
            row["number_id"]: row for row in values(layers).select(COLUMNS).iter_rows(named=True)
        }
        self._stages = _stages_by_owner(layers)
        # for owners that have none themselves: what their numbers read
        self._read: dict[str, set[str]] = {}
        if "estimates.quantities" in layers:
            read = layers["estimates.quantities"].select("quantity_id", "input_ids")
            for owner, ids in read.iter_rows():
                bases = {number_id.partition("@")[0] for number_id in ids}
                self._read[owner] = self._read.get(owner, set()) | bases

    def add(self, base: str, depends: bool, rows: Iterable[Number], made_of: list[str]) -> None:
        """Add the numbers of one base id. `made_of`: base ids of what they read."""
        self.depends[base] = depends
        self.rows |= {row["number_id"]: row for row in rows}
        self._read[_owner(base)] = set(made_of)

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
        """How sources print a number: itself, the stage's figure, or the total that checks it.

        What they print is left out where it is another number, as at another price.
        """
        candidates = (number["number_id"], f"{base}_printed", f"{base}.printed")
        found = (self.rows.get(candidate) for candidate in candidates)
        whole = estimate_of(number)
        return [
            row["printed"]
            for row in found
            if row and row["printed"] and _meet(estimate_of(row), whole)
        ]

    def stages_of(self, base: str) -> frozenset[str]:
        """The stages that a number is made of: its own, those of its bill or of its inputs."""
        own, read = self._stages.get(_owner(base)), self._read.get(_owner(base), ())
        return frozenset().union(*map(self.stages_of, read)) if own is None else own

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


def unit_of(number: Number) -> str:
    """The unit of a number; that of a printed total is told by what it counts."""
    return COUNTED_UNITS.get(number["unit"], number["unit"])


def estimate_of(number: Number | None) -> Estimate | None:
    """Value and bounds; an exact number bounds itself. None where there is no number."""
    if number is None or number["value"] is None:
        return None
    value = number["value"]
    low, high = (value if number[side] is None else number[side] for side in ("low", "high"))
    return Estimate(value, low, high)


def columns_of(name: str, estimate: Estimate | None) -> dict[str, float | None]:
    """A number as the columns `x`, `x_low`, `x_high`."""
    ends = (estimate.value, estimate.low, estimate.high) if estimate else (None, None, None)
    return dict(zip(bounded(name), ends, strict=True))


def _stages_by_owner(layers: Layers) -> dict[str, frozenset[str]]:
    """The stages behind a stage's numbers, a bill's and a check's, by how their ids begin."""
    found = {stage: frozenset({stage}) for stage in layers["validated.stages"]["stage_id"]}
    for table, key, ending in (("scopes", "scope_id", ".total"), ("checks", "check_id", "")):
        for owner, stage_ids in layers[f"estimates.{table}"].select(key, "stage_ids").iter_rows():
            found[f"{owner}{ending}"] = frozenset(stage_ids)
    return found


def _owner(base: str) -> str:
    return base.rpartition(".")[0]


def _meet(one: Estimate | None, other: Estimate | None) -> bool:
    return bool(one and other and meet(one.low, one.high, other.low, other.high))
