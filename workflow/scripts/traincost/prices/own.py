"""Price files with this project's own columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

from traincost.csv_rows import LINE
from traincost.declarations.prices import OWN, PRICE_FILE
from traincost.prices.format import Converted, Format
from traincost.prices.names import GpuNames

_ABSENT = tuple(column.raw_name for column in PRICE_FILE.read_columns() if column.may_be_absent)
_IN_DOLLARS, *_IN_CURRENCY = _ABSENT


def _convert(rows: pl.DataFrame, names: GpuNames, file: str) -> Converted:
    header = PRICE_FILE.raw_header()
    absent = [pl.lit("").alias(name) for name in header if name not in rows.columns]
    resolved = names.resolved(pl.col("gpu"))
    note = pl.when(resolved != pl.col("gpu")).then(
        pl.format("gpu '{}' read as {}", pl.col("gpu"), resolved)
    )
    quotes = rows.with_columns(*absent, normalization_note=note, gpu=resolved)
    nothing = pl.DataFrame(schema={LINE: pl.Int64, "what": pl.String, "reason": pl.String})
    return Converted(quotes.select(LINE, *header, "normalization_note"), nothing)


def _price_problems(header: Sequence[str]) -> Iterable[str]:
    found = [name for name in _IN_CURRENCY if name in header]
    if _IN_DOLLARS not in header and len(found) < len(_IN_CURRENCY):
        missing = [name for name in _IN_CURRENCY if name not in header]
        yield (
            f"column '{_IN_DOLLARS}' is missing"
            if not found
            else f"column '{missing[0]}' is missing, or else '{_IN_DOLLARS}'"
        )
    elif len(found) == 1:
        (other,) = (name for name in _IN_CURRENCY if name not in header)
        yield f"column '{other}' is missing: '{found[0]}' needs it"


FORMAT = Format(
    name=OWN,
    title="this project's columns",
    needed=tuple(name for name in PRICE_FILE.raw_header() if name not in _ABSENT),
    optional=_ABSENT,
    is_closed=True,
    convert=_convert,
    extra_problems=_price_problems,
)
