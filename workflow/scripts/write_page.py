"""Write the audit page: every table and every number behind it, in one file."""

import json
from pathlib import Path

from seam.job import Job
from traincost.page.build import audit_page
from traincost.tables import built_tables


def run(job: Job) -> None:
    """Published tables, their pictures and the numbers behind them to one page."""
    layers = job.read_layers(job.input.layers)
    pictures = {
        Path(path).stem: job.read_bytes(path).decode()
        for path in job.input.layers
        if path.endswith(".svg")
    }
    files = json.loads(job.read_bytes(job.input.ingest_receipt))["inputs"]
    tables, _ = built_tables(layers, files)
    known = job.read(job.input.numbers)
    page = audit_page(tables.values(), known, layers["validated.books"], pictures)
    job.write_bytes(page.encode(), job.output.page)
