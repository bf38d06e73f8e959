"""Move one source cell at a time, recompute, and hold what moved against the lineage.

Both ways: a number that moves has the cell in its lineage; a cell in its lineage
moves it, unless each way from the cell to the number passes a choice (a declared
selection, `least`, `greatest`), or the cell enters a formula twice and cancels.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property, reduce
from itertools import pairwise
from typing import Any

import polars as pl

from audit.in_memory import Inputs, Layers
from audit.kept import Kept, same
from audit.numbered import Parts, World, counts, differs, is_choice, reached
from traincost import formulas
from traincost.claimed import PHRASES
from traincost.columns import Column, Table, bounded
from traincost.declarations import NUMBERED
from traincost.errors import UserError
from traincost.printed import WORDS

SLIGHTLY, GREATLY = 1.001, 2.5
LAST_BITS = 1e-12
DAY, MONTH = timedelta(days=1), timedelta(days=31)
NAMES = {
    "__builtins__": {},
    "power": pow,
    "ln": math.log,
    "least": min,
    "greatest": max,
    "coalesce": lambda *values: next(value for value in values if value is not None),
}


def source_columns() -> list[tuple[Table, Column]]:
    """The columns whose cells were read from a file and not computed."""
    return [
        (table, column)
        for table in NUMBERED
        for column in table.numbers()
        if not (column.formula or column.formula_from or column.carried or column.links)
    ]


@dataclass(frozen=True)
class Cell:
    """A source cell: table, column, row of the validated table, and the number's id."""

    table: Table
    column: Column
    row: int
    number_id: str


class Probe:
    """Moves cells of one set of inputs and compares with the unmoved world."""

    def __init__(self, inputs: Inputs) -> None:
        self.inputs = inputs
        self.source = inputs.validated()
        self.kept = Kept(self._compared)
        self.base = World(self._published(self._computed(self.source)))

    def seen_anew(self) -> Probe:
        """The same numbers with their lineage as it is declared now."""
        other = copy(self)
        other.base = World(self.base.layers)
        return other

    def cells(self, table: Table, column: Column) -> list[Cell]:
        ids = self.base.named[table.address][f"id:{column.name}"]
        return [Cell(table, column, row, each) for row, each in enumerate(ids) if each is not None]

    def moves(self, cell: Cell) -> Iterator[Layers]:
        """The validated tables with the cell moved, one way after the other."""
        address = f"validated.{cell.table.name}"
        frame = self.source[address]
        row = cell.row
        if address != cell.table.address:  # a later table holds what was read from this one
            place = self.base.layers[cell.table.address].row(row, named=True)
            is_it = (pl.col(name) == place[name] for name in ("file", "line"))
            row = frame.with_row_index("row").filter(*is_it)["row"].item()
        if frame.schema[cell.column.name] == pl.String:
            value = frame[row, cell.column.name]
            steps: tuple[Any, ...] = tuple(other_texts(value))
        elif cell.column.kind == "date":
            steps = (-DAY, DAY, MONTH if row % 2 else -MONTH)
        elif cell.column.kind == "integer":
            steps = (1,)
        else:
            users = self.base.users.get(cell.number_id, set())
            is_chosen_from = any(is_choice(self.base.numbers[user]) for user in users)
            steps = (SLIGHTLY, GREATLY) if is_chosen_from else (SLIGHTLY,)
        for step in steps:
            moved = {**self.source, address: moved_frame(frame, cell.column.name, row, step)}
            moved = same(self.inputs.again_in_dollars(moved), self.source)
            # a price without a rate of its day is refused
            if not moved["validated.quotes"]["usd_per_gpu_hour"].has_nulls():
                yield moved

    def moved_by(self, source: Layers) -> tuple[set[str], Layers, World | None]:
        """Ids of the numbers that differ when computed from `source`, and what was computed.

        The other world comes along where numbers came, went or were counted anew.
        """
        layers = self._computed(source)
        found, is_same_shape = self._compared(layers)
        if is_same_shape and not found & self.base.in_tables:
            return found, layers, None
        layers = self._published(layers)
        of_tables, is_still = self._compared({"tables.changes": layers["tables.changes"]})
        if is_same_shape and is_still and counts(layers["tables.cells"]) == self.base.counts:
            return found | of_tables, layers, None
        other = World(layers)
        ids = self.base.numbers.keys() | other.numbers.keys()
        return {each for each in ids if differs(each, self.base, other)} | found, layers, other

    def _computed(self, source: Layers) -> Layers:
        with self.kept.pipeline():
            return self.inputs.computed(source)

    def _published(self, layers: Layers) -> Layers:
        with self.kept.tables():
            return self.inputs.published(layers)[1]

    def _compared(self, layers: Layers) -> tuple[set[str], bool]:
        """Ids of the numbers that differ, and whether rows and cells are the same ones."""
        by_table = [
            _moved(table, self.base.named[table.address], layers[table.address])
            for table in NUMBERED
            if table.address in layers
            and layers[table.address] is not self.base.layers[table.address]
            and not layers[table.address].equals(self.base.layers[table.address])
        ]
        return set().union(*(moved for moved in by_table if moved)), None not in by_table

    def outcomes(self, cell: Cell) -> Iterator[tuple[set[str], Layers, World | None]]:
        """What each way of moving a cell moves, as `moved_by` has it; without what is refused."""
        for source in self.moves(cell):
            try:
                yield self.moved_by(source)
            except (UserError, ValueError):  # it has to be another cell's value, or is no figure
                continue

    def complaints(self, cell: Cell) -> list[str]:
        """Where what moved with a cell and the lineage disagree, as sentences."""
        start, found = cell.number_id, []
        known, sure = (reached(users, start) for users in (self.base.users, self.base.sure_users))
        moved_in: dict[str, Layers] = {}
        for moved, layers, other in self.outcomes(cell):
            moved_in = dict.fromkeys(moved, layers) | moved_in
            unknown = moved - known
            if other is not None:
                # what came, or was counted anew, has its lineage in the other world
                is_new = other.numbers.keys() - self.base.numbers.keys() | self.base.counts.keys()
                unknown -= reached(other.users, start) & is_new
            found += [f"{each} moves with {start}, which its lineage lacks" for each in unknown]
            is_text = cell.table.layer != "validated"
            if is_text and self._value_in(layers, start) != self.base.parts(start)[0]:
                break  # of other texts one that is another value is enough
        for each in sure - moved_in.keys():
            inputs = {
                read
                for read in set(self.base.numbers[each]["input_ids"]) & moved_in.keys()
                if not self._is_rounding(read, moved_in[read])
            }
            if inputs and not self._cancels(each, moved_in[min(inputs)]):
                found.append(f"{each} has {start} in its lineage and does not move with it")
        return sorted(set(found))

    def _cancels(self, number_id: str, layers: Layers) -> bool:
        """Whether a formula reads what moved, and other cells of it hide that.

        Several moved so that they cancel, or one is multiplied by a zero; each
        alone, and with ones for zeros, moves the result.
        """
        row = self.base.numbers[number_id]
        if not row["formula"] or formulas.is_aggregate(row["formula"]):
            return False
        pairs = list(zip(row["input_names"], row["input_ids"], strict=True))
        was = {name: self._value_in(self.base.layers, each) for name, each in pairs}
        now = {name: self._value_in(layers, each) for name, each in pairs}
        moved = [name for name in was if was[name] != now[name]]
        plain = {name: value or 1.0 for name, value in was.items()}
        before = evaluated(row["formula"], plain)
        alone = [evaluated(row["formula"], plain | {name: now[name]}) for name in moved]
        is_hidden = len(moved) > 1 or 0 in was.values()
        return is_hidden and all(after != before for after in alone)

    def _is_rounding(self, number_id: str, layers: Layers) -> bool:
        """Whether a number moved by the last bits only, as where what moved cancels in it.

        Its bounds count, too: they may move by a bit where the value does not.
        """
        was, now = (self._parts_in(each, number_id) for each in (self.base.layers, layers))
        return was != now and all(map(_to_the_last_bits, was, now))

    def _parts_in(self, layers: Layers, number_id: str) -> Parts:
        """Value of a number and, where it has them, its bounds."""
        address, column, row = self.places[number_id]
        frame = layers[address]
        return tuple(frame[name][row] for name in bounded(column) if name in frame.columns)

    def _value_in(self, layers: Layers, number_id: str) -> Any:
        address, column, row = self.places[number_id]
        return layers[address][column][row]

    @cached_property
    def places(self) -> dict[str, tuple[str, str, int]]:
        """Where every number stands: table, column, row."""
        return {
            number_id: (table.address, column.name, row)
            for table in NUMBERED
            for column in table.numbers()
            for row, number_id in enumerate(self.base.named[table.address][f"id:{column.name}"])
            if number_id is not None
        }


