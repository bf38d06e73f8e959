"""Write the audit page: every table and picture, and every number behind them, in one file."""

import json

from seam.job import Job
from traincost.page.build import audit_page
from traincost.page.sections import Drawn
from traincost.pictures import built_pictures, lettered
from traincost.ranges import price_ranges
from traincost.tables import built_tables


def run(job: Job) -> None:
    """Published tables, pictures and the numbers behind them to one page."""
    layers = job.read_layers(job.input.layers)
    files = json.loads(job.read_bytes(job.input.ingest_receipt))["inputs"]
    tables, _ = built_tables(layers, files)
    pictures = built_pictures(layers, files).items()
    drawn = [Drawn(each.table, lettered(name, each), each.alt) for name, each in pictures]
    known = job.read(job.input.numbers)
    books, ranges = layers["validated.books"], price_ranges(layers)
    page = audit_page(tables.values(), known, books, ranges, drawn)
    job.write_bytes(page.encode(), job.output.page)
