"""The workbook recomputed by another engine, as it is and after a reader has changed a cell."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import formualizer
import pytest

from traincost.workbook.writer import STEPPED_BACK
from workbook.in_memory import Project, World
from workbook.reading import PARTS, Reading, as_shown, headings, title_of

CLOSE = 1e-9
# the whole pipeline is computed anew for each yellow cell that is moved
EACH = 40
WHOLE = "v3-r1.total.cost_usd@deepseek-2usd"


class Engine:
    """A workbook opened by an engine that never saw the package."""

    def __init__(self, book: Reading, folder: Path) -> None:
        file = folder / "traincost.xlsx"
        file.write_bytes(book.data)
        self._book = formualizer.load_workbook(str(file))
        self._reading = book
        self._book.evaluate_all()

    def enter(self, number_id: str, value: float | None, part: str = "value") -> None:
        """What a reader does with a yellow cell."""
        sheet, row, column = self._reading.yellow[number_id][part]
        literal = formualizer.LiteralValue
        entered = literal.empty() if value is None else literal.number(value)
        self._book.sheet(sheet).set_value(row, column, entered)
        self._book.evaluate_all()

    def value(self, address: tuple[str, int, int]) -> Any:
        return self._book.evaluate_cell(*address)

    def numbers(self) -> dict[tuple[str, str], Any]:
        return {
            (number_id, part): self.value(place)
            for number_id, places in self._reading.numbers.items()
            for part, place in places.items()
        }


@pytest.fixture
def engine(book: Reading, tmp_path: Path) -> Engine:
    return Engine(book, tmp_path)


def differing(
    found: Mapping[tuple[str, str], Any], world: World, but: Collection[str] = ()
) -> list[tuple]:
    """Numbers of the workbook that are not the pipeline's; `but` those that say so."""
    rows = world.rows()
    wrong = []
    for (number_id, part), value in found.items():
        if number_id in but or rows[number_id]["date"] is not None:
            continue
        wanted = rows[number_id][part]
        if wanted is None:
            continue
        infinite = math.isinf(wanted) and value == "∞"
        if not infinite and not math.isclose(value, wanted, rel_tol=CLOSE):
            wrong.append((number_id, part, value, wanted))
    return wrong


def test_every_formula_comes_to_its_cached_value(book: Reading, engine: Engine) -> None:
    for address, formula in book.formula_cells():
        found, cached = engine.value(address), book.value(address)
        if isinstance(cached, float | int):
            assert math.isclose(found, cached, rel_tol=CLOSE), (address, formula)
        else:
            assert found == (cached or ""), (address, formula)


def test_every_number_is_the_pipelines(engine: Engine, world: World) -> None:
    assert differing(engine.numbers(), world) == []


def test_the_price_of_the_headline_moves_everything_as_the_pipeline_would(
    book: Reading, engine: Engine, read: Project, world: World
) -> None:
    price = next(iter(book.yellow))
    engine.enter(price, 3.42)
    dearer = read.with_figure(world.rows()[price], 3.42)
    assert differing(engine.numbers(), dearer, but=book.left_behind) == []
    # 2,935,000 GPU-hours at 3.42 USD
    assert engine.value(book.numbers[WHOLE]["value"]) == pytest.approx(10_037_700)


def test_the_table_of_price_books_then_reads_ten_million(book, engine, world) -> None:
    engine.enter(next(iter(book.yellow)), 3.42)
    table = next(table for table in world.tables if table.name == "price_books")
    (place,) = (
        place
        for cell, place in book.shown(table)
        if cell.number_id == WHOLE and cell.unit == "million USD"
    )
    now = engine.value((title_of(table), place.row, place.column))
    assert as_shown(now, place.number_format) == "10.04"


@pytest.mark.long
def test_yellow_cells_move_everything_as_the_pipeline_would(
    book: Reading, engine: Engine, read: Project, world: World
) -> None:
    rows = world.rows()
    assert len(book.yellow) > 1
    for number_id in list(book.yellow)[::EACH]:
        old = rows[number_id]["value"]
        new = round(old * 0.85, 3)
        engine.enter(number_id, new)
        moved = read.with_figure(rows[number_id], new)
        assert differing(engine.numbers(), moved, but=book.left_behind) == []
        engine.enter(number_id, old)


def test_words_step_back_when_a_cell_is_changed_and_return_with_it(book, engine, world) -> None:
    statuses = [("Cover", 3, 1), ("Assumptions", 3, 1)]
    statuses += [(title_of(table), 3, 1) for table in world.tables]
    statuses += [(name, 3, 1) for name in ("Stages", "Quotes", "Checks")]
    price = next(iter(book.yellow))
    assert {engine.value(place) for place in statuses} == {""}
    engine.enter(price, 2.5)
    assert {engine.value(place) for place in statuses} == {STEPPED_BACK}
    engine.enter(price, 2)
    assert {engine.value(place) for place in statuses} == {""}


def test_while_a_cell_is_changed_every_word_of_a_table_is_grey(book: Reading, world: World) -> None:
    for table in world.tables:
        sheet = book.formulas[title_of(table)]
        grey = {
            place
            for area in sheet.conditional_formatting
            for rule in area.rules
            if rule.formula == ["changed_cells>0"] and rule.dxf.font.italic
            for found in area.sqref.ranges
            for place in found.cells
        }
        row, first = headings(sheet, table.columns[0].label)[table.columns[0].label]
        words = {(1, 1), (2, 1)}
        words |= {(at, 1) for at in range(row + 1, sheet.max_row + 1) if sheet.cell(at, 1).value}
        for place, column in enumerate(table.columns, start=first):
            if column.is_text:
                words |= {(at, place) for at in range(row + 1, row + 1 + len(table.rows))}
        assert words <= grey


def test_an_emptied_price_leaves_no_number_and_no_zero(book, engine, world) -> None:
    engine.enter(next(iter(book.yellow)), None)
    for table in world.tables:
        for cell, place in book.shown(table):
            if cell.number_id.startswith("v3-r1.total.cost_usd@deepseek-2usd"):
                found = engine.value((title_of(table), place.row, place.column))
                assert found == "[x]", (cell, found)


def test_a_price_of_zero_divides_nothing(book: Reading, engine: Engine, world: World) -> None:
    engine.enter(next(iter(book.yellow)), 0)
    assert engine.value(book.numbers[WHOLE]["value"]) == 0
    table = next(table for table in world.tables if table.name == "training_cost")
    shares = {
        engine.value((title_of(table), place.row, place.column))
        for cell, place in book.shown(table)
        if cell.unit == "%" and cell.value is not None
    }
    assert shares == {"[x]"}


DRAWN = ("uncertainty", "tornado")


def test_only_counts_choices_and_draws_do_not_follow_and_say_so(book, world) -> None:
    rows = world.rows()
    assert book.left_behind
    drawn = {each for each in book.left_behind if rows[each]["table"] in DRAWN}
    assert {rows[each]["column"] for each in drawn} >= {"p05", "at_low", "swing"}
    for number_id in book.left_behind - drawn:
        assert rows[number_id]["selection"] and not rows[number_id]["formula"], number_id
        assert rows[number_id]["unit"] != "USD", number_id


def test_each_part_is_checked(book: Reading) -> None:
    """The comparisons above look at values and at bounds."""
    parts = {part for places in book.numbers.values() for part in places}
    assert parts == set(PARTS)
