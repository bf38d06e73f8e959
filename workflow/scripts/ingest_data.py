"""Read the data files and price books as text, with the file and line of every row."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from seam.digests import shown_path
from seam.job import Job
from traincost.declarations import DATA_FILES, LEFT_OUT
from traincost.ingest import ingested, read_csv_text
from traincost.prices import PriceBatch, read_price_file
from traincost.prices.names import GpuNames


def run(job: Job) -> None:
    """Data files to text tables; the price books become one, with the book of every row."""
    users = dict(zip(job.params.config["users"], job.input.users, strict=True))
    outputs = {Path(path).stem: path for path in job.output.tables}
    raw = {}
    for name in sorted(outputs.keys() - LEFT_OUT.keys() - {"quotes"}):
        more = [users[name]] if name in users else []
        header = DATA_FILES[name].raw_header()
        raw[name] = pl.concat(
            read_csv_text(job.read_bytes(file), shown_path(file), header)
            for file in [DATA_FILES[name].data_file, *more]
        )
        job.write(raw[name], ingested(DATA_FILES[name]), outputs[name])
    names = GpuNames(raw["gpus"], raw["gpu_aliases"])
    batches = [
        (book_id, read_price_file(job.read_chunks(file), shown_path(file), names))
        for book_id, file in sorted(job.params.books.items())
    ]
    left_out = {name: [] for name in LEFT_OUT}
    job.write_batches(_quotes(batches, left_out), ingested(DATA_FILES["quotes"]), outputs["quotes"])
    for name, rows in left_out.items():
        job.write(pl.concat(rows).sort("book_id", "line"), LEFT_OUT[name], outputs[name])


def _quotes(
    books: list[tuple[str, Iterator[PriceBatch]]], left_out: dict[str, list[pl.DataFrame]]
) -> Iterator[pl.DataFrame]:
    """Quotes of every book, batch by batch; what is left out is put aside."""
    for book_id, batches in books:
        book = pl.lit(book_id).alias("book_id")
        for batch in batches:
            for name, rows in left_out.items():
                rows.append(getattr(batch, name).select(book, pl.all()))
            yield batch.quotes.select(book, pl.all())