def moved_frame(frame: pl.DataFrame, column: str, row: int, step: Any) -> pl.DataFrame:
    """A table with one cell moved, its bounds along with it."""
    parts = [name for name in bounded(column) if name in frame.columns]
    if isinstance(step, str):
        moved = {column: pl.lit(step)}
    elif isinstance(step, float):
        moved = {name: pl.col(name) * step for name in parts}
    else:
        moved = {name: pl.col(name) + step for name in parts}
    is_it = pl.int_range(pl.len()) == row
    return frame.with_columns(
        pl.when(is_it).then(new).otherwise(name).alias(name) for name, new in moved.items()
    )


def other_texts(text: str) -> Iterator[str]:
    """A printed figure with a last digit changed: that of its last number, then of its first.

    Of a figure in words the number is another, or else the unit; of words that state a
    ratio, it is another ratio.
    """
    if text in PHRASES:
        yield next(other for other in PHRASES if PHRASES[other][0] != PHRASES[text][0])
    for word, other in (*pairwise(WORDS), ("months", "weeks"), ("weeks", "days")):
        if re.search(rf"\b{word}\b", text):
            yield re.sub(rf"\b{word}\b", other, text)
    ends = [match.end() for match in re.finditer(r"[0-9][0-9,]*(\.[0-9]+)?", text)]
    for end in dict.fromkeys([*ends[-1:], *ends[:1]]):
        digit = int(text[end - 1])
        for other in (digit + 1, digit - 1):
            if 0 < other < 10:
                yield f"{text[: end - 1]}{other}{text[end:]}"


def evaluated(formula: str, values: Mapping[str, Any]) -> Any:
    """A formula of one row; what a coalesce passed over is missing from `values`."""
    absent = dict.fromkeys(formulas.names(formula))
    return eval(formula, NAMES, absent | dict(values))


def _moved(table: Table, base: pl.DataFrame, new: pl.DataFrame) -> set[str] | None:
    """Ids of the numbers of a table that differ; None where rows or cells came or went."""
    if not new.select(table.key).equals(base.select(table.key)):
        return None
    found: set[str] = set()
    for column in table.numbers():
        parts = [name for name in bounded(column.name) if name in new.columns]
        if (base[column.name].is_null() != new[column.name].is_null()).any():
            return None
        differs = reduce(pl.Series.__or__, (base[name].ne_missing(new[name]) for name in parts))
        found |= set(base[f"id:{column.name}"].filter(differs))
    return found


def _to_the_last_bits(was: Any, now: Any) -> bool:
    is_float = isinstance(was, float) and isinstance(now, float)
    return was == now or (is_float and math.isclose(was, now, rel_tol=LAST_BITS))
