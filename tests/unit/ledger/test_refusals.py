"""What is refused: the first cells with their lines, a count of the rest, all put aside."""

from __future__ import annotations

from pathlib import Path

import pytest

from traincost.errors import UserError
from unit.ledger.ledgers import JOB, QUOTE, Ledger, at, csv_of


def message(folder: Path, jobs: list, quotes: list) -> str:
    with pytest.raises(UserError) as error:
        Ledger(folder, csv_of(jobs), csv_of(quotes))
    return str(error.value)


def test_all_mistakes_of_a_file_are_listed_at_once(tmp_path: Path) -> None:
    jobs = [
        JOB,
        JOB | {"gpu_count": "1.5", "start_time": "soon"},
        JOB | {"job_id": "", "end_time": "2023-12-31"},
    ]
    said = message(tmp_path, jobs, [QUOTE])
    assert "4 bad cells in 1 file; nothing was built from them:" in said
    assert "jobs.csv, line 3, column gpu_count: found '1.5'; must be a whole number" in said
    assert "jobs.csv, line 3, column start_time: found 'soon'; must be a whole second" in said
    assert "jobs.csv, line 4, column job_id: must not be empty" in said
    assert "line 4, column end_time: found '2023-12-31'; must not be before start_time" in said
    assert "all of them stand in rejects.parquet" in said


def test_the_files_own_name_of_a_column_is_used(tmp_path: Path) -> None:
    quote = {"price" if name == "usd_per_gpu_hour" else name: QUOTE[name] for name in QUOTE}
    assert "line 2, column price: found 'x'" in message(tmp_path, [JOB], [quote | {"price": "x"}])


def test_many_mistakes_are_counted_and_the_first_shown(tmp_path: Path) -> None:
    quotes = [QUOTE | {"quote_time": at(n), "usd_per_gpu_hour": "x"} for n in range(5_000)]
    said = message(tmp_path, [JOB], quotes)
    assert "5,000 bad cells" in said and "... and 4,960 more" in said
    assert len(said.splitlines()) < 50


def test_every_refused_cell_is_put_aside(tmp_path: Path) -> None:
    aside: list = []

    class Kept(Ledger):
        def __setattr__(self, name: str, value: object) -> None:
            if name == "rejects":
                value = aside
            super().__setattr__(name, value)

    quotes = [QUOTE | {"quote_time": at(n), "usd_per_gpu_hour": "x"} for n in range(100)]
    with pytest.raises(UserError):
        Kept(tmp_path, csv_of([JOB]), csv_of(quotes))
    (frame,) = aside
    assert frame.columns == ["file", "line", "column", "found", "must"]
    assert frame["line"].to_list() == list(range(2, 102))


def test_two_prices_at_one_moment_are_refused_with_both_lines(tmp_path: Path) -> None:
    quotes = [QUOTE, QUOTE | {"quote_time": at(9)}, QUOTE | {"usd_per_gpu_hour": "3"}]
    said = message(tmp_path, [JOB], quotes)
    assert "2 bad cells" in said and "line 2," in said and "line 4," in said
    assert "must be the only price of its GPU, region and commitment at that moment" in said


def test_a_quote_that_repeats_another_exactly_is_accepted(tmp_path: Path) -> None:
    assert Ledger(tmp_path, csv_of([JOB]), csv_of([QUOTE, QUOTE])).by_job()["j1"][0] == 5


def test_rows_of_another_length_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="line 3: found 2 cells; a row must have 5"):
        Ledger(tmp_path, csv_of([JOB]), csv_of([QUOTE]) + "a,b\n")


def test_half_a_row_is_not_priced_before_it_is_refused(tmp_path: Path) -> None:
    """From the year that an unreadable start falls back to it would cost too much to be exact."""
    job = JOB | {"start_time": "soon", "gpu_count": "10000000"}
    quotes = [QUOTE | {"quote_time": "2020-01-01", "usd_per_gpu_hour": "2000"}]
    quotes += [QUOTE | {"usd_per_gpu_hour": "2000"}]
    assert "line 2, column start_time: found 'soon'" in message(tmp_path, [job], quotes)
