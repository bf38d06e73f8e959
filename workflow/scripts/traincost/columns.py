"""What a column is: declared once, used by every layer.

A `Table` declares its grain and its `Column`s. From that one declaration come
the pandera schema (schemas.py), the values of derived columns (derive.py), the
Parquet metadata (parquet.py) and the dictionary (dictionary.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import polars as pl

# kind -> (polars type, how it is spelled for a reader)
KINDS: dict[str, tuple[pl.DataType | type[pl.DataType], str]] = {
    "text": (pl.String, "text"),
    "date": (pl.Date, "date"),
    "time": (pl.Datetime("us"), "time, UTC"),
    "number": (pl.Float64, "number"),
    "integer": (pl.Int64, "whole number"),
    "flag": (pl.Boolean, "true or false"),
    "ids": (pl.List(pl.String), "list of ids"),
}

# how a figure is read from the text of a data file; see printed.py, claimed.py
READINGS = ("decimal", "count", "measured", "duration_hours", "stated", "assumed")


# kinds of columns whose cells are numbers of the audit
NUMBER_KINDS = ("number", "integer", "date")


# in place of a table: the row holds the ids of the linked numbers themselves
BY_ID = "*"


@dataclass(frozen=True)
class Link:
    """Cells of another table that a column is made from.

    `table`: as `layer.name`. `columns`: which of its columns; empty for the one
    of the same name. `on`: how its rows are found, as `theirs=ours` or one name
    for both; ours may be a list of ids. `only_if`: a column of ours, without
    which there is no link. `is_considered`: a selection looked at the cells and
    need not have used them. With the table `BY_ID`, `on` is our column of number
    ids, and `names` our column of what the formula calls them.
    """

    table: str
    on: tuple[str, ...]
    columns: tuple[str, ...] = ()
    only_if: str = ""
    is_considered: bool = False
    names: str = ""

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Their column and ours, for each part of `on`."""
        split = (part.partition("=") for part in self.on)
        return tuple((theirs, ours or theirs) for theirs, _, ours in split)


@dataclass(frozen=True)
class Column:
    """One column: name, kind, unit, check, meaning, and a formula where derived.

    `reading` marks a number that a data file holds as printed text; `raw` names
    the text column it is read from and `raw_step` the column that may override
    its printed step. An `assumed` number has its bounds in columns of the file, named by
    `raw_low` and `raw_high`. `interval` columns are followed by `<name>_low` and
    `<name>_high`; a printed figure also by `<name>_step` and `<name>_text`;
    a count, being exact, by `<name>_text` alone. An `is_name` tells rows apart, so
    that no two may look alike; a column that `may_be_absent` need not be in the file.

    Where a number comes from: `formula` reads columns of the same row, or those of
    `links` if it sums; `formula_from` names the column that holds the formula of
    each row. `carried` cells are another table's, unchanged. `links`
    without a formula are what a `selection` chooses from, told in words. With
    `is_count` it asks only which cells are there: their values do not matter.
    """

    name: str
    meaning: str
    kind: str = "text"
    unit: str = ""
    optional: bool = False
    allowed: tuple[str, ...] = ()
    pattern: str = ""
    above: float | None = None
    at_most: float | None = None
    references: str = ""
    reading: str = ""
    raw: str = ""
    raw_step: str = ""
    raw_low: str = ""
    raw_high: str = ""
    is_name: bool = False
    may_be_absent: bool = False
    interval: bool = False
    formula: str = ""
    formula_from: str = ""
    carried: tuple[Link, ...] = ()
    links: tuple[Link, ...] = ()
    selection: str = ""
    is_count: bool = False

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"column {self.name}: unknown kind {self.kind!r}")
        if self.reading and self.reading not in READINGS:
            raise ValueError(f"column {self.name}: unknown reading {self.reading!r}")

    @property
    def raw_name(self) -> str:
        """The column of the data file this one is read from."""
        return self.raw or self.name

    @property
    def is_rounded(self) -> bool:
        """Whether the value is a figure known to its printed precision only."""
        return self.reading in ("measured", "duration_hours", "stated")

    def expanded(self) -> Iterator[Column]:
        """The physical columns this declaration stands for, itself first."""
        yield self
        if self.interval or self.is_rounded:
            bound = replace(
                self,
                interval=False,
                reading="",
                formula="",
                references="",
                raw=self.raw_name,
                raw_low="",
                raw_high="",
                carried=(),
                links=(),
                selection="",
            )
            of = f"`{self.name}`"
            low, high = self.raw_low or self.raw_name, self.raw_high or self.raw_name
            yield replace(bound, name=f"{self.name}_low", meaning=f"lower bound of {of}", raw=low)
            yield replace(bound, name=f"{self.name}_high", meaning=f"upper bound of {of}", raw=high)
        if self.is_rounded:
            yield replace(
                bound,
                name=f"{self.name}_step",
                optional=True,
                meaning=f"printed step of {of}: one unit of its last significant digit",
            )
        if self.is_rounded or self.reading in ("count", "assumed"):
            meaning = f"`{self.name}` as the source prints it"
            yield Column(f"{self.name}_text", meaning, optional=self.optional)


