"""The data dictionary: every table and column, generated from the declarations."""

from __future__ import annotations

from collections.abc import Iterable

from traincost.columns import KINDS, Column, Table
from traincost.declarations import (
    AUDIT,
    CHANGES,
    CLAIMS,
    DATA_FILES,
    ESTIMATES,
    LEFT_OUT,
    PRICED,
    VALIDATED,
)
from traincost.ingest import ingested

LAYERS = (
    ("ingested", "Data files as text, with the file and line of every row."),
    ("validated", "The same tables, typed and checked."),
    ("priced", "Stages joined to the prices in force, per price book."),
    ("estimates", "Bills, shares and checks, with intervals."),
    ("claims", "The ledger of claims with its verdicts, and conflicts between sources."),
    ("tables", "What the published tables show, cell by cell."),
    ("audit", "Every number, down to the line of a data file."),
)


def layer_tables() -> dict[str, list[Table]]:
    """Every declared table by layer, in the order data flows."""
    return {
        "ingested": [*map(ingested, DATA_FILES.values()), *LEFT_OUT.values()],
        "validated": list(VALIDATED.values()),
        "priced": list(PRICED.values()),
        "estimates": list(ESTIMATES.values()),
        "claims": list(CLAIMS.values()),
        "tables": [AUDIT["cells"], *CHANGES.values()],
        "audit": [AUDIT["numbers"]],
    }


def dictionary() -> str:
    """The dictionary as Markdown."""
    tables = layer_tables()
    parts = [
        "# Dictionary",
        "Every Parquet file under `results/`, column by column. Generated from the declarations in"
        " `workflow/scripts/traincost/declarations/`; the same text stands in each file's metadata"
        " (key `traincost`).",
        "A column `x` with an interval is followed by `x_low` and `x_high`. A formula reads columns"
        " of the same row; `sum` adds up the rows of the group, and is missing where one is. Times"
        " are UTC. An empty unit means none; unit 1 is a ratio.",
    ]
    for layer, meaning in LAYERS:
        parts += [f"## {layer}", meaning]
        for table in tables[layer]:
            parts += _section(table)
    return "\n\n".join(parts) + "\n"


def _section(table: Table) -> Iterable[str]:
    yield f"### {table.layer}/{table.name}.parquet"
    yield f"{table.meaning} {table.grain} Key: {', '.join(f'`{name}`' for name in table.key)}."
    head = "| column | type | unit | may be empty | meaning | formula |\n|---|---|---|---|---|---|"
    yield "\n".join([head, *(_line(column) for column in table.physical())])


def _line(column: Column) -> str:
    meaning = column.meaning
    if column.allowed:
        meaning += f" (one of: {', '.join(column.allowed)})"
    if column.references:
        meaning += f" (row of `{column.references}`)"
    formula = f"`{column.formula}`" if column.formula else ""
    empty = "yes" if column.optional else "no"
    cells = (f"`{column.name}`", KINDS[column.kind][1], column.unit, empty, meaning, formula)
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"
