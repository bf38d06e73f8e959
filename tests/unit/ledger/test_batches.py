"""Rows of CSV and Parquet files, against the csv module."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from traincost.errors import UserError
from traincost.ledger import batches as reader
from traincost.ledger.batches import File, batches
from traincost.ledger.inputs import Input

WANTED = (Input("gpu", ""), Input("region", ""), Input("commitment", ""))
cells = st.text(st.sampled_from('ab ,"\né'), max_size=4)
rows_drawn = st.lists(st.tuples(cells, cells, cells), max_size=12)


def read(folder: Path, text: str | bytes) -> list[reader.Batch]:
    file = folder / "f.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(batches([File("f.csv", str(file))], WANTED, True))


def rows_of(found: list[reader.Batch]) -> list[tuple]:
    return [row for batch in found for row in batch.frame.cast(pl.String).rows()]


@given(rows_drawn, st.integers(1, 40), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_any_csv_is_read_as_the_csv_module_reads_it(
    tmp_path_factory, rows, block, end, quote_all
) -> None:
    folder, buffer = tmp_path_factory.mktemp("csv"), io.StringIO()
    quoting = csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
    writer = csv.writer(buffer, lineterminator=end, quoting=quoting)
    writer.writerows([("gpu", "region", "commitment"), *rows])
    numbered = csv.reader(io.StringIO(buffer.getvalue(), newline=""))
    starts, before = [], 0
    for _ in numbered:
        starts.append(before + 1)
        before = numbered.line_num
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader, "BLOCK_BYTES", block)
        found = read(folder, buffer.getvalue())
    assert rows_of(found) == [tuple(row) for row in rows]
    assert [int(line) for batch in found for line in batch.lines] == starts[1:]


def test_comments_above_the_header_count_as_lines(tmp_path: Path) -> None:
    found = read(tmp_path, "# ours\n\ngpu,region,commitment\na,b,c\nd,e\n")
    assert rows_of(found) == [("a", "b", "c")]
    assert [line for batch in found for line in batch.lines] == [4]
    assert [row for batch in found for row in batch.ragged.rows()] == [(5, 2)]


def test_ragged_and_blank_lines_are_told_apart(tmp_path: Path) -> None:
    found = read(tmp_path, "gpu,region,commitment\na,b,c\n\nd,e\nf,g,h,i\nj,k,l")
    assert rows_of(found) == [("a", "b", "c"), ("j", "k", "l")]
    assert [row for batch in found for row in batch.ragged.rows()] == [(4, 2), (5, 4)]
    assert [line for batch in found for line in batch.lines] == [2, 6]


def test_a_byte_order_mark_is_left_out(tmp_path: Path) -> None:
    found = read(tmp_path, b"\xef\xbb\xbfgpu,region,commitment\na,b,c\n")
    assert rows_of(found) == [("a", "b", "c")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"", "is empty"),
        (b"gpu,region\na,b\n", "column 'commitment' is missing"),
        (b"gpu,gpu,region,commitment\n", "column 'gpu' stands 2 times"),
        (b"gpu,region,commitment\na,b,\xff\n", "f.csv, line 2: byte 0xff is not UTF-8"),
        (b'gpu,region,commitment\na,b,c\na,"b,c\n', "f.csv, line 3: not readable as CSV"),
    ],
)
def test_what_is_no_such_file_is_refused_with_its_place(tmp_path, text, message) -> None:
    with pytest.raises(UserError, match=message):
        read(tmp_path, text)


def test_what_is_no_parquet_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "f.parquet").write_bytes(b"PAR1 no")
    with pytest.raises(UserError, match=r"f.parquet cannot be read as Parquet"):
        list(batches([File("f.parquet", str(tmp_path / "f.parquet"))], WANTED, True))


@pytest.mark.parametrize("name", ["f.csv", "f.parquet"])
def test_a_file_without_rows_is_one_empty_batch(tmp_path: Path, name: str) -> None:
    empty = pl.DataFrame(schema={"gpu": pl.String, "region": pl.String, "commitment": pl.String})
    write = empty.write_csv if name.endswith("csv") else empty.write_parquet
    write(tmp_path / name)
    (batch,) = batches([File(name, str(tmp_path / name))], WANTED, True)
    assert batch.frame.shape == (0, 3) and len(batch.lines) == 0


def test_lines_of_a_parquet_file_count_as_if_it_had_a_header(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(reader, "BATCH_ROWS", 2)
    frame = pl.DataFrame({"gpu": list("abcde"), "region": "r", "commitment": "c"})
    frame.write_parquet(tmp_path / "f.parquet")
    found = list(batches([File("f.parquet", str(tmp_path / "f.parquet"))], WANTED, True))
    assert [line for batch in found for line in batch.lines] == [2, 3, 4, 5, 6]
    assert found[-1].share == 1
