"""Type every cell, check it against its declaration, and check references."""

from datetime import date
from pathlib import Path

from seam.job import Job
from traincost.books import books_frame, stand_ins_frame
from traincost.declarations import VALIDATED
from traincost.validate import validate_layer


def run(job: Job) -> None:
    """Ingested text to typed tables, and the configured books and stand-ins."""
    config = job.params.config
    raw = job.read_all(job.input.ingested)
    books = books_frame(config["price_books"], config["baseline"], raw["quotes"])
    configured = {"books": books, "stand_ins": stand_ins_frame(config["price_books"])}
    tables = validate_layer(raw, configured, date.fromisoformat(config["as_of"]))
    for output in job.output.tables:
        name = Path(output).stem
        job.write(tables[name], VALIDATED[name], output)
