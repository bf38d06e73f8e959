"""Check jobs and quotes, and divide them by series into shards that are priced apart."""

from contextlib import ExitStack

import numpy as np
import polars as pl

from seam.job import Job
from seam.ledger_files import Source, refusing, written
from traincost.ledger.batches import PLACE, Batch
from traincost.ledger.jobs import job_columns
from traincost.ledger.quotes import quote_columns
from traincost.ledger.same_columns import same_columns
from traincost.ledger.series import Series
from traincost.ledger.writing import MEANINGS, Writer

READERS = {"quotes": quote_columns, "usage": job_columns}


def run(job: Job) -> None:
    """Every series whole in one shard, its rows in the order they came."""
    series = Series()
    for kind, paths in {"quotes": job.output.quotes, "usage": job.output.usage}.items():
        source = Source(job, kind)
        with refusing(source), ExitStack() as stack:
            described = {"table": f"ledger {kind}"}
            writers = [stack.enter_context(written(job, path, described)) for path in paths]
            is_usage = kind == "usage"
            batches = same_columns(source.batches(more=is_usage), MEANINGS if is_usage else ())
            for batch in batches:
                READERS[kind](batch, series, source.refusals)
                divide(batch, series, writers)
            source.refuse_empty(sum(writer.rows for writer in writers))
            source.refusals.refuse()


def divide(batch: Batch, series: Series, writers: list[Writer]) -> None:
    """Write each row to the shard of its series, with the file and line it came from."""
    numbers, _ = series.numbers(batch.frame)
    shards = series.shards(len(writers))[numbers].astype(np.uint16)
    order = np.argsort(shards, kind="stable")
    ends = np.searchsorted(shards[order], np.arange(len(writers) + 1))
    named = batch.frame.with_columns(
        pl.lit(batch.file).cast(pl.Categorical).alias(PLACE[0]),
        pl.Series(PLACE[1], batch.lines),
    )[order]
    for writer, begin, end in zip(writers, ends[:-1], ends[1:], strict=True):
        writer.write(named[int(begin) : int(end)])
