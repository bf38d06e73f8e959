"""Price every stage under every price book."""

from pathlib import Path

from seam.job import Job

with Job(snakemake) as job:
    from traincost.declarations import PRICED
    from traincost.price import price_stages

    tables = price_stages(
        job.read_all(snakemake.input),
        max_age_days=snakemake.params.config["quote_max_age_days"],
    )
    for output in snakemake.output.tables:
        name = Path(output).stem
        job.write(tables[name], PRICED[name], output)
