"""Values that sources print for one thing: the conflicts table of the claims layer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import polars as pl

from traincost.claim_checks import NO_FIGURES, PRINTED
from traincost.claimed import claimed
from traincost.columns import bounded
from traincost.declarations import CLAIMS
from traincost.derive import finish
from traincost.errors import BadCell, refuse
from traincost.lookup import COUNTED_UNITS, Lookup, columns_of, estimate_of
from traincost.numbers import Layers

Row = Mapping[str, Any]
CONFLICTS, COMPUTED = "conflicts", "computed"
_LAST_BITS = 1e-9


def conflicts(layers: Layers, lookup: Lookup) -> pl.DataFrame:
    """`conflicts` as declared, sorted by key: those of the data, and printed totals that fail.

    `layers`: by `layer.name`; `lookup`: the numbers of all of them. Raises UserError
    where a value is said to be a number of the pipeline and is not.
    """
    declared = layers["validated.conflicts"]
    refuse(_not_used(declared, lookup))
    table = CLAIMS[CONFLICTS]
    rows = [
        *map(_declared, declared.iter_rows(named=True)),
        *_failed_checks(layers["estimates.checks"], layers["validated.printed_totals"], lookup),
    ]
    blank: dict[str, Any] = dict.fromkeys(table.schema()) | {"ratio_ids": []}
    frame = pl.DataFrame([blank | row for row in rows], schema=table.schema(), orient="row")
    return finish(_with_ratio(frame), table)


def _not_used(declared: pl.DataFrame, lookup: Lookup) -> Iterator[BadCell]:
    """Cells that name a number which is not there or is not the value."""
    for row in declared.filter(pl.col("number").is_not_null()).iter_rows(named=True):
        must = lookup.unknown(row["number"])
        if not must and lookup.depends[row["number"]]:
            must = "must be a number that depends on no price book"
        elif not must:
            number = lookup.at(row["number"], None)
            used = number and (number["date"] if row["unit"] == "date" else number["value"])
            if not _is_same(row, used):
                shown = "has no value" if used is None else f"is {used}"
                must = f"must be the value of this row ({row[PRINTED]}), but {shown}"
        if must:
            yield BadCell(row["file"], row["line"], "number", f"'{row['number']}'", must)


def _is_same(row: Row, used: float | date | None) -> bool:
    if isinstance(used, date):
        return used.isoformat() == row[PRINTED]
    value = _columns(row)[PRINTED]
    return None not in (used, value) and abs(value - used) <= _LAST_BITS * abs(used)


def _columns(row: Row) -> dict[str, float | None]:
    if row["unit"] in NO_FIGURES:
        return columns_of(PRINTED, None)
    figure = claimed(row[PRINTED], row["unit"], row["printed_step"] or "")
    return dict(zip(bounded(PRINTED), (figure.value, figure.low, figure.high), strict=True))


def _declared(row: Row) -> dict[str, Any]:
    kept = ("conflict_id", "item", "unit", "printed_by", "why", "file", "line", "source_id")
    return {
        **{name: row[name] for name in (*kept, "locator", "status", "read_via", "note")},
        **_columns(row),
        "value_order": f"{row['value_order']:02.0f}",
        "found_by": "data",
        "printed_text": row[PRINTED],
        "is_used": row["is_used"] == "yes",
        "number_id": row["number"],
    }


def _failed_checks(
    checks: pl.DataFrame, totals: pl.DataFrame, lookup: Lookup
) -> Iterator[dict[str, Any]]:
    """Two rows for every printed total that its stages do not give: as printed, as computed.

    Both are numbers of other tables, so none is `printed` here.
    """
    failed = checks.filter(outcome="conflicts").select("check_id", "quantity", "computed")
    for row in failed.join(totals, on="check_id", validate="1:1").iter_rows(named=True):
        same = {
            "conflict_id": f"check.{row['check_id']}",
            "found_by": "check",
            "item": f"{row['check_id']}, the total printed and the sum of its stages",
            "unit": COUNTED_UNITS[row["quantity"]],
        }
        source = ("file", "line", "source_id", "locator", "status", "read_via", "note")
        printed_id, computed_id = (f"{row['check_id']}.{name}" for name in (PRINTED, COMPUTED))
        yield {
            **same,
            **{name: row[name] for name in source},
            **columns_of(COMPUTED, estimate_of(lookup.rows[printed_id])),
            "number_id": printed_id,
            "value_order": "01",
            "printed_text": row["printed_text"],
            "printed_by": "the source, as a total",
            "is_used": False,
            "why": "A total is a check, never a stage.",
        }
        yield {
            **same,
            **columns_of(COMPUTED, estimate_of(lookup.rows[computed_id])),
            "value_order": "02",
            "printed_by": "the same source, stage by stage",
            "is_used": True,
            "number_id": computed_id,
            "why": "Stages are what is priced; the two intervals do not meet.",
        }


def _with_ratio(frame: pl.DataFrame) -> pl.DataFrame:
    own_id = pl.format("{}.{}.printed", "conflict_id", "value_order")
    valued = frame.with_columns(
        value=pl.coalesce(PRINTED, COMPUTED),
        value_id=pl.when(pl.col(PRINTED).is_null()).then("number_id").otherwise(own_id),
    )
    used = valued.filter("is_used").select(
        "conflict_id", "unit", used_value="value", used_id="value_id"
    )
    joined = valued.join(used, on=["conflict_id", "unit"], how="left", validate="m:1")
    ratio = pl.col("value") / pl.col("used_value")
    # a check is a conflict because of both values
    both = pl.col("value_id").implode().over("conflict_id").list.sort()
    own = pl.concat_list("value_id", "used_id")
    ids = pl.when(pl.col("found_by") == "check").then(both).otherwise(own)
    return joined.with_columns(
        ratio_to_used=ratio, ratio_ids=pl.when(ratio.is_not_null()).then(ids).otherwise([])
    )
