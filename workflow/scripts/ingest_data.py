"""Read the data files and price books as text, with the file and line of every row."""

from pathlib import Path

import polars as pl

from seam.digests import shown_path
from seam.job import Job
from traincost.declarations import DATA_FILES
from traincost.ingest import ingested, read_csv_text


def run(job: Job) -> None:
    """Data files to text tables; the price books become one, with the book of every row."""
    books = zip(job.params.config["books"], job.input.books, strict=True)
    users = dict(zip(job.params.config["users"], job.input.users, strict=True))

    def read(file: str, table_name: str) -> pl.DataFrame:
        """A data file as text."""
        header = DATA_FILES[table_name].raw_header()
        return read_csv_text(job.read_bytes(file), shown_path(file), header)

    for output in job.output.tables:
        name = Path(output).stem
        if name == "quotes":
            frame = pl.concat(
                read(file, "quotes").insert_column(0, pl.lit(book_id).alias("book_id"))
                for book_id, file in books
            )
        else:
            files = [f"data/{name}.csv", *([users[name]] if name in users else [])]
            frame = pl.concat(read(file, name) for file in files)
        job.write(frame, ingested(DATA_FILES[name]), output)
