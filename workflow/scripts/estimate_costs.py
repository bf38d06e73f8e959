"""Add stages up to runs and bills, check printed totals, and compute quantities for claims."""

from pathlib import Path

from seam.job import Job
from traincost.declarations import ESTIMATES
from traincost.estimate import estimate
from traincost.quantities import quantities


def run(job: Job) -> None:
    """Priced stages to bills, shares and checks; numbers to quantities."""
    layers = {
        f"{layer}.{name}": frame
        for layer in ("validated", "priced")
        for name, frame in job.read_all(getattr(job.input, layer)).items()
    }
    tables = estimate(
        priced=layers["priced.stages"],
        **{name: layers[f"validated.{name}"] for name in ("scopes", "books", "printed_totals")},
    )
    estimates = {f"estimates.{name}": frame for name, frame in tables.items()}
    tables["quantities"] = quantities(layers | estimates)
    for output in job.output.tables:
        name = Path(output).stem
        job.write(tables[name], ESTIMATES[name], output)
