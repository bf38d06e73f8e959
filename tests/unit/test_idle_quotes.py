"""Of a very large book only what prices something, or is shown, is in the audit."""

from __future__ import annotations

import polars as pl
import pytest

from traincost import idle_quotes
from traincost.idle_quotes import without_idle
from traincost.numbers import values
from unit.world import standard

BOOK = "h100-list"


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A book is large from eleven quotes on."""
    monkeypatch.setattr(idle_quotes, "MANY", 10)


def quote_ids(layers: idle_quotes.Layers, book_id: str = BOOK) -> set[str]:
    return {*layers["validated.quotes"].filter(book_id=book_id)["quote_id"]}


def test_small_books_are_left_whole() -> None:
    assert without_idle(standard()) is standard()


def test_a_large_book_keeps_what_prices_a_run(few) -> None:
    used = {
        quote_id
        for name in ("stages", "serving")
        for ids in standard()[f"priced.{name}"].filter(book_id=BOOK)["quote_ids"]
        for quote_id in ids
    }
    assert quote_ids(without_idle(standard())) == used < quote_ids(standard())
    whole = quote_ids(standard(), "deepseek-2usd")
    assert quote_ids(without_idle(standard()), "deepseek-2usd") == whole, "a small one"


def test_and_what_a_table_shows(few) -> None:
    idle = min(quote_ids(standard()) - quote_ids(without_idle(standard())))
    cells = pl.DataFrame({"number_id": [f"{idle}.usd_per_gpu_hour@{BOOK}:low", None]})
    assert idle in quote_ids(without_idle({**standard(), "tables.cells": cells}))


def test_its_idle_quotes_are_no_numbers(few) -> None:
    owners = {base_id.rpartition(".")[0] for base_id in values(standard())["base_id"]}
    idle = quote_ids(standard()) - quote_ids(without_idle(standard()))
    assert idle and not idle & owners
