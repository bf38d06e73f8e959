"""Which numbers the claims look at, recorded while they are judged.

Judging claims takes ten times as long as all that comes before. It is a pure
function: where nothing that it looks at has moved, it gives what it gave before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest import mock

import polars as pl

from audit.in_memory import Layers
from traincost import claims, quantities
from traincost.declarations import NUMBERED
from traincost.lookup import Lookup
from traincost.numbers import with_ids

PARTS = {"value", "low", "high", "date"}
# tables whose numbers are read as columns; of others only ids and words, or it would fail here
READ_AS_TABLES = {"estimates.checks", "validated.printed_totals"}
NUMBERS_OF = {table.address: [c.name for c in table.numbers()] for table in NUMBERED}


@contextmanager
def watched() -> Iterator[set[str]]:
    """Ids of the numbers that quantities and claims look at meanwhile."""
    seen: set[str] = set()

    class Watching(Lookup):
        """A look-up whose rows tell when their value is read."""

        def __init__(self, layers: Layers) -> None:
            super().__init__(getattr(layers, "whole", layers))
            self.rows = {key: _Row(row, seen) for key, row in self.rows.items()}

    def watching(function: Callable[[Layers], Any]) -> Callable[[Layers], Any]:
        return lambda layers: function(_Tables(layers, seen))

    with (
        mock.patch.object(quantities, "Lookup", Watching),
        mock.patch.object(claims, "Lookup", Watching),
        mock.patch("traincost.pipeline.quantities", watching(quantities.quantities)),
        mock.patch("traincost.pipeline.claims_layer", watching(claims.claims_layer)),
    ):
        yield seen


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
