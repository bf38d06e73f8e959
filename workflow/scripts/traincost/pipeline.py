"""The whole computation in memory: what the workflow's rules do one by one.

For tests and whoever wants an answer without a workflow; the rules call the
same functions.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from traincost.all_estimates import all_estimates
from traincost.books import configured, sets_frame
from traincost.claims import claims_layer
from traincost.price import price_stages
from traincost.validate import validate_layer


def validated(
    raw: Mapping[str, pl.DataFrame], config: Mapping[str, Any]
) -> dict[str, pl.DataFrame]:
    """The validated layer by `validated.<table>`. `raw`: ingested frames by table.

    `config`: checked configuration. Raises UserError for bad data.
    """
    tables = configured(config["price_books"], config["baseline"], raw["quotes"])
    tables["assumption_sets"] = sets_frame(config["assumption_set"], raw["assumptions"])
    tables = validate_layer(raw, tables, date.fromisoformat(config["as_of"]))
    return {f"validated.{name}": frame for name, frame in tables.items()}


def computed(
    layers: Mapping[str, pl.DataFrame], config: Mapping[str, Any]
) -> dict[str, pl.DataFrame]:
    """All layers after the validated one, by `layer.table`, `layers` included."""
    priced = price_stages(layers, max_age_days=config["quote_max_age_days"])
    found = {**layers, **{f"priced.{name}": frame for name, frame in priced.items()}}
    found |= {f"estimates.{name}": frame for name, frame in all_estimates(found).items()}
    return found | {f"claims.{name}": frame for name, frame in claims_layer(found).items()}
