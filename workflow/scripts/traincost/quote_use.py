"""Which quotes price a stage, and why the others price none."""

from __future__ import annotations

import polars as pl

from traincost.declarations import PRICED
from traincost.derive import derive, finish

KEY = ["book_id", "quote_id"]


def quote_use(
    quotes: pl.DataFrame, books: pl.DataFrame, priced: pl.DataFrame
) -> dict[str, pl.DataFrame]:
    """`unused_quotes` and `book_use` as declared. `priced`: one row per piece of work and book."""
    used = (
        priced.select("book_id", quote_id="quote_ids")
        .explode("quote_id")
        .drop_nulls("quote_id")
        .unique(maintain_order=True)
    )
    unused = quotes.join(used, on=KEY, how="anti")
    because = _reasons(unused, books, priced)
    counts = (
        books.select("book_id")
        .join(_count(quotes, "quote_count"), on="book_id", how="left", validate="1:1")
        .join(_count(used, "used_count"), on="book_id", how="left", validate="1:1")
        .with_columns(pl.col("quote_count", "used_count").fill_null(0).cast(pl.Float64))
    )
    return {
        "unused_quotes": finish(because, PRICED["unused_quotes"]),
        "book_use": finish(derive(counts, PRICED["book_use"]), PRICED["book_use"]),
    }


def _count(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    """Grain: one row per book."""
    return rows.group_by("book_id", maintain_order=True).len(name)


def _reasons(unused: pl.DataFrame, books: pl.DataFrame, priced: pl.DataFrame) -> pl.DataFrame:
    """Adds `unused_because`. Grain unchanged."""
    asked = priced.select("book_id", gpu="quote_gpu", is_asked=pl.lit(True)).unique(
        maintain_order=True
    )
    other = (pl.col("wanted") != pl.col("commitment")).fill_null(False)
    return (
        unused.join(books.select("book_id", wanted="commitment"), on="book_id", validate="m:1")
        .join(asked, on=["book_id", "gpu"], how="left", validate="m:1")
        .with_columns(
            unused_because=pl.when(other)
            .then(pl.format("its commitment is {}, not {}", "commitment", "wanted"))
            .when(pl.col("is_asked").is_null())
            .then(pl.lit("no run on this accelerator, nor one it stands in for"))
            .otherwise(pl.lit("not in force during any run that is priced"))
        )
    )
