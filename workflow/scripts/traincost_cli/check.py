"""`traincost check`: a price file, held to what the workflow holds it to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from seam.config import USER_BOOK, checked, refuse_aliases
from seam.digests import shown_path
from traincost.declarations import DATA_FILES
from traincost.errors import UserError
from traincost.ingest import read_csv_text
from traincost_cli.price_file import check_prices

CONFIG = Path("config/config.yaml")
SCHEMA = Path("workflow/schemas/config.schema.json")
CHUNK = 1 << 20


class Check:
    """A price file with what it is checked against: the project in this folder."""

    def __init__(self, file: Path) -> None:
        """Raises UserError where the project, its configuration or the file is not there."""
        config = _config(file)
        self._as_of = date.fromisoformat(config["as_of"])
        self._file = file
        self._book = config["price_books"][USER_BOOK] | {"file": shown_path(file)}
        self._raw = {name: _data_file(name) for name in DATA_FILES if name != "quotes"}

    def told(self) -> str:
        """What is in the file. Raises UserError that lists all that is wrong."""
        return check_prices(self._chunks, self._book, self._raw, self._as_of)

    def _chunks(self) -> Iterator[bytes]:
        with open(self._file, "rb") as opened:
            while chunk := opened.read(CHUNK):
                yield chunk


def _config(file: Path) -> dict[str, Any]:
    for part in (CONFIG, SCHEMA):
        if not part.is_file():
            raise UserError(f"{part} is missing; call this in the folder of the project")
    refuse_aliases(CONFIG)
    config = yaml.safe_load(CONFIG.read_text(encoding="utf-8"))
    return checked(config | {"prices": str(file)}, SCHEMA)


def _data_file(name: str) -> Any:
    file = Path(DATA_FILES[name].data_file)
    if not file.is_file():
        raise UserError(f"{file} is missing; the workflow reads it (data/README.md)")
    return read_csv_text(file.read_bytes(), shown_path(file), DATA_FILES[name].raw_header())
