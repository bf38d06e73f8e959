"""conflicts: what sources print different values for, which is used, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from traincost import display
from traincost.claim_checks import NO_FIGURES
from traincost.tables.source_notes import source_notes
from traincost.tables.spec import (
    Cell,
    PublishedTable,
    Row,
    Shown,
    TableColumn,
    TableRow,
    count,
    quantity,
    text,
)
from traincost.tables.units import fitting, in_unit

NAME = "conflicts"
RATIO = Shown("1", decimals=3)

COLUMNS = (
    TableColumn("printed", "As printed", is_text=True, holds=True, width=0.14),
    TableColumn("value", "Value"),
    TableColumn("unit", "Unit", is_text=True, holds=True, width=0.11),
    TableColumn("ratio", "× used"),
    TableColumn("used", "Used", is_text=True, holds=True),
    TableColumn("why", "Why, or why not", is_text=True, width=0.33),
)


def conflicts(layers: Mapping[str, pl.DataFrame], files: Mapping[str, str]) -> PublishedTable:
    """One row per thing and value. `layers`: by `layer.name`; `files`: data file to hash."""
    frame = layers["claims.conflicts"]
    ordered = frame.sort(
        "found_by", "line", "conflict_id", "value_order", descending=[True] + [False] * 3
    )
    rows = ordered.to_dicts()
    title, said = _title(rows)
    read = ordered.filter(pl.col("source_id").is_not_null())
    return PublishedTable(
        name=NAME,
        title=title,
        subtitle="Each value as its source prints it. A value is used where a result or a check"
        " rests on it.",
        stub_label="Who prints it",
        columns=COLUMNS,
        rows=tuple(map(_row, rows)),
        notes=(*_notes(), *source_notes(layers["validated.sources"], [read], files)),
        said=said,
        is_long=True,
        stub_width=0.2,
    )


def _row(row: Row) -> TableRow:
    own_id = f"{row['conflict_id']}.{row['value_order']}"
    name = "held" if row["printed"] is None else "printed"
    number_id = row["number_id"] if name == "held" else f"{own_id}.printed"
    none = text(display.NOT_APPLICABLE)
    shown = fitting(row["unit"], row[name])
    value = none if row[name] is None else in_unit(row, name, shown, number_id)
    ratio = row["ratio_to_used"]
    cells = {
        "printed": replace(value, display=row["printed_text"])
        if row["printed_text"]
        else text("(added up)"),
        "value": value,
        "unit": none if row["unit"] in NO_FIGURES else text(shown.unit),
        "ratio": none if ratio is None else quantity(row, "ratio_to_used", own_id, RATIO),
        "used": text(_use(row)),
        "why": text(row["why"]),
    }
    return TableRow(own_id, row["printed_by"], cells, row["item"], is_total=row["is_used"])


def _use(row: Row) -> str:
    if row["is_used"] and row["is_current"] is False:
        return "no longer"
    return "yes" if row["is_used"] else "no"


def _title(rows: Sequence[Row]) -> tuple[str, tuple[Cell, ...]]:
    things = dict.fromkeys(row["conflict_id"] for row in rows)
    used = dict.fromkeys(row["conflict_id"] for row in rows if row["is_used"])
    many, fed = (
        count(f"{NAME}.{name}_count", _ids(rows, those), "things")
        if len(_ids(rows, those)) == len(those)
        else text(str(len(those)))
        for name, those in (("thing", things), ("used_thing", used))
    )
    title = (
        f"Sources contradict each other on {many.display} things;"
        f" for {fed.display} of them one value is used"
    )
    return title, (many, fed)


def _ids(rows: Sequence[Row], things: Mapping[str, None]) -> list[str]:
    """One number of every thing: that of its first value with one; of a check, the ratio."""
    found: dict[str, str] = {}
    for row in rows:
        own = f"{row['conflict_id']}.{row['value_order']}"
        # a date has the number of the data alone
        number_id = row["number_id"] if row["printed"] is None else f"{own}.printed"
        if row["found_by"] == "check":
            number_id = f"{own}.ratio_to_used"
        if row["conflict_id"] in things and number_id:
            found.setdefault(row["conflict_id"], number_id)
    return list(found.values())


def _notes() -> tuple[str, ...]:
    return (
        "“(added up)”: the sum of the stages, where a printed total is not that sum; such rows are"
        " found by the checks, not entered by hand. “× used” is the value over the one that is"
        " used, where both are in one unit. “No longer”: the data hold another value now.",
        f"{display.NOT_APPLICABLE} {display.LEGEND[display.NOT_APPLICABLE]}.",
    )
