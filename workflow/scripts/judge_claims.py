"""Judge every claim, and list what sources disagree on."""

from pathlib import Path

from seam.job import Job
from traincost.claims import claims_layer
from traincost.declarations import CLAIMS


def run(job: Job) -> None:
    """All layers to verdicts and conflicts."""
    layers = {
        f"{layer}.{name}": frame
        for layer in ("validated", "priced", "estimates")
        for name, frame in job.read_all(getattr(job.input, layer)).items()
    }
    tables = claims_layer(layers)
    for output in job.output.tables:
        name = Path(output).stem
        job.write(tables[name], CLAIMS[name], output)
