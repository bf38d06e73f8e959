"""The whole pipeline in memory, on the project's data or on an edited copy of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from traincost.books import configured, sets_frame
from traincost.declarations import DATA_FILES
from traincost.errors import UserError
from traincost.ingest import read_csv_text
from traincost.pipeline import computed
from traincost.price import price_stages
from traincost.prices import read_whole_price_file
from traincost.prices.names import GpuNames
from traincost.validate import validate_layer

ROOT = Path(__file__).resolve().parents[2]
CONFIG = yaml.safe_load((ROOT / "config/config.yaml").read_text(encoding="utf-8"))
QUOTE_HEADER = ",".join(DATA_FILES["quotes"].raw_header())

Tables = dict[str, pl.DataFrame]


@cache
def text_of(name: str) -> str:
    """A file of the project."""
    return (ROOT / name).read_text(encoding="utf-8")


def quotes_csv(*rows: Mapping[str, str]) -> str:
    """A price book; what a row does not say is filled in."""
    common = {
        "gpu": "H800 SXM 80GB",
        "vendor": "Example",
        "commitment": "on-demand",
        "usd_per_gpu_hour": "2",
        "kind": "list",
        "source_id": "deepseek-v3-report",
        "status": "unverified",
    }
    lines = []
    for place, row in enumerate(rows, start=1):
        cells = common | {"quote_id": f"q{place}"} | row
        lines.append(",".join(cells.get(name, "") for name in QUOTE_HEADER.split(",")))
    return "\n".join([QUOTE_HEADER, *lines, ""])


def book(label: str, csv: str, **more: Any) -> dict[str, Any]:
    """A price book with its text in place of a file."""
    return {"label": label, "csv": csv, "file": f"data/prices/{label}.csv", **more}


def configured_books() -> dict[str, dict[str, Any]]:
    """The price books of config.yaml, their text read."""
    return {
        book_id: entry | {"csv": text_of(entry["file"])}
        for book_id, entry in CONFIG["price_books"].items()
    }


def ingest(files: Mapping[str, str], books: Mapping[str, Mapping[str, Any]]) -> Tables:
    """The ingested layer; `files` replaces data files by the table's name."""
    raw = {
        name: read_csv_text(
            files.get(name, text_of(f"data/{name}.csv")).encode(),
            f"data/{name}.csv",
            table.raw_header(),
        )
        for name, table in DATA_FILES.items()
        if name != "quotes"
    }
    names = GpuNames(raw["gpus"], raw["gpu_aliases"])
    batches = {
        book_id: read_whole_price_file(entry["csv"].encode(), entry["file"], names)
        for book_id, entry in books.items()
    }
    for part in ("quotes", "skipped", "notes"):
        raw[part] = pl.concat(
            getattr(batch, part).select(pl.lit(book_id).alias("book_id"), pl.all())
            for book_id, batch in batches.items()
        )
    return raw


def validate(
    files: Mapping[str, str] | None = None,
    books: Mapping[str, Mapping[str, Any]] | None = None,
    baseline: str = "",
) -> Tables:
    """The validated layer."""
    books = books or configured_books()
    raw = ingest(files or {}, books)
    baseline = baseline or (
        CONFIG["baseline"] if CONFIG["baseline"] in books else next(iter(books))
    )
    tables = configured(books, baseline, raw["quotes"])
    tables["assumption_sets"] = sets_frame(CONFIG["assumption_set"], raw["assumptions"])
    return validate_layer(raw, tables, date.fromisoformat(str(CONFIG["as_of"])))


def refusal(name: str, old: str, new: str) -> str:
    """What is said of a data file in which one text is another."""
    text = text_of(f"data/{name}.csv")
    assert old in text
    with pytest.raises(UserError) as raised:
        validate({name: text.replace(old, new, 1)})
    return str(raised.value)


def price(tables: Tables, max_age_days: int = 180) -> Tables:
    """The priced layer."""
    layers = {f"validated.{name}": frame for name, frame in tables.items()}
    return price_stages(layers, max_age_days=max_age_days)


def layers(
    files: Mapping[str, str] | None = None,
    books: Mapping[str, Mapping[str, Any]] | None = None,
    baseline: str = "",
) -> Tables:
    """All layers, by `layer.name`, as the tables read them."""
    validated = validate(files, books, baseline)
    named = {f"validated.{name}": frame for name, frame in validated.items()}
    return computed(named, CONFIG)


def hashes(tables: Tables) -> dict[str, str]:
    """A hash for every file that rows were read from."""
    files = {
        file
        for name, frame in tables.items()
        if name.startswith("validated.") and "file" in frame.columns
        for file in frame["file"].unique()
    }
    return {file: sha256(file.encode()).hexdigest() for file in files}


@cache
def standard() -> Tables:
    """All layers of the project's own data; not to be changed."""
    return layers()
