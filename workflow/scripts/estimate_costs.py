"""Add stages up to runs and bills, and check them against printed totals."""

from pathlib import Path

from seam.job import Job

with Job(snakemake) as job:
    from traincost.declarations import ESTIMATES
    from traincost.estimate import estimate

    tables = estimate(
        priced=job.read(snakemake.input.priced), **job.read_all(snakemake.input.validated)
    )
    for output in snakemake.output.tables:
        name = Path(output).stem
        job.write(tables[name], ESTIMATES[name], output)
