"""Whatever file comes in: one clear refusal, or numbers that a slow reference reproduces."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import polars as pl
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from price_files import files, reference
from price_files.files import EPOCH, LISTED, MACHINE, ON_DEMAND, ONE_YEAR, SKYPILOT, csv_of
from traincost.errors import UserError
from traincost.price import price_stages

# mostly good cells, some bad ones, and prices in every digit
GPUS = st.sampled_from(["H800 SXM 80GB", "H800", "H100-SXM", "H100 SXM 80GB", "A100", "\u041d800"])
DAYS = st.dates(min_value=datetime(2024, 4, 1).date(), max_value=datetime(2025, 2, 28).date())
PRICES = st.decimals("0.6", "6", places=4).map(str)
BAD = st.sampled_from(["-1", "$2", "0", "nan", "99", "2,5", "\uff12"])


def rarely(good: st.SearchStrategy[str], bad: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.integers(0, 40).flatmap(lambda n: bad if n == 0 else good)


def row(dated: bool) -> st.SearchStrategy[dict[str, str]]:
    money = st.one_of(
        rarely(PRICES, BAD).map(lambda p: {"usd_per_gpu_hour": p}),
        PRICES.map(lambda p: {"usd_per_gpu_hour": "", "price_per_gpu_hour": p, "currency": "USD"}),
    )
    cells = st.fixed_dictionaries(
        {
            "gpu": rarely(st.sampled_from(["H800 SXM 80GB", "H100-SXM", "H100 SXM 80GB"]), GPUS),
            "vendor": st.sampled_from(["A", "B", "\u0426", "=C"]),
            "region": st.sampled_from(["", "", "r"]),
            "quote_date": DAYS.map(str) if dated else st.just(""),
            "gpus_in_offer": st.sampled_from(["", "1", "8", "8"]),
        }
    )
    return st.tuples(cells, money).map(lambda both: both[0] | both[1])


TABLES = st.booleans().flatmap(lambda dated: st.lists(row(dated), min_size=1, max_size=12))


def priced(text: str) -> pl.DataFrame:
    tables = files.layer(text)
    layers = {f"validated.{name}": frame for name, frame in tables.items()}
    return price_stages(layers, max_age_days=180)["stages"]


@pytest.mark.long
@settings(max_examples=20, deadline=None)
@given(TABLES, st.booleans(), st.randoms())
def test_own_files_are_refused_or_price_the_runs_as_the_reference_does(
    rows: list[dict[str, str]], is_repeated: bool, random
) -> None:
    rows = [row | {"quote_id": f"q{n}"} for n, row in enumerate(rows)]
    text = files.own(*(rows + rows[:2] * is_repeated))
    try:
        found = priced(text)
    except UserError as error:
        event("refused")
        assert "mine.csv, line " in str(error)
        return
    event("priced")
    quotes = reference.own_quotes(text)
    quoted = {quote.gpu for quote in quotes}
    is_flat = all(quote.day is None for quote in quotes)
    for stage in found.filter(pl.col("gpu").is_in(list(quoted))).rows(named=True):
        if stage["window_start"] is None and not is_flat:
            assert stage["usd_per_gpu_hour"] is None
            continue
        start, end = (
            (stage[edge] or datetime(2024, 1, day)).replace(tzinfo=UTC)
            for edge, day in (("window_start", 1), ("window_end", 2))
        )
        expected = reference.price_of(quotes, stage["gpu"], start, end)
        if expected is None:
            assert stage["usd_per_gpu_hour"] is None, stage["stage_id"]
            assert "no quote for" in stage["unpriced_because"]
        else:
            # prices are kept in half millionths of a dollar
            event("a flat price compared" if is_flat else "a dated price compared")
            bounds = [stage[f"usd_per_gpu_hour{bound}"] for bound in ("", "_low", "_high")]
            assert bounds == pytest.approx(list(expected), rel=1e-6), stage["stage_id"]
    shuffled = rows + rows[:2] * is_repeated
    random.shuffle(shuffled)
    assert priced(files.own(*shuffled)).equals(found), "row order must not change a number"


MACHINES = st.fixed_dictionaries(
    {
        "AcceleratorName": st.sampled_from(["H100", "H200", "A100-80GB", "", "T4", "H100-SXM"]),
        "AcceleratorCount": st.sampled_from(["1", "2.0", "4", "8", "3", "0.5"]),
        "Price": rarely(PRICES, st.sampled_from(["", "$2", "-1"])),
        "SpotPrice": st.sampled_from(["", "0.00", "3.1", "8"]),
        "Region": st.sampled_from(["a", "b"]),
        "InstanceType": st.sampled_from(["m1", "m2", ""]),
    }
)
LISTS = st.fixed_dictionaries(
    {
        "Hardware model": st.sampled_from(["NVIDIA H800 SXM5", "NVIDIA A100 PCIe", "NVIDIA L4"]),
        "Price date": rarely(DAYS.map(str), st.sampled_from(["", "2024-13-01"])),
        "Number of GPUs": st.sampled_from(["", "1", "8"]),
        ON_DEMAND: rarely(PRICES, st.sampled_from(["", "$2", "-1"])),
        ONE_YEAR: st.sampled_from(["", "1.5"]),
    }
)
CATALOGUES = [
    (
        MACHINES.map(lambda m: MACHINE | m | {"Price": m["Price"] and str(m["Price"])}),
        SKYPILOT,
        reference.skypilot_prices,
    ),
    (LISTS.map(lambda row: LISTED | row), EPOCH, reference.epoch_prices),
]


@pytest.mark.long
@pytest.mark.parametrize(("row", "columns", "expected"), CATALOGUES, ids=["skypilot", "epoch"])
def test_catalogues_are_refused_or_read_as_the_reference_does(
    row: st.SearchStrategy[dict[str, str]],
    columns: tuple[str, ...],
    expected: Callable[[str], dict[tuple[int, str], float]],
) -> None:
    @settings(max_examples=30, deadline=None)
    @given(st.lists(row, min_size=1, max_size=8))
    def check(rows: list[dict[str, str]]) -> None:
        text = csv_of(rows, columns)
        try:
            found = files.quotes(text)
        except UserError as error:
            event("refused")
            assert str(error).startswith(("mine.csv", "1 bad", "2 bad", "3 bad", "4 bad", "5 bad"))
            return
        event("read")
        prices = {
            (line, commitment): usd
            for line, commitment, usd in found.select(
                "line", "commitment", "usd_per_gpu_hour"
            ).rows()
        }
        assert prices == pytest.approx(expected(text), abs=5.1e-7)

    check()


@pytest.mark.long
@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(
        [
            files.own({}, {"vendor": "B"}, {"vendor": "C", "note": "a, b"}),
            csv_of([MACHINE, MACHINE | {"Region": "b"}], SKYPILOT),
            csv_of([LISTED, LISTED | {"Price date": "2024-09-01"}], EPOCH),
        ]
    ),
    st.lists(
        st.tuples(
            st.integers(0, 10**6), st.sampled_from(["cut", "put", "turn"]), st.binary(max_size=2)
        ),
        min_size=1,
        max_size=3,
    ),
)
def test_a_spoilt_file_is_refused_or_every_row_of_it_is_accounted_for(
    text: str, spoils: list[tuple[int, str, bytes]]
) -> None:
    data = bytearray(text.encode())
    for place, how, what in spoils:
        at = place % len(data)
        data[at : at + (0 if how == "put" else len(what) or 1)] = b"" if how == "cut" else what
    try:
        batch = files.read(bytes(data))
        files.layer(bytes(data))
    except UserError as error:
        event("refused")
        assert "mine.csv" in str(error)
        return
    event("read")
    lines = {line for line, _ in reference.rows_of(data.decode("utf-8"))}
    told = {*batch.quotes["line"], *batch.skipped["line"]}
    assert lines <= told
    assert told - lines <= set(batch.notes.filter(pl.col("repeats_line").is_not_null())["line"])
