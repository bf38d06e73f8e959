"""Add stages up to runs and bills, and check them against printed totals."""

from pathlib import Path

from seam.job import Job

with Job(snakemake) as job:
    from traincost.all_estimates import all_estimates
    from traincost.declarations import ESTIMATES

    layers = {
        f"{layer}.{name}": frame
        for layer in ("validated", "priced")
        for name, frame in job.read_all(snakemake.input[layer]).items()
    }
    tables = all_estimates(layers)
    for output in snakemake.output.tables:
        name = Path(output).stem
        job.write(tables[name], ESTIMATES[name], output)
