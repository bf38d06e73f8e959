"""Add stages up to runs and bills, check printed totals, and compute quantities for claims."""

from pathlib import Path

from seam.job import Job
from traincost.all_estimates import all_estimates
from traincost.declarations import ESTIMATES


def run(job: Job) -> None:
    """Priced stages to bills, shares and checks; numbers to quantities."""
    layers = job.read_layers(job.input.validated, job.input.priced)
    tables = all_estimates(layers)
    for output in job.output.tables:
        name = Path(output).stem
        job.write(tables[name], ESTIMATES[name], output)
