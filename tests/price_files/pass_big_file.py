"""Take a price file through ingest and validation as the workflow does, and tell the peak memory.

Run in a process of its own: `python pass_big_file.py FILE`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "workflow/scripts"), str(ROOT / "tests")]

import polars as pl  # noqa: E402
import pyarrow.parquet as pq  # noqa: E402

from price_files.files import AS_OF, BOOK, data_files, names  # noqa: E402
from traincost.books import FACTS, configured  # noqa: E402
from traincost.columns import Table  # noqa: E402
from traincost.declarations import DATA_FILES, VALIDATED  # noqa: E402
from traincost.errors import BadCells, UserError  # noqa: E402
from traincost.ingest import ingested  # noqa: E402
from traincost.parquet import ParquetParts  # noqa: E402
from traincost.prices import read_price_file  # noqa: E402
from traincost.validate import validate_quotes, validate_tables  # noqa: E402


def main(file: Path) -> None:
    """Prints what came of the file, and the peak in MB."""
    between, bad = file.with_suffix(".ingested"), BadCells()
    read = read_price_file(_chunks(file), file.name, names())
    book = pl.lit(BOOK).alias("book_id")
    quotes = (batch.quotes.select(book, pl.all()) for batch in read)
    _write(quotes, ingested(DATA_FILES["quotes"]), between)
    books = {BOOK: {"label": "Mine", "file": file.name}}
    facts = pl.concat(batch.select(FACTS).unique() for batch in _batches(between)).unique()
    tables = validate_tables(data_files(), configured(books, BOOK, facts), AS_OF, bad)
    typed = validate_quotes(_batches(between), tables, AS_OF, bad)
    try:
        print("rows", _write(typed, VALIDATED["quotes"], file.with_suffix(".validated")))
    except UserError as error:
        print(str(error).splitlines()[0])
    print(_peak_mb())


def _peak_mb() -> int:
    """The most memory of this process; `getrusage` tells that of the one that started it, too."""
    told = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.search(r"VmHWM:\s+(\d+) kB", told)[1]) // 1024


def _chunks(file: Path) -> Iterator[bytes]:
    with open(file, "rb") as opened:
        while chunk := opened.read(1 << 20):
            yield chunk


def _batches(file: Path) -> Iterator[pl.DataFrame]:
    with pq.ParquetFile(file) as opened:
        for group in range(opened.num_row_groups):
            yield pl.DataFrame(opened.read_row_group(group))


def _write(frames: Iterable[pl.DataFrame], table: Table, file: Path) -> int:
    rows = 0
    with open(file, "wb") as out, ParquetParts(out, table, {}) as parts:
        for frame in frames:
            parts.write(frame)
            rows += len(frame)
    return rows


if __name__ == "__main__":
    main(Path(sys.argv[1]))
