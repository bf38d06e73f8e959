"""What moves when another set of assumptions takes the place of the project's."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from traincost.all_estimates import under_set
from traincost.changes import SAME
from traincost.columns import bounded
from traincost.declarations import CHANGES
from traincost.declarations.owner_files import PROJECT_SET
from traincost.derive import derive, finish
from traincost.numbers import values

Layers = Mapping[str, pl.DataFrame]

# tables all of whose numbers read assumptions; of others only what moves is listed
READING = (
    "assumptions",
    "ownership",
    "real_dollars",
    "rent_or_buy",
    "scope_ladder",
    "uncertainty",
    "tornado",
)


def project_layers(layers: Layers) -> Layers | None:
    """All layers as if the project's set were chosen; None where it is, or is not there."""
    sets = layers["validated.assumption_sets"]
    is_other = sets.filter("is_chosen")["set_id"].item() != PROJECT_SET
    return under_set(layers, PROJECT_SET) if is_other and PROJECT_SET in sets["set_id"] else None


def assumption_changes_frame(
    layers: Layers, cells: pl.DataFrame, of_project: Layers | None, project_cells: pl.DataFrame
) -> pl.DataFrame:
    """`assumption_changes` as declared, sorted by key: all that tables show under either set.

    `cells`: those of the published tables. `of_project`, `project_cells`: the same with the
    project's set; where there is none, there are no rows.
    """
    table = CHANGES["assumption_changes"]
    if of_project is None:
        return pl.DataFrame(schema=table.schema())
    sets = layers["validated.assumption_sets"]
    chosen = sets.filter("is_chosen")["set_id"].item()
    ids = layers["validated.assumptions"].filter(set_id=PROJECT_SET)["assumption_id"].sort()
    read = [f"{PROJECT_SET}.{each}.central" for each in ids]
    ends = dict(zip(("value", "low", "high"), bounded("your_value"), strict=True))
    ours = values(layers).select(
        "number_id", "unit", *(pl.col(name).alias(end) for name, end in ends.items()), read="table"
    )
    theirs = _without_set(values(of_project), chosen).select(
        in_set(chosen), project_value="value", of="unit", reads="table"
    )
    both = (
        _shown(cells, project_cells, chosen)
        .join(ours, on="number_id", how="left", validate="1:1", maintain_order="left")
        .join(theirs, on="number_id", how="left", validate="1:1", maintain_order="left")
        .filter(pl.any_horizontal(pl.col("your_value", "project_value").is_not_null()))
        .with_columns(
            pl.coalesce("unit", "of").alias("unit"),
            pl.coalesce("read", "reads").alias("read"),
            base_id="number_id",
            your_id=pl.when(pl.col("your_value").is_not_null()).then("number_id"),
            assumption_ids=pl.lit(read, pl.List(pl.String)),
            has_moved=_has_moved(),
        )
        .filter(pl.col("read").is_in(READING) | pl.col("has_moved"))
        # the same assumption with its bounds: its central value stands for both
        .filter((pl.col("read") != "assumptions") | ~pl.col("number_id").str.ends_with(".range"))
    )
    return finish(_with_ratio(both), table)


def _shown(cells: pl.DataFrame, project_cells: pl.DataFrame, chosen: str) -> pl.DataFrame:
    """Numbers that tables show under either set, by their id under the chosen one.

    Columns: number_id and the first table.
    """
    theirs = project_cells.with_columns(in_set(chosen))
    both = pl.concat([frame.select("number_id", "table") for frame in (cells, theirs)])
    return both.drop_nulls("number_id").unique("number_id", keep="first", maintain_order=True)


def in_set(chosen: str) -> pl.Expr:
    """The id of a number of the project's set under the chosen one: some ids name their set."""
    number_id = pl.col("number_id")
    inside = number_id.str.replace(f".owned.{PROJECT_SET}.", f".owned.{chosen}.", literal=True)
    own = pl.lit(chosen) + number_id.str.slice(len(PROJECT_SET))
    is_assumption = number_id.str.starts_with(f"{PROJECT_SET}.")
    return pl.when(is_assumption).then(own).otherwise(inside).alias("number_id")


def _without_set(known: pl.DataFrame, chosen: str) -> pl.DataFrame:
    """Numbers without those of the chosen set, which the project's take the place of."""
    number_id = pl.col("number_id")
    is_assumption = (pl.col("table") == "assumptions") & number_id.str.starts_with(f"{chosen}.")
    return known.filter(~is_assumption & ~number_id.str.contains(f".owned.{chosen}.", literal=True))


def _has_moved() -> pl.Expr:
    old, new = pl.col("project_value"), pl.col("your_value")
    return ((old - new).abs() > pl.max_horizontal(old.abs(), new.abs()) * SAME).fill_null(True)


def _with_ratio(both: pl.DataFrame) -> pl.DataFrame:
    """Adds difference and ratio. Nothing is a multiple of zero."""
    table = CHANGES["assumption_changes"]
    difference = derive(both, table, only=("difference",))
    is_zero = (pl.col("project_value") == 0).fill_null(False)
    divided = derive(difference.filter(~is_zero), table, only=("ratio",))
    return pl.concat([divided, difference.filter(is_zero)], how="diagonal")
