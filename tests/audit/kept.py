"""Computing again only what reads something that has changed.

Every function of the pipeline is pure: where all that it reads is as before, it
gives what it gave before. What it reads is recorded while it runs, not declared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, nullcontext
from copy import copy
from typing import Any
from unittest import mock

import polars as pl

from traincost import all_estimates, claims, numbers, pipeline, quantities, scope_ladder, tables
from traincost.columns import Table
from traincost.declarations import NUMBERED
from traincost.lookup import Lookup

Layers = Mapping[str, pl.DataFrame]
Moved = Callable[[Layers], tuple[set[str], bool]]

PARTS = {"value", "low", "high", "date"}
# tables whose numbers the ledger reads as columns; of others only ids and words, or it would fail
READ_AS_TABLES = {"estimates.checks", "validated.printed_totals"}
NUMBERS_OF = {table.address: [c.name for c in table.numbers()] for table in NUMBERED}


class Kept:
    """The pipeline with the results of one run of it kept.

    `moved`: ids of the numbers of some layers that differ from that run's, and
    whether they have the same rows and cells.
    """

    def __init__(self, moved: Moved) -> None:
        self.moved = moved
        self.read: dict[str, dict[str, pl.DataFrame]] = {}
        self.given: dict[str, Any] = {}
        self.values: dict[str, tuple[pl.DataFrame, pl.DataFrame]] = {}
        self.ledgers = {
            "quantities": Watch(quantities),
            "scope_ladder": Watch(scope_ladder),
            "claims": Watch(claims),
        }

    @contextmanager
    def pipeline(self) -> Iterator[None]:
        """The pipeline runs with what was kept meanwhile; the first time all is recorded."""
        made = {
            name: self._ledger(name, function)
            if name in self.ledgers
            else self._tables(name, function)
            for name, function in all_estimates.MADE_OF_BILLS.items()
        }
        with ExitStack() as stack:
            for module, name in ((pipeline, "price_stages"), (all_estimates, "estimate")):
                function = self._tables(name, getattr(module, name))
                stack.enter_context(mock.patch.object(module, name, function))
            stack.enter_context(mock.patch.dict(all_estimates.MADE_OF_BILLS, made))
            judge = self._ledger("claims", pipeline.claims_layer)
            stack.enter_context(mock.patch.object(pipeline, "claims_layer", judge))
            yield

    @contextmanager
    def tables(self) -> Iterator[None]:
        """The same for the published tables and the values of what they show."""
        whole = numbers.values_in

        def values_in(frame: pl.DataFrame, table: Table) -> pl.DataFrame:
            read, found = self.values.get(table.address, (None, None))
            if read is not frame or found is None:
                found = whole(frame, table)
                self.values.setdefault(table.address, (frame, found))
            return found

        made = {
            name: self._tables(f"table {name}", build) for name, build in tables.BUILDERS.items()
        }
        with (
            mock.patch.object(numbers, "values_in", values_in),
            mock.patch.dict(tables.BUILDERS, made),
        ):
            yield

    def _tables(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """A function that reads whole tables."""

        def kept(layers: Layers, *files: Any, **settings: Any) -> Any:
            if name not in self.given:
                reading = Reading(layers)
                self.given[name] = function(reading, *files, **settings)
                self.read[name] = reading.read
            elif any(layers[table] is not frame for table, frame in self.read[name].items()):
                return same(function(layers, *files, **settings), self.given[name])
            return self.given[name]

        return kept

    def _ledger(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """A function that looks numbers up by their ids."""
        watch = self.ledgers[name]

        def kept(layers: Layers) -> Any:
            if name not in self.given:
                words = Words(layers)
                with watch.recorded():
                    self.given[name] = function(words)
                self.read[name] = words.read
                return self.given[name]
            moved, is_same_shape = self.moved(layers)
            words = Words(layers)
            is_read_alike = all(words[key].equals(was) for key, was in self.read[name].items())
            if is_read_alike and is_same_shape and not moved & watch.seen:
                return self.given[name]
            is_only_words = is_same_shape and not moved
            with watch.again() if is_only_words else nullcontext():
                return same(function(layers), self.given[name])

        return kept


class Watch:
    """Which numbers a ledger looks at: their ids; and the look-up as it was made."""

    def __init__(self, module: Any) -> None:
        self.module = module
        self.seen: set[str] = set()
        self.lookup: Lookup | None = None

    @contextmanager
    def recorded(self) -> Iterator[None]:
        """Rows of the look-up tell when their value is read."""

        def watching(layers: Words) -> Lookup:
            lookup = Lookup(layers.layers)
            self.lookup = _copied(lookup)
            lookup.rows = {key: Row(row, self.seen) for key, row in lookup.rows.items()}
            return lookup

        with mock.patch.object(self.module, "Lookup", watching):
            yield

    @contextmanager
    def again(self) -> Iterator[None]:
        """The look-up is the recorded one: for when only words have changed."""
        assert self.lookup
        with mock.patch.object(self.module, "Lookup", lambda _: _copied(self.lookup)):
            yield


def _copied(lookup: Lookup) -> Lookup:
    """A copy that may be added to."""
    copied = copy(lookup)
    for name, held in vars(lookup).items():
        setattr(copied, name, copy(held))
    return copied


class Reading(Mapping[str, pl.DataFrame]):
    """Tables that are recorded as they are read."""

    def __init__(self, layers: Layers) -> None:
        self.layers = layers
        self.read: dict[str, pl.DataFrame] = {}

    def __getitem__(self, table: str) -> pl.DataFrame:
        self.read[table] = self.layers[table]
        return self.layers[table]

    def __iter__(self) -> Iterator[str]:
        return iter(self.layers)

    def __len__(self) -> int:
        return len(self.layers)


class Words(Reading):
    """Tables without their numbers, but for those that are read as tables."""

    def __getitem__(self, table: str) -> pl.DataFrame:
        dropped = [] if table in READ_AS_TABLES else NUMBERS_OF.get(table, [])
        self.read[table] = self.layers[table].drop(dropped)
        return self.read[table]


class Row(dict[str, Any]):
    """A row of a look-up that tells when a part of its value is read."""

    def __init__(self, row: Mapping[str, Any], seen: set[str]) -> None:
        super().__init__(row)
        self.seen = seen

    def __getitem__(self, key: str) -> Any:
        if key in PARTS:
            self.seen.add(super().__getitem__("number_id"))
        return super().__getitem__(key)


def same(new: Any, old: Any) -> Any:
    """`new`, but where a table equals the old one the old one itself."""
    if isinstance(new, pl.DataFrame):
        return old if new.equals(old) else new
    if isinstance(new, Mapping):
        return {name: same(frame, old[name]) for name, frame in new.items()}
    return new
