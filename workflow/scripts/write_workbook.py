"""Write the published tables as a workbook that computes."""

import json
from pathlib import Path

from seam.job import Job
from traincost.audit import audit_numbers
from traincost.tables import built_tables
from traincost.tables.cells import cells_frame
from traincost.workbook import workbook


def run(job: Job) -> None:
    """All layers, by way of tables and numbers, to one workbook."""
    paths = map(Path, job.input.layers)
    layers = {f"{path.parent.name}.{path.stem}": job.read(path) for path in paths}
    files = json.loads(job.read_bytes(job.input.ingest_receipt))["inputs"]
    built, changes = built_tables(layers, files)
    layers |= {"tables.changes": changes, "tables.cells": cells_frame(built.values())}
    data = workbook(list(built.values()), audit_numbers(layers), layers, job.params.config, files)
    job.write_bytes(data, job.output.workbook)
