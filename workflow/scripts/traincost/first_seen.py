"""Where each key of a long table was first seen, a batch at a time, in little memory."""

from __future__ import annotations

import polars as pl

_HASHES = ["_first_half", "_second_half"]


class FirstSeen:
    """Remembers every key by 128 bits of hash, and columns of the row it first stood in."""

    def __init__(self) -> None:
        self._seen: pl.DataFrame | None = None

    def look_up(self, frame: pl.DataFrame, key: pl.Expr, carried: list[str]) -> pl.DataFrame:
        """Adds `first_<name>` for each carried column: its value where the key first stood.

        Grain and order of `frame` are kept; a key that is new stands first here.
        """
        first = [f"first_{name}" for name in carried]
        hashed = frame.with_columns(key.hash(seed).alias(h) for seed, h in enumerate(_HASHES))
        here = hashed.with_columns(
            pl.col(name).first().over(_HASHES).alias(f"first_{name}") for name in carried
        )
        if self._seen is not None:
            here = here.join(
                self._seen,
                on=_HASHES,
                how="left",
                validate="m:1",
                maintain_order="left",
                suffix="_before",
            ).with_columns(pl.coalesce(f"{name}_before", name).alias(name) for name in first)
        known = here.select(*_HASHES, *first).unique(_HASHES, keep="first", maintain_order=True)
        if self._seen is not None:
            known = known.join(self._seen, on=_HASHES, how="anti", maintain_order="left")
            known = pl.concat([self._seen, known])
        self._seen = known
        return here.select(*frame.columns, *first)
