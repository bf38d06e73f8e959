"""Quantiles of estimates over drawn assumptions, and how far each assumption moves them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import polars as pl

from traincost import formulas
from traincost.columns import Column, Table, bounded
from traincost.declarations import BY_ADDRESS, ESTIMATES, NUMBERED
from traincost.declarations.uncertainty import RESULTS
from traincost.derive import derive, finish
from traincost.draws import Assumption
from traincost.numbers import depends_on_book, values_in
from traincost.sampled import Program, Spread, assumptions_of, spread, swings

Layers = Mapping[str, pl.DataFrame]
Source = float | Assumption | Program | None
Row = Mapping[str, Any]

# V3's cluster at the quote that its purchase rests on
RUN = "v3"
MONTH = "owned_usd_per_month"
# bills first, which rungs read most
_IN_ORDER = sorted(NUMBERED, key=lambda table: table.layer != "estimates")


def uncertainty(layers: Layers) -> pl.DataFrame:
    """`uncertainty` as declared, sorted by key. `layers`: all estimates that read assumptions."""
    table, programs = ESTIMATES["uncertainty"], Programs(layers)
    rows = []
    for estimate in programs.estimates():
        read = assumptions_of(estimate["source"])
        found = quantiles(estimate["source"])
        if found is None:
            continue
        levels = dict(zip(("p05", "p50", "p95"), found.quantiles, strict=True))
        more = {"leading_id": found.leading, "points": str(found.points)}
        rows.append(_row(estimate, read) | more | levels)
    return finish(pl.DataFrame(rows, schema=table.schema(), orient="row"), table)


def tornado(layers: Layers) -> pl.DataFrame:
    """`tornado` as declared, sorted by key: of rungs, and of a month of V3's cluster."""
    table, programs = ESTIMATES["tornado"], Programs(layers)
    quotes = layers["estimates.purchases"].filter(work_id=RUN)["quote_id"]
    wanted = {f"buy.{each}.{MONTH}" for each in quotes}
    wanted |= {f"ladder.{each}.value_usd" for each in layers["estimates.scope_ladder"]["rung_id"]}
    rows = []
    for estimate in programs.estimates():
        if estimate["estimate_id"] in wanted:
            rows += _bars(estimate, programs.parameters)
    schema = {name: kind for name, kind in table.schema().items() if not table[name].formula}
    return finish(derive(pl.DataFrame(rows, schema=schema, orient="row"), table), table)


@cache
def quantiles(source: Program) -> Spread | None:
    """As `sampled.spread`; what is computed in the same way from the same values is found once."""
    return spread(source)


def _bars(estimate: Row, parameters: Mapping[str, tuple[str, str]]) -> Iterator[Row]:
    read = assumptions_of(estimate["source"])
    ends = swings(estimate["source"])
    order = sorted(ends, key=lambda each: (-abs(ends[each][1] - ends[each][0]), each))
    for place, number_id in enumerate(order, start=1):
        assumption_id, parameter = parameters[number_id]
        low, high = ends[number_id]
        yield {
            **_row(estimate, read),
            "assumption_id": assumption_id,
            "parameter": parameter,
            "place": str(place),
            "at_low": low,
            "at_high": high,
        }


def _row(estimate: Row, read: Mapping[str, Assumption]) -> dict[str, Any]:
    kept = ("estimate_id", "book_id", "number_id", "unit", *bounded("central_value"))
    first = next(iter(read))
    return {
        **{name: estimate[name] for name in kept},
        "set_id": first.partition(".")[0],
        "input_ids": [estimate["number_id"], *map(range_of, read)],
    }


def range_of(number_id: str) -> str:
    """The number with the bounds of an assumption, from the one that estimates read."""
    return f"{number_id.removesuffix('.central')}.range"


def _central(row: Row, column: str) -> dict[str, float | None]:
    """The estimate itself and its bounds, where it has some."""
    ends = (row.get(name) for name in bounded(column))
    return dict(zip(bounded("central_value"), ends, strict=True))


