"""Price the jobs of a ledger, or of one shard of it."""

from seam.job import Job
from seam.ledger_files import Source, refusing, written
from traincost.ledger.price import priced
from traincost.ledger.quotes import price_index
from traincost.ledger.same_columns import same_columns
from traincost.ledger.series import Series
from traincost.ledger.totals import Sums
from traincost.ledger.writing import MEANINGS
from traincost.pricing import DAY_S


def run(job: Job) -> None:
    """Quotes to an index of prices; jobs to jobs with costs, and to sums for all totals."""
    config, part = job.params.config, job.receipt_name.removeprefix(job.rule)
    quotes, usage = Source(job, "quotes", part), Source(job, "usage", part)
    series, sums = Series(), Sums(name for names in config["totals"] for name in names)
    with refusing(quotes, usage):
        max_age_s = config["quote_max_age_days"] * DAY_S
        index = price_index(quotes.batches, series, quotes.refusals, max_age_s)
        described = {
            "table": "costs",
            "grain": "One row per job, by batches of them; in a batch by GPU and start.",
            "columns": MEANINGS,
        }
        with written(job, job.output.costs, described) as writer:
            refuse = config["unpriced"] == "refuse"
            batches = same_columns(usage.batches(more=True), MEANINGS)
            for frame in priced(batches, index, series, sums, usage.refusals, refuse):
                writer.write(frame)
            if config["shards"] == 1:
                usage.refuse_empty(writer.rows)
    with written(job, job.output.sums, {"table": "sums"}) as writer:
        writer.write(sums.table())
