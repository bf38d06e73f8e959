"""What moves when a user's prices take the place of the baseline."""

from __future__ import annotations

import polars as pl

from traincost.columns import bounded
from traincost.declarations import CHANGES
from traincost.derive import derive, finish

# two values closer than this share of themselves differ by rounding of the computer alone
SAME = 1e-12


def changes_frame(cells: pl.DataFrame, known: pl.DataFrame, books: pl.DataFrame) -> pl.DataFrame:
    """`changes` as declared, sorted by key.

    `cells`: those of the published tables; `known`: all numbers; `books`:
    validated. Empty where no book is the user's own.
    """
    table = CHANGES["changes"]
    baseline = books.filter("is_baseline")["book_id"].item()
    own = books.filter("is_users")["book_id"].to_list()
    if not own:
        return pl.DataFrame(schema=table.schema())
    shown = (
        cells.filter(pl.col("number_id").str.ends_with(f"@{baseline}"))
        .unique("number_id", keep="first", maintain_order=True)
        .select("number_id", "table")
    )
    under = {
        side: known.filter(pl.col("book_id") == book_id).select(
            "base_id",
            "unit",
            **{f"{side}_id": "number_id"},
            **dict(zip(bounded(f"{side}_value"), ("value", "low", "high"), strict=True)),
        )
        for side, book_id in (("baseline", baseline), ("your", own[0]))
    }
    both = (
        shown.join(under["baseline"], left_on="number_id", right_on="baseline_id", validate="1:1")
        .rename({"number_id": "baseline_id"})
        .join(under["your"].drop("unit"), on="base_id", how="left", validate="1:1")
    )
    return finish(_with_ratio(both).with_columns(has_moved=_has_moved()), table)


def moved(changes: pl.DataFrame) -> pl.DataFrame:
    """The rows of `changes` that a user's prices move; what they do not price does not move."""
    return changes.filter(pl.col("has_moved") & pl.col("your_id").is_not_null())


def _with_ratio(both: pl.DataFrame) -> pl.DataFrame:
    """Adds difference and ratio. Nothing is a multiple of zero."""
    table = CHANGES["changes"]
    difference = derive(both, table, only=("difference",))
    is_zero = pl.col("baseline_value") == 0
    divided = derive(difference.filter(~is_zero), table, only=("ratio",))
    return pl.concat([divided, difference.filter(is_zero)], how="diagonal")


def _has_moved() -> pl.Expr:
    def differ(old: str, new: str) -> pl.Expr:
        scale = pl.max_horizontal(pl.col(old).abs(), pl.col(new).abs())
        apart = (pl.col(old) - pl.col(new)).abs() > scale * SAME
        # an infinite bound differs from a finite one only
        unlike = pl.col(old).is_infinite() != pl.col(new).is_infinite()
        one_missing = pl.col(old).is_null() != pl.col(new).is_null()
        return (
            (apart & pl.col(old).is_finite() & pl.col(new).is_finite()).fill_null(False)
            | unlike.fill_null(False)
            | one_missing
        )

    pairs = zip(bounded("baseline_value"), bounded("your_value"), strict=True)
    return pl.any_horizontal(differ(old, new) for old, new in pairs)
