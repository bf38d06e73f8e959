"""Formulas that data files hold: their inputs, and evaluating them under every price book."""

from __future__ import annotations

import polars as pl

from traincost import formulas
from traincost.columns import bounded


def pairs(text: str | None) -> dict[str, str]:
    """`a=x.y b=z.w` as {a: x.y, b: z.w}. Raises ValueError where a pair is none."""
    found: dict[str, str] = {}
    for part in (text or "").split():
        name, is_pair, number = part.partition("=")
        if not (name.isidentifier() and is_pair and number):
            raise ValueError(f"'{part}' must be name=number, such as hours=v3.total.gpu_hours")
        if name in found or name.endswith(("_low", "_high")):
            raise ValueError(f"the name '{name}' must stand once, and not end in _low or _high")
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
    try:
        evaluate(formula, pl.DataFrame({part: [1.0] for name in known for part in bounded(name)}))
    except pl.exceptions.PolarsError as error:  # a name that SQL keeps for itself
        raise ValueError(f"cannot be computed: {error}") from None


def evaluate(formula: str, inputs: pl.DataFrame) -> pl.DataFrame:
    """Value and bounds of a formula, row by row.

    `inputs`: for every name `x` the columns `x`, `x_low`, `x_high`. Returns `value`,
    `low`, `high`; null where an input is, or where a divisor is zero.
    """
    low, high = formulas.bounds(formula, lambda _: True)
    result = inputs.select(value=formulas.central(formula), low=low, high=high)
    is_number = pl.col("value").is_finite()
    return result.select(
        pl.when(is_number).then(pl.col(name)).alias(name) for name in result.columns
    )
