"""What a column is: declared once, used by every layer.

A `Table` declares its grain and its `Column`s. From that one declaration come
the pandera schema (schemas.py), the values of derived columns (derive.py), the
Parquet metadata (parquet.py) and the dictionary (dictionary.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

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

# how a figure is read from the text of a data file; see printed.py
READINGS = ("decimal", "count", "measured", "duration_hours")


@dataclass(frozen=True)
class Column:
    """One column: name, kind, unit, check, meaning, and a formula where derived.

    `reading` marks a number that a data file holds as printed text; `raw` names
    the text column it is read from and `raw_step` the column that may override
    its printed step. `interval` columns are followed by `<name>_low` and
    `<name>_high`; a printed figure also by `<name>_step` and `<name>_text`;
    a count, being exact, by `<name>_text` alone.
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
    interval: bool = False
    formula: str = ""

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
        return self.reading in ("measured", "duration_hours")

    def expanded(self) -> Iterator[Column]:
        """The physical columns this declaration stands for, itself first."""
        yield self
        if self.interval or self.is_rounded:
            bound = replace(
                self, interval=False, reading="", formula="", references="", raw=self.raw_name
            )
            of = f"`{self.name}`"
            yield replace(bound, name=f"{self.name}_low", meaning=f"lower bound of {of}")
            yield replace(bound, name=f"{self.name}_high", meaning=f"upper bound of {of}")
        if self.is_rounded:
            yield replace(
                bound,
                name=f"{self.name}_step",
                optional=True,
                meaning=f"printed step of {of}: one unit of its last significant digit",
            )
        if self.is_rounded or self.reading == "count":
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

    def physical(self) -> tuple[Column, ...]:
        """Every column of the Parquet file, in order."""
        declared = (*self.added, *self.columns)
        return tuple(part for column in declared for part in column.expanded())

    def raw_header(self) -> tuple[str, ...]:
        """The header of the data file this table is read from, in order."""
        names: list[str] = []
        for column in self.columns:
            names += [column.raw_name] + ([column.raw_step] if column.raw_step else [])
        return tuple(dict.fromkeys(names))

    def schema(self) -> dict[str, pl.DataType | type[pl.DataType]]:
        """Column names and polars types of the Parquet file."""
        return {column.name: KINDS[column.kind][0] for column in self.physical()}

    def __getitem__(self, name: str) -> Column:
        for column in self.physical():
            if column.name == name:
                return column
        raise KeyError(f"table {self.name} declares no column {name!r}")


def bounded(name: str) -> tuple[str, str, str]:
    """A quantity's column and those of its bounds: value, low, high."""
    return name, f"{name}_low", f"{name}_high"
