"""The files of a ledger must hold the same columns: each is what the first file says it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import polars as pl

from traincost.errors import UserError
from traincost.ledger.batches import Batch

WORDS = (pl.String, pl.Categorical, pl.Enum, pl.Null)


def same_columns(batches: Iterable[Batch], added: Iterable[str] = ()) -> Iterator[Batch]:
    """The batches with their columns in the order of the first.

    `added`: names that the priced ledger gives to columns of its own. Raises UserError that
    names file and column for one of these, for other columns than before, or another type.
    """
    first: Mapping[str, pl.DataType] = {}
    for batch in batches:
        kinds = {name: _kind(kind) for name, kind in batch.frame.schema.items()}
        if not first:
            _refuse_added(batch, added)
            first = kinds
        if first.keys() != kinds.keys():
            unlike = ", ".join(sorted(first.keys() ^ kinds.keys()))
            raise UserError(
                f"{batch.file}: all files of a ledger must have the same columns; not all have"
                f" {unlike}"
            )
        for name, kind in kinds.items():
            if kind != first[name]:
                raise UserError(
                    f"{batch.file}, column {name}: holds {kind}, but {first[name]} in the files"
                    " before it; all files of a ledger must have one type for a column"
                )
        yield replace(batch, frame=batch.frame.select(list(first)))


def _kind(kind: pl.DataType) -> pl.DataType:
    """What a column holds; words are text however they are stored."""
    return pl.String() if isinstance(kind, WORDS) else kind


def _refuse_added(batch: Batch, added: Iterable[str]) -> None:
    for name in added:
        if name in batch.frame.columns:
            raise UserError(
                f"{batch.file}: column '{name}' is one that the priced ledger adds; call it"
                " otherwise"
            )
