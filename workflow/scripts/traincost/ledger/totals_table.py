"""A total of a ledger as a published table: the dearest groups, and how much they cost."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from traincost import display
from traincost.tables.spec import (
    MONEY,
    Cell,
    PublishedTable,
    Row,
    Shown,
    TableColumn,
    TableRow,
    listed,
)

# more rows than these are for the CSV file
SHOWN_ROWS = 200
COUNT, HOURS, DOLLARS = Shown("jobs"), Shown("GPU-h"), Shown("USD", decimals=2)
COLUMNS = (
    TableColumn("jobs", "Jobs"),
    TableColumn("priced_jobs", "with a price"),
    TableColumn("gpu_hours", "GPU-hours"),
    TableColumn("priced_gpu_hours", "with a price"),
    TableColumn("priced_cost_usd", "Cost of these, USD"),
    TableColumn("cost_usd", "Cost of all, USD"),
)
SHOWN = {
    "jobs": COUNT,
    "priced_jobs": COUNT,
    "gpu_hours": HOURS,
    "priced_gpu_hours": HOURS,
    "priced_cost_usd": DOLLARS,
    "cost_usd": DOLLARS,
}


def totals_table(total: pl.DataFrame, names: Sequence[str]) -> PublishedTable:
    """`total`: as `totals.total` has it, by the columns `names`. The dearest groups come first."""
    jobs, priced = total["jobs"].sum(), total["priced_jobs"].sum()
    whole = MONEY.text(total["priced_cost_usd"].sum())
    first = total.sort("priced_cost_usd", *names, descending=[True, *(False for _ in names)]).head(
        SHOWN_ROWS
    )
    rows = [_row(row, names) for row in first.iter_rows(named=True)]
    more = len(total) - len(rows)
    return PublishedTable(
        name="ledger_total",
        title=f"{COUNT.text(priced)} of {COUNT.text(jobs)} jobs have a price at every second, and"
        f" cost {whole}",
        subtitle=f"Jobs of the ledger by {listed(names) if names else 'no column'}, the dearest"
        " first. Dollars of the time of each quote.",
        stub_label=", ".join(names) or "All",
        columns=COLUMNS,
        rows=tuple(rows),
        notes=(
            f"{display.MISSING} a job of these has no price at some second; coverage.csv says why.",
            *([f"{COUNT.text(more)} more stand in the CSV file beside."] if more else []),
        ),
    )


def _row(row: Row, names: Sequence[str]) -> TableRow:
    label = ", ".join(row[name] or "(none)" for name in names) or "all jobs"
    cells = {name: Cell(shown.text(row[name]), unit=shown.unit) for name, shown in SHOWN.items()}
    return TableRow(label, label, cells)
