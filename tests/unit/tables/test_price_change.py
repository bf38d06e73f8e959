"""price_change: what a user's own prices move."""

from __future__ import annotations

import math

import pytest

from traincost.tables import built_tables
from unit.tables.dressed import HOSTILE
from unit.tables.worlds import BEFORE_R1, FLAT, users_table
from unit.world import book, hashes, layers, quotes_csv


def users_tables(*quotes: dict, label: str = "Your prices"):
    """All published tables beside a book of the user's."""
    own = book("Own", quotes_csv(*quotes)) | {"label": label, "is_users": True}
    tables = layers(books={"a": FLAT, "own": own}, baseline="a")
    return dict(built_tables(tables, hashes(tables))[0])


def price_change(*quotes: dict, label: str = "Your prices"):
    return users_tables(*quotes, label=label)["price_change"]


def all_cells(tables):
    """Every cell that the tables show or say."""
    for table in tables:
        yield from table.said
        for row in table.rows:
            yield from row.cells.values()


def test_without_own_prices_it_says_so_and_has_no_row() -> None:
    tables = layers(books={"a": FLAT})
    shown = built_tables(tables, hashes(tables))[0]["price_change"]
    assert shown.title == "No prices of your own are configured, so nothing moved"
    assert shown.rows == ()


def test_every_number_that_moved_is_listed_old_and_new() -> None:
    tables = users_tables({"usd_per_gpu_hour": "3"})
    shown = tables.pop("price_change")
    moved = [row for row in shown.rows if row.group == "What moved"]
    compared = {cell.number_id.partition(":")[0] for cell in all_cells(tables.values())}
    compared = {number_id for number_id in compared if number_id.endswith("@a")}
    assert 100 < len(moved) < len(compared)
    assert shown.title == (
        "Your prices: V3 and R1 together $5.87 million → $8.81 million;"
        f" {len(moved)} of {len(compared)} numbers move"
    )
    rows = {row.row_id: row for row in shown.rows}
    cells = {key: cell.display for key, cell in rows["r1.total.cost_usd"].cells.items()}
    assert cells == {
        "unit": "USD",
        "baseline": "294,000",
        "yours": "441,000",
        "difference": "147,000",
        "ratio": "1.500",
        "note": "training_cost",
    }
    assert "r1.zero-rl.gpu_hours" not in rows, "no price moves hours"


def test_the_largest_ratio_comes_first() -> None:
    moved = [row for row in users_table().rows if row.group == "What moved"]
    sizes = [abs(math.log(row.cells["ratio"].value)) for row in moved]
    assert sizes and sizes == pytest.approx(sorted(sizes, reverse=True))


def test_runs_that_own_prices_leave_out_are_listed_with_the_reason() -> None:
    shown = price_change({"quote_date": BEFORE_R1})
    assert "V3 and R1 are not both priced" in shown.title
    (row,) = [row for row in shown.rows if row.row_id == "not-priced.v3"]
    assert (row.label, row.cells["yours"].display) == ("DeepSeek-V3", "[x]")
    assert "no quote for H800 SXM 80GB in force on 54.2 of 54.2 days" in row.cells["note"].display


@pytest.mark.parametrize(
    "vendor", [text for text in HOSTILE if "," not in text and '"' not in text]
)
def test_the_words_of_an_unused_quote_stand_as_they_were(vendor: str) -> None:
    shown = price_change({}, {"gpu": "L40S", "vendor": vendor})
    (row,) = [row for row in shown.rows if row.row_id == "not-used.q2"]
    assert row.label == f"{vendor}, L40S"
    assert row.cells["yours"].display == "2.00"
