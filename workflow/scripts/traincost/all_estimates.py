"""The whole estimates layer: bills first, then what is made of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl

from traincost import field
from traincost.efficiency import efficiency
from traincost.estimate import estimate
from traincost.ownership import ownership
from traincost.purchases import purchases
from traincost.quantities import quantities
from traincost.real_dollars import real_dollars
from traincost.rent_or_buy import rent_or_buy
from traincost.rl import rl_runs
from traincost.scope_ladder import scope_ladder
from traincost.serving import serving, serving_days
from traincost.uncertainty import tornado, uncertainty

Layers = Mapping[str, pl.DataFrame]

# in the order in which they need each other
MADE_OF_BILLS: dict[str, Callable[[Layers], pl.DataFrame]] = {
    "models": field.models,
    "own_prices": field.own_prices,
    "third_party": field.third_party,
    "hour_checks": field.hour_checks,
    "efficiency": efficiency,
    "serving_days": serving_days,
    "serving": serving,
    "rl_runs": rl_runs,
    "purchases": purchases,
    "ownership": ownership,
    "real_dollars": real_dollars,
    "rent_or_buy": rent_or_buy,
    "quantities": quantities,
    "scope_ladder": scope_ladder,
    "uncertainty": uncertainty,
    "tornado": tornado,
}


# what differs where another set of assumptions is chosen
MADE_OF_A_SET = ("rent_or_buy", "quantities", "scope_ladder", "uncertainty", "tornado")


def under_set(layers: Layers, set_id: str) -> dict[str, pl.DataFrame]:
    """All layers, with the estimates computed as if another set of assumptions were chosen."""
    sets = layers["validated.assumption_sets"]
    known = {
        **layers,
        "validated.assumption_sets": sets.with_columns(is_chosen=pl.col("set_id") == set_id),
    }
    # each reads those before it, and none of the same kind that come after
    for name in MADE_OF_A_SET:
        del known[f"estimates.{name}"]
    for name in MADE_OF_A_SET:
        known[f"estimates.{name}"] = MADE_OF_BILLS[name](known)
    return known


def all_estimates(layers: Layers) -> dict[str, pl.DataFrame]:
    """Every table of the estimates layer, by name. `layers`: validated and priced, `layer.name`."""
    tables = estimate(layers)
    known = {**layers, **{f"estimates.{name}": frame for name, frame in tables.items()}}
    for name, made in MADE_OF_BILLS.items():
        tables[name] = known[f"estimates.{name}"] = made(known)
    return tables
