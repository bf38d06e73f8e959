"""What rows of the claims' data files must hold together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import polars as pl

from traincost import pairs
from traincost.claimed import claimed
from traincost.errors import BadCell, nearest

Tables = Mapping[str, pl.DataFrame]
Row = Mapping[str, object]
# units of values that are no figures
NO_FIGURES = ("date", "statement")
PRINTED = "printed"


def claim_checks(tables: Tables) -> list[BadCell]:
    """Every cell of quantities, claims and conflicts that does not fit the others."""
    return [
        *_quantities(tables["quantities"]),
        *_claims(tables["claims"]),
        *_scopes(tables),
        *_conflicts(tables["conflicts"]),
    ]


def known_scopes(stages: pl.DataFrame, scopes: pl.DataFrame) -> dict[str, frozenset[str]]:
    """The stages of every stage, run and scope, by its id."""
    found = {stage: frozenset({stage}) for stage in stages["stage_id"].drop_nulls()}
    runs: dict[str, frozenset[str]] = {}
    for stage, run in stages.select("stage_id", "run_id").drop_nulls().iter_rows():
        runs[run] = runs.get(run, frozenset()) | {stage}
    wider = {
        scope: frozenset().union(*(runs.get(run, frozenset()) for run in run_ids.split(" ")))
        for scope, run_ids in scopes.select("scope_id", "run_ids").drop_nulls().iter_rows()
    }
    return found | runs | wider


def _bad(row: Row, column: str, must: str) -> BadCell:
    found = row[column]
    shown = "" if found is None else f"'{found}'"
    return BadCell(str(row["file"]), int(str(row["line"])), column, shown, must)


def _rows(frame: pl.DataFrame, *needed: str) -> Iterator[Row]:
    """Rows whose needed cells could be read."""
    yield from frame.drop_nulls(list(needed)).iter_rows(named=True)


def _formula(row: Row, column: str, extra: set[str]) -> Iterator[BadCell]:
    try:
        names = set(pairs.pairs(row["inputs"]))
    except ValueError as error:
        yield _bad(row, "inputs", str(error))
        return
    if names & extra:
        yield _bad(row, "inputs", f"must not name an input '{PRINTED}': that is the figure")
    try:
        pairs.check(str(row[column]), names | extra)
    except ValueError as error:
        yield _bad(row, column, str(error))


def _quantities(quantities: pl.DataFrame) -> Iterator[BadCell]:
    for row in _rows(quantities, "formula", "inputs"):
        yield from _formula(row, "formula", set())


def _claims(claims: pl.DataFrame) -> Iterator[BadCell]:
    for row in _rows(claims, "claim_id"):
        if row["declared_verdict"]:
            yield from _declared(row)
        else:
            yield from _computed(row)


def _declared(row: Row) -> Iterator[BadCell]:
    for column in ("reason", "evidence_id"):
        if not row[column]:
            must = "must be there: a declared verdict needs its reason and evidence"
            yield _bad(row, column, must)
    for column in ("quantity", "reading", "scope"):
        if row[column]:
            yield _bad(row, column, "must be empty where a verdict is declared; use two rows")


def _computed(row: Row) -> Iterator[BadCell]:
    if not row["quantity"]:
        must = "must be there, or declared_verdict and reason both must: a claim needs a test"
        yield _bad(row, "quantity", must)
        return
    for column in (PRINTED, "unit"):
        if not row[column]:
            yield _bad(row, column, "must be there: it is what the quantity is compared with")
    if row[PRINTED] and row["unit"]:
        yield from _figure(row)
    if row["reading"]:
        yield from _formula(row, "reading", {PRINTED})
    elif row["inputs"]:
        yield _bad(row, "inputs", "must be empty where there is no reading")


def _figure(row: Row) -> Iterator[BadCell]:
    try:
        claimed(str(row[PRINTED]), str(row["unit"]), str(row["printed_step"] or ""))
    except ValueError as error:
        yield _bad(row, PRINTED, str(error))


def _scopes(tables: Tables) -> Iterator[BadCell]:
    known = known_scopes(tables["stages"], tables["scopes"])
    for row in _rows(tables["claims"], "scope"):
        for name in str(row["scope"]).split(" "):
            if name not in known:
                must = f"must name stages, runs or scopes{nearest(name, known)}"
                yield _bad(row, "scope", must)


def _conflicts(conflicts: pl.DataFrame) -> Iterator[BadCell]:
    first: dict[object, Row] = {}
    used: dict[object, Row] = {}
    for row in _rows(conflicts, "conflict_id", PRINTED, "unit"):
        thing = row["conflict_id"]
        if row["item"] != first.setdefault(thing, row)["item"]:
            yield _bad(row, "item", f"must be the same in every row of {thing}")
        if row["is_used"] == "yes" and used.setdefault(thing, row) is not row:
            yield _bad(row, "is_used", f"must be yes once: also in line {used[thing]['line']}")
        if row["number"] and row["is_used"] != "yes":
            yield _bad(row, "number", "must be empty where the value is not used")
        yield from _value(row)


def _value(row: Row) -> Iterator[BadCell]:
    if row["unit"] not in NO_FIGURES:
        yield from _figure(row)
    elif row["unit"] == "date":
        try:
            date.fromisoformat(str(row[PRINTED]))
        except ValueError:
            yield _bad(row, PRINTED, "must be a date of the calendar, written YYYY-MM-DD")
