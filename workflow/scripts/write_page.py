"""Write the audit page: every table and every number behind it, in one file."""

import json
from pathlib import Path

from seam.job import Job

with Job(snakemake) as job:
    from traincost.page.build import audit_page
    from traincost.tables import built_tables

    layers = job.read_layers(snakemake.input.layers)
    pictures = {
        Path(path).stem: job.read_bytes(path).decode()
        for path in snakemake.input.layers
        if path.endswith(".svg")
    }
    files = json.loads(job.read_bytes(snakemake.input.ingest_receipt))["inputs"]
    tables, _ = built_tables(layers, files)
    known = job.read(snakemake.input.numbers)
    page = audit_page(tables.values(), known, layers["validated.books"], pictures)
    job.write_bytes(page.encode(), snakemake.output.page)
