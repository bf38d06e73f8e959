"""Add stages up to runs and bills, and check them against printed totals."""

from pathlib import Path

from seam.job import Job
from traincost.declarations import ESTIMATES
from traincost.estimate import estimate


def run(job: Job) -> None:
    """Priced stages to bills, shares and checks."""
    tables = estimate(priced=job.read(job.input.priced), **job.read_all(job.input.validated))
    for output in job.output.tables:
        name = Path(output).stem
        job.write(tables[name], ESTIMATES[name], output)
