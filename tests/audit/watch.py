"""Which numbers the claims look at, recorded while they are judged.

Judging claims takes ten times as long as all that comes before. It is a pure
function: where nothing that it looks at has moved, it gives what it gave before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

import polars as pl

from audit.in_memory import Layers
from traincost import pipeline
from traincost.declarations import CLAIMS, NUMBERED
from traincost.lookup import Lookup
from traincost.numbers import with_ids

PARTS = {"value", "low", "high", "date"}
# tables whose numbers are read as columns; of others only ids and words, or it would fail here
READ_AS_TABLES = {"estimates.checks", "validated.printed_totals"}
NUMBERS_OF = {table.address: [c.name for c in table.numbers()] for table in NUMBERED}


@dataclass
class Watch:
    """Ids of the numbers looked at, and the look-up as it was made."""

    seen: set[str] = field(default_factory=set)
    lookup: Lookup | None = None


@contextmanager
def watched() -> Iterator[Watch]:
    """What quantities and claims look at meanwhile."""
    watch = Watch()

    class Watching(Lookup):
        """A look-up whose rows tell when their value is read."""

        def __init__(self, layers: Layers) -> None:
            super().__init__(layers)
            watch.lookup = _again(self)
            self.rows = {key: _Row(row, watch.seen) for key, row in self.rows.items()}

    def watching(function: Callable[..., Any]) -> Callable[..., Any]:
        return lambda layers, lookup: function(_Tables(layers, watch.seen), lookup)

    with (
        mock.patch.object(pipeline, "Lookup", Watching),
        mock.patch.object(pipeline, "quantities", watching(pipeline.quantities)),
        mock.patch.object(pipeline, "claims_layer", watching(pipeline.claims_layer)),
    ):
        yield watch


@contextmanager
def lookup_kept(watch: Watch) -> Iterator[None]:
    """Lets claims be judged with the look-up of another time; for when no number has moved."""
    with mock.patch.object(pipeline, "Lookup", lambda _: _again(watch.lookup)):
        yield


def _again(lookup: Lookup) -> Lookup:
    """A copy that may be added to."""
    again = Lookup.__new__(Lookup)
    again.depends, again.book_ids = dict(lookup.depends), lookup.book_ids
    again.rows = dict(lookup.rows)
    return again


@contextmanager
def claims_kept(layers: Layers) -> Iterator[None]:
    """Takes quantities and claims from `layers` instead of judging anew."""
    kept = {name: layers[f"claims.{name}"] for name in CLAIMS}
    with (
        mock.patch.object(pipeline, "Lookup"),
        mock.patch.object(pipeline, "quantities", lambda *_: layers["estimates.quantities"]),
        mock.patch.object(pipeline, "claims_layer", lambda *_: kept),
    ):
        yield


class _Row(dict[str, Any]):
    def __init__(self, row: Mapping[str, Any], seen: set[str]) -> None:
        super().__init__(row)
        self.seen = seen

    def __getitem__(self, key: str) -> Any:
        if key in PARTS:
            self.seen.add(super().__getitem__("number_id"))
        return super().__getitem__(key)


class _Tables(dict[str, pl.DataFrame]):
    def __init__(self, layers: Layers, seen: set[str]) -> None:
        super().__init__(layers)
        self.whole = layers
        self.seen = seen

    def __getitem__(self, address: str) -> pl.DataFrame:
        if address not in READ_AS_TABLES:
            return super().__getitem__(address).drop(NUMBERS_OF.get(address, []))
        named = with_ids(self.whole)[address]
        for column in NUMBERS_OF[address]:
            self.seen |= set(named[f"id:{column}"].drop_nulls())
        return super().__getitem__(address)
