"""serving under the configured and under other books."""

from __future__ import annotations

import pytest

from unit.tables.worlds import WORLDS, table, world
from unit.world import CONFIG, layers, standard, text_of

DAY = "deepseek-2025-02-28"


def cells(shown, book_id: str) -> dict[str, str]:
    (row,) = [row for row in shown.rows if row.row_id == f"{DAY}@{book_id}"]
    return {key: cell.display for key, cell in row.cells.items()}


def test_every_book_has_a_row() -> None:
    shown = table("serving", standard())
    assert [row.row_id.split("@")[1] for row in shown.rows] == list(CONFIG["price_books"])


def test_the_day_at_two_dollars() -> None:
    assert cells(table("serving", standard()), "deepseek-2usd") == {
        "usd_per_gpu_hour": "2.00",
        "day_cost_usd": "87,072",
        "day_cost_usd_low": "87,070",
        "day_cost_usd_high": "87,074",
        "days_to_r1": "3.4",
        "days_to_both": "67.4",
        "revenue_to_cost": "6.5",
        "by_time": "0.30",
        "by_price": "0.34",
        "all": "0.52",
        "basis": "H800 SXM 80GB",
    }


def test_a_gap_is_told_and_its_days_are_said() -> None:
    shown = table("serving", standard())
    assert cells(shown, "h800-quotes")["basis"] == (
        "not priced: no quote for H800 SXM 80GB in force on 1.0 of 1.0 days"
    )
    assert [cell.display for cell in shown.said].count("1.0") >= 2


TITLES = {
    "flat": "3.4 days of DeepSeek's own service cost as much as R1, 67.4 days as much as V3 and R1,"
    " at Two dollars",
    # the median of one and three dollars
    "vendors": "3.4 days of DeepSeek's own service cost as much as R1, 67.4 days as much as V3 and"
    " R1, at Two vendors",
    "unpriced": "What serving costs beside training cannot be said at Nothing",
    "r1-only": "What serving costs beside training cannot be said at Only R1",
}


@pytest.mark.parametrize("name", TITLES)
def test_the_title_is_true_under_other_prices(name: str) -> None:
    assert table("serving", world(name)).title == TITLES[name]


@pytest.mark.parametrize("name", WORLDS)
def test_every_book_is_priced_or_says_why(name: str) -> None:
    for row in table("serving", world(name)).rows:
        is_priced = row.cells["day_cost_usd"].value is not None
        assert is_priced != row.cells["basis"].display.startswith("not priced: ")


def test_the_note_holds_what_is_printed_against_what_its_figures_give() -> None:
    note = table("serving", standard()).notes[0]
    assert "cost $87,072, printed $87,072 (agrees)" in note
    assert "revenue $562,100, printed $562,027 (agrees)" in note
    assert "reading and writing take 5,445 node-hours of 5,442" in note
    assert "Writing has 57.9% of the time of nodes and 65.5% of the revenue." in note
    text = text_of("data/serving_days.csv").replace('"562,027"', '"662,027"')
    note = table("serving", layers({"serving_days": text})).notes[0]
    assert "printed $662,027 (conflicts)" in note
