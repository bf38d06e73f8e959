"""The pipeline in memory, up to the workbook, on what a built copy of the project has read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
from audit.in_memory import inputs_of

from traincost.audit import audit_numbers
from traincost.declarations import DATA_FILES
from traincost.pictures import built_pictures
from traincost.pipeline import computed, validated
from traincost.tables import built_tables
from traincost.tables.cells import cells_frame
from traincost.tables.spec import PublishedTable
from traincost.workbook import workbook

SETTINGS = ("as_of", "baseline", "quote_max_age_days")
Layers = Mapping[str, pl.DataFrame]


@dataclass(frozen=True)
class World:
    """Everything that a workbook is made from."""

    layers: Layers
    tables: list[PublishedTable]
    numbers: pl.DataFrame
    config: Mapping[str, Any]
    files: Mapping[str, str]

    def workbook(self) -> bytes:
        settings = {name: self.config[name] for name in SETTINGS}
        return workbook(self.tables, self.numbers, self.layers, settings, self.files)

    def rows(self) -> dict[str, dict[str, Any]]:
        return {row["number_id"]: row for row in self.numbers.iter_rows(named=True)}


@dataclass(frozen=True)
class Project:
    """What a built project has read."""

    raw: Mapping[str, pl.DataFrame]
    files: Mapping[str, str]
    config: Mapping[str, Any]

    def computed(
        self,
        raw: Mapping[str, pl.DataFrame] | None = None,
        spoil: Callable[[dict[str, pl.DataFrame]], None] | None = None,
    ) -> World:
        """The whole computation, on other text if given; `spoil` changes what was validated."""
        typed = dict(validated(raw or self.raw, self.config))
        if spoil:
            spoil(typed)
        layers = dict(computed(typed, self.config))
        built, moves = built_tables(layers, self.files)
        pictures = [each.table for each in built_pictures(layers, self.files).values()]
        cells = cells_frame([*built.values(), *pictures])
        layers |= {f"tables.{name}": each for name, each in (moves | {"cells": cells}).items()}
        numbers = audit_numbers(layers)
        return World(layers, list(built.values()), numbers, self.config, self.files)

    def with_figure(self, row: Mapping[str, Any], value: float) -> World:
        """The whole computation with another value in the line that a number was read from."""
        declared = DATA_FILES[row["table"]][row["column"]]
        frame = self.raw[row["table"]]
        is_line = (pl.col("file") == row["file"]) & (pl.col("line") == row["line"])
        if row["book_id"]:  # several books may read one file
            is_line &= pl.col("book_id") == row["book_id"]
        assert frame.filter(is_line).height == 1
        changed = pl.when(is_line).then(pl.lit(repr(value))).otherwise(declared.raw_name)
        return self.computed(
            {**self.raw, row["table"]: frame.with_columns(changed.alias(declared.raw_name))}
        )


def project_of(folder: Path) -> Project:
    """The inputs of a built project."""
    inputs = inputs_of(folder)
    return Project(inputs.raw, inputs.files, inputs.config)
