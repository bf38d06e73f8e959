"""Data files as text, each row with its line; what is no such file is refused."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from traincost.declarations import DATA_FILES
from traincost.errors import UserError
from traincost.ingest import ingested, read_csv_text

HEADER = ("id", "gpu", "note")


def read(text: str | bytes) -> pl.DataFrame:
    data = text.encode() if isinstance(text, str) else text
    return read_csv_text(data, "data/x.csv", HEADER)


def refusal(text: str | bytes) -> str:
    with pytest.raises(UserError) as refused:
        read(text)
    return str(refused.value)


def test_rows_come_as_they_stand_with_file_and_line() -> None:
    frame = read("id,gpu,note\na, H100 ,\nb,NA,007\n")
    assert frame.rows() == [
        ("data/x.csv", 2, "a", " H100 ", ""),
        ("data/x.csv", 3, "b", "NA", "007"),
    ]
    assert set(frame.schema.values()) == {pl.String, pl.Int64}


LINES = ["id,gpu,note", 'a,"H100', 'SXM",x', "", "b,H800,", "", "", 'c,"A', '",x', ""]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_across_quoted_line_ends_and_blank_lines(end: str) -> None:
    frame = read(end.join(LINES))
    assert frame["line"].to_list() == [2, 5, 8]
    assert frame["gpu"].to_list() == [f"H100{end}SXM", "H800", f"A{end}"]
    said = refusal(end.join([*LINES, "d"]))
    assert said.endswith("\n  data/x.csv, line 11: found 1 cell; a row must have 3")


def test_columns_may_stand_in_any_order() -> None:
    assert read("note,id,gpu\nx,a,H100\n").rows() == [("data/x.csv", 2, "a", "H100", "x")]


def test_a_byte_order_mark_is_no_part_of_the_header() -> None:
    assert read(b"\xef\xbb\xbfid,gpu,note\na,b,c\n")["id"].to_list() == ["a"]


UNREADABLE = [
    ("", "data/x.csv: is empty; a header and at least one row must be there"),
    (b"\xef\xbb\xbf", "data/x.csv: is empty; a header and at least one row must be there"),
    ("id,gpu,note\n", "data/x.csv: has a header and no rows; at least one row must be there"),
    ("id,gpu,note\n\n\n", "data/x.csv: has a header and no rows; at least one row must be there"),
    ("id,gpu,note\na,b,c\n".encode("utf-16"), "data/x.csv: is UTF-16; save it as UTF-8"),
    (
        "id,gpu,note\na,b,c\n".encode("utf-16-be"),
        "data/x.csv: is UTF-16; save it as UTF-8",
    ),
    (
        "id,gpu,note\na,b,caf\u00e9\n".encode("latin-1"),
        "data/x.csv, line 2: byte 0xe9 is not UTF-8; save the file as UTF-8",
    ),
    (
        b"id,gpu,note\na,b,c\nd,\0,f\n",
        "data/x.csv, line 3: holds a NUL byte; it must be a text file",
    ),
    ('id,gpu,note\na,"b"x,c\n', "data/x.csv, line 2: not readable as CSV: ',' expected after '\"'"),
    (
        'id,gpu,note\na,"b,c\n\n',
        "data/x.csv, line 2: a cell that starts in quotation marks here does not end;"
        " close the quotation",
    ),
]


@pytest.mark.parametrize(("data", "sentence"), UNREADABLE)
def test_what_is_no_csv_of_utf8_text_is_refused(data: str | bytes, sentence: str) -> None:
    assert refusal(data) == sentence


def test_a_cell_of_a_megabyte_is_refused_by_its_line() -> None:
    said = refusal(f"id,gpu,note\na,b,c\nd,{'x' * 10**6},f\n")
    assert said.startswith("data/x.csv, line 3: not readable as CSV: field larger than")


HEADERS = [
    ("id,gpu", ["column 'note' is missing"]),
    (
        "id,gpu,notes",
        ["column 'notes' is not known; did you mean 'note'?", "column 'note' is missing"],
    ),
    ("id,gpu,note,gpu", ["column 'gpu' stands 2 times"]),
    ("id,gpu,note,", ["column without a name is not known"]),
    ("id,\u0261pu,note", ["column '\u0261pu' (with LATIN SMALL LETTER SCRIPT G) is not known"]),
    ("id;gpu;note", ["cells are not separated by commas; save it as CSV with commas"]),
    (
        "id, gpu,note",
        ["column ' gpu' is not known; did you mean 'gpu'?", "column 'gpu' is missing"],
    ),
    ("ID,GPU,NOTE", ["column 'ID' is not known; did you mean 'id'?"]),
    ("a,H100,", ["column 'a' is not known", "column 'H100' is not known"]),
]


@pytest.mark.parametrize(("header", "problems"), HEADERS)
def test_a_wrong_header_names_every_problem_and_the_right_one(header: str, problems: list) -> None:
    said = refusal(f"{header}\n{',' * header.count(',')}\n")
    assert said.startswith("data/x.csv, line 1: the header is wrong:\n")
    assert said.endswith("\n  it must be: id,gpu,note")
    for problem in problems:
        assert f"\n  {problem}" in said


def test_rows_of_another_length_come_all_at_once() -> None:
    said = refusal("id,gpu,note\na,b\nc,d,e\nf\ng,h,i,j\n   \n")
    assert said.splitlines() == [
        "4 bad cells in 1 file; nothing was built from them:",
        "  data/x.csv, line 2: found 2 cells; a row must have 3",
        "  data/x.csv, line 4: found 1 cell; a row must have 3",
        "  data/x.csv, line 5: found 4 cells; a row must have 3",
        "  data/x.csv, line 6: found 1 cell; a row must have 3",
    ]


cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)


@given(st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=6))
def test_any_text_comes_back_as_it_was_and_on_its_line(rows: list[list[str]]) -> None:
    written, line, lines = ["id,gpu,note"], 2, []
    for row in rows:
        text = ",".join('"' + cell.replace('"', '""') + '"' for cell in row)
        written.append(text)
        lines.append(line)
        line += 1 + text.replace("\r\n", "\n").replace("\r", "\n").count("\n")
    frame = read("\n".join(written) + "\n")
    assert frame.select(HEADER).rows() == [tuple(row) for row in rows]
    assert frame["line"].to_list() == lines


def test_the_ingested_form_of_a_table_is_its_header_as_text() -> None:
    table = ingested(DATA_FILES["quotes"])
    names = [column.name for column in table.physical()]
    added = ["book_id", "file", "line", "format", "normalization_note"]
    assert names == [*added, *DATA_FILES["quotes"].raw_header()]
    assert table.key == ("book_id", "file", "line", "quote_id")
    assert ingested(DATA_FILES["stages"]).key == ("file", "line")
    assert table["usd_per_gpu_hour"].kind == "text"
