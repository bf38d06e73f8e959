"""Judge every claim, and list what sources disagree on."""

from pathlib import Path

from seam.job import Job

with Job(snakemake) as job:
    from traincost.claims import claims_layer
    from traincost.declarations import CLAIMS

    layers = {
        f"{layer}.{name}": frame
        for layer in ("validated", "priced", "estimates")
        for name, frame in job.read_all(snakemake.input[layer]).items()
    }
    tables = claims_layer(layers)
    for output in snakemake.output.tables:
        name = Path(output).stem
        job.write(tables[name], CLAIMS[name], output)
