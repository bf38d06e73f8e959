"""Whole ledgers against plain Python."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from traincost.compiled import FEW_ROWS
from traincost.errors import UserError
from traincost.ledger import batches as reader
from traincost.ledger.jobs import GAP, NO_SERIES, TOO_EARLY
from traincost.ledger.totals import coverage, total
from unit.ledger.ledgers import JOB, QUOTE, Ledger, at, csv_of, naive

HOUR = 3_600
words = {
    "gpu": st.sampled_from(["A100", "H100"]),
    "region": st.sampled_from(["", "eu"]),
    "commitment": st.sampled_from(["spot", "1-year"]),
}
moments = st.integers(0, 60 * 24 * HOUR)
quotes_drawn = st.lists(
    st.fixed_dictionaries(
        words
        | {
            "quote_time": moments.map(at),
            "usd_per_gpu_hour": st.decimals("0", "12", places=6).map(str),
        }
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda row: (*(row[name] for name in words), row["quote_time"]),
)


@st.composite
def jobs_drawn(draw: st.DrawFn) -> list[dict[str, str]]:
    rows = []
    for number in range(draw(st.integers(1, 8))):
        start = draw(moments)
        length = draw(st.integers(0, 20 * 24 * HOUR))
        key = {name: draw(word) for name, word in words.items()}
        count = str(draw(st.integers(1, 4096)))
        times = {"start_time": at(start), "end_time": at(start + length)}
        rows.append({"job_id": f"j{number}", **key, "gpu_count": count, **times})
    return rows


@given(jobs_drawn(), quotes_drawn, st.integers(1, 40), st.randoms(use_true_random=False))
def test_every_job_costs_what_plain_python_says(
    tmp_path_factory, jobs, quotes, max_age_days, random
) -> None:
    folder = tmp_path_factory.mktemp("ledger")
    shuffled = random.sample(jobs, len(jobs))
    ledger = Ledger(
        folder,
        csv_of(shuffled),
        csv_of(random.sample(quotes, len(quotes))),
        max_age_days=max_age_days,
        names=["gpu"],
    )
    found = ledger.by_job()
    for job in jobs:
        cost, missed = naive(job, quotes, max_age_days)
        usd, unpriced_s, because = found[job["job_id"]]
        assert unpriced_s == missed
        assert (usd is None) == (because is not None) == (missed > 0)
        if not missed:
            assert usd == pytest.approx(float(cost), rel=1e-15, abs=0)
    exact = sum(
        cost for cost, missed in (naive(j, quotes, max_age_days) for j in jobs) if not missed
    )
    whole = total([ledger.sums.table()], ["gpu"], []).row(0, named=True)
    assert whole["priced_cost_usd"] == float(exact)


def test_thousands_of_jobs_cost_what_a_range_join_of_all_quotes_says(tmp_path: Path) -> None:
    """Many rows, so that loops are compiled; quotes by the second, in no order."""
    chance = np.random.default_rng(7)
    rows, span = FEW_ROWS + 5_000, 30 * 24 * HOUR
    begin = pl.lit(datetime(2024, 1, 1))

    def drawn(**more: object) -> pl.DataFrame:
        gpus = pl.Series("gpu", chance.integers(0, 100, rows)).cast(pl.String)
        return pl.DataFrame({"gpu": gpus, **more}).with_columns(
            region=pl.lit("eu"), commitment=pl.lit("spot")
        )

    seconds = chance.permutation(span)[:rows]
    prices = chance.integers(1, 10_000_000, rows) / 1e6
    quotes = drawn(second=seconds, usd_per_gpu_hour=prices).with_columns(
        quote_time=begin + pl.duration(seconds="second")
    )
    starts, lengths = chance.integers(0, span, rows), chance.integers(0, 2 * 24 * HOUR, rows)
    jobs = drawn(start=starts, end=starts + lengths, gpu_count=chance.integers(1, 64, rows))
    jobs = jobs.with_row_index("job_id").with_columns(
        start_time=begin + pl.duration(seconds="start"), end_time=begin + pl.duration(seconds="end")
    )
    held = quotes.sort("gpu", "second").with_columns(
        until=pl.col("second").shift(-1).over("gpu").fill_null(10 * span)
    )
    parts = (
        jobs.lazy()
        .join(held.lazy().select("gpu", "second", "until", "usd_per_gpu_hour"), on="gpu")
        .filter(pl.col("second") < pl.col("end"), pl.col("until") > pl.col("start"))
        .with_columns(
            hours=(pl.min_horizontal("until", "end") - pl.max_horizontal("second", "start")) / HOUR
        )
    )
    naive_costs = parts.group_by("job_id").agg(
        naive=(pl.col("hours") * pl.col("usd_per_gpu_hour") * pl.col("gpu_count")).sum()
    )
    ledger = Ledger(tmp_path, jobs.drop("start", "end"), quotes.drop("second"))
    both = ledger.costs.join(naive_costs.collect(), on="job_id", how="left", validate="1:1")
    known = both.filter(pl.col("cost_usd").is_not_null(), pl.col("cost_usd") > 0)
    assert len(known) > 0.9 * rows
    apart = known.select((pl.col("naive") / pl.col("cost_usd") - 1).abs().max()).item()
    assert apart < 1e-9
    missing = both.filter(pl.col("cost_usd").is_null())
    assert set(missing["unpriced_because"]) == {TOO_EARLY}


def test_small_batches_blocks_and_threads_change_nothing(tmp_path, monkeypatch) -> None:
    jobs = csv_of(
        JOB | {"job_id": f"j{n}", "start_time": at(n * 7), "end_time": at(n * 977)}
        for n in range(300)
    )
    quotes = csv_of(
        QUOTE | {"quote_time": at(n * 500), "usd_per_gpu_hour": f"{n}.000001"} for n in range(400)
    )
    straight = Ledger(tmp_path / "a", jobs, quotes).costs.sort("job_id")
    monkeypatch.setattr(reader, "BLOCK_BYTES", 300)
    pieces = Ledger(tmp_path / "b", jobs, quotes).costs.sort("job_id")
    assert pieces.equals(straight)


def test_parquet_of_any_types_gives_what_csv_gives(tmp_path: Path) -> None:
    text = Ledger(tmp_path / "csv", csv_of([JOB]), csv_of([QUOTE])).costs
    jobs = pl.DataFrame([JOB]).with_columns(
        pl.col("gpu_count").cast(pl.UInt8),
        pl.col("gpu").cast(pl.Categorical),
        pl.col("region").cast(pl.Enum(["eu"])),
        pl.col("start_time").str.to_datetime(time_unit="ns").dt.replace_time_zone("UTC"),
        pl.col("end_time").str.to_datetime(time_unit="ms"),
    )
    quotes = pl.DataFrame([QUOTE]).with_columns(
        pl.col("quote_time").str.to_date(), pl.col("usd_per_gpu_hour").cast(pl.Decimal(12, 6))
    )
    typed = Ledger(tmp_path / "parquet", jobs, quotes).costs
    assert typed["cost_usd"].to_list() == text["cost_usd"].to_list() == [5.0]


def test_columns_that_are_not_needed_stay_with_the_job(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path, csv_of([JOB | {"team": "nlp", "note": ""}]), csv_of([QUOTE]))
    assert ledger.costs.select("team", "note").rows() == [("nlp", "")]


def test_other_names_for_columns_are_understood(tmp_path: Path) -> None:
    names = {"job_id": "job", "gpu_count": "count", "start_time": "start", "end_time": "end"}
    job = {names.get(name, name): value for name, value in JOB.items()}
    assert Ledger(tmp_path, csv_of([job]), csv_of([QUOTE])).by_job()["j1"][0] == 5


def test_why_a_job_has_no_price_is_told(tmp_path: Path) -> None:
    jobs = [
        JOB,
        JOB | {"job_id": "other", "gpu": "H200"},
        JOB | {"job_id": "early", "start_time": "2023-12-31T23:59:59"},
        JOB | {"job_id": "late", "end_time": "2024-01-31T00:00:01"},
    ]
    ledger = Ledger(tmp_path, csv_of(jobs), csv_of([QUOTE]), max_age_days=30, names=["gpu"])
    found = ledger.by_job()
    assert found == {
        "j1": (5.0, 0, None),
        "other": (None, HOUR, NO_SERIES),
        "early": (None, 1, TOO_EARLY),
        "late": (None, 1, GAP),
    }
    parts = [ledger.sums.table()]
    assert coverage(parts)["jobs"].to_list() == [1, 1, 1, 1]
    assert total(parts, ["gpu"], ["gpu"]).select(
        "gpu", "jobs", "priced_jobs", "cost_usd"
    ).rows() == [
        ("H100", 3, 1, None),
        ("H200", 1, 0, None),
    ]


def test_a_ledger_with_jobs_without_a_price_is_refused_if_so_asked(tmp_path: Path) -> None:
    jobs = [JOB, JOB | {"job_id": "other", "gpu": "H200"}]
    with pytest.raises(UserError) as error:
        Ledger(tmp_path, csv_of(jobs), csv_of([QUOTE]), unpriced="refuse")
    assert f"jobs.csv, line 3: found job other, {NO_SERIES}; must have a price" in str(error.value)


def test_a_job_of_no_length_costs_nothing(tmp_path: Path) -> None:
    job = JOB | {"end_time": JOB["start_time"]}
    assert Ledger(tmp_path, csv_of([job]), csv_of([QUOTE])).by_job()["j1"] == (0.0, 0, None)


def test_a_cost_too_large_to_be_exact_is_refused(tmp_path: Path) -> None:
    job = JOB | {"gpu_count": "10000000", "end_time": "2024-06-01T00:00:00"}
    quote = QUOTE | {"usd_per_gpu_hour": "2000"}
    with pytest.raises(UserError, match="job j1; must cost at most 2,562,047,483 dollars"):
        Ledger(tmp_path, csv_of([job]), csv_of([quote]))


def test_months_are_those_of_the_start_unless_the_ledger_has_its_own(tmp_path: Path) -> None:
    job = JOB | {"start_time": "2024-01-31T23:59:59", "end_time": "2024-02-10T00:00:00"}
    ledger = Ledger(tmp_path, csv_of([job]), csv_of([QUOTE]), names=["month"])
    assert ledger.sums.table()["_0"].to_list() == ["2024-01"]
    own = Ledger(tmp_path, csv_of([job | {"month": "fiscal 7"}]), csv_of([QUOTE]), names=["month"])
    assert own.sums.table()["_0"].to_list() == ["fiscal 7"]


def test_a_total_by_a_column_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no column teem; did you mean 'team'"):
        Ledger(tmp_path, csv_of([JOB | {"team": "a"}]), csv_of([QUOTE]), names=["teem"])


def test_a_training_stage_is_a_row_of_a_ledger(tmp_path: Path) -> None:
    """R1's and V3's stages under dated quotes: as a ledger and as the pipeline prices them."""
    from unit import world

    stages = world.price(world.validate())["stages"].filter(
        (pl.col("book_id") == "h800-quotes") & pl.col("cost_usd").is_not_null()
    )
    assert len(stages) > 3
    quotes = world.validate()["quotes"].filter(pl.col("book_id") == "h800-quotes")
    jobs = stages.select(
        job_id="stage_id",
        gpu="quote_gpu",
        gpu_count=pl.lit(1),
        region=pl.lit(""),
        commitment=pl.lit("on-demand"),
        start_time="window_start",
        end_time="window_end",
    )
    prices = quotes.select(
        "gpu", pl.lit("").alias("region"), "commitment", "quote_date", "usd_per_gpu_hour"
    )
    found = Ledger(tmp_path, jobs, prices).costs.sort("job_id")
    hours = (found["end_time"] - found["start_time"]).dt.total_seconds() / HOUR
    means = found["cost_usd"] / hours
    expected = stages.sort("stage_id")["usd_per_gpu_hour"]
    assert means.to_list() == pytest.approx(expected.to_list(), rel=1e-15)


def test_the_order_of_rows_in_a_batch_is_by_gpu_and_start(tmp_path: Path) -> None:
    jobs = [
        JOB | {"job_id": f"j{n}", "gpu": "BA"[n % 2], "start_time": f"2024-01-01T00:0{9 - n}:00"}
        for n in range(4)
    ]
    costs = Ledger(tmp_path, csv_of(jobs), csv_of([QUOTE])).costs
    keys = costs.select("gpu", pl.col("start_time").cast(pl.String).str.to_datetime()).rows()
    assert [gpu for gpu, _ in keys] == ["B", "B", "A", "A"]
    assert all(isinstance(start, datetime) for _, start in keys)
    assert keys[0][1] < keys[1][1] and keys[2][1] < keys[3][1]
