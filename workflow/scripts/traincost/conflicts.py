"""Values that sources print for one thing: the conflicts table of the claims layer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
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
CONFLICTS = "conflicts"
_LAST_BITS = 1e-9


def conflicts(layers: Layers, lookup: Lookup) -> pl.DataFrame:
    """`conflicts` as declared, sorted by key: those of the data, and printed totals that fail.

    `layers`: by `layer.name`; `lookup`: the numbers of all of them. Raises UserError
    where a value is said to be what is no number of the pipeline.
    """
    declared = layers["validated.conflicts"]
    refuse(_unknown(declared, lookup))
    table = CLAIMS[CONFLICTS]
    rows = [
        *(_declared(row, lookup) for row in declared.iter_rows(named=True)),
        *_failed_checks(layers["estimates.checks"], layers["validated.printed_totals"], lookup),
    ]
    blank: dict[str, Any] = dict.fromkeys(table.schema()) | {"ratio_ids": []}
    frame = pl.DataFrame([blank | row for row in rows], schema=table.schema(), orient="row")
    return finish(_with_ratio(frame), table)


def _unknown(declared: pl.DataFrame, lookup: Lookup) -> Iterator[BadCell]:
    for row in declared.filter(pl.col("number").is_not_null()).iter_rows(named=True):
        must = lookup.unknown(row["number"])
        if not must and lookup.depends[row["number"]]:
            must = "must be a number that depends on no price book"
        if must:
            yield BadCell(row["file"], row["line"], "number", f"'{row['number']}'", must)


def _is_current(row: Row, value: float | None, lookup: Lookup) -> bool | None:
    """Whether the number that a row names still has its value; None where it names none."""
    if row["number"] is None:
        return None
    number = lookup.at(row["number"], None)
    if number is None:
        return False
    if number["date"]:
        return number["date"].isoformat() == row[PRINTED]
    return value is not None and abs(value - number["value"]) <= _LAST_BITS * abs(value)


def _columns(row: Row) -> dict[str, float | None]:
    if row["unit"] in NO_FIGURES:
        return columns_of(PRINTED, None)
    figure = claimed(row[PRINTED], row["unit"], row["printed_step"] or "")
    return dict(zip(bounded(PRINTED), (figure.value, figure.low, figure.high), strict=True))


def _declared(row: Row, lookup: Lookup) -> dict[str, Any]:
    kept = ("conflict_id", "item", "unit", "printed_by", "why", "file", "line", "source_id")
    columns = _columns(row)
    return {
        **{name: row[name] for name in (*kept, "locator", "status", "read_via", "note")},
        **columns,
        "value_order": f"{row['value_order']:02.0f}",
        "found_by": "data",
        "printed_text": row[PRINTED],
        "is_used": row["is_used"] == "yes",
        "is_current": _is_current(row, columns[PRINTED], lookup),
        "number_id": row["number"],
    }


def _failed_checks(
    checks: pl.DataFrame, totals: pl.DataFrame, lookup: Lookup
) -> Iterator[dict[str, Any]]:
    """Two rows for every printed total that its stages do not give: as printed, as computed."""
    failed = checks.filter(outcome="conflicts").select("check_id", "quantity")
    for row in failed.join(totals, on="check_id", validate="1:1").iter_rows(named=True):
        source = ("source_id", "locator", "status", "read_via", "note", "file", "line")
        same = {
            **{name: row[name] for name in source},
            "conflict_id": f"check.{row['check_id']}",
            "found_by": "check",
            "item": f"{row['check_id']}: the total printed, and the sum of its stages",
            "unit": COUNTED_UNITS[row["quantity"]],
        }
        for order, name in (("01", "printed"), ("02", "computed")):
            number_id = f"{row['check_id']}.{name}"
            is_sum = name == "computed"
            yield {
                **same,
                **columns_of("held", estimate_of(lookup.rows[number_id])),
                "value_order": order,
                "printed_text": None if is_sum else row["printed_text"],
                "printed_by": "the source, stage by stage" if is_sum else "the source, as a total",
                "is_used": is_sum,
                "number_id": number_id,
                "why": "Stages are what is priced." if is_sum else "A total is never a stage.",
            }


def _with_ratio(frame: pl.DataFrame) -> pl.DataFrame:
    own_id = pl.format("{}.{}.printed", "conflict_id", "value_order")
    valued = frame.with_columns(
        value=pl.coalesce(PRINTED, "held"),
        value_id=pl.when(pl.col(PRINTED).is_null()).then("number_id").otherwise(own_id),
    )
    used = valued.filter("is_used").select(
        "conflict_id", "unit", used_value="value", used_id="value_id"
    )
    joined = valued.join(used, on=["conflict_id", "unit"], how="left", validate="m:1")
    ratio = pl.col("value") / pl.col("used_value")
    # a check finds a conflict because of both of its values
    both = pl.col("value_id").implode().over("conflict_id").list.sort()
    ids = pl.when(pl.col("found_by") == "check").then(both)
    ids = ids.otherwise(pl.concat_list("value_id", "used_id"))
    return joined.with_columns(
        ratio_to_used=ratio, ratio_ids=pl.when(ratio.is_not_null()).then(ids).otherwise([])
    )
