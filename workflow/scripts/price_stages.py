"""Price every stage under every price book."""

from pathlib import Path

from seam.job import Job
from traincost.declarations import PRICED
from traincost.price import price_stages


def run(job: Job) -> None:
    """Validated stages and quotes to prices in force and costs."""
    tables = price_stages(
        job.read_layers(job.input.validated),
        max_age_days=job.params.config["quote_max_age_days"],
    )
    for output in job.output.tables:
        name = Path(output).stem
        job.write(tables[name], PRICED[name], output)
