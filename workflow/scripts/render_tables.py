"""Dress the published tables as HTML, LaTeX and CSV."""

import json
from pathlib import Path

from seam.job import Job
from traincost.headline import headline
from traincost.tables import BUILDERS
from traincost.tables.as_csv import to_csv
from traincost.tables.as_great_table import to_html, to_latex

DRESSES = {"csv": to_csv, "html": to_html, "tex": to_latex}


def run(job: Job) -> None:
    """All layers to published tables and the headline."""
    layers = {
        f"{layer}.{name}": frame
        for layer in ("validated", "priced", "estimates")
        for name, frame in job.read_all(getattr(job.input, layer)).items()
    }
    files = json.loads(job.read_bytes(job.input.ingest_receipt))["inputs"]
    built = {name: build(layers, files) for name, build in BUILDERS.items()}
    for output in job.output.tables:
        path = Path(output)
        dressed = DRESSES[path.suffix[1:]](built[path.stem])
        job.write_bytes(dressed.encode(), output, rows=len(built[path.stem].rows))
    job.write_bytes(headline(layers).encode(), job.output.headline)