class Programs:
    """Every estimate that reads uncertain assumptions, as a program over them."""

    def __init__(self, layers: Layers) -> None:
        self.layers = layers
        self.assumptions: dict[str, float | Assumption] = {}
        self.parameters: dict[str, tuple[str, str]] = {}
        self._read_assumptions(layers["validated.assumptions"])
        self.found: dict[str, Source] = {}

    def estimates(self) -> list[Row]:
        """Estimates in the order of their tables, with `source`, the program of each."""
        rows = [row for name in RESULTS for row in self._of_table(name)]
        return [row for row in rows if assumptions_of(row["source"])]

    def _read_assumptions(self, frame: pl.DataFrame) -> None:
        for row in frame.iter_rows(named=True):
            number_id = f"{row['set_id']}.{row['assumption_id']}.central"
            self.parameters[number_id] = (row["assumption_id"], row["parameter"])
            ends = (row["central"], row["range_low"], row["range_high"])
            is_drawn = row["distribution"] != "fixed"
            self.assumptions[number_id] = (
                Assumption(number_id, row["distribution"], *ends) if is_drawn else row["central"]
            )

    def _of_table(self, name: str) -> Iterator[Row]:
        """Results of a table; a column of all rows before the next, which may read it."""
        table = ESTIMATES[name]
        rows = [(row, {}) for row in self.layers[table.address].iter_rows(named=True)]
        for column in RESULTS[name]:
            depends = depends_on_book(table, table[column])
            for row, made in rows:
                owner = table.owner.format(**row)
                book_id = row["book_id"] if depends else None
                number_id = f"{owner}.{column}" + (f"@{book_id}" if depends else "")
                # what depends on no book stands in the row of every book
                if row[column] is None or number_id in self.found:
                    continue
                self.found[number_id] = self._source(table, row, column, made)
                yield {
                    "estimate_id": f"{owner}.{column}",
                    "book_id": book_id,
                    "number_id": number_id,
                    "unit": row.get("unit") or table[column].unit,
                    **_central(row, column),
                    "source": self.found[number_id],
                }

    def _source(self, table: Table, row: Row, name: str, made: dict[str, Source]) -> Source:
        """A cell: an assumption, a program if it reads one, or what it holds."""
        if name not in made:
            made[name] = row[name]
            column, id_of = table[name], row.get(f"{name}_id")
            by_id = f"{row.get('set_id')}.{id_of}.central"
            if id_of and by_id in self.assumptions:
                made[name] = self.assumptions[by_id]
            elif column.formula_from:
                made[name] = self._by_ids(row, column)
            elif column.carried:
                made[name] = self._carried(row, column)
            elif column.formula:
                inputs = tuple(
                    (read, self._source(table, row, read, made))
                    for read in formulas.names(column.formula)
                )
                if any(isinstance(part, Assumption | Program) for _, part in inputs):
                    made[name] = Program(column.formula, inputs)
        return made[name]

    def _carried(self, row: Row, column: Column) -> Source:
        """A cell of another table, which may be the result of a program."""
        for link in column.carried:
            if table := BY_ADDRESS.get(link.table):
                theirs = {their: row.get(own) for their, own in link.pairs()}
                if theirs.keys() >= {*table.owner_columns()}:
                    (name,) = link.columns or (column.name,)
                    source = self.found.get(f"{table.owner.format(**theirs)}.{name}")
                    if isinstance(source, Assumption | Program):
                        return source
        return row[column.name]

    def _by_ids(self, row: Row, column: Column) -> Source:
        """A cell whose row holds a formula over numbers by their ids."""
        read = {each: self._by_id(each) for each in row["input_ids"]}
        if not any(map(assumptions_of, read.values())):
            return row[column.name]
        read |= _values(self.layers, {each for each, source in read.items() if source is None})
        known = (read[each] for each in row["input_ids"])
        return Program(row[column.formula_from], tuple(zip(row["input_names"], known, strict=True)))

    def _by_id(self, number_id: str) -> Source:
        return self.found.get(number_id) or self.assumptions.get(number_id)


def _values(layers: Layers, number_ids: set[str]) -> dict[str, float]:
    """Numbers that read no assumption, by id; no more tables are read than hold them."""
    found: dict[str, float] = {}
    for table in _IN_ORDER:
        if number_ids <= found.keys():
            break
        if table.address in layers:
            numbers = values_in(layers[table.address], table)
            wanted = numbers.filter(pl.col("number_id").is_in(number_ids))
            found |= dict(wanted.select("number_id", "value").iter_rows())
    return found
