"""The numbers of the page, how each follows from others, and which a reader may change."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

import polars as pl

from traincost.columns import Column
from traincost.declarations import NUMBERED
from traincost.lineage import closure
from traincost.ranges import Ranges, limits

Number = Mapping[str, Any]

# how a number follows from others; see `_way`
FORMULA, SAME, COUNT, TABLE, RULE, LEAF = "f", "s", "c", "t", "r", "l"
DECLARED: dict[tuple[str, str, str], Column] = {
    (table.layer, table.name, column.name): column for table in NUMBERED for column in table.columns
}


class Graph:
    """The numbers that are shown and all they were made of, in order of their ids.

    What a rule looked at and did not use is among them only where another number needs it.

    `rows`: rows of `numbers`. `place`: id to place among them, which is also the
    number's anchor on the page. `shown`: for each table, the ids that it shows.
    `ranges`: as `price_ranges` has them.
    """

    def __init__(
        self,
        known: pl.DataFrame,
        shown: Mapping[str, Iterable[str]],
        ranges: Ranges,
    ) -> None:
        self.ranges = ranges
        self.shown = {
            table: sorted({number_id.partition(":")[0] for number_id in ids})
            for table, ids in shown.items()
        }
        start = [number_id for ids in self.shown.values() for number_id in ids]
        kept = pl.Series(
            "number_id", sorted(closure(known, start, is_used_only=True)), dtype=pl.String
        )
        chosen = known.filter(pl.col("number_id").is_in(kept.implode())).sort("number_id")
        self.rows: list[Number] = chosen.to_dicts()
        self.place = {row["number_id"]: place for place, row in enumerate(self.rows)}
        self.ways = [self._way(row) for row in self.rows]

    def number(self, number_id: str) -> Number:
        """A number by its id."""
        return self.rows[self.place[number_id]]

    def looked_at(self, row: Number) -> list[str]:
        """Ids of the numbers on the page that the rule of a number looked at and did not use."""
        return [each for each in row["considered_ids"] if each in self.place]

    def declared(self, row: Number) -> Column | None:
        """The column a number stands in; None where a published table counted it."""
        return DECLARED.get((row["layer"], row["table"], row["column"]))

    def _way(self, row: Number) -> str:
        """How a number follows when its inputs change.

        By its formula; as the same as its only input, where a rule had one to
        choose from; not at all, where a rule only counts; by what its table
        shows, where that counts; by a rule that only the pipeline can follow. A
        leaf was read from a file.
        """
        if row["formula"]:
            return FORMULA
        if not row["selection"]:
            return LEAF
        column = self.declared(row)
        if column is None:
            return TABLE
        if column.is_count:
            return COUNT
        if len(row["input_ids"]) == 1 and row["value"] is not None:
            only = self.number(row["input_ids"][0])
            if only["unit"] == row["unit"] and _interval(only) == _interval(row):
                return SAME
        return RULE

    @cached_property
    def changeable(self) -> list[int]:
        """Places of the prices and assumptions that another number follows from."""
        followed = {
            self.place[input_id]
            for row, way in zip(self.rows, self.ways, strict=True)
            if way in (FORMULA, SAME)
            for input_id in row["input_ids"]
        }
        return [place for place in sorted(followed) if self._is_choice(place)]

    def _is_choice(self, place: int) -> bool:
        row = self.rows[place]
        # a price printed by a claim is what the claim says: the one that is tested, not used
        is_price = row["layer"] == "validated" and row["unit"].startswith("USD/")
        is_leaf = self.ways[place] == LEAF and row["value"] is not None
        return is_leaf and (is_price or row["kind"] == "assumed")

    def for_script(self) -> dict[str, Any]:
        """What the script computes from; numbers by place, texts by their place in lists.

        Each of `numbers`: way, what it is, inputs, their names, numbers looked at,
        formula; trailing gaps left out. What it is: value, low, high; of those that
        follow from others, whether they have bounds. What a table counts looks at all
        it shows, and names the table: `shown` has its numbers, its own counts left
        out. `changeable`: place to the bounds of what may be put in: above, at least, at most.
        """
        formulas: dict[str, int] = {}
        names: dict[tuple[str, ...], int] = {}
        listed = [
            _trimmed(
                [
                    way,
                    int(row["low"] is not None) if way in (FORMULA, SAME) else _spread(row),
                    [self.place[each] for each in row["input_ids"]],
                    names.setdefault(tuple(row["input_names"]), len(names))
                    if row["input_names"]
                    else None,
                    row["table"]
                    if way == TABLE
                    else [self.place[each] for each in self.looked_at(row)],
                    formulas.setdefault(row["formula"], len(formulas)) if row["formula"] else None,
                ]
            )
            for row, way in zip(self.rows, self.ways, strict=True)
        ]
        return {
            "numbers": listed,
            "formulas": list(formulas),
            "names": list(names),
            "shown": {
                table: [place for place in map(self.place.get, ids) if self.ways[place] != TABLE]
                for table, ids in self.shown.items()
            },
            "changeable": {
                place: limits(row["number_id"], self.declared(row), self.ranges)
                for place in self.changeable
                for row in (self.rows[place],)
            },
        }


def _interval(row: Number) -> tuple[float | None, ...]:
    value = row["value"]
    return value, *(value if row[side] is None else row[side] for side in ("low", "high"))


def _spread(row: Number) -> list[float | str | None]:
    return _trimmed([_finite(row[key]) for key in ("value", "low", "high")])


def _finite(value: float | None) -> float | str | None:
    """JSON has no infinity."""
    if value is None or math.isfinite(value):
        return value
    return "Infinity" if value > 0 else "-Infinity"


def _trimmed(values: list[Any]) -> list[Any]:
    while values and values[-1] in (None, []):
        values.pop()
    return values
