"""Check a price file as the workflow would, and say what is in it. Nothing is built."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import polars as pl

from traincost.books import FACTS, configured
from traincost.errors import BadCells
from traincost.prices import FORMATS, PriceBatch, read_price_file
from traincost.prices.names import GpuNames
from traincost.validate import validate_quotes, validate_tables, without_repeats

BOOK = "checked"
LISTED = 8


def check_prices(
    chunks: Callable[[], Iterable[bytes]],
    book: Mapping[str, Any],
    raw: Mapping[str, pl.DataFrame],
    as_of: date,
) -> str:
    """What a price file holds, as lines for a terminal.

    `chunks`: the bytes of the file, from its beginning at each call: it is read
    twice, in bounded memory. `book`: its entry among the configuration's price
    books. `raw`: the ingested data files. Raises UserError that lists all that
    is wrong with the file and with the data files.
    """
    names = GpuNames(raw["gpus"], raw["gpu_aliases"])

    def batches() -> Iterator[PriceBatch]:
        return read_price_file(chunks(), book["file"], names)

    facts, skipped, notes = [], [], []
    for batch in batches():
        facts.append(_of_book(batch.quotes).select(FACTS).unique())
        skipped.append(_of_book(batch.skipped))
        notes.append(_of_book(batch.notes))
    known, left_out, accepted = (pl.concat(parts) for parts in (facts, skipped, notes))
    books, bad = configured({BOOK: book}, BOOK, known.unique()), BadCells()
    tables = validate_tables({**raw, "skipped": left_out}, books, as_of, bad)
    counted = (without_repeats(_of_book(batch.quotes), accepted) for batch in batches())
    held = Held(tables["books"].row(0, named=True))
    for quotes in validate_quotes(counted, tables, as_of, bad):
        held.add(quotes)
    return "\n".join([*held.told(tables), *_told_left_out(left_out), *_told_notes(accepted)])


def _of_book(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(pl.lit(BOOK).alias("book_id"), pl.all())


class Held:
    """What a file holds, gathered a batch of its quotes at a time."""

    def __init__(self, book: Mapping[str, Any]) -> None:
        """`book`: its row of the table of books."""
        self.book = book
        self.gpus: Counter[str] = Counter()
        self.commitments: Counter[str] = Counter()
        self.days: set[date] = set()
        self.format = ""

    def add(self, quotes: pl.DataFrame) -> None:
        """Count the quotes, those apart that are of another commitment than is used."""
        if quotes.is_empty():
            return
        self.format = quotes[0, "format"]
        self.commitments.update(quotes["commitment"])
        wanted = self.book["commitment"]
        used = quotes.filter(pl.col("commitment") == wanted) if wanted else quotes
        self.gpus.update(used["gpu"])
        if len(days := used["quote_date"].drop_nulls()):
            self.days |= {days.min(), days.max()}

    def told(self, tables: Mapping[str, pl.DataFrame]) -> Iterator[str]:
        """Lines on what was found. `tables`: the validated ones."""
        total = self.commitments.total()
        yield (
            f"{self.book['book_file']} can be used: {total:,} {_plural('quote', total)} in"
            f" {FORMATS[self.format].title}"
        )
        dated = (
            f"from {min(self.days)} to {max(self.days)}" if self.days else "undated, a flat book"
        )
        yield f"  {dated}; {_counted(self.commitments)}"
        if len(self.commitments) > 1:
            yield f"  used: {self.book['commitment']} (prices_commitment in the configuration)"
        yield f"  {_counted(self.gpus)}"
        stages = tables["stages"]["gpu"].unique().sort()
        stand_ins = tables["stand_ins"].filter(pl.col("quote_gpu").is_in([*self.gpus]))
        priced = {*self.gpus} | {*stand_ins["gpu"]}
        own = [gpu for gpu in stages if gpu in self.gpus]
        others = [gpu for gpu in stages if gpu in priced and gpu not in own]
        yield f"  runs it may price: on {', '.join(own) or 'none of these accelerators'}"
        if others:
            yield f"  and by a stand-in: on {', '.join(others)}"


def _told_left_out(skipped: pl.DataFrame) -> Iterator[str]:
    if len(skipped):
        rows = skipped["line"].n_unique()
        yield f"  {rows:,} {_plural('row', rows)} left out: {_counted(Counter(skipped['reason']))}"


def _told_notes(notes: pl.DataFrame) -> Iterator[str]:
    is_repeat = pl.col("repeats_line").is_not_null()
    yield from (f"  accepted: {note}" for note in notes.filter(~is_repeat)["note"])
    repeats = notes.filter(is_repeat)
    if len(repeats):
        lines = ", ".join(str(line) for line in repeats["line"].head(LISTED))
        more = " ..." if len(repeats) > LISTED else ""
        yield (
            f"  accepted: {len(repeats):,} {_plural('row', len(repeats))} that"
            f" {'repeats' if len(repeats) == 1 else 'repeat'} another exactly, counted once:"
            f" line {lines}{more}"
        )


def _counted(counts: Counter[str]) -> str:
    told = [f"{name} ({count:,})" for name, count in sorted(counts.items())]
    more = len(told) - LISTED
    return ", ".join(told[:LISTED]) + (f" and {more} more" if more > 0 else "")


def _plural(word: str, count: int) -> str:
    return word if count == 1 else f"{word}s"
