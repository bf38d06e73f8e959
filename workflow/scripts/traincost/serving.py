"""What a day of an inference service costs, brings in, and pays for."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from traincost.columns import bounded
from traincost.declarations import ESTIMATES
from traincost.derive import derive, finish
from traincost.field import SCOPE_OF, beside, with_reference_ids

Layers = Mapping[str, pl.DataFrame]

# what is computed, and what it should meet
JUDGED = (
    ("cost", "stated_cost_usd", "printed_cost_usd"),
    ("revenue", "revenue_usd", "printed_revenue_usd"),
    ("margin", "margin", "printed_margin"),
    ("cached_share", "cached_share", "printed_cached_share"),
    ("node_hours", "busy_node_hours", "node_hours"),
)


def serving_days(layers: Layers) -> pl.DataFrame:
    """`serving_days` as declared, sorted by key."""
    table = ESTIMATES["serving_days"]
    frame = derive(layers["validated.serving_days"], table)
    return finish(frame.with_columns(*(_outcome(*judged) for judged in JUDGED)), table)


def _outcome(name: str, computed: str, printed: str) -> pl.Expr:
    _, low, high = (pl.col(part) for part in bounded(computed))
    _, printed_low, printed_high = (pl.col(part) for part in bounded(printed))
    return (
        pl.when(low.is_null() | printed_low.is_null())
        .then(pl.lit("not comparable"))
        .when((low <= printed_high) & (printed_low <= high))
        .then(pl.lit("agrees"))
        .otherwise(pl.lit("conflicts"))
        .alias(f"{name}_outcome")
    )


def serving(layers: Layers) -> pl.DataFrame:
    """`serving` as declared, sorted by key. `layers` holds `estimates.serving_days` too."""
    table, scopes = ESTIMATES["serving"], layers["estimates.scopes"]
    days = layers["estimates.serving_days"]
    carried = ("revenue_usd", "output_tokens", "output_share_by_time", "output_share_by_price")
    frame = layers["priced.serving"].select(
        "service_id",
        "book_id",
        *(pl.col(name).alias(f"day_{name}") for name in bounded("cost_usd")),
    )
    frame = with_reference_ids(frame, "r1", "both")
    for name in ("r1", "both"):
        theirs = scopes.filter(pl.col("scope_id") == SCOPE_OF[name])
        frame = beside(frame, theirs, ["book_id"], "cost_usd", name)
    frame = frame.join(
        days.select("service_id", *(part for name in carried for part in bounded(name))),
        on="service_id",
        validate="m:1",
        maintain_order="left",
    )
    return finish(derive(frame, table), table)
