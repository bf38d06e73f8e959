"""Text becomes typed, or is refused cell by cell."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from traincost.columns import Column, Table
from traincost.declarations import DATA_FILES, VALIDATED
from traincost.errors import UserError
from traincost.validate import validate_table
from unit.world import book, quotes_csv, standard, text_of, validate

TABLE = Table(
    name="x",
    layer="test",
    meaning="X.",
    grain="One row per x.",
    key=("id",),
    columns=(
        Column("id", "id", pattern=r"^[a-z0-9-]+$"),
        Column("colour", "colour", allowed=("red", "blue"), optional=True),
        Column("day", "day", kind="date", optional=True),
        Column(
            "price",
            "price",
            kind="number",
            unit="USD",
            reading="decimal",
            above=0,
            at_most=25,
            optional=True,
        ),
        Column("gpus", "gpus", kind="number", reading="count", optional=True),
        Column(
            "hours",
            "hours",
            kind="number",
            reading="measured",
            raw="hours_printed",
            raw_step="hours_step",
            optional=True,
        ),
        Column("wall", "wall", kind="number", reading="duration_hours", optional=True),
    ),
)
PLAIN = dict.fromkeys(TABLE.raw_header(), "") | {"id": "a"}


def raw(*rows: dict[str, str]) -> pl.DataFrame:
    """Ingested rows, from line 2 on."""
    full = [
        {"file": "x.csv", "line": line} | PLAIN | {"id": f"r{line}"} | row
        for line, row in enumerate(rows, start=2)
    ]
    return pl.DataFrame(full)


def refused(*rows: dict[str, str]) -> list[str]:
    _, bad = validate_table(raw(*rows), TABLE)
    return [str(cell) for cell in bad]


def test_each_reading_gives_its_type_and_bounds() -> None:
    cells = {
        "id": "a",
        "colour": "red",
        "day": "2024-02-29",
        "price": "3.42",
        "gpus": "64*8",
        "hours_printed": "80",
        "hours_step": "1",
        "wall": "two months",
    }
    typed, bad = validate_table(raw(cells), TABLE)
    assert not bad
    assert typed.schema == pl.Schema({"file": pl.String, "line": pl.Int64} | TABLE.schema())
    row = typed.row(0, named=True)
    assert (row["day"], row["price"]) == (date(2024, 2, 29), 3.42)
    assert (row["gpus"], row["gpus_text"]) == (512, "64*8")
    names = ("hours_low", "hours", "hours_high", "hours_step", "hours_text")
    assert [row[name] for name in names] == [79.5, 80, 80.5, 1, "80"]
    assert (row["wall_low"], row["wall"], row["wall_high"]) == (1095.75, 1461, 1826.25)


def test_an_empty_optional_cell_is_missing_in_all_its_columns() -> None:
    typed, bad = validate_table(raw({}), TABLE)
    assert not bad
    row = typed.drop("file", "line", "id").row(0)
    assert set(row) == {None}


DATE = "must be a date of the calendar, written YYYY-MM-DD"
NUMBER = "must be a plain number such as 3.42: digits, a point, at most six decimals"
BLANKS = "must not begin or end with a space or hold a no-break space"
HIDDEN = "must not hold control or invisible characters"
FIGURE = "must be a printed figure such as 2,664K, 2.79 million or about 5,000"
STEP = "must be a plain number greater than zero, such as 1 or 0.5"

CELLS = [
    ("id", "", "must not be empty"),
    ("id", "Has Space", r"must match ^[a-z0-9-]+$"),
    ("colour", "green", "must be one of: red, blue"),
    ("colour", "Red", "must be one of: red, blue"),
    ("colour", " red", BLANKS),
    ("colour", "red\u00a0", BLANKS),
    ("colour", "re\u200bd", HIDDEN),
    ("colour", "re\x07d", HIDDEN),
    ("colour", "re\nd", HIDDEN),
    ("day", "2024-13-01", DATE),
    ("day", "2023-02-29", DATE),
    ("day", "2024-2-9", DATE),
    ("day", "20240209", DATE),
    ("day", "09.02.2024", DATE),
    ("day", "2024-02-09T00:00", DATE),
    ("price", "1,5", NUMBER),
    ("price", "-1", NUMBER),
    ("price", "$2", NUMBER),
    ("price", "1e1", NUMBER),
    ("price", "nan", NUMBER),
    ("price", "inf", NUMBER),
    ("price", "0.1234567", NUMBER),
    ("price", "\uff15", NUMBER),
    ("price", "0", "must be greater than 0"),
    ("price", "25.01", "must be at most 25 USD"),
    ("gpus", "512.5", "must be a whole number such as 2,048, or a product such as 64*8"),
    ("hours_printed", "many", FIGURE),
    ("hours_printed", "101\u041a", FIGURE),
    ("hours_printed", "0", "must be greater than zero"),
    ("wall", "198", "must be a duration such as 198 hours, 24 days or three weeks"),
]


@pytest.mark.parametrize(("column", "text", "must"), CELLS)
def test_a_bad_cell_is_named_with_what_must_hold(column: str, text: str, must: str) -> None:
    (said,) = refused({}, {column: text})
    assert said.startswith(f"x.csv, line 3, column {column}: ")
    assert said.endswith(must)
    if text and text.isprintable() and text.isascii():
        assert f"found '{text}'; " in said


def test_hidden_and_look_alike_characters_are_made_visible() -> None:
    assert "found 're\\u200bd'" in refused({"colour": "re\u200bd"})[0]
    assert (
        "found '101\u041a' (with CYRILLIC CAPITAL LETTER KA)"
        in refused({"hours_printed": "101\u041a"})[0]
    )


@pytest.mark.parametrize("step", ["x", "0", "-1", "1,000", "1e3", " 1", "\uff11"])
def test_a_bad_step_is_named_by_its_own_column(step: str) -> None:
    (said,) = refused({"hours_printed": "80", "hours_step": step})
    assert said.startswith("x.csv, line 2, column hours_step: found '")
    assert said.endswith(STEP)


def test_a_step_without_its_figure_is_not_lost_in_silence() -> None:
    assert refused({"hours_step": "1"}) == [
        "x.csv, line 2, column hours_step: found '1'; must be empty where hours_printed is"
    ]


def test_all_bad_cells_of_a_table_come_at_once() -> None:
    said = refused({"day": "x", "price": "y"}, {}, {"colour": "green", "gpus": "z"})
    assert [line.split(": ")[0] for line in said] == [
        "x.csv, line 2, column day",
        "x.csv, line 2, column price",
        "x.csv, line 4, column gpus",
        "x.csv, line 4, column colour",
    ]


def test_a_key_that_comes_again_is_refused_with_the_place_of_the_first() -> None:
    assert refused({"id": "a"}, {"id": "b"}, {"id": "a"}, {"id": "a"}) == [
        "x.csv, line 4, column id: found 'a'; must be unique, but also stands in x.csv, line 2",
        "x.csv, line 5, column id: found 'a'; must be unique, but also stands in x.csv, line 2",
    ]


def test_bad_cells_of_all_files_come_in_one_error() -> None:
    files = {
        "stages": text_of("data/stages.csv").replace("2664K", "2664X"),
        "windows": text_of("data/windows.csv").replace("2024-12-26,", "2024-13-26,", 1),
    }
    books = {"mine": book("Mine", quotes_csv({"usd_per_gpu_hour": "two"}))}
    with pytest.raises(UserError) as error:
        validate(files, books)
    lines = str(error.value).splitlines()
    assert lines[0] == "3 bad cells in 3 files; nothing was built from them:"
    assert [line.split(":")[0].strip() for line in lines[1:]] == [
        "data/prices/Mine.csv, line 2, column usd_per_gpu_hour",
        "data/stages.csv, line 2, column gpu_hours_printed",
        "data/windows.csv, line 2, column window_end",
    ]


def test_the_validated_layer_has_every_table_typed_and_sorted_by_key() -> None:
    layers = standard()
    for name, table in VALIDATED.items():
        frame = layers[f"validated.{name}"]
        for column, kind in table.schema().items():
            assert frame.schema[column] == kind, f"{name}.{column}"
        assert frame.equals(frame.sort(table.order or table.key)), name
        assert not frame.select(table.key).is_duplicated().any(), name


def test_every_data_file_is_read_without_losing_a_row() -> None:
    layers = standard()
    for name in DATA_FILES.keys() - {"quotes"}:
        frame = layers[f"validated.{name}"]
        # no cell of the project's own data holds a line end
        assert len(frame) == len(text_of(f"data/{name}.csv").splitlines()) - 1, name
        assert sorted(frame["line"]) == list(range(2, len(frame) + 2))
