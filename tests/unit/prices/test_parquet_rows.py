"""Parquet files with this project's columns."""

from __future__ import annotations

import io
from datetime import date, datetime
from decimal import Decimal

import polars as pl
import pytest
from price_files.files import COLUMNS, GOOD, own, quotes, read, refusal


def frame(**columns: object) -> pl.DataFrame:
    text = pl.DataFrame([GOOD, GOOD | {"quote_id": "q2", "vendor": "B"}], schema=list(COLUMNS))
    return text.with_columns(pl.Series(name, values) for name, values in columns.items())


def parquet(table: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    table.write_parquet(buffer)
    return buffer.getvalue()


def same_as_csv(found: pl.DataFrame) -> bool:
    return found.equals(quotes(own({}, {"vendor": "B"})))


def test_all_text_reads_as_the_csv_file() -> None:
    assert same_as_csv(quotes(parquet(frame())))


def test_numbers_dates_and_gaps_read_as_the_csv_file() -> None:
    typed = frame(
        usd_per_gpu_hour=[2.75, 2.75],
        quote_date=[date(2024, 9, 1)] * 2,
        gpus_in_offer=pl.Series([None, None], dtype=pl.Float64),
        region=pl.Series([None, None], dtype=pl.String),
        kind=pl.Series(["list", "list"], dtype=pl.Categorical),
    )
    assert same_as_csv(quotes(parquet(typed)))


def test_whole_numbers_stored_with_a_point_are_counts() -> None:
    assert quotes(parquet(frame(gpus_in_offer=[8.0, None])))["gpus_in_offer"].to_list() == [8, None]


def test_a_time_at_midnight_is_a_day_and_another_is_refused() -> None:
    assert same_as_csv(quotes(parquet(frame(quote_date=[datetime(2024, 9, 1)] * 2))))
    said = refusal(parquet(frame(quote_date=[datetime(2024, 9, 1), datetime(2024, 9, 1, 12)])))
    assert "line 3, column quote_date: found '2024-09-01 12:00:00'; must be a date" in said


def test_decimals_are_numbers() -> None:
    price = pl.Series([Decimal("2.75")] * 2, dtype=pl.Decimal(10, 2))
    assert same_as_csv(quotes(parquet(frame(usd_per_gpu_hour=price))))


BAD = [
    ({"usd_per_gpu_hour": [2.75, float("nan")]}, "line 3, column usd_per_gpu_hour: found 'NaN'"),
    ({"usd_per_gpu_hour": [2.75, -1.5]}, "line 3, column usd_per_gpu_hour: found '-1.5'"),
    ({"usd_per_gpu_hour": [2.75, float("inf")]}, "line 3, column usd_per_gpu_hour: found 'inf'"),
    ({"usd_per_gpu_hour": [2.75, None]}, "line 3, column usd_per_gpu_hour: must not be empty"),
    ({"gpu": ["H800 SXM 80GB", "H8000"]}, "line 3, column gpu: found 'H8000'; must stand in"),
    ({"note": [[1], [2]]}, "mine.csv, column note: holds List(Int64); must hold text, numbers"),
    ({"note": [True, False]}, "mine.csv, column note: holds Boolean; must hold text, numbers"),
]


@pytest.mark.parametrize(("columns", "sentence"), BAD)
def test_bad_cells_are_refused_by_row(columns: dict[str, list], sentence: str) -> None:
    """The first row counts as line 2, as in a CSV file with a header."""
    assert sentence in refusal(parquet(frame(**columns)))


def test_the_header_is_checked() -> None:
    said = refusal(parquet(frame().rename({"vendor": "seller"})))
    assert "column 'seller' is not known" in said
    assert "column 'vendor' is missing" in said


def test_no_rows() -> None:
    assert "has a header and no rows" in refusal(parquet(frame().clear()))


@pytest.mark.parametrize("cut", [8, 100, 1000])
def test_a_cut_file_is_refused(cut: int) -> None:
    assert "mine.csv: cannot be read as Parquet" in refusal(parquet(frame())[:cut])


def test_a_duplicate_row_counts_once() -> None:
    assert read(parquet(pl.concat([frame(), frame()]))).notes["line"].to_list() == [1, 4, 5]
    assert same_as_csv(quotes(parquet(pl.concat([frame(), frame()]))))
