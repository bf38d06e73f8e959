"""Price files to try things on: made row by row, and read as the workflow reads them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any

import polars as pl
import pytest
from conftest import ROOT

from traincost.books import configured
from traincost.declarations import DATA_FILES
from traincost.errors import UserError
from traincost.ingest import read_csv_text
from traincost.prices import PriceBatch, read_whole_price_file
from traincost.prices.names import GpuNames
from traincost.validate import validate_layer

BOOK = "mine"
AS_OF = date(2026, 11, 24)
COLUMNS = (
    *("quote_id", "gpu", "vendor", "region", "commitment", "quote_date", "date_basis"),
    *("usd_per_gpu_hour", "gpus_in_offer", "price_printed", "kind", "source_id", "address"),
    *("locator", "status", "read_via", "note"),
)
IN_CURRENCY = (*COLUMNS, "price_per_gpu_hour", "currency")
GOOD = dict.fromkeys(COLUMNS, "") | {
    "quote_id": "q1",
    "gpu": "H800 SXM 80GB",
    "vendor": "Example Cloud",
    "commitment": "on-demand",
    "quote_date": "2024-09-01",
    "usd_per_gpu_hour": "2.75",
    "kind": "list",
    "source_id": "epoch-hardware-prices",
    "status": "verified-primary",
}
SKYPILOT = (
    *("InstanceType", "AcceleratorName", "AcceleratorCount", "vCPUs", "MemoryGiB", "Price"),
    *("Region", "GpuInfo", "SpotPrice"),
)
MACHINE = dict.fromkeys(SKYPILOT, "") | {
    "InstanceType": "gpu-8x",
    "AcceleratorName": "H100",
    "AcceleratorCount": "8",
    "Price": "23.60",
    "Region": "eu-north1",
}
EPOCH = (
    *("Price source", "Price date", "Hardware model", "Manufacturer", "Vendor", "Location"),
    *("Price per chip-hour (on-demand)", "Price per chip-hour (1-year CUD)"),
    *("Price per chip-hour (3-year CUD)", "Price (hardware purchase)", "Notes"),
    *("Cloud GPU description", "Number of GPUs"),
)
ON_DEMAND, ONE_YEAR, THREE_YEARS, PURCHASE = EPOCH[6:10]
LISTED = dict.fromkeys(EPOCH, "") | {
    "Price source": "https://example.org/prices",
    "Price date": "2024-08-24",
    "Hardware model": "NVIDIA H800 SXM5",
    "Vendor": "CR8DL",
    ON_DEMAND: "3.42",
}


def csv_of(
    rows: Iterable[dict[str, str]], columns: Iterable[str] = COLUMNS, end: str = "\n"
) -> str:
    """Rows as CSV text; a cell that a row does not name is empty."""
    buffer = io.StringIO()
    writer = csv.DictWriter(
        buffer, list(columns), restval="", extrasaction="ignore", lineterminator=end
    )
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue()


def own(*changes: dict[str, str]) -> str:
    """A file of this project's columns: a good quote for each change, changed so."""
    rows = [GOOD | {"quote_id": f"q{n}"} | change for n, change in enumerate(changes, start=1)]
    columns = IN_CURRENCY if any("currency" in row for row in rows) else COLUMNS
    return csv_of(rows, columns)


@cache
def data_files() -> dict[str, pl.DataFrame]:
    """The project's data files, ingested."""
    return {
        name: read_csv_text(
            (ROOT / f"data/{name}.csv").read_bytes(), f"data/{name}.csv", table.raw_header()
        )
        for name, table in DATA_FILES.items()
        if name != "quotes"
    }


def names() -> GpuNames:
    return GpuNames(data_files()["gpus"], data_files()["gpu_aliases"])


def read(data: str | bytes, file: str = "mine.csv") -> PriceBatch:
    """A price file as ingested."""
    return read_whole_price_file(data.encode() if isinstance(data, str) else data, file, names())


def layer(
    data: str | bytes, file: str = "mine.csv", book: dict[str, Any] | None = None
) -> dict[str, pl.DataFrame]:
    """The validated layer with the file as the one price book."""
    batch = read(data, file)
    parts = {
        name: getattr(batch, name).select(pl.lit(BOOK).alias("book_id"), pl.all())
        for name in ("quotes", "skipped", "notes")
    }
    books = {BOOK: {"label": "Mine", "file": file} | (book or {})}
    tables = configured(books, BOOK, parts["quotes"])
    return validate_layer(data_files() | parts, tables, AS_OF)


def quotes(data: str | bytes, file: str = "mine.csv") -> pl.DataFrame:
    """The validated quotes of a file."""
    return layer(data, file)["quotes"]


def refusal(data: str | bytes, file: str = "mine.csv") -> str:
    """What is said of a file that must be refused."""
    with pytest.raises(UserError) as refused:
        layer(data, file)
    return str(refused.value)
