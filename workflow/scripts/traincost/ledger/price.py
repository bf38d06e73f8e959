"""Price a ledger, a batch of jobs at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import polars as pl

from traincost.integral import Index, cursors
from traincost.ledger.batches import Batch
from traincost.ledger.jobs import REASONS, TOO_DEAR, Costs, costs, in_order, job_columns, with_costs
from traincost.ledger.refusals import Refusals
from traincost.ledger.series import Series
from traincost.ledger.totals import Sums

MUST_BE_PRICED = "must have a price at every second (or set ledger_unpriced: flag)"


def priced(
    batches: Iterable[Batch],
    index: Index,
    series: Series,
    sums: Sums,
    refusals: Refusals,
    refuse_unpriced: bool = False,
) -> Iterator[pl.DataFrame]:
    """Every job with its cost: the rows of each batch by GPU and start.

    `sums` take up what the jobs add to totals. Mistakes are gathered to the end, and with them,
    if so asked, jobs without a price; a UserError then lists them, and nothing that
    was yielded may be used.
    """
    cursor = cursors(index)
    for batch in batches:
        before = refusals.count
        jobs = job_columns(batch, series, refusals)
        if refusals.count > before:  # nothing is made of them: no price of half a row is looked up
            continue
        order = in_order(jobs)
        jobs, frame = jobs.taken(order), batch.frame[order]
        found = costs(jobs, index, cursor)
        if len(found.too_dear):
            _refuse(batch, order[found.too_dear], None, TOO_DEAR, refusals)
            continue
        if refuse_unpriced:
            _refuse_unpriced(batch, order, found, refusals)
        sums.add(frame, jobs, found)
        yield with_costs(frame, found)
    refusals.refuse()


def _refuse_unpriced(batch: Batch, order: np.ndarray, found: Costs, refusals: Refusals) -> None:
    for number, reason in enumerate(REASONS):
        if reason:
            _refuse(batch, order[found.reason == number], reason, MUST_BE_PRICED, refusals)


def _refuse(batch: Batch, rows: np.ndarray, why: str | None, must: str, refusals: Refusals) -> None:
    """Whole jobs, by their ids."""
    rows = np.sort(rows)
    ids = batch.frame["job_id"][rows].cast(pl.String).to_frame("id")
    told = pl.format("job {}, {}", "id", pl.lit(why)) if why else pl.format("job {}", "id")
    refusals.add_row(batch, rows, ids.select(told).to_series(), must)
