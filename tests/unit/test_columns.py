"""One declaration per column."""

from __future__ import annotations

import pytest

from traincost.columns import Column, Table, bounded
from traincost.declarations import DATA_FILES
from traincost.dictionary import layer_tables

FIGURE = Column(
    "hours",
    "hours",
    kind="number",
    unit="h",
    reading="duration_hours",
    raw="wall_time",
    raw_step="wall_time_step",
    above=0,
)
COUNT = Column("gpus", "GPUs", kind="number", unit="GPUs", reading="count")
TABLE = Table("t", "l", "T.", "One row.", ("hours",), (FIGURE, COUNT), added=(Column("f", "file"),))


def test_a_printed_figure_stands_for_its_bounds_step_and_text() -> None:
    parts = list(FIGURE.expanded())
    names = ["hours", "hours_low", "hours_high", "hours_step", "hours_text"]
    assert [part.name for part in parts] == names
    assert [part.unit for part in parts] == ["h", "h", "h", "h", ""]
    # a refused bound is shown by the cell it was read from
    assert parts[1].raw_name == "wall_time"


def test_a_count_is_exact_and_keeps_its_text() -> None:
    assert [part.name for part in COUNT.expanded()] == ["gpus", "gpus_text"]


def test_the_header_of_the_data_file_has_the_raw_names_and_steps() -> None:
    assert TABLE.raw_header() == ("wall_time", "wall_time_step", "gpus")
    assert TABLE.physical()[0].name == "f"


def test_a_column_is_found_by_its_name_and_an_unknown_one_named() -> None:
    assert TABLE["hours_low"].name == "hours_low"
    with pytest.raises(KeyError, match="table t declares no column 'hour'"):
        TABLE["hour"]


@pytest.mark.parametrize(("field", "word"), [("kind", "float"), ("reading", "guess")])
def test_an_unknown_kind_or_reading_is_refused(field: str, word: str) -> None:
    with pytest.raises(ValueError, match=f"column x: unknown {field} '{word}'"):
        Column("x", "x", **{field: word})


def test_a_quantity_has_three_columns() -> None:
    assert bounded("cost_usd") == ("cost_usd", "cost_usd_low", "cost_usd_high")


def test_names_of_a_table_are_distinct_and_its_key_is_declared() -> None:
    for table in (table for tables in layer_tables().values() for table in tables):
        names = [column.name for column in table.physical()]
        assert len(names) == len(set(names)), table.name
        assert set(table.key) <= set(names), table.name


def test_references_lead_to_data_files() -> None:
    for table in DATA_FILES.values():
        for column in table.columns:
            assert not column.references or column.references in DATA_FILES, column.name
