"""cost_over_time: what is drawn, and what the picture says in words."""

from __future__ import annotations

from datetime import date

from traincost.pictures.cost_over_time import GROUPS, REFERENCE, cost_over_time
from unit.tables.worlds import with_stages, world
from unit.world import hashes, standard


def picture(tables):
    return cost_over_time(tables, hashes(tables))


def rows(tables) -> dict:
    return {row.row_id: row for row in picture(tables).table.rows}


def test_every_dated_run_is_a_mark_with_its_cost_and_interval() -> None:
    tables = standard()
    found = rows(tables)
    dated = tables["validated.stages"].drop_nulls("release_date")["run_id"].unique().to_list()
    assert set(dated) <= set(found)
    cost = found["llama-4-scout"].cells["cost"]
    assert (cost.value, cost.low, cost.high) == (10e6, 9.9e6, 10.1e6)
    assert found["llama-4-scout"].cells["release_date"].display == "2025-04-05"


def test_groups_are_told_apart_by_shape_as_well_as_by_colour() -> None:
    shapes = [look.marker for look in GROUPS.values()]
    assert len(set(shapes)) == len(shapes)
    assert {row.group for row in picture(standard()).table.rows} <= set(GROUPS)


def test_the_references_stand_out() -> None:
    references = [row.row_id for row in picture(standard()).table.rows if row.group == REFERENCE]
    assert set(references) == {"v3-r1", "v3", "r1"}


def test_only_dollars_for_renting_are_drawn() -> None:
    found = rows(standard())
    assert "gpt-4.cloud-epoch" in found
    assert "gpt-4.acquisition-epoch" not in found and "gpt-4.amortised-epoch" not in found


def test_the_title_counts_dearer_runs_and_holds_under_other_prices() -> None:
    start = "At one price per GPU-hour, 9 of 73 other disclosed runs cost more than V3 and R1"
    assert picture(standard()).table.title == f"{start} together ($5.87 million)"
    assert picture(world("dated")).table.title == f"{start} together ($8.81 million)"
    unpriced = picture(world("unpriced")).table
    assert unpriced.title == "What runs cost cannot be said at this price book"
    fewer = picture(with_stages((",30.84M,", ",0.84M,"))).table.title
    assert fewer.startswith("At one price per GPU-hour, 8 of 73 ")


def test_the_words_say_what_is_to_be_seen() -> None:
    shown = picture(standard())
    for words in (
        "logarithmic",
        "2020-05-28 to 2025-11-27",
        "The cheapest is Pythia 70M at $1,020, the dearest Grok-3 (Epoch AI) at $1.16 billion",
        "DeepSeek-V3 + R1 at $5.87 million",
        shown.table.title,
    ):
        assert words in shown.alt
    # all of its numbers are in the audit
    said = {cell.display for cell in shown.table.said}
    assert {"$1,020", "$1.16 billion", "$5.87 million", "2020-05-28"} <= said
    date.fromisoformat("2020-05-28")
