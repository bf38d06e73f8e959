"""models under the configured and under other books."""

from __future__ import annotations

import pytest

from traincost.tables.model_dollars import DOLLARS
from traincost.tables.models import REFERENCE
from unit.tables.worlds import CHEAP, DATED, FLAT, WORLDS, table, with_stages, world
from unit.world import layers, standard


def cells(shown, row_id: str) -> dict[str, str]:
    (row,) = [row for row in shown.rows if row.row_id == row_id]
    return {key: cell.display for key, cell in row.cells.items()}


def groups(shown) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in shown.rows:
        found.setdefault(row.group, []).append(row.row_id)
    return found


def test_every_run_stands_in_one_row_beside_every_printed_dollar_figure() -> None:
    tables = standard()
    shown = table("models", tables)
    ids = [row.row_id for row in shown.rows]
    assert len(ids) == len(set(ids))
    runs = set(tables["validated.stages"]["run_id"])
    estimates = set(tables["validated.cost_estimates"]["estimate_id"])
    assert set(ids) == runs | {"v3-r1"} | estimates


def test_references_come_first_and_third_parties_stand_apart() -> None:
    found = groups(table("models", standard()))
    assert found[REFERENCE] == ["v3-r1", "v3", "r1"]
    assert list(found)[-2:] == ["Hours estimated by third parties", DOLLARS]
    assert {"gpt-4", "gemini-1.0-ultra", "grok-3"} <= set(found["Hours estimated by third parties"])
    assert "llama-4-scout" in found["Hours disclosed by the maker"]
    # the largest first
    assert found["Hours disclosed by the maker"][0] == "llama-3.1-405b"


def test_a_run_at_one_price_and_at_its_own() -> None:
    assert cells(table("models", standard()), "llama-65b") == {
        "release_date": "2023-02-24",
        "gpu": "A100 80GB",
        "gpu_hours": "1,022.4",
        "common_cost_usd": "2,045",
        "common_cost_usd_low": "2,045",
        "common_cost_usd_high": "2,045",
        # 1,022,362 over 2,788,000, 147,000 and 2,935,000
        "ratio_to_v3": "0.367",
        "ratio_to_r1": "6.95",
        "ratio_to_both": "0.348",
        "weight_class": "no",
        "own_price": "3.89",
        "own_cost": "3,977",
        "own_ratio": "0.396",
        "priced_by": "A100 on demand, vendor quotes (stand-in)",
    }


def test_a_printed_dollar_figure_names_its_method_and_its_dollars() -> None:
    shown = table("models", standard())
    (row,) = [row for row in shown.rows if row.row_id == "gpt-4.cloud-epoch"]
    assert row.label == "GPT-4, cloud rates"
    found = cells(shown, "gpt-4.cloud-epoch")
    assert found["common_cost_usd"] == "78,562"
    assert found["ratio_to_both"] == "13.384"
    assert found["priced_by"] == "Epoch AI: cloud rates, dollars of 2023"
    assert found["gpu_hours"] == found["own_price"] == "[z]"
    # Epoch AI's later file has another figure for the same
    later = [row for row in shown.rows if row.row_id == "gpt-4.amortised-updated-epoch"]
    assert later[0].label == "GPT-4, updated amortised hardware and energy"
    assert cells(shown, "gpt-3-175b.cloud-epoch")["common_cost_usd"] == "4,336"
    assert cells(shown, "gpt-4.statement")["common_cost_usd_high"] == "∞"


TITLES = {
    "flat": "6 of 73 other disclosed runs lie within a factor of two of V3 and R1 together"
    " ($5.87 million at one price)",
    "vendors": "6 of 73 other disclosed runs lie within a factor of two of V3 and R1 together"
    " ($5.87 million at one price)",
    "dated": "6 of 73 other disclosed runs lie within a factor of two of V3 and R1 together"
    " ($8.81 million at one price)",
    "unpriced": "6 of 73 other disclosed runs lie within a factor of two of V3 and R1 together",
    "r1-only": "6 of 73 other disclosed runs lie within a factor of two of V3 and R1 together",
}


@pytest.mark.parametrize("name", TITLES)
def test_the_title_is_true_under_other_prices(name: str) -> None:
    assert table("models", world(name)).title == TITLES[name]


def test_the_title_counts_what_other_hours_make_of_it() -> None:
    # Maverick with 0.38 million hours instead of 2.38
    shown = table("models", with_stages((",2.38M,", ",0.38M,")))
    assert shown.title.startswith("5 of 73 other disclosed runs")
    assert "Llama 4 Maverick" not in shown.notes[0]
    assert cells(shown, "llama-4-maverick")["weight_class"] == "no"


def test_the_runs_of_the_class_are_named_and_the_open_ones_told_apart() -> None:
    note = table("models", standard()).notes[0]
    within, open_ = note.split(" Open, ")
    for model in ("Llama 4 Scout", "Llama 4 Maverick", "gpt-oss-120b", "Llama 2 70B"):
        assert model in within and model not in open_
    assert "Apertus 70B and 8B" in open_
    # the title counts disclosed runs only
    assert "GPT-3 175B (hours by third parties)" in within
    assert "Gopher 280B," in within


def test_no_two_rows_of_the_table_say_the_same() -> None:
    rows = table("models", standard()).rows
    told = [(row.group, row.label, row.cells["priced_by"].display) for row in rows]
    assert len(set(told)) == len(told)


@pytest.mark.parametrize("name", WORLDS)
def test_no_table_falls_over_other_prices(name: str) -> None:
    shown = table("models", world(name))
    assert "no book is marked own_price" in " ".join(shown.notes).lower() or shown.notes
    assert all(row.cells for row in shown.rows)


def test_own_prices_are_explained() -> None:
    (note,) = [note for note in table("models", standard()).notes if note.startswith("Own price")]
    assert "H800, dated list quotes; H100 on demand, monthly median; A100 on demand" in note
    none = table("models", layers(books={"a": FLAT, "b": CHEAP}, baseline="a"))
    assert "No book is marked own_price, so no run has a price of its own." in none.notes
    one = layers(books={"a": FLAT, "b": DATED | {"own_price": True}}, baseline="a")
    (note,) = [note for note in table("models", one).notes if note.startswith("Own price")]
    # V3 and R1 alone ran on an H800 while the quote was in force
    assert "It prices 2 runs: 0 through a stand-in" in note


def test_conflicts_of_printed_totals_are_listed_with_both_figures() -> None:
    (note,) = [note for note in table("models", standard()).notes if note.startswith("Checks")]
    # 916K printed; 830K + 2.9K + 86K computed
    assert "llama-3.2.total-text.gpu_hours, 916,000 against 918,904" in note
    assert "Gemini 1.0 Ultra, 132,000,000 against 136,800,000 GPU-hours" in note
    good = with_stages((",86k,", ",83k,"))
    (note,) = [note for note in table("models", good).notes if note.startswith("Checks")]
    assert "llama-3.2.total-text" not in note


def test_every_number_in_words_is_said() -> None:
    shown = table("models", standard())
    said = [cell.display for cell in shown.said]
    for text in ("6", "73", "$5.87 million", "918,904", "2023", "29.5", "117.5"):
        assert text in said
