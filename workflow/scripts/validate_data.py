"""Type every cell, check it against its declaration, and check references."""

from datetime import date
from pathlib import Path

from seam.job import Job

with Job(snakemake) as job:
    from traincost.books import books_frame, stand_ins_frame
    from traincost.declarations import VALIDATED
    from traincost.validate import validate_layer

    config = snakemake.params.config
    raw = job.read_all(snakemake.input)
    books = books_frame(config["price_books"], config["baseline"], raw["quotes"])
    configured = {"books": books, "stand_ins": stand_ins_frame(config["price_books"])}
    tables = validate_layer(raw, configured, date.fromisoformat(config["as_of"]))
    for output in snakemake.output.tables:
        name = Path(output).stem
        job.write(tables[name], VALIDATED[name], output)
