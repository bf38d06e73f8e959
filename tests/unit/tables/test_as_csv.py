"""The CSV dress: raw values beside the strings shown."""

from __future__ import annotations

import pytest

from traincost.tables import BUILDERS
from traincost.tables.as_csv import HEADER, inert, to_csv
from unit.tables.dressed import HOSTILE, csv_rows, hostile_table
from unit.tables.worlds import table
from unit.world import standard

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@pytest.mark.parametrize("name", BUILDERS)
def test_every_cell_has_a_line_with_value_bounds_unit_string_and_id(name: str) -> None:
    shown = table(name, standard())
    lines = csv_rows(to_csv(shown))
    assert list(lines[0]) == list(HEADER)
    assert len(lines) == len(shown.rows) * len(shown.columns)
    cells = [(row, row.cells[column.key]) for row in shown.rows for column in shown.columns]
    for line, (row, cell) in zip(lines, cells, strict=True):
        assert (line["row"], line["row_label"]) == (row.row_id, row.label)
        assert (line["display"], line["unit"], line["id"]) == (
            cell.display,
            cell.unit,
            cell.number_id,
        )
        numbers = [float(line[name]) if line[name] else None for name in ("value", "low", "high")]
        assert numbers == [cell.value, cell.low, cell.high], "no digit is lost"


def test_the_headline_is_found_by_its_id() -> None:
    lines = {line["id"]: line for line in csv_rows(to_csv(table("training_cost", standard())))}
    line = lines["r1.total.cost_usd@deepseek-2usd"]
    found = [line[name] for name in ("value", "low", "high", "unit", "display")]
    assert found == ["294000.0", "291000.0", "297000.0", "USD", "294,000"]
    assert lines["r1.total.cost_unrounded_usd@deepseek-2usd"]["value"] == "294672.0"


@pytest.mark.parametrize("name", BUILDERS)
def test_an_id_names_one_number(name: str) -> None:
    by_id: dict[str, set] = {}
    for line in csv_rows(to_csv(table(name, standard()))):
        if line["id"]:
            by_id.setdefault(line["id"], set()).add((line["value"], line["low"], line["high"]))
    assert all(len(numbers) == 1 for numbers in by_id.values())
    assert len(by_id) > 20


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_of_words_is_run_by_a_spreadsheet(text: str) -> None:
    for line in csv_rows(to_csv(hostile_table(text))):
        assert not any(cell.startswith(FORMULA_STARTS) for cell in line.values())
        assert line["row_label"].removeprefix("'") == text


def test_plain_words_and_numbers_are_left_as_they_are() -> None:
    assert inert("H800, dated list quotes") == "H800, dated list quotes"
    assert inert("\N{MINUS SIGN}5") == "\N{MINUS SIGN}5"
