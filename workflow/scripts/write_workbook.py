"""Write the published tables as a workbook that computes."""

import json

from seam.job import Job
from traincost.tables import built_tables
from traincost.workbook import workbook


def run(job: Job) -> None:
    """All layers, their tables and numbers to one workbook."""
    layers = job.read_layers(job.input.layers)
    files = json.loads(job.read_bytes(job.input.ingest_receipt))["inputs"]
    tables, _ = built_tables(layers, files)
    known = job.read(job.input.numbers)
    data = workbook([*tables.values()], known, layers, job.params.config, files)
    job.write_bytes(data, job.output.workbook)
