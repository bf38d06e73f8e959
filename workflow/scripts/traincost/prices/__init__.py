"""Read price files of any known format as quotes in this project's columns.

A file is recognised by its header: this project's columns, Epoch AI's list of
hardware prices, a catalogue of SkyPilot; as CSV or as Parquet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

import polars as pl

from traincost.csv_rows import LINE, Rows, TextFile, open_csv
from traincost.errors import UserError
from traincost.prices import epoch, own, skypilot
from traincost.prices.format import Format, recognised
from traincost.prices.names import GpuNames
from traincost.prices.parquet_rows import MAGIC, open_parquet
from traincost.repeats import Repeats

FORMATS: dict[str, Format] = {f.name: f for f in (own.FORMAT, epoch.FORMAT, skypilot.FORMAT)}

# files that are tables to their makers, but no text
_NO_TABLES = {
    b"PK\x03\x04": "a workbook or another ZIP file; save the sheet as CSV",
    b"\xd0\xcf\x11\xe0": "an old workbook; save the sheet as CSV",
    b"\x1f\x8b": "compressed with gzip; unpack it",
    b"\x28\xb5\x2f\xfd": "compressed with Zstandard; unpack it",
    b"BZh": "compressed with bzip2; unpack it",
    b"\xfd7zXZ\0": "compressed with xz; unpack it",
    b"%PDF": "a PDF; a table is needed, as CSV or Parquet",
}


_NOTES = {"file": pl.String, "line": pl.Int64, "note": pl.String, "repeats_line": pl.Int64}


@dataclass(frozen=True)
class PriceBatch:
    """Some rows of a price file, as text.

    `quotes`: `file`, `line`, `format`, `normalization_note` and the columns of a
    price file. `skipped`: `file`, `line`, `what`, `reason`, `is_refused`.
    `notes`: `file`, `line`, `note`, `repeats_line`.
    """

    quotes: pl.DataFrame
    skipped: pl.DataFrame
    notes: pl.DataFrame


def read_price_file(chunks: Iterable[bytes], file: str, names: GpuNames) -> Iterator[PriceBatch]:
    """The rows of a price file, a batch at a time, in the order of the file.

    Cells are not judged here but where quotes are validated. Raises UserError
    for what is no price file, and for one without a row or without a quote. Rows
    that repeat others are known at the end only: the last batch notes them.
    """
    opened = _open(chunks, file)
    kind = recognised(opened.header, f"{file}, line {opened.header_line}", tuple(FORMATS.values()))
    repeats, reasons, is_useful = Repeats(), Counter(), False
    for rows in opened.batches:
        repeats.add(rows.frame, pl.concat_str(pl.all().exclude(LINE), separator="\x1f"), [LINE])
        batch = _batch(rows, kind, file, names)
        is_useful = is_useful or len(batch.quotes) > 0 or len(rows.ragged) > 0
        reasons.update(batch.skipped["reason"])
        yield batch
    if not is_useful:
        raise UserError(_no_quote(file, reasons))
    yield PriceBatch(batch.quotes.clear(), batch.skipped.clear(), _notes(opened, repeats, file))


def read_whole_price_file(data: bytes, file: str, names: GpuNames) -> PriceBatch:
    """A price file that fits into memory, at once. Raises UserError as `read_price_file`."""
    batches = list(read_price_file([data], file, names))
    return PriceBatch(
        *(pl.concat(getattr(b, part) for b in batches) for part in ("quotes", "skipped", "notes"))
    )


def _open(chunks: Iterable[bytes], file: str) -> TextFile:
    stream = iter(chunks)
    first = next(stream, b"")
    for magic, kind in _NO_TABLES.items():
        if first.startswith(magic):
            raise UserError(f"{file}: is {kind}")
    if first.startswith(MAGIC):
        return open_parquet(b"".join(chain([first], stream)), file)
    return open_csv(chain([first], stream), file)


def _batch(rows: Rows, kind: Format, file: str, names: GpuNames) -> PriceBatch:
    converted = kind.convert(rows.frame, names, file)
    ragged = rows.ragged.select(
        LINE,
        what=pl.when(pl.col("cells") == 1)
        .then(pl.lit("1 cell"))
        .otherwise(pl.format("{} cells", "cells")),
        reason=pl.lit(f"a row must have {len(rows.frame.columns) - 1}"),
        is_refused=pl.lit(True),
    )
    skipped = converted.skipped.with_columns(is_refused=pl.lit(False))
    quotes = converted.quotes.with_columns(format=pl.lit(kind.name))
    return PriceBatch(
        _placed(quotes, file, "format", "normalization_note"),
        _placed(pl.concat([skipped, ragged]), file),
        pl.DataFrame(schema=_NOTES),
    )


def _notes(opened: TextFile, repeats: Repeats, file: str) -> pl.DataFrame:
    of_file = pl.DataFrame({"note": opened.remarks}, schema={"note": pl.String})
    of_file = of_file.with_columns(pl.lit(1, pl.Int64).alias(LINE))
    repeated = repeats.found().select(
        LINE,
        note=pl.format("repeats line {} exactly; counted once", f"first_{LINE}"),
        repeats_line=f"first_{LINE}",
    )
    placed = [_placed(frame, file) for frame in (of_file, repeated)]
    return pl.concat(placed, how="diagonal").select(*_NOTES).cast(_NOTES)


def _placed(frame: pl.DataFrame, file: str, *front: str) -> pl.DataFrame:
    """The frame with file and line in front, then the columns named."""
    place = (pl.lit(file).alias("file"), pl.col(LINE).alias("line"))
    return frame.select(*place, *front, pl.all().exclude(LINE, *front))


def _no_quote(file: str, reasons: Counter[str]) -> str:
    if not reasons:
        return f"{file}: has a header and no rows; at least one row must be there"
    told = "; ".join(f"{reason} ({count})" for reason, count in sorted(reasons.most_common(5)))
    return f"{file}: none of its {reasons.total()} rows is a quote that a run can use: {told}"
