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


def assumption_changes_frame(layers: Layers, cells: pl.DataFrame) -> pl.DataFrame:
    """`assumption_changes` as declared, sorted by key.

    `cells`: those of the published tables. Empty where the project's set is chosen, or is not
    there.
    """
    table = CHANGES["assumption_changes"]
    sets = layers["validated.assumption_sets"]
    chosen = sets.filter("is_chosen")["set_id"].item()
    if chosen == PROJECT_SET or PROJECT_SET not in sets["set_id"]:
        return pl.DataFrame(schema=table.schema())
    ids = layers["validated.assumptions"].filter(set_id=PROJECT_SET)["assumption_id"].sort()
    read = [f"{PROJECT_SET}.{each}.central" for each in ids]
    shown = cells.filter(pl.col("number_id").is_not_null()).unique(
        "number_id", keep="first", maintain_order=True
    )
    ends = dict(zip(("value", "low", "high"), bounded("your_value"), strict=True))
    ours = values(layers).select(
        "number_id", "unit", *(pl.col(name).alias(end) for name, end in ends.items()), read="table"
    )
    theirs = values(under_set(layers, PROJECT_SET)).select(
        project_id="number_id", project_value="value"
    )
    both = (
        shown.select("number_id", "table")
        .join(ours, on="number_id", validate="1:1", maintain_order="left")
        .filter(pl.col("your_value").is_not_null())
        .with_columns(project_id=_project_id(chosen))
        .join(theirs, on="project_id", how="left", validate="m:1", maintain_order="left")
        .with_columns(
            base_id="number_id",
            your_id="number_id",
            assumption_ids=pl.lit(read, pl.List(pl.String)),
            has_moved=_has_moved(),
        )
        .filter(pl.col("read").is_in(READING) | pl.col("has_moved"))
        # the same assumption with its bounds: its central value stands for both
        .filter((pl.col("read") != "assumptions") | ~pl.col("number_id").str.ends_with(".range"))
    )
    return finish(_with_ratio(both), table)


def _project_id(chosen: str) -> pl.Expr:
    """The id of the same number under the project's set: some ids name their set."""
    inside = pl.col("number_id").str.replace(
        f".owned.{chosen}.", f".owned.{PROJECT_SET}.", literal=True
    )
    is_assumption = pl.col("read") == "assumptions"
    return (
        pl.when(is_assumption)
        .then(pl.lit(PROJECT_SET) + pl.col("number_id").str.slice(len(chosen)))
        .otherwise(inside)
    )


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
