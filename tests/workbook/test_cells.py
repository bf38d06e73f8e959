"""What stands in the cells, before anything is recomputed."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import Path

import polars as pl
import pytest

from traincost import display
from traincost.lineage import closure
from workbook.in_memory import World
from workbook.reading import PARTS, Reading, as_shown, headings, title_of

FUNCTIONS = {"IF", "ISNUMBER", "NA", "IFERROR", "SUM", "MIN", "MAX", "POWER", "LN", "AND"}
EXACT = 1e-14
YELLOW = "FFFFF2A8"


def test_the_build_writes_what_the_package_gives(book: Reading, world: World) -> None:
    assert book.data == world.workbook()


def test_there_is_a_sheet_for_every_table_and_every_layer_to_audit(book, world) -> None:
    tables = [title_of(table) for table in world.tables]
    assert book.values.sheetnames == [
        *("Cover", "Assumptions"),
        *tables,
        *("Stages", "Quotes", "Purchase quotes", "Checks", "Sources", "Numbers"),
    ]


def test_every_cell_of_a_table_shows_its_string(book: Reading, world: World) -> None:
    """The cached value under the number format, or the words themselves."""
    seen = 0
    for table in world.tables:
        for cell, place in book.shown(table):
            if isinstance(place.value, float | int):
                assert as_shown(place.value, place.number_format) == cell.display, place
                seen += 1
            else:
                assert (place.value or "") == cell.display, place
    assert seen > 100


def test_every_number_of_a_table_is_live(book: Reading, world: World) -> None:
    for table in world.tables:
        sheet = book.formulas[title_of(table)]
        words = {column.label for column in table.columns if column.is_text}
        row, _ = headings(sheet, table.columns[0].label)[table.columns[0].label]
        for cell, place in book.shown(table):
            is_words = sheet.cell(row, place.column).value in words
            if cell.number_id and cell.value is not None and cell.display != "∞" and not is_words:
                formula = sheet[place.coordinate].value
                assert str(formula).startswith("=IF(ISNUMBER("), (place, formula)


def test_titles_subtitles_and_notes_are_there_word_for_word(book, world) -> None:
    for table in world.tables:
        texts = [row[0] for row in book.values[title_of(table)].iter_rows(values_only=True)]
        assert texts[:2] == [table.title, table.subtitle]
        assert tuple(texts[-len(table.notes) :]) == table.notes


def test_numbers_hold_all_that_is_shown_and_what_it_was_made_of(book, built: Path) -> None:
    numbers = pl.read_parquet(built / "results/audit/numbers.parquet")
    cells = pl.read_parquet(built / "results/tables/cells.parquet")
    wanted = closure(numbers, cells["number_id"].drop_nulls().unique().to_list())
    assert wanted <= set(book.numbers)


def test_every_number_has_the_value_and_bounds_of_the_audit(book, built: Path) -> None:
    numbers = pl.read_parquet(built / "results/audit/numbers.parquet")
    rows = {row["number_id"]: row for row in numbers.iter_rows(named=True)}
    for number_id, places in book.numbers.items():
        for part in PARTS:
            found, wanted = book.value(places[part]), rows[number_id][part]
            if part == "value" and wanted is None:
                assert found.date() == rows[number_id]["date"]
            elif wanted == float("inf"):
                assert found == "∞"
            else:
                assert found == (wanted if wanted is None else pytest.approx(wanted, rel=EXACT))


def test_every_formula_of_the_pipeline_is_a_live_formula(book, world) -> None:
    """Also of a bound, unless it is infinite, or that of a figure without its qualifier."""
    rows, formulas = world.rows(), book.formulas["Numbers"]
    live = 0
    for number_id, places in book.numbers.items():
        row = rows[number_id]
        for part in PARTS:
            is_bare = row["column"] == "bare" and part != "value"
            is_there = row[part] is not None and row[part] != float("inf")
            if row["formula"] and is_there and not is_bare:
                _, line, column = places[part]
                assert formulas.cell(line, column).data_type == "f", (number_id, part)
                live += 1
    assert live > 500


def test_names_are_valid_unlike_each_other_and_lead_to_their_number(book) -> None:
    names = {name: item.attr_text for name, item in book.formulas.defined_names.items()}
    assert len({name.lower() for name in names}) == len(names)
    for name in names:
        assert re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]{0,254}", name), name
        assert not re.fullmatch(r"[A-Za-z]{1,3}\d+|[RrCc]\d*([RrCc]\d*)?", name), name
    ids = {
        f"Numbers!${'ABCD'[place[2] - 1]}${place[1]}": (number_id, part)
        for number_id, places in book.numbers.items()
        for part, place in places.items()
    }
    for name, target in names.items():
        if name != "changed_cells":
            number_id, part = ids[target]
            stem = re.sub("[^a-z0-9]", "_", number_id.lower())
            assert re.sub("_+", "_", name.lower()).endswith(
                re.sub("_+", "_", stem + ("" if part == "value" else f"_{part}"))
            )
    assert names["v3_r1_total_cost_usd__deepseek_2usd"].startswith("Numbers!$B$")


def test_formulas_use_few_functions_and_fit_a_cell(book: Reading) -> None:
    count = 0
    for address, formula in book.formula_cells():
        count += 1
        assert len(formula) < 8192, address
        without_text = re.sub(r'"[^"]*"', "", formula)
        assert set(re.findall(r"([A-Z]+)\(", without_text)) <= FUNCTIONS, address
    assert count > 1000


def test_yellow_are_prices_and_assumptions_alone_the_headlines_price_first(book, world) -> None:
    rows = world.rows()
    first = next(iter(book.yellow))
    assert rows[first]["book_id"] == world.config["baseline"]
    assert book.value(book.yellow[first]["value"]) == 2
    for number_id in book.yellow:
        row = rows[number_id]
        assert row["kind"] == "assumed" or row["unit"].startswith("USD"), number_id
        assert not row["input_ids"]


def test_no_other_cell_is_yellow(book: Reading) -> None:
    """But the example in the legend."""
    yellow = [
        (sheet.title, cell.row, cell.column)
        for sheet in book.formulas
        for row in sheet.iter_rows()
        for cell in row
        if cell.fill.fgColor.rgb == YELLOW and cell.value is not None
    ]
    declared = {place for places in book.yellow.values() for place in places.values()}
    assert {place for place in yellow if place[0] != "Cover"} == declared
    assert len([place for place in yellow if place[0] == "Cover"]) == 1


def test_a_yellow_cell_takes_what_the_data_file_would_take(book: Reading) -> None:
    sheet = book.formulas["Assumptions"]
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    _, row, column = next(iter(book.yellow.values()))["value"]
    cell = sheet.cell(row, column)
    rule = rules[cell.coordinate]
    address = re.sub(r"([A-Z]+)(\d+)", r"$\1$\2", cell.coordinate)
    assert rule.formula1 == f"AND(ISNUMBER({address}),{address}>=0.6,{address}<=15)"
    assert rule.error == "A number is needed, at least 0.6, at most 15 (USD/GPU-h)."


def test_the_cover_says_what_how_and_whose(book: Reading, world: World) -> None:
    words = " ".join(
        str(cell)
        for row in book.values["Cover"].iter_rows(values_only=True)
        for cell in row
        if cell
    )
    for phrase in ("How to audit a number", "What may be changed", "MIT licence", "CC BY 4.0"):
        assert phrase in words
    for table in world.tables:
        assert table.title in words
    for digest in world.files.values():
        assert digest in words


def test_a_missing_value_is_its_symbol_and_never_zero(book: Reading, world: World) -> None:
    missing = [
        place.value
        for table in world.tables
        for cell, place in book.shown(table)
        if cell.display == display.MISSING
    ]
    assert missing and set(missing) == {display.MISSING}


def test_nothing_leads_out_of_the_file(book: Reading) -> None:
    with zipfile.ZipFile(BytesIO(book.data)) as archive:
        names = archive.namelist()
        relations = b"".join(archive.read(name) for name in names if name.endswith(".rels"))
        everything = b"".join(archive.read(name) for name in names)
    assert not [name for name in names if "externalLink" in name or "vba" in name.lower()]
    assert b'TargetMode="External"' not in relations
    assert b"<ddeLink" not in everything and b"<oleObject" not in everything


def test_the_file_knows_no_clock_and_no_host(book: Reading, world: World) -> None:
    with zipfile.ZipFile(BytesIO(book.data)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = archive.read("docProps/core.xml").decode()
    assert re.findall(r"\d{4}-\d\d-\d\dT", core) == [f"{world.config['as_of']}T"] * 2
