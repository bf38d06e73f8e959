"""What rows of the files behind the cost to an owner must hold together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from traincost import pairs
from traincost.declarations.owner_files import (
    ANY,
    ASSUMPTIONS,
    BY_YEAR,
    PLAUSIBLE,
    SEPARATOR,
    UNITS,
)
from traincost.errors import BadCell, nearest, quoted

Tables = Mapping[str, pl.DataFrame]

# of these nothing may be left over, or more than all be taken
SHARES = ("interconnect_share", "final_run_share", "staff_share", "utilisation")
# a normal distribution this many of its lower widths wide must stay above nothing
WIDE = 2.5
_YEARS = {str(year) for year in range(1990, 2100)}


def owner_checks(tables: Tables) -> Iterator[BadCell]:
    """Every cell of assumptions, owned runs and rungs that does not fit the others."""
    yield from _sets(tables["assumptions"])
    yield from _plausible(tables["assumptions"])
    yield from _bounds(tables["assumptions"])
    yield from _units(tables["assumptions"])
    yield from _applies_to(tables)
    yield from _owned_runs(tables)
    yield from _rungs(tables["rungs"])


def _bad(row: Mapping[str, object], column: str, found: str, must: str) -> BadCell:
    return BadCell(str(row["file"]), int(str(row["line"])), column, found, must)


def _sets(assumptions: pl.DataFrame) -> Iterator[BadCell]:
    """A set is whole in one file, and prices a bare card with a server."""
    file = ASSUMPTIONS.data_file
    is_ours = pl.col("file") == file
    ours = assumptions.filter(is_ours)["set_id"].unique()
    for row in assumptions.filter(~is_ours & pl.col("set_id").is_in(ours.implode())).to_dicts():
        must = f"must not be a set of {file}: copy it under a name of your own, and change that"
        yield _bad(row, "set_id", quoted(row["set_id"]), must)
    for (set_id,), rows in assumptions.group_by("set_id", maintain_order=True):
        has_any = pl.col("applies_to").str.split(SEPARATOR).list.contains(ANY)
        if rows.filter(has_any, parameter="server_overhead").is_empty():
            must = f"must have a server_overhead for {ANY}, or cards would pass for servers"
            yield _bad(rows.row(0, named=True), "set_id", quoted(set_id), must)


def _plausible(assumptions: pl.DataFrame) -> Iterator[BadCell]:
    columns = {"central": "central", "low": "range_low", "high": "range_high"}
    for row in assumptions.filter(pl.col("parameter").is_in(list(PLAUSIBLE))).to_dicts():
        least, most = PLAUSIBLE[row["parameter"]]
        for column, name in columns.items():
            if row[name] is not None and not least <= row[name] <= most:
                must = f"must be from {least:g} to {most:g}, as {row['parameter']} can be"
                yield _bad(row, column, f"'{row[name]:g}'", must)
                break


def _bounds(assumptions: pl.DataFrame) -> Iterator[BadCell]:
    central, low, high = (pl.col(name) for name in ("central", "range_low", "range_high"))
    for row in assumptions.filter(low > central).iter_rows(named=True):
        yield _bad(row, "low", f"'{row['range_low']:g}'", "must not be above central")
    for row in assumptions.filter(high < central).iter_rows(named=True):
        yield _bad(row, "high", f"'{row['range_high']:g}'", "must not be below central")
    is_fixed = pl.col("distribution") == "fixed"
    for row in assumptions.filter(is_fixed != (low == high)).iter_rows(named=True):
        must = "must be `fixed` where low and high are equal, and only there"
        yield _bad(row, "distribution", quoted(row["distribution"]), must)
    yield from _distributions(assumptions)
    for row in assumptions.filter(
        pl.col("parameter").is_in(SHARES)
        & pl.any_horizontal(part >= 1 for part in (central, low, high))
    ).iter_rows(named=True):
        column = "central" if row["central"] >= 1 else "high" if row["range_high"] >= 1 else "low"
        yield _bad(row, column, "", "must be below 1: it is a share of a whole")


def _distributions(assumptions: pl.DataFrame) -> Iterator[BadCell]:
    """A distribution must not reach what its parameter cannot be."""
    central, low = pl.col("central"), pl.col("range_low")
    is_normal = pl.col("distribution") == "normal"
    has_ends = pl.col("distribution").is_in(["fixed", "uniform"])
    refused = (
        (
            is_normal & (central - WIDE * (central - low) <= 0),
            "must not be `normal` with a low this far below central: it would reach zero",
        ),
        (
            pl.col("parameter").is_in(SHARES) & ~has_ends,
            "must be `uniform` or `fixed`: a share of a whole has ends",
        ),
        (
            (pl.col("parameter") == "availability_days") & (pl.col("distribution") != "fixed"),
            "must be `fixed`: it moves a date, and dates are not drawn",
        ),
    )
    for is_wrong, must in refused:
        for row in assumptions.filter(is_wrong).iter_rows(named=True):
            yield _bad(row, "distribution", quoted(row["distribution"]), must)


def _units(assumptions: pl.DataFrame) -> Iterator[BadCell]:
    for row in assumptions.iter_rows(named=True):
        unit = UNITS.get(row["parameter"])
        if unit and row["unit"] not in (None, unit):
            must = f"must be '{unit}', the unit of {row['parameter']}"
            yield _bad(row, "unit", quoted(row["unit"]), must)


def _applies_to(tables: Tables) -> Iterator[BadCell]:
    """What an assumption applies to must be known, and have one of its parameter in a set."""
    gpus = tables["gpus"]
    known = {ANY} | _YEARS
    for frame, column in (
        (gpus, "family"),
        (gpus, "chip"),
        (tables["stages"], "developer"),
        (tables["owned_runs"], "developer"),
    ):
        known |= set(frame[column].drop_nulls())
    taken: dict[tuple[str, str, str], Mapping[str, object]] = {}
    for row in tables["assumptions"].sort("file", "line").iter_rows(named=True):
        for tag in (row["applies_to"] or "").split(SEPARATOR) if row["applies_to"] else ():
            if tag not in known:
                must = (
                    "must be developers, families or kinds of accelerators, or years, separated by"
                    f" '; ', or *{nearest(tag, known - _YEARS)}"
                )
                yield _bad(row, "applies_to", quoted(tag), must)
            elif tag in _YEARS and row["parameter"] not in BY_YEAR:
                must = f"must not be a year: only {BY_YEAR[0]} goes by the year of release"
                yield _bad(row, "applies_to", quoted(tag), must)
            place = (row["set_id"], row["parameter"], tag)
            if place in taken:
                first = taken[place]
                must = (
                    f"must have one value of {row['parameter']} in the set, but"
                    f" {first['file']}, line {first['line']} has another"
                )
                yield _bad(row, "applies_to", quoted(tag), must)
            taken.setdefault(place, row)


def _owned_runs(tables: Tables) -> Iterator[BadCell]:
    runs = set(tables["stages"]["run_id"].drop_nulls())
    developers = _developers(tables["assumptions"])
    hardware = {row["hardware_id"]: row for row in tables["hardware"].iter_rows(named=True)}
    for row in tables["owned_runs"].iter_rows(named=True):
        yield from _peak(row, hardware.get(row["peak_id"]))
        yield from _span(row)
        spelled = developers.get(row["developer"].casefold(), row["developer"])
        if spelled != row["developer"]:
            must = f"must be spelled {spelled}, as data/assumptions.csv has it"
            yield _bad(row, "developer", quoted(row["developer"]), must)
        if row["work_id"] in runs:
            must = "must not be the id of a run of data/stages.csv, which is costed by itself"
            yield _bad(row, "work_id", quoted(row["work_id"]), must)
        has_hours, has_flop = (row[name] is not None for name in ("owned_gpu_hours", "flop_e24"))
        if has_hours == has_flop:
            must = "must be there where flop_e24 is not, and only there"
            yield _bad(row, "gpu_hours", quoted(row["owned_gpu_hours_text"] or ""), must)
        if has_flop != (row["peak_id"] is not None):
            must = "must be there where flop_e24 is, and only there"
            yield _bad(row, "peak_id", quoted(row["peak_id"] or ""), must)
        if row["run_id"] is not None and row["run_id"] not in runs:
            must = f"must stand in data/stages.csv{nearest(row['run_id'], runs)}"
            yield _bad(row, "run_id", quoted(row["run_id"]), must)


def _developers(assumptions: pl.DataFrame) -> dict[str, str]:
    """What assumptions apply to, by how it is written in small letters."""
    tags = assumptions["applies_to"].drop_nulls().str.split(SEPARATOR).explode()
    return {tag.casefold(): tag for tag in tags}


def _peak(row: Mapping[str, object], peak: Mapping[str, object] | None) -> Iterator[BadCell]:
    """The row of hardware.csv that a run names must hold a peak of its accelerator."""
    if peak is None:
        return
    if not str(peak["attribute"]).startswith("peak_"):
        must = f"must be a peak, but that row of data/hardware.csv is a {peak['attribute']}"
        yield _bad(row, "peak_id", quoted(row["peak_id"]), must)
    elif peak["gpu"] != row["gpu"]:
        must = f"must be a peak of {row['gpu']}, but that row is of {peak['gpu']}"
        yield _bad(row, "peak_id", quoted(row["peak_id"]), must)


def _span(row: Mapping[str, Any]) -> Iterator[BadCell]:
    """A run ends before its release, and its accelerators had the time for its hours."""
    start, release = row["start_date"], row["release_date"]
    if start is None or release is None:
        return
    if release < start:
        must = f"must not be before start_date, {start}"
        yield _bad(row, "release_date", quoted(str(release)), must)
        return
    hours, count = row["owned_gpu_hours_low"], row["gpu_count"]
    at_most = count and count * 24 * ((release - start).days + 1)
    if hours and at_most and hours > at_most:
        must = f"must be at most {at_most:,.0f}: {count:,.0f} of them from {start} to {release}"
        yield _bad(row, "gpu_hours", quoted(row["owned_gpu_hours_text"]), must)


def _rungs(rungs: pl.DataFrame) -> Iterator[BadCell]:
    """A rung has a formula that reads its inputs, or a basis of none and neither."""
    for row in rungs.iter_rows(named=True):
        has_formula, has_basis = row["formula"] is not None, row["basis"] != "none"
        if has_formula != has_basis:
            must = "must be there where the basis is not `none`, and only there"
            yield _bad(row, "formula", quoted(row["formula"] or ""), must)
            continue
        try:
            names = set(pairs.pairs(row["inputs"]))
        except ValueError as error:
            yield _bad(row, "inputs", quoted(row["inputs"]), str(error))
            continue
        try:
            if has_formula:
                pairs.check(row["formula"], names)
        except ValueError as error:
            yield _bad(row, "formula", quoted(row["formula"]), str(error))
    again = rungs.filter(~pl.col("rung_order").is_first_distinct())
    for row in again.drop_nulls("rung_order").iter_rows(named=True):
        must = "must differ from that of the other rungs"
        yield _bad(row, "rung_order", f"'{row['rung_order']:g}'", must)
