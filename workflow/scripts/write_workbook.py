"""Write the published tables as a workbook that computes."""

import json

from seam.job import Job

with Job(snakemake) as job:
    from traincost.audit import audit_numbers
    from traincost.tables import built_tables
    from traincost.tables.cells import cells_frame
    from traincost.workbook import workbook

    layers = {
        f"{layer}.{name}": frame
        for layer in ("validated", "priced", "estimates")
        for name, frame in job.read_all(snakemake.input[layer]).items()
    }
    files = json.loads(job.read_bytes(snakemake.input.ingest_receipt))["inputs"]
    built, changes = built_tables(layers, files)
    layers |= {"tables.changes": changes, "tables.cells": cells_frame(built.values())}
    data = workbook(
        list(built.values()), audit_numbers(layers), layers, snakemake.params.config, files
    )
    job.write_bytes(data, snakemake.output.workbook)
