"""Rows come out the same however the bytes come in."""

from __future__ import annotations

import csv
import io

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from traincost import csv_rows
from traincost.csv_rows import LINE, open_csv, whole_text
from traincost.errors import UserError

CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
TABLES = st.integers(1, 4).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=1, max_size=8)
)
HEADER = ["a", "b", "c", "d"]


def written(rows: list[list[str]], end: str) -> bytes:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerow(HEADER[: len(rows[0])])
    writer.writerows(rows)
    return buffer.getvalue().encode()


def chunked(data: bytes, size: int) -> list[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


@given(TABLES, st.sampled_from(["\n", "\r\n", "\r"]), st.integers(1, 40))
def test_what_was_written_is_read_whatever_the_chunks(
    rows: list[list[str]], end: str, size: int
) -> None:
    opened = open_csv(chunked(written(rows, end), size), "x.csv")
    assert opened.header == HEADER[: len(rows[0])]
    found = whole_text(opened)
    assert [list(row[1:]) for row in found.frame.rows()] == rows
    assert found.ragged.is_empty()


def test_lines_count_from_the_header_and_over_broken_cells() -> None:
    found = whole_text(open_csv([b'a,b\n1,2\n\n"x\ny",3\r\n4\n5,6\n'], "x.csv"))
    assert found.frame[LINE].to_list() == [2, 4, 7]
    assert found.ragged.rows() == [(6, 1)]


def test_batches_are_of_a_size_and_lose_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_rows, "BATCH_ROWS", 3)
    batches = list(open_csv([b"a\n" + b"".join(b"%d\n" % n for n in range(8))], "x.csv").batches)
    assert [len(batch.frame) for batch in batches] == [3, 3, 2]
    together = pl.concat(batch.frame for batch in batches)
    assert together["a"].to_list() == [str(n) for n in range(8)]
    assert together[LINE].to_list() == list(range(2, 10))


@given(st.binary(max_size=200))
def test_any_bytes_are_rows_or_one_sentence(data: bytes) -> None:
    try:
        opened = open_csv([data], "x.csv")
        if len(set(opened.header)) == len(opened.header):
            whole_text(opened)
    except UserError as error:
        assert str(error).startswith("x.csv")
        assert "\n" not in str(error)


def test_lines_above_the_header_that_begin_with_a_hash_are_comments() -> None:
    data = b'\xef\xbb\xbf# prices of "ours\n#\n\na,b\n#1,2\n3,4\n'
    rows = whole_text(open_csv([data], "x.csv")).frame
    assert rows.to_dicts() == [{LINE: 5, "a": "#1", "b": "2"}, {LINE: 6, "a": "3", "b": "4"}]


def test_a_file_of_comments_alone_is_empty() -> None:
    with pytest.raises(UserError, match=r"x\.csv: is empty"):
        open_csv([b"# nothing\n# here\n"], "x.csv")
