"""Write the audit page: every table and every number behind it, in one file."""

import json

from seam.job import Job
from traincost.page.build import audit_page
from traincost.tables import built_tables


def run(job: Job) -> None:
    """Published tables and the numbers behind them to one page."""
    layers = job.read_layers(job.input.layers)
    files = json.loads(job.read_bytes(job.input.ingest_receipt))["inputs"]
    tables, _ = built_tables(layers, files)
    page = audit_page(tables.values(), job.read(job.input.numbers), layers["validated.books"])
    job.write_bytes(page.encode(), job.output.page)
