"""From the headline of R1 to the company: the rungs of data/rungs.csv, computed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from traincost import pairs
from traincost.columns import PLACE, bounded
from traincost.declarations import ESTIMATES
from traincost.declarations.data_files import PROVENANCE
from traincost.declarations.owner_files import LAYERS
from traincost.derive import derive, finish
from traincost.errors import BadCell, quoted, refuse
from traincost.lookup import Lookup, columns_of, estimate_of
from traincost.numbers import Layers

Row = Mapping[str, Any]

# the bill whose own price book a rung may ask for
BILL = "v3-r1"
SET = "{set}"
KEPT = ("rung_id", "label", "basis", "evidence", "formula", *(f"has_{name}" for name, _ in LAYERS))
# where a rung was declared, and after which document
FROM = tuple(column.name for column in (*PLACE, *PROVENANCE))


def scope_ladder(layers: Layers) -> pl.DataFrame:
    """`scope_ladder` as declared, sorted by key. `layers`: all numbers that come before.

    Raises UserError for inputs that are no numbers.
    """
    lookup, table = Lookup(layers), ESTIMATES["scope_ladder"]
    books = _books(layers)
    chosen = layers["validated.assumption_sets"].filter("is_chosen")["set_id"].item()
    rungs = layers["validated.rungs"].sort("rung_order", "rung_id").to_dicts()
    rows, bad = [], []
    for rung in rungs:
        inputs = pairs.pairs(rung["inputs"])
        bad += [
            BadCell(rung["file"], rung["line"], "inputs", quoted(base), must)
            for base in inputs.values()
            if SET not in base and (must := lookup.unknown(base))
        ]
        named = {name: base.replace(SET, chosen) for name, base in inputs.items()}
        rows.append(_row(rung, named, books[rung["book"]], lookup))
    refuse(bad)
    headline = rungs[0]["rung_id"]
    schema = {name: kind for name, kind in table.schema().items() if name in rows[0]}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return finish(derive(_beside(frame, headline), table, only=("multiple",)), table)


def _books(layers: Layers) -> dict[str, str | None]:
    """The price book behind each word for one."""
    own = layers["estimates.own_prices"].filter(pl.col("scope_id") == BILL)
    baseline = layers["validated.books"].filter("is_baseline")["book_id"].item()
    return {"baseline": baseline, "own": own["own_book_id"].item()}


def _row(rung: Row, inputs: Mapping[str, str], book_id: str | None, lookup: Lookup) -> Row:
    """A rung's value with what it was made of. An input that a set lacks leaves it empty."""
    found = {
        name: number
        for name, base in inputs.items()
        if base in lookup.depends and (number := lookup.at(base, book_id))
    }
    estimates = {name: estimate_of(number) for name, number in found.items()}
    is_whole = bool(inputs) and len(found) == len(inputs) and all(estimates.values())
    value = pairs.evaluate(rung["formula"], estimates) if is_whole else None
    return {
        **{name: rung[name] for name in (*KEPT, *FROM)},
        "place": f"{rung['rung_order']:g}",
        "input_names": list(found),
        "input_ids": [number["number_id"] for number in found.values()],
        **columns_of("value_usd", value),
    }


def _beside(frame: pl.DataFrame, headline: str) -> pl.DataFrame:
    """Adds the headline to every other rung. Grain unchanged."""
    first = frame.filter(pl.col("rung_id") == headline).select(
        headline_id="rung_id",
        **dict(zip(bounded("headline_usd"), bounded("value_usd"), strict=True)),
    )
    is_other = pl.col("rung_id") != headline
    frame = frame.with_columns(headline_id=pl.when(is_other).then(pl.lit(headline)))
    return frame.join(first, on="headline_id", how="left", validate="m:1", maintain_order="left")
