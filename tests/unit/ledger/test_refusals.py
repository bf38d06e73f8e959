"""What is refused: the first cells with their lines, a count of the rest, all put aside."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from traincost.errors import UserError
from traincost.ledger.batches import Batch, File, batches
from traincost.ledger.inputs import USAGE
from traincost.ledger.same_columns import same_columns
from traincost.ledger.writing import MEANINGS
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


def refused(folder: Path, jobs: str | pl.DataFrame, quotes: str | pl.DataFrame = "") -> str:
    with pytest.raises(UserError) as error:
        Ledger(folder, jobs, csv_of([QUOTE]) if isinstance(quotes, str) and not quotes else quotes)
    return str(error.value)


@pytest.mark.parametrize("cell", ['"H"100', '""b', '"H100" '])
def test_text_behind_a_closing_mark_is_refused_whatever_stands_elsewhere(tmp_path, cell) -> None:
    """As the strict reader does; the quick one would cut it."""
    said = refused(tmp_path, csv_of([JOB | {"gpu": cell}]))
    assert "jobs.csv, line 2: not readable as CSV" in said


def test_a_mark_amid_text_is_text(tmp_path: Path) -> None:
    rows = [JOB | {"note": '5" disk'}, JOB | {"job_id": "j2", "note": '"a\nb"'}]
    costs = Ledger(tmp_path, csv_of(rows), csv_of([QUOTE])).costs
    assert costs.sort("job_id")["note"].cast(pl.String).to_list() == ['5" disk', "a\nb"]


def test_decimals_that_would_lose_digits_are_refused(tmp_path: Path) -> None:
    jobs = pl.DataFrame([JOB]).with_columns(gpu_count=pl.lit("2.50").cast(pl.Decimal(10, 2)))
    assert "found '2.50'; must be a whole number of GPUs" in refused(tmp_path / "a", jobs)
    price = pl.lit("3.42000000000000000001").cast(pl.Decimal(38, 20))
    quotes = pl.DataFrame([QUOTE]).with_columns(usd_per_gpu_hour=price)
    assert "at most six decimals" in refused(tmp_path / "b", csv_of([JOB]), quotes)


def test_what_is_no_text_or_number_is_refused_by_its_type(tmp_path: Path) -> None:
    jobs = pl.DataFrame([JOB]).with_columns(gpu_count=pl.concat_list(pl.lit(2)))
    assert "jobs.parquet, column gpu_count: holds large_list" in refused(tmp_path, jobs)


def test_all_jobs_together_must_be_exact_too(tmp_path: Path) -> None:
    """Each costs 2.5 billion dollars, and the sum leaves 64 bits."""
    job = JOB | {"gpu_count": "10000000", "end_time": "2024-06-01T00:00:00"}
    rows = [job | {"job_id": f"j{number}"} for number in range(4_000)]
    said = refused(tmp_path, csv_of(rows), csv_of([QUOTE | {"usd_per_gpu_hour": "0.07"}]))
    assert "the jobs together come to more than 9,223,3" in said


def batches_of(folder: Path, *frames: pl.DataFrame) -> list[Batch]:
    files = []
    for number, frame in enumerate(frames):
        place = folder / f"{number}.parquet"
        frame.write_parquet(place)
        files.append(File(place.name, str(place)))
    return list(same_columns(batches(files, USAGE, True), MEANINGS))


def test_files_of_other_types_or_columns_are_refused_by_name(tmp_path: Path) -> None:
    first = pl.DataFrame([JOB]).with_columns(pl.lit(None).alias("team"))
    other = first.with_columns(start_time=pl.lit("2024-01-02").str.to_date())
    with pytest.raises(UserError, match=r"1\.parquet, column start_time: holds Date, but String"):
        batches_of(tmp_path, first, other)
    with pytest.raises(UserError, match=r"1\.parquet: all files .* not all have team"):
        batches_of(tmp_path, first, first.drop("team"))
    with pytest.raises(UserError, match="column 'cost_usd' is one that the priced ledger adds"):
        batches_of(tmp_path, first.with_columns(cost_usd=1.0))
    # a column of nothing is one of text, and any order of columns will do
    turned = first.with_columns(team=pl.lit("a")).select(reversed(first.columns))
    found = batches_of(tmp_path, first, turned)
    assert [batch.frame["team"].to_list() for batch in found] == [[None], ["a"]]
    assert found[1].frame.columns == found[0].frame.columns


def test_columns_of_file_and_line_are_a_users_own(tmp_path: Path) -> None:
    jobs = pl.DataFrame([JOB]).with_columns(_file=pl.lit("a"), _line=9)
    costs = Ledger(tmp_path, jobs, csv_of([QUOTE])).costs
    assert costs.select("_file", "_line").cast(pl.String).row(0) == ("a", "9")
