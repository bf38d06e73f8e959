"""Find the keys of a long table that repeat, in little memory."""

from __future__ import annotations

import polars as pl

_HASH, _MORE = "_hash", "_more"


class Repeats:
    """Keys gathered a batch at a time, each as 128 bits of hash."""

    def __init__(self) -> None:
        self._parts: list[pl.DataFrame] = []

    def add(self, frame: pl.DataFrame, key: pl.Expr, carried: list[str]) -> None:
        """Take up a key of every row, and the columns to tell of it."""
        hashes = (key.hash(0).alias(_HASH), key.hash(1).alias(_MORE))
        self._parts.append(frame.select(*hashes, *carried))

    def found(self) -> pl.DataFrame:
        """Rows whose key an earlier row had: their columns, and `first_<name>` of that row."""
        whole = pl.concat(self._parts)
        # one hash finds few, among them all that repeat
        few = whole.filter(pl.col(_HASH).is_duplicated()).with_row_index("_row")
        key = [_HASH, _MORE]
        named = [name for name in whole.columns if name not in key]
        return (
            few.with_columns(
                pl.col(name).first().over(key).alias(f"first_{name}") for name in ("_row", *named)
            )
            .filter(pl.col("_row") != pl.col("first__row"))
            .drop("_row", "first__row", *key)
        )
