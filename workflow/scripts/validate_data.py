"""Type every cell, check it against its declaration, and check references."""

from datetime import date
from pathlib import Path

from seam.job import Job

with Job(snakemake) as job:
    import polars as pl

    from traincost.books import books_frame, stand_ins_frame
    from traincost.declarations import VALIDATED
    from traincost.errors import BadCells
    from traincost.validate import validate_quotes, validate_tables, without_repeats

    config = snakemake.params.config
    as_of = date.fromisoformat(config["as_of"])
    outputs = {Path(path).stem: path for path in snakemake.output.tables}
    inputs = {Path(path).stem: path for path in snakemake.input if path.endswith(".parquet")}
    quotes = inputs.pop("quotes")
    told = ["book_id", "format", "commitment", "quote_date"]
    held = pl.concat(batch.select(told).unique() for batch in job.read_batches(quotes)).unique()
    configured = {
        "books": books_frame(config["price_books"], config["baseline"], held),
        "stand_ins": stand_ins_frame(config["price_books"], held),
    }
    bad = BadCells()
    raw = job.read_all(inputs.values())
    tables = validate_tables(raw, configured, as_of, bad)
    counted = (without_repeats(batch, raw["notes"]) for batch in job.read_batches(quotes))
    typed = validate_quotes(counted, tables, as_of, bad)
    job.write_batches(typed, VALIDATED["quotes"], outputs.pop("quotes"))
    for name, path in outputs.items():
        job.write(tables[name], VALIDATED[name], path)
