"""numbers.parquet: what the published tables show, tied to what it was made of."""

from __future__ import annotations

import polars as pl

from traincost.declarations import AUDIT
from traincost.derive import finish
from traincost.numbers import LISTS, Layers, numbers


def audit_numbers(layers: Layers) -> pl.DataFrame:
    """`numbers` as declared: every number of `layers`, and what the tables count themselves.

    `layers`: by `layer.name`, `tables.cells` and `validated.sources` among them.
    Raises AssertionError where a table shows what is no number, or another value.
    """
    cells = layers["tables.cells"].filter(pl.col("number_id").is_not_null())
    known = pl.concat([numbers(layers), _counts(cells)], how="diagonal")
    _refuse_orphans(cells, known)
    shown = cells.unique("number_id", keep="first", maintain_order=True).select(
        "number_id", "display", is_shown=pl.lit(True)
    )
    sources = layers["validated.sources"].select(
        "source_id", source_title="title", source_address="address"
    )
    whole = (
        known.join(shown, on="number_id", how="left", validate="1:1")
        .join(sources, on="source_id", how="left", validate="m:1")
        .with_columns(
            pl.col("is_shown").fill_null(False),
            *(pl.col(name).fill_null([]) for name in LISTS),
        )
    )
    return finish(whole, AUDIT["numbers"])


def _counts(cells: pl.DataFrame) -> pl.DataFrame:
    """Numbers that a table counts itself."""
    counted = cells.filter(pl.col("counted_ids").list.len() > 0).unique(
        "number_id", maintain_order=True
    )
    return counted.select(
        "number_id",
        "value",
        "unit",
        base_id="number_id",
        kind=pl.lit("derived"),
        selection=pl.lit("counts numbers"),
        input_ids="counted_ids",
        input_names=pl.col("counted_ids").list.eval(pl.lit("counted")),
        layer=pl.lit("tables"),
        table="table",
        column="column",
    )


def _refuse_orphans(cells: pl.DataFrame, known: pl.DataFrame) -> None:
    part = pl.when(pl.col("part") == "value").then("value_known")
    part = part.when(pl.col("part") == "low").then("low").otherwise("high")
    joined = cells.join(
        known.select("number_id", "low", "high", value_known="value", is_known=pl.lit(True)),
        on="number_id",
        how="left",
        validate="m:1",
    )
    wrong = joined.filter(pl.col("is_known").is_null() | ~pl.col("value").eq_missing(part))
    if len(wrong):
        row = wrong.row(0, named=True)
        raise AssertionError(
            f"table {row['table']}, row {row['row_id']}, column {row['column']} shows"
            f" {row['display']!r} as {row['number_id']}, which is not a number of that value"
        )
