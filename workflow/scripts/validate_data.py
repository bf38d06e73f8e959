"""Type every cell, check it against its declaration, and check references."""

from datetime import date
from pathlib import Path

import polars as pl

from seam.job import Job
from traincost.books import FACTS, configured, sets_frame
from traincost.declarations import VALIDATED
from traincost.errors import BadCells
from traincost.validate import validate_quotes, validate_tables, without_repeats


def run(job: Job) -> None:
    """Ingested text to typed tables, and the configured books, stand-ins and sets."""
    config, bad = job.params.config, BadCells()
    as_of = date.fromisoformat(config["as_of"])
    inputs = {Path(path).stem: path for path in job.input.ingested}
    outputs = {Path(path).stem: path for path in job.output.tables}
    quotes = inputs.pop("quotes")
    facts = pl.concat(batch.select(FACTS).unique() for batch in job.read_batches(quotes)).unique()
    books = configured(config["price_books"], config["baseline"], facts)
    raw = job.read_all(inputs.values())
    books["assumption_sets"] = sets_frame(config["assumption_set"], raw["assumptions"])
    tables = validate_tables(raw, books, as_of, bad)
    counted = (without_repeats(batch, raw["notes"]) for batch in job.read_batches(quotes))
    typed = validate_quotes(counted, tables, as_of, bad)
    job.write_batches(typed, VALIDATED["quotes"], outputs.pop("quotes"))
    for name, path in outputs.items():
        job.write(tables[name], VALIDATED[name], path)
