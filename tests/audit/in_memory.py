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
from traincost.declarations import DATA_FILES, VALIDATED
from traincost.derive import derive
from traincost.pipeline import computed, validated
from traincost.quotes import in_dollars
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

    def again_in_dollars(self, validated_layers: Layers) -> Layers:
        """The same with what the validated layer itself computes computed again."""
        rates = validated_layers["validated.exchange_rates"].drop("usd_per_unit")
        rates = derive(rates, VALIDATED["exchange_rates"])
        quotes = validated_layers["validated.quotes"].drop("rate_id", "usd_per_currency_unit")
        quotes = in_dollars(quotes.drop("usd_per_gpu_hour"), rates)
        return {
            **validated_layers,
            "validated.exchange_rates": rates,
            "validated.quotes": quotes.select(*VALIDATED["quotes"].schema()),
        }

    def computed(self, validated_layers: Layers) -> Layers:
        return computed(validated_layers, self.config)

    def published(self, layers: Layers) -> tuple[dict[str, PublishedTable], Layers]:
        """The published tables, and all layers with those of the tables."""
        tables, moves = built_tables(layers, self.files)
        of_tables = {"cells": cells_frame(tables.values()), **moves}
        return tables, {**layers, **{f"tables.{name}": each for name, each in of_tables.items()}}

    def in_yuan(self, book_id: str) -> Inputs:
        """The same, with the prices of one of the books in yuan, seven for each dollar."""
        is_it = pl.col("book_id") == book_id
        yuan = (pl.col("usd_per_gpu_hour").cast(pl.Float64) * 7).round(2).cast(pl.String)
        quotes = self.raw["quotes"].with_columns(
            usd_per_gpu_hour=pl.when(is_it).then(pl.lit("")).otherwise("usd_per_gpu_hour"),
            price_per_gpu_hour=pl.when(is_it).then(yuan).otherwise("price_per_gpu_hour"),
            currency=pl.when(is_it).then(pl.lit("CNY")).otherwise("currency"),
        )
        return replace(self, raw={**self.raw, "quotes": quotes})

    def with_set(self, set_id: str) -> Inputs:
        """The same, with another set of assumptions."""
        return replace(self, config={**self.config, "assumption_set": set_id})

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
