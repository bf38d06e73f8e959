"""What the prices of purchase quotes must hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from traincost.declarations.data_files import PURCHASE_QUOTES
from traincost.errors import BadCell, quoted

# a price this many times the usual one, or that part of it, is one of another thing
FAR = 4
# of accelerators that this project has no quote for
LEAST_USD, MOST_USD = 100, 200_000
# how far a price may be rounded
CENT = 0.01


def purchase_checks(tables: Mapping[str, pl.DataFrame]) -> Iterator[BadCell]:
    """Every price per accelerator that is not what was printed, or not one accelerator's.

    The usual price is the median of this project's quotes for the family: a user's own rows
    do not move it.
    """
    families = tables["gpus"].select("gpu", "family")
    quotes = tables["purchase_quotes"].filter(pl.col("usd_per_gpu").is_not_null())
    quotes = quotes.join(families, on="gpu", how="left", validate="m:1", maintain_order="left")
    ours = quotes.filter(pl.col("file") == PURCHASE_QUOTES.data_file)
    usual = dict(ours.group_by("family").agg(pl.col("usd_per_gpu").median()).iter_rows())
    for row in quotes.iter_rows(named=True):
        if must := _unlike_printed(row) or _far_off(row, usual.get(row["family"])):
            found = quoted(f"{row['usd_per_gpu']:g}")
            yield BadCell(row["file"], row["line"], "usd_per_gpu", found, must)


def _unlike_printed(row: Mapping) -> str:
    """A price in dollars is the printed one, or that over the accelerators it buys."""
    try:
        printed = float(row["price_printed"].replace(",", ""))
    except (ValueError, AttributeError):
        return ""
    if row["currency"] != "USD":
        return ""
    counts = {1.0, row["gpus_in_offer"] or 1.0}
    if any(abs(printed / count - row["usd_per_gpu"]) <= CENT for count in counts):
        return ""
    return f"must be price_printed, {printed:g}, or that over gpus_in_offer"


def _far_off(row: Mapping, usual: float | None) -> str:
    least, most = (usual / FAR, usual * FAR) if usual else (LEAST_USD, MOST_USD)
    if least <= row["usd_per_gpu"] <= most:
        return ""
    of = f", {FAR} times either way of the usual quote for {row['family']}" if usual else ""
    return f"must be the price of one accelerator, from {least:,.0f} to {most:,.0f}{of}"
