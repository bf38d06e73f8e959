"""Add up the sums of all shards to totals and coverage, and say how far the prices reach."""

import io
from pathlib import Path

import polars as pl

from seam.job import Job
from seam.ledger_publish import record
from traincost.ledger.totals import coverage, total
from traincost.ledger.totals_table import totals_table
from traincost.tables.as_csv import inert
from traincost.tables.as_great_table import to_html

ALL = ["every job"]


def run(job: Job) -> None:
    """Sums to one table per list of columns, in order, and the coverage."""
    groupings = job.params.config["totals"]
    names = list(dict.fromkeys(name for columns in groupings for name in columns))
    parts = [job.read(path) for path in job.input.sums]
    tables = [total(parts, names, columns) for columns in groupings]
    for path in job.output.totals:
        place = int(Path(path).stem) - 1
        table, columns = tables[place], groupings[place]
        if path.endswith(".csv"):
            job.write_bytes(_csv(table, columns), path, rows=len(table))
        else:
            job.write_bytes(to_html(totals_table(table, columns)).encode(), path)
    covered = coverage(parts)
    job.write_bytes(_csv(covered, ["unpriced_because"]), job.output.coverage, rows=len(covered))
    for path in job.input.costs:
        job.record_huge(path)
    job.write_bytes(record(job), job.output.record)
    whole = total(parts, names, []).row(0, named=True)
    unpriced = whole["jobs"] - whole["priced_jobs"]
    job.say(
        f"{whole['jobs']:,} jobs, {whole['gpu_hours']:,.0f} GPU-hours: the"
        f" {whole['priced_jobs']:,} that have prices cost {whole['priced_cost_usd']:,.2f} dollars;"
        f" {unpriced:,} have none.\nresults/ledger/ holds the cost of each job, totals, coverage."
    )


def _csv(table: pl.DataFrame, texts: list[str]) -> bytes:
    """As CSV that a spreadsheet does not run."""
    safe = table.with_columns(
        pl.col(name).map_elements(inert, return_dtype=pl.String) for name in texts
    )
    buffer = io.BytesIO()
    safe.write_csv(buffer)
    return buffer.getvalue()
