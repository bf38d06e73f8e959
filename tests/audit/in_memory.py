"""The pipeline in memory, on what a built copy of the project has read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from seam.config import checked
from traincost.declarations import DATA_FILES
from traincost.pipeline import computed, validated
from traincost.tables import built_tables
from traincost.tables.cells import cells_frame
from traincost.tables.spec import PublishedTable

Layers = Mapping[str, pl.DataFrame]


@dataclass(frozen=True)
class Inputs:
    """What everything is computed from: files as text, their hashes, the configuration."""

    raw: Mapping[str, pl.DataFrame]
    files: Mapping[str, str]
    config: Mapping[str, Any]

    def validated(self) -> Layers:
        return validated(self.raw, self.config)

    def computed(self, validated_layers: Layers) -> Layers:
        return computed(validated_layers, self.config)

    def published(self, layers: Layers) -> tuple[dict[str, PublishedTable], Layers]:
        """The published tables, and all layers with those of the tables."""
        tables, changes = built_tables(layers, self.files)
        cells = cells_frame(tables.values())
        return tables, {**layers, "tables.changes": changes, "tables.cells": cells}

    def with_users_book(self, book_id: str) -> Inputs:
        """The same, with one of the books as the user's own."""
        books = dict(self.config["price_books"])
        books[book_id] = {**books[book_id], "is_users": True}
        return replace(self, config={**self.config, "price_books": books})


def inputs_of(project: Path) -> Inputs:
    """The inputs of a built project."""
    config = yaml.safe_load((project / "config/config.yaml").read_text(encoding="utf-8"))
    receipt = json.loads((project / "build/receipts/ingest_data.json").read_bytes())
    return Inputs(
        raw={
            name: pl.read_parquet(project / f"results/ingested/{name}.parquet")
            for name in DATA_FILES
        },
        files=receipt["inputs"],
        config=checked(config, project / "workflow/schemas/config.schema.json"),
    )