PLACE = (
    Column("file", "data file the row was read from"),
    Column("line", "line of that file the row starts on, the header being line 1", kind="integer"),
)


@dataclass(frozen=True)
class Table:
    """A table of one layer: what it means, what one row is, its key and columns."""

    name: str
    layer: str
    meaning: str
    grain: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    # columns that the reader of a data file puts in front, such as file and line
    added: tuple[Column, ...] = ()
    # by what its rows are sorted, if not by the key
    order: tuple[str, ...] = ()
    # how ids of its numbers begin, from key columns: `{scope_id}.total`; empty: it has none
    owner: str = ""
    # what its numbers are, unless they are derived
    number_kind: str = "reported"

    @property
    def address(self) -> str:
        """Its place among the layers: `layer.name`."""
        return f"{self.layer}.{self.name}"

    @property
    def data_file(self) -> str:
        """The project's file that a table of the data is read from; a user's has another path."""
        return f"data/{self.name}.csv"

    def owner_columns(self) -> list[str]:
        """The columns that `owner` is made of."""
        return re.findall(r"{(\w+)}", self.owner)

    def numbers(self) -> tuple[Column, ...]:
        """The columns whose cells are numbers of the audit."""
        return tuple(c for c in self.columns if c.kind in NUMBER_KINDS) if self.owner else ()

    def physical(self) -> tuple[Column, ...]:
        """Every column of the Parquet file, in order."""
        return self._physical

    @cached_property
    def _physical(self) -> tuple[Column, ...]:
        declared = (*self.added, *self.columns)
        return tuple(part for column in declared for part in column.expanded())

    def read_columns(self) -> tuple[Column, ...]:
        """The columns that are read from the data file; the others are computed."""
        return tuple(column for column in self.columns if not column.formula)

    def raw_header(self) -> tuple[str, ...]:
        """The header of the data file this table is read from, in order."""
        names: list[str] = []
        for column in self.read_columns():
            parts = (column.raw_name, column.raw_step, column.raw_low, column.raw_high)
            names += [part for part in parts if part]
        return tuple(dict.fromkeys(names))

    def schema(self) -> dict[str, pl.DataType | type[pl.DataType]]:
        """Column names and polars types of the Parquet file."""
        return {column.name: KINDS[column.kind][0] for column in self.physical()}

    def __getitem__(self, name: str) -> Column:
        for column in self.physical():
            if column.name == name:
                return column
        raise KeyError(f"table {self.name} declares no column {name!r}")


def number(name: str, meaning: str, unit: str, **more: object) -> Column:
    """A column of numbers."""
    return Column(name, meaning, kind="number", unit=unit, **more)  # type: ignore[arg-type]


def bounded(name: str) -> tuple[str, str, str]:
    """A quantity's column and those of its bounds: value, low, high."""
    return name, f"{name}_low", f"{name}_high"
