"""Each source cell is moved: what moves has it in its lineage, and the other way round."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from audit.in_memory import Inputs
from audit.numbered import World, is_choice, reached
from audit.perturbation import Cell, Probe, source_columns
from traincost import all_estimates, numbers
from traincost.columns import Link

# so that the workers of a test run share the rows of a long column
SHARES = 4
COLUMNS = {f"{table.name}.{column.name}": (table, column) for table, column in source_columns()}
# where not every cell is moved: the columns of these tables, and this many cells of a column
OFTEN = [name for name in COLUMNS if name.startswith(("stages.", "quotes.", "assumptions."))]
SOME = 3


@pytest.fixture(scope="module")
def probe(inputs: Inputs) -> Probe:
    # so that there are numbers about what a user's prices move, and some converted
    return Probe(inputs.with_users_book("h100-list").in_yuan("h800-quotes"))


def cells_of(probe: Probe, name: str) -> dict[str, Cell]:
    return {cell.number_id: cell for cell in probe.cells(*COLUMNS[name])}


@pytest.mark.parametrize("name", OFTEN)
def test_lineage_holds_what_moves_a_number_and_nothing_else(probe: Probe, name: str) -> None:
    """Of some cells of each column, its first and its last among them."""
    cells = list(cells_of(probe, name).values())
    last = len(cells) - 1
    places = sorted({place * last // (SOME - 1) for place in range(SOME)}) if cells else []
    assert [complaint for place in places for complaint in probe.complaints(cells[place])] == []


@pytest.mark.long
@pytest.mark.parametrize(("name", "share"), list(product(COLUMNS, range(SHARES))))
def test_every_cell_moves_what_its_lineage_says(probe: Probe, name: str, share: int) -> None:
    cells = list(cells_of(probe, name).values())[share::SHARES]
    assert [complaint for cell in cells for complaint in probe.complaints(cell)] == []


def test_every_way_down_ends_at_a_line_of_a_data_file(probe: Probe) -> None:
    for number_id, row in probe.base.numbers.items():
        is_sum_of_none = row["formula"] is not None and row["value"] == 0
        if not row["input_ids"] and not row["considered_ids"] and not is_sum_of_none:
            assert row["file"] and row["line"] > 1, number_id


@pytest.mark.long
def test_every_number_shown_has_a_source_cell_in_its_lineage_and_moves_with_one(
    probe: Probe,
) -> None:
    """Where a way without a choice leads to it the test above moves it; others are moved here."""
    shown = {number_id for number_id, row in probe.base.numbers.items() if row["is_shown"]}
    cells = {
        cell: reached(probe.base.users, cell.number_id) & shown
        for name in COLUMNS
        for cell in cells_of(probe, name).values()
    }
    without = shown - set().union(*cells.values())
    assert not without, "no source cell in the lineage"
    left = {each for each in shown if not may_stand_still(probe.base.numbers[each])}
    left -= set().union(*(reached(probe.base.sure_users, cell.number_id) for cell in cells))
    while left and cells:
        cell = max(cells, key=lambda each: len(cells[each] & left))
        del cells[cell]
        for moved, _, _ in probe.outcomes(cell):
            left -= moved
    assert not left, "moved by no source cell"


def may_stand_still(row: dict) -> bool:
    """Whether a number is chosen, or a ratio of a number to itself."""
    return is_choice(row) or len(row["input_ids"]) > len(set(row["input_ids"]))


def test_a_cell_has_one_value_wherever_it_is_carried(probe: Probe) -> None:
    for table, frame in probe.base.named.items():
        for column in numbers.BY_ADDRESS[table].numbers():
            if column.carried:
                ids, values = frame[f"id:{column.name}"], frame[column.name]
                assert ids.is_null().to_list() == values.is_null().to_list(), column.name
                part = "date" if column.kind == "date" else "value"
                told = [None if i is None else probe.base.numbers[i][part] for i in ids]
                assert told == values.to_list(), f"{table} {column.name}"


def declare(monkeypatch, address: str, name: str, **changes) -> None:
    """Let the audit read another declaration than the pipeline computes with."""
    table = numbers.BY_ADDRESS[address]
    columns = (replace(c, **changes) if c.name == name else c for c in table.columns)
    changed = replace(table, columns=tuple(columns))
    all_tables = (changed if each is table else each for each in numbers.NUMBERED)
    monkeypatch.setattr(numbers, "NUMBERED", tuple(all_tables))
    monkeypatch.setitem(numbers.BY_ADDRESS, address, changed)


def test_a_missing_link_is_seen(probe: Probe, monkeypatch) -> None:
    declare(monkeypatch, "estimates.scopes", "cost_usd", links=())
    probe = probe.seen_anew()
    cell = cells_of(probe, "stages.gpu_hours_printed")["r1.zero-rl.gpu_hours_printed"]
    assert (
        "r1.total.cost_usd@deepseek-2usd moves with r1.zero-rl.gpu_hours_printed,"
        " which its lineage lacks" in probe.complaints(cell)
    )


def test_a_missing_link_of_a_choice_is_seen(probe: Probe, monkeypatch) -> None:
    table = numbers.BY_ADDRESS["priced.stages"]
    used = [link for link in table["usd_per_gpu_hour"].links if not link.is_considered]
    declare(monkeypatch, "priced.stages", "usd_per_gpu_hour", links=tuple(used))
    probe = probe.seen_anew()
    cell = cells_of(probe, "windows.window_end")["v3.window_end"]
    assert (
        "v3.pre-training.usd_per_gpu_hour@h100-list moves with v3.window_end,"
        " which its lineage lacks" in probe.complaints(cell)
    )


def test_a_false_link_is_seen(probe: Probe, monkeypatch) -> None:
    link = Link("priced.stages", on=("stage_id=stage_ids",), columns=("gpu_hours", "gpu_count"))
    declare(monkeypatch, "estimates.checks", "gpu_hours", links=(link,))
    probe = probe.seen_anew()
    cell = cells_of(probe, "stages.gpu_count")["v3.pre-training.gpu_count"]
    assert (
        "v3.total.gpu_hours.gpu_hours has v3.pre-training.gpu_count in its lineage"
        " and does not move with it" in probe.complaints(cell)
    )


def test_a_number_that_another_price_book_moves_is_seen(inputs: Inputs, monkeypatch) -> None:
    """A leak between books: the pipeline computes what no declaration says."""
    whole = all_estimates.estimate

    def leaking(layers):
        found = whole(layers)
        price = layers["validated.quotes"].filter(book_id="h800-quotes")["usd_per_gpu_hour"][0]
        scopes = found["scopes"]
        return found | {"scopes": scopes.with_columns(cost_usd=scopes["cost_usd"] + price)}

    monkeypatch.setattr(all_estimates, "estimate", leaking)
    probe = Probe(inputs)
    assert isinstance(probe.base, World)
    cell = cells_of(probe, "quotes.usd_per_gpu_hour_given")[
        "cr8dl-h800-2024-08-24.usd_per_gpu_hour_given@h800-quotes"
    ]
    assert any(
        complaint.startswith("r1.total.cost_usd@deepseek-2usd moves with")
        for complaint in probe.complaints(cell)
    )
