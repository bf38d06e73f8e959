"""Quotes of a very large book that price nothing, left out of the audit so that it stays small."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

Layers = Mapping[str, pl.DataFrame]

KEY = ["book_id", "quote_id"]
# of a book with more quotes, only those are numbers of the audit that price a run or are shown
MANY = 50_000


def without_idle(layers: Layers) -> Layers:
    """The layers without the idle quotes of books of more than MANY quotes.

    They still are in `validated.quotes` itself, in `priced.unused_quotes` with the
    reason, and in the counts. Before anything is priced none is left out.
    """
    if "priced.stages" not in layers or len(layers["validated.quotes"]) <= MANY:
        return layers
    quotes = layers["validated.quotes"]
    is_many = pl.len().over("book_id") > MANY
    used = [
        layers[f"priced.{name}"].select("book_id", quote_id="quote_ids").explode("quote_id")
        for name in ("stages", "serving")
    ]
    kept = quotes.filter(~is_many).select(KEY)
    busy = pl.concat([kept, *used, _shown(layers)]).unique()
    return {
        **layers,
        "validated.quotes": quotes.join(busy, on=KEY, how="semi", maintain_order="left"),
    }


def _shown(layers: Layers) -> pl.DataFrame:
    """Book and owner of whatever number the published tables show."""
    if "tables.cells" not in layers:
        return pl.DataFrame(schema=dict.fromkeys(KEY, pl.String))
    parts = pl.col("number_id").str.extract_groups(r"^(?<quote_id>.*)\.\w+@(?<book_id>[^:]*)")
    return layers["tables.cells"].select(parts).unnest("number_id").drop_nulls().select(KEY)
