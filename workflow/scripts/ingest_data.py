"""Read the data files and price books as text, with the file and line of every row."""

from pathlib import Path

from seam.digests import shown_path
from seam.job import Job

with Job(snakemake) as job:
    import polars as pl

    from traincost.declarations import DATA_FILES, LEFT_OUT
    from traincost.ingest import ingested, read_csv_text
    from traincost.prices import read_price_file
    from traincost.prices.names import GpuNames

    outputs = {Path(path).stem: path for path in snakemake.output.tables}
    raw = {}
    for name in outputs.keys() - LEFT_OUT.keys() - {"quotes"}:
        file = f"data/{name}.csv"
        header = DATA_FILES[name].raw_header()
        raw[name] = read_csv_text(job.read_bytes(file), shown_path(file), header)
        job.write(raw[name], ingested(DATA_FILES[name]), outputs[name])

    names = GpuNames(raw["gpus"], raw["gpu_aliases"])
    left_out = {name: [] for name in LEFT_OUT}

    def quotes():
        """Quotes of every book, batch by batch; what is left out is put aside."""
        books = zip(snakemake.params.config["books"], snakemake.input.books, strict=True)
        for book_id, file in books:
            book = pl.lit(book_id).alias("book_id")
            for batch in read_price_file(job.read_chunks(file), shown_path(file), names):
                for name, rows in left_out.items():
                    rows.append(getattr(batch, name).select(book, pl.all()))
                yield batch.quotes.select(book, pl.all())

    job.write_batches(quotes(), ingested(DATA_FILES["quotes"]), outputs["quotes"])
    for name, rows in left_out.items():
        job.write(pl.concat(rows).sort("book_id", "line"), LEFT_OUT[name], outputs[name])
