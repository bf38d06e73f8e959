"""Open a total of the priced ledger: its jobs, and of a job the quotes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl

from seam.digests import sha256
from traincost.errors import UserError, nearest
from traincost.ledger import reading
from traincost.ledger.batches import File, batches
from traincost.ledger.inputs import KEY, QUOTES
from traincost.ledger.jobs import UNITS_PER_USD
from traincost.ledger.quotes import quotes_of_series
from traincost.ledger.totals import MONTH
from traincost.pricing import DAY_S
from traincost.tables.as_csv import inert

SHOWN = 20


def jobs_of(results: Path, wanted: Mapping[str, str]) -> str:
    """The total of the jobs whose columns have these values, and the dearest of them."""
    costs = _costs(results)
    names = costs.collect_schema().names()
    for name, value in wanted.items():
        if name in names:
            # an absent text is an empty one; a mark that keeps spreadsheets calm is none of it
            told = value.removeprefix("'") if inert(value.removeprefix("'")) == value else value
            costs = costs.filter(pl.col(name).cast(pl.String).fill_null("").is_in([value, told]))
        elif name == MONTH:
            costs = costs.filter(_start(costs).dt.to_string("%Y-%m") == value)
        else:
            raise UserError(f"the ledger has no column {name}{nearest(name, [*names, MONTH])}")
    whole = costs.select(
        pl.len().alias("jobs"), pl.col("cost_usd").count().alias("priced"), pl.col("cost_usd").sum()
    ).collect()
    total = whole.row(0, named=True)
    shown = costs.sort("cost_usd", "job_id", descending=[True, False], nulls_last=True)
    lines = [
        f"{total['jobs']:,} jobs, {total['priced']:,} of them priced: {total['cost_usd']:,.2f} USD",
        *map(_job_line, shown.head(SHOWN).collect().iter_rows(named=True)),
    ]
    if total["jobs"] > SHOWN:
        lines.append(f"  ... and {total['jobs'] - SHOWN:,} more, none dearer")
    return "\n".join(lines)


def quotes_of(results: Path, job_id: str, files: list[File]) -> str:
    """What each job of this id cost, quote by quote, with the lines of `files`.

    Raises UserError where there is no such job, and for other quotes than it was priced by.
    """
    found = _costs(results).filter(pl.col("job_id").cast(pl.String) == job_id).collect()
    if found.is_empty():
        raise UserError(f"the ledger has no job {job_id}")
    record = json.loads((results / "ledger/record.json").read_bytes())
    max_age_s = record["config"]["quote_max_age_days"] * DAY_S
    for file in files:
        if not Path(file.place).is_file():
            raise UserError(f"{file.place}: there is no such file")
        if sha256(file.place) not in record["inputs"].values():
            raise UserError(
                f"{file.name} is not among the files that this ledger was priced by; name its"
                " quotes with --prices"
            )
    return "\n".join(
        line
        for row in found.iter_rows(named=True)
        for line in (_job_line(row).strip(), *_quotes(row, files, max_age_s))
    )


def _quotes(job: Mapping[str, Any], files: list[File], max_age_s: int) -> Iterator[str]:
    """A line for each quote in force at some second of the job, and their sum."""
    frame = pl.DataFrame([{name: job[name] for name in ("start_time", "end_time")}])
    start, end = (int(reading.seconds(frame[name])[0][0]) for name in ("start_time", "end_time"))
    steps = sorted(_steps(files, tuple(job[name] or "" for name in KEY)))
    ends = [*(step[0] for step in steps[1:]), end][: len(steps)]
    total, held = Fraction(0), 0
    for (begin, micro, place), until in zip(steps, ends, strict=True):
        seconds = min(until, begin + max_age_s, end) - max(begin, start)
        if seconds > 0:
            part = Fraction(micro * seconds * int(job["gpu_count"]), UNITS_PER_USD)
            total, held = total + part, held + seconds
            yield (
                f"  {place}: {_plain(micro)} USD/GPU-h x {job['gpu_count']} GPUs"
                f" x {seconds:,} s = {float(part):,.6f} USD"
            )
    yield f"  together {float(total):,.6f} USD; {end - start - held:,} s without a price"


def _plain(micro: int) -> str:
    return f"{micro / reading.MICRO:.6f}".rstrip("0").rstrip(".")


def _steps(files: list[File], key: tuple[str, ...]) -> Iterator[tuple[int, int, str]]:
    """Second, micro-dollars and place of every quote of a series."""
    for own in quotes_of_series(batches(files, QUOTES, False), key):
        seconds, _ = reading.seconds(own["quote_time"])
        micro, _ = reading.micro_usd(own["usd_per_gpu_hour"])
        places = own.select(pl.format("{}, line {}", "file", "line")).to_series()
        for second, price, place in zip(seconds, micro, places, strict=True):
            yield int(second), int(price), place


def _costs(results: Path) -> pl.LazyFrame:
    files = sorted((results / "ledger/costs").glob("*.parquet"))
    if not files:
        raise UserError(f"{results}/ledger/ holds no priced ledger: run snakemake ledger")
    return pl.scan_parquet(files)


def _start(costs: pl.LazyFrame) -> pl.Expr:
    start = pl.col("start_time")
    if costs.collect_schema()["start_time"].is_temporal():
        return start
    return start.map_batches(reading.times, return_dtype=pl.Datetime("us"), is_elementwise=True)


def _job_line(job: Mapping[str, Any]) -> str:
    cost = (
        f"{job['cost_usd']:,.2f} USD"
        if job["cost_usd"] is not None
        else f"no price, {job['unpriced_because']} ({job['unpriced_s']:,} s)"
    )
    series = ", ".join(job[name] for name in KEY if job[name])
    return (
        f"  job {job['job_id']}: {job['gpu_count']} x {series},"
        f" {job['start_time']} to {job['end_time']}: {cost}"
    )
