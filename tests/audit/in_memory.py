"""The pipeline in memory, on what a built copy of the project has read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from seam.config import checked
from traincost.audit import audit_numbers
from traincost.declarations import DATA_FILES
from traincost.pipeline import computed, validated
from traincost.tables import BUILDERS
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

    def tables(self, layers: Layers) -> dict[str, PublishedTable]:
        return {name: build(layers, self.files) for name, build in BUILDERS.items()}

    def cells(self, layers: Layers) -> pl.DataFrame:
        return cells_frame(self.tables(layers).values())

    def numbers(self, layers: Layers) -> pl.DataFrame:
        return audit_numbers({**layers, "tables.cells": self.cells(layers)})


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
