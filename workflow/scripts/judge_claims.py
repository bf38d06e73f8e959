"""Judge every claim, and list what sources disagree on."""

from pathlib import Path

from seam.job import Job
from traincost.claims import claims_layer
from traincost.declarations import CLAIMS


def run(job: Job) -> None:
    """All layers to verdicts and conflicts."""
    layers = job.read_layers(job.input.validated, job.input.priced, job.input.estimates)
    tables = claims_layer(layers)
    for output in job.output.tables:
        name = Path(output).stem
        job.write(tables[name], CLAIMS[name], output)
