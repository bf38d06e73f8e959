"""What runs cost in dollars of one month, by a price index."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from traincost.columns import bounded
from traincost.declarations import ESTIMATES
from traincost.derive import derive, finish

Layers = Mapping[str, pl.DataFrame]

DATES = {"quote": "quote_date", "start": "start_date"}


def real_dollars(layers: Layers) -> pl.DataFrame:
    """`real_dollars` as declared, sorted by key. `layers` holds `estimates.ownership` too.

    What lies before or after the index has no real dollars.
    """
    index = layers["validated.price_index"].select("month", "index_value")
    last = index.sort("month").row(-1, named=True)
    costs = layers["estimates.ownership"].select(
        "work_id",
        "set_id",
        "cluster_usd",
        *bounded("owned_cost_usd"),
        *bounded("rental_cost_usd"),
    )
    work = layers["estimates.purchases"].select("work_id", *DATES.values())
    frame = costs.join(work, on="work_id", validate="m:1", maintain_order="left").with_columns(
        real_month=pl.lit(last["month"]),
        real_index=pl.lit(last["index_value"]),
        **{f"{name}_month": pl.col(date).dt.strftime("%Y-%m") for name, date in DATES.items()},
    )
    for name in DATES:
        theirs = index.rename({"month": f"{name}_month", "index_value": f"{name}_index"})
        on_month = {"on": f"{name}_month", "how": "left", "validate": "m:1"}
        frame = frame.join(theirs, **on_month, maintain_order="left")
    return finish(derive(frame, ESTIMATES["real_dollars"]), ESTIMATES["real_dollars"])
