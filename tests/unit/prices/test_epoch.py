"""Epoch AI's list of hardware prices: up to four prices a row."""

from __future__ import annotations

import pytest
from price_files.files import (
    EPOCH,
    LISTED,
    ON_DEMAND,
    ONE_YEAR,
    PURCHASE,
    THREE_YEARS,
    csv_of,
    layer,
    quotes,
    read,
    refusal,
)


def listed(*changes: dict[str, str]) -> str:
    return csv_of([LISTED | change for change in changes], EPOCH)


def test_every_rental_price_of_a_row_is_a_quote() -> None:
    text = listed({ONE_YEAR: "3.00", THREE_YEARS: "2.50"})
    found = quotes(text).select("commitment", "usd_per_gpu_hour", "line").rows()
    assert found == [("1-year", 3.0, 2), ("3-year", 2.5, 2), ("on-demand", 3.42, 2)]


def test_a_quote_says_where_it_is_from_and_what_was_changed() -> None:
    (quote,) = quotes(listed({"Number of GPUs": "8", "Location": "East US"})).rows(named=True)
    assert quote["gpu"] == "H800 SXM 80GB"
    assert quote["normalization_note"] == "Hardware model 'NVIDIA H800 SXM5' read as H800 SXM 80GB"
    assert (quote["vendor"], quote["region"], quote["gpus_in_offer"]) == ("CR8DL", "East US", 8)
    assert quote["address"] == "https://example.org/prices"
    assert quote["source_id"] == "epoch-hardware-prices"
    assert quote["status"] == "verified-secondary"
    assert str(quote["quote_date"]) == "2024-08-24"


def test_prose_is_kept_on_one_line() -> None:
    text = listed({"Cloud GPU description": "H100 80GB\n(32 vCPU)", "Notes": " as of  today "})
    (quote,) = quotes(text).rows(named=True)
    assert quote["note"] == "H100 80GB (32 vCPU); as of today"
    assert "line breaks and spaces of its prose evened out" in quote["normalization_note"]


SKIPPED = [
    ({ON_DEMAND: "", PURCHASE: "25000"}, "NVIDIA H800 SXM5", "a purchase price, no rental"),
    ({ON_DEMAND: ""}, "NVIDIA H800 SXM5", "no price"),
    (dict.fromkeys(EPOCH, ""), "a row without a model", "no price"),
    (
        {"Price date": ""},
        "NVIDIA H800 SXM5",
        "no date, so it cannot be told which runs it was in force for",
    ),
    (
        {"Hardware model": "NVIDIA RTX A6000"},
        "NVIDIA RTX A6000",
        "its accelerator is not in data/gpus.csv",
    ),
]


@pytest.mark.parametrize(("cells", "what", "reason"), SKIPPED)
def test_rows_no_run_can_use_are_skipped_and_listed(
    cells: dict[str, str], what: str, reason: str
) -> None:
    batch = read(listed({}, cells))
    assert batch.quotes["line"].to_list() == [2]
    assert batch.skipped.select("line", "what", "reason").rows() == [(3, what, reason)]


def test_the_purchase_price_beside_a_rental_is_listed_too() -> None:
    batch = read(listed({PURCHASE: "25000"}))
    assert len(batch.quotes) == 1
    assert batch.skipped.select("line", "reason").rows() == [(2, "a purchase price, no rental")]


REFUSED = [
    ({ON_DEMAND: "$4.86"}, f"column {ON_DEMAND}: found '$4.86'; has the currency with it"),
    ({THREE_YEARS: "-1"}, f"column {THREE_YEARS}: found '-1'; begins with a minus"),
    ({"Price date": "29/09/2022"}, "column Price date: found '29/09/2022'; must be a date"),
    ({"Price date": "3022-09-01"}, "column Price date: found '3022-09-01'; must not be later"),
    ({"Vendor": ""}, "column Vendor: must not be empty"),
    ({"Number of GPUs": "a few"}, "column Number of GPUs: found 'a few'; must be a whole number"),
    ({ON_DEMAND: "27.36"}, f"column {ON_DEMAND}: found '27.36'; must be at most 15 USD"),
    ({"Hardware model": "NVIDIA H800\xa0SXM5"}, "column Hardware model: found 'NVIDIA H800"),
]


@pytest.mark.parametrize(("cells", "sentence"), REFUSED)
def test_a_bad_row_in_use_is_refused_in_the_lists_own_words(
    cells: dict[str, str], sentence: str
) -> None:
    assert f"mine.csv, line 3, {sentence}" in refusal(listed({}, cells))


def test_a_bad_cell_of_a_row_is_listed_once_though_the_row_has_three_quotes() -> None:
    said = refusal(listed({ONE_YEAR: "3", THREE_YEARS: "2.5", "Price date": "soon"}))
    assert said.startswith("1 bad cell")


def test_offers_of_one_day_do_not_contradict_each_other() -> None:
    """A list has prices of several sizes of offer, and of machines it does not tell apart."""
    text = listed(
        {"Number of GPUs": "8"}, {"Number of GPUs": "1", ON_DEMAND: "3.90"}, {ON_DEMAND: "4"}
    )
    assert len(quotes(text)) == 3


def test_duplicates_count_once() -> None:
    tables = layer(listed({}, {}))
    assert len(tables["quotes"]) == 1


def test_a_byte_order_mark_before_its_header() -> None:
    assert len(quotes(listed({}).encode("utf-8-sig"))) == 1
