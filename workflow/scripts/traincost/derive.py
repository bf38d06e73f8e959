"""Fill the derived columns of a table from their declared formulas."""

from __future__ import annotations

import math
from collections.abc import Sequence

import polars as pl

from traincost import formulas
from traincost.columns import Column, Table
from traincost.errors import UserError


def derive(frame: pl.DataFrame, table: Table, only: Sequence[str] = ()) -> pl.DataFrame:
    """Add every declared row-wise formula of `table` to `frame`, in declared order.

    `only` limits it to the named columns. Sums are left to `aggregate`. Grain
    unchanged. Raises UserError where a formula divides by zero.
    """
    for column in _derived(table, only):
        if formulas.is_aggregate(column.formula):
            continue
        expressions = _expressions(column, frame.columns)
        frame = frame.with_columns(**expressions)
        _refuse_infinite(frame, table, column)
    return frame


def aggregate(
    frame: pl.DataFrame, by: Sequence[str], table: Table, only: Sequence[str] = ()
) -> pl.DataFrame:
    """Group `frame` by `by` and evaluate the declared `sum` formulas of `table`.

    Grain of the result: one row per distinct `by`, sorted by it. A sum with a
    missing member is missing.
    """
    expressions: dict[str, pl.Expr] = {}
    for column in _derived(table, only):
        if formulas.is_aggregate(column.formula):
            expressions |= _expressions(column, frame.columns)
    return frame.group_by(by, maintain_order=True).agg(**expressions).sort(by)


def finish(frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    """The declared columns of `frame`, in order and of their declared types, sorted by key."""
    schema = table.schema()
    return frame.select(*schema).cast(schema).sort(table.key)


def _derived(table: Table, only: Sequence[str]) -> list[Column]:
    return [
        column for column in table.columns if column.formula and (not only or column.name in only)
    ]


def _expressions(column: Column, present: Sequence[str]) -> dict[str, pl.Expr]:
    central = formulas.central(column.formula)
    expressions = {column.name: central}
    if column.interval:
        low, high = formulas.bounds(column.formula, lambda name: f"{name}_low" in present)
        expressions |= {f"{column.name}_low": low, f"{column.name}_high": high}
    return expressions


def _refuse_infinite(frame: pl.DataFrame, table: Table, column: Column) -> None:
    wrong = frame.filter(pl.col(column.name).is_infinite() | pl.col(column.name).is_nan())
    if len(wrong):
        keys = ", ".join(str(wrong[0, key]) for key in table.key if key in wrong.columns)
        inputs = {name: wrong[0, name] for name in formulas.names(column.formula)}
        value = "not a number" if math.isnan(wrong[0, column.name]) else "infinite"
        raise UserError(
            f"{table.layer}/{table.name}: {column.name} = {column.formula} is {value}"
            f" for {keys} with {inputs}; a divisor must not be zero"
        )
