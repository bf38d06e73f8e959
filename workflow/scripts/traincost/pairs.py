"""Formulas that data files hold: their inputs, and evaluating them under every price book."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from traincost import formulas

# what evaluates to more than a number of its inputs has no place in a data file
ARITHMETIC = {"power", "coalesce", "least", "greatest"}


def pairs(text: str | None) -> dict[str, str]:
    """`a=x.y b=z.w` as {a: x.y, b: z.w}. Raises ValueError where a pair is none."""
    found: dict[str, str] = {}
    for part in (text or "").split():
        name, is_pair, number = part.partition("=")
        if not (name.isidentifier() and is_pair and number):
            raise ValueError(f"'{part}' must be name=number, such as hours=v3.total.gpu_hours")
        if name in found:
            raise ValueError(f"the name '{name}' stands twice")
        found[name] = number
    return found


def check(formula: str, known: set[str]) -> None:
    """Raises ValueError where a formula leaves the grammar or does not read just `known` names."""
    read = set(formulas.names(formula))
    if formulas.is_aggregate(formula):
        raise ValueError("must not use sum: it is computed row by row")
    if unknown := sorted(read - known):
        raise ValueError(f"reads '{unknown[0]}', which is not among its inputs")
    if unused := sorted(known - read):
        raise ValueError(f"does not read its input '{unused[0]}'")


def evaluate(formula: str, inputs: pl.DataFrame) -> pl.DataFrame:
    """Value and bounds of a formula, row by row.

    `inputs`: for every name `x` the columns `x`, `x_low`, `x_high`. Returns `value`,
    `low`, `high`; null where an input is, or where a divisor is zero.
    """
    low, high = formulas.bounds(formula, lambda _: True)
    result = inputs.select(value=formulas.central(formula), low=low, high=high)
    is_number = pl.col("value").is_finite()
    return result.select(pl.when(is_number).then(pl.col(name)).alias(name) for name in result.columns)


def triple(name: str, bounds: Mapping[str, float | None]) -> dict[str, float | None]:
    """The columns of one input of `evaluate`."""
    return {name: bounds["value"], f"{name}_low": bounds["low"], f"{name}_high": bounds["high"]}
