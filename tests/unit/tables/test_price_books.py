"""price_books under the configured and under other books."""

from __future__ import annotations

import pytest

from unit.tables.worlds import table, world
from unit.world import CONFIG, standard


def price_books(tables):
    return table("price_books", tables)


def cells(shown, row_id: str) -> dict[str, str]:
    (row,) = [row for row in shown.rows if row.row_id == row_id]
    return {key: cell.display for key, cell in row.cells.items()}


def test_every_configured_book_has_a_row_in_the_order_of_the_configuration() -> None:
    shown = price_books(standard())
    assert [row.row_id for row in shown.rows] == list(CONFIG["price_books"])
    labels = [book["label"] for book in CONFIG["price_books"].values()]
    assert [row.label for row in shown.rows] == labels
    assert [row.row_id for row in shown.rows if row.is_total] == [CONFIG["baseline"]]


def test_the_flat_baseline_is_2935_thousand_hours_at_two_dollars() -> None:
    assert cells(price_books(standard()), "deepseek-2usd") == {
        "usd_per_gpu_hour": "2.00",
        "r1": "294",
        "v3": "5.58",
        "whole": "5.87",
        "whole_low": "5.86",
        "whole_high": "5.88",
        "ratio": "1.00",
        "quotes": "1",
        "age": "[z]",
        "basis": "H800 SXM 80GB",
    }


def test_dated_h800_quotes_price_both_runs_at_342() -> None:
    # one vendor asks 3.42 all along: 2,935,000 hours are 10.0377 million dollars
    found = cells(price_books(standard()), "h800-quotes")
    assert (found["usd_per_gpu_hour"], found["whole"], found["ratio"]) == ("3.42", "10.04", "1.71")
    assert (found["whole_low"], found["whole_high"]) == ("10.03", "10.05")
    # V3's window begins on 2024-10-30; the quote of 2024-08-24 is last used on 2025-01-20
    assert (found["quotes"], found["age"]) == ("1", "149")


def test_stand_ins_are_marked_and_unpriced_books_say_why() -> None:
    shown = price_books(standard())
    assert cells(shown, "h100-list")["basis"] == "H100 (form factor not stated) (stand-in)"
    unpriced = cells(shown, "a100-list")
    assert unpriced["basis"] == (
        "not priced: no quote for H800 SXM 80GB and no stand-in configured"
    )
    assert {text for key, text in unpriced.items() if key != "basis"} == {"[x]"}


TITLES = {
    "flat": "V3 and R1 together: $5.87 million at Two dollars",
    "cheaper": "V3 and R1 together: $5.87 million at Two dollars, $2.94 million under one other"
    " price book",
    "dearer": "V3 and R1 together: $5.87 million at Two dollars, $2.94 million to $26.42 million"
    " under 2 other price books",
    "equal": "V3 and R1 together: $5.87 million at Two dollars, $5.87 million under one other price"
    " book",
    "unpriced": "V3 and R1 together: no price at Nothing",
    "none-priced": "V3 and R1 together: no price at Nothing, no price under any other price book",
    "others-unpriced": "V3 and R1 together: $5.87 million at Two dollars, no price under any other"
    " price book",
    "r1-only": "V3 and R1 together: no price at Only R1, $5.87 million under one other price book",
}


@pytest.mark.parametrize("name", TITLES)
def test_the_title_is_true_under_other_prices(name: str) -> None:
    assert price_books(world(name)).title == TITLES[name]


PRICES = {
    "flat": "Prices are assumptions: what was paid is not known.",
    "dated": "Prices are list prices and assumptions: what was paid is not known.",
    "stand-in": "Prices are index values and assumptions: what was paid is not known.",
    "unpriced": "",
}


@pytest.mark.parametrize("name", PRICES)
def test_the_notes_are_true_under_other_prices(name: str) -> None:
    notes = price_books(world(name)).notes
    assert [note for note in notes if note.startswith("Prices are")] == [
        note for note in [PRICES[name]] if note
    ]
    has_stand_in = any(note.startswith("A stand-in is") for note in notes)
    assert has_stand_in == (name == "stand-in")
    assert "V3 ends on 2024-12-26 and R1 ends on 2025-01-20" in notes[0]


def test_the_ratio_is_missing_where_the_baseline_has_no_price() -> None:
    shown = price_books(world("r1-only"))
    assert cells(shown, "b")["whole"] == "5.87"
    assert cells(shown, "b")["ratio"] == "[x]"


def test_of_reasons_that_differ_the_largest_stages_is_told() -> None:
    basis = cells(price_books(world("r1-only")), "a")["basis"]
    # all of V3 ends before the first quote; pre-training is the largest of its stages
    assert basis == (
        "not priced: no quote for H800 SXM 80GB in force on 54.2 of 54.2 days of v3.pre-training;"
        " other stages lack a price, too"
    )


def test_a_book_that_is_gone_leaves_nothing() -> None:
    shown = price_books(world("flat"))
    assert len(shown.rows) == 1
    text = " ".join([shown.title, shown.subtitle, *shown.notes])
    assert "h100" not in text.lower() and "Epoch" not in text
