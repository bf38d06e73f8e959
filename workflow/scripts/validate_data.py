"""Type every cell, check it against its declaration, and check references."""

from datetime import date
from pathlib import Path

from seam.job import Job
from traincost.books import configured
from traincost.declarations import VALIDATED
from traincost.validate import validate_layer


def run(job: Job) -> None:
    """Ingested text to typed tables, and the configured books, stand-ins and sets."""
    config = job.params.config
    raw = job.read_all(job.input.ingested)
    tables = validate_layer(raw, configured(raw, config), date.fromisoformat(config["as_of"]))
    for output in job.output.tables:
        name = Path(output).stem
        job.write(tables[name], VALIDATED[name], output)
