"""Dress the published tables as HTML, LaTeX and CSV, and draw the pictures."""

import json
from pathlib import Path

from seam.job import Job
from traincost.declarations import AUDIT, CHANGES
from traincost.headline import headline
from traincost.pictures import built_pictures, dressed
from traincost.tables import built_tables
from traincost.tables.as_csv import to_csv
from traincost.tables.as_great_table import to_html
from traincost.tables.as_latex import to_latex
from traincost.tables.cells import cells_frame

DRESSES = {"csv": to_csv, "html": to_html, "tex": to_latex}


def run(job: Job) -> None:
    """All layers to published tables, their cells, what a price moved, and the headline."""
    layers = job.read_layers(
        job.input.validated, job.input.priced, job.input.estimates, job.input.claims
    )
    files = json.loads(job.read_bytes(job.input.ingest_receipt))["inputs"]
    built, moves = built_tables(layers, files)
    for output in job.output.tables:
        path = Path(output)
        page = DRESSES[path.suffix[1:]](built[path.stem])
        job.write_bytes(page.encode(), output, rows=len(built[path.stem].rows))
    pictures = built_pictures(layers, files)
    drawn = {name: dressed(name, picture) for name, picture in pictures.items()}
    for output in job.output.pictures:
        path = Path(output)
        job.write_bytes(drawn[path.stem][path.suffix[1:]], output)
    shown = [*built.values(), *(picture.table for picture in pictures.values())]
    job.write(cells_frame(shown), AUDIT["cells"], job.output.cells)
    for output in job.output.changes:
        job.write(moves[Path(output).stem], CHANGES[Path(output).stem], output)
    job.write_bytes(headline(layers, moves["changes"]).encode(), job.output.headline)
