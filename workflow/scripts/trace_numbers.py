"""Tie every number that a table shows to what it was made of."""

from seam.job import Job
from traincost.audit import audit_numbers
from traincost.declarations import AUDIT


def run(job: Job) -> None:
    """Layers to the numbers of the audit."""
    layers = job.read_layers(job.input.layers)
    job.write(audit_numbers(layers), AUDIT["numbers"], job.output.numbers)
