"""pandera schemas, generated from the declarations."""

from __future__ import annotations

from collections.abc import Sequence

import pandera.polars as pa

from traincost.columns import KINDS, Column, Table


def schema_of(table: Table, only: Sequence[str] = ()) -> pa.DataFrameSchema:
    """The pandera schema of a table: types, nulls, ranges, vocabularies, no other column.

    `only` limits it to the named columns.
    """
    wanted = [column for column in table.physical() if not only or column.name in only]
    return pa.DataFrameSchema(
        columns={column.name: _column(column) for column in wanted},
        strict=True,
        ordered=True,
        name=f"{table.layer}/{table.name}",
    )


def _column(column: Column) -> pa.Column:
    dtype, _ = KINDS[column.kind]
    return pa.Column(dtype, checks=checks_of(column), nullable=column.optional)


def checks_of(column: Column) -> list[pa.Check]:
    """The value checks of a column; each check's error text says what must hold."""
    checks = []
    if column.allowed:
        listed = ", ".join(column.allowed)
        checks.append(pa.Check.isin(column.allowed, error=f"must be one of: {listed}"))
    if column.pattern:
        checks.append(pa.Check.str_matches(column.pattern, error=f"must match {column.pattern}"))
    if column.above is not None:
        checks.append(pa.Check.gt(column.above, error=f"must be greater than {column.above:g}"))
    if column.at_most is not None:
        unit = "" if column.unit in ("", "1") else f" {column.unit}"
        checks.append(
            pa.Check.le(column.at_most, error=f"must be at most {column.at_most:g}{unit}")
        )
    return checks
