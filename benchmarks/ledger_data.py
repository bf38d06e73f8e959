"""A seeded ledger and price history of any size, for benchmarks.

    python benchmarks/ledger_data.py FOLDER --jobs 10000000 --quotes 10000000

2,000 series: 20 GPUs in 25 regions under 4 commitments, a few of them much busier
than the rest. Two years. Quotes are one history in order of time, each series with
a first quote before any job. Jobs come in order of submission, last an hour in the
median and 14 days at most, and use 1 to 64 GPUs.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

GPUS, REGIONS, COMMITMENTS = 20, 25, 4
SERIES = GPUS * REGIONS * COMMITMENTS
BEGIN_S = 1_704_067_200  # 2024-01-01
SPAN_S = 730 * 86_400
PIECE = 1 << 20
NAMES = {
    "gpu": [f"GPU-{number:02}" for number in range(GPUS)],
    "region": [f"region-{number:02}" for number in range(REGIONS)],
    "commitment": ["on-demand", "spot", "1-year", "3-year"],
    "team": [f"team-{number:02}" for number in range(40)],
}
SECOND = pa.timestamp("us")


def main() -> None:
    """Write FOLDER/jobs.parquet and FOLDER/quotes.parquet."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--jobs", type=int, default=10_000_000)
    parser.add_argument("--quotes", type=int, default=10_000_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(options.seed)
    write(options.folder / "quotes.parquet", quotes(options.quotes, random))
    write(options.folder / "jobs.parquet", jobs(options.jobs, random))


def write(file: Path, pieces: Iterator[pa.Table]) -> None:
    """Write the pieces as one Parquet file."""
    first = next(pieces)
    with pq.ParquetWriter(file, first.schema, compression="zstd", compression_level=3) as writer:
        for piece in (first, *()):
            writer.write_table(piece)
        for piece in pieces:
            writer.write_table(piece)


def quotes(rows: int, random: np.random.Generator) -> Iterator[pa.Table]:
    """The price history: first one quote of every series, then changes in order of time."""
    base = random.integers(50_000, 600_000, SERIES) * 10
    yield quote_table(np.arange(SERIES), np.full(SERIES, BEGIN_S - 86_400), base)
    used = np.full(SERIES, BEGIN_S - 86_400)
    for begin, end in spans(rows - SERIES):
        size = end - begin
        keys = random.choice(SERIES, size, p=weights())
        moments = times(begin, size, rows - SERIES, random)
        # no two quotes of a series at one moment
        keys, moments = distinct(keys, moments, used)
        prices = base[keys] + random.integers(-400, 400, len(keys)) * 100
        yield quote_table(keys, moments, prices)


def jobs(rows: int, random: np.random.Generator) -> Iterator[pa.Table]:
    """The ledger, in order of submission."""
    for begin, end in spans(rows):
        size = end - begin
        keys = random.choice(SERIES, size, p=weights())
        start = times(begin, size, rows, random)
        length = np.clip(random.lognormal(np.log(3600), 1.6, size), 1, 14 * 86_400).astype(np.int64)
        yield pa.table(
            {
                "job_id": pa.array(np.arange(begin, end)),
                **key_columns(keys),
                "gpu_count": pa.array(random.integers(1, 65, size).astype(np.int32)),
                "start_time": pa.array(start * 1_000_000).cast(SECOND),
                "end_time": pa.array((start + length) * 1_000_000).cast(SECOND),
                "team": named("team", random.integers(0, len(NAMES["team"]), size)),
            }
        )


def weights() -> np.ndarray:
    """How busy each series is: the n-th a share of 1/n, in no order of the names."""
    shares = 1 / np.random.default_rng(0).permutation(np.arange(1, SERIES + 1))
    return shares / shares.sum()


def spans(rows: int) -> Iterator[tuple[int, int]]:
    """Pieces that together are all rows."""
    yield from ((begin, min(begin + PIECE, rows)) for begin in range(0, rows, PIECE))


def times(begin: int, size: int, rows: int, random: np.random.Generator) -> np.ndarray:
    """Whole seconds in order, at the piece's place in the two years."""
    drawn = np.sort(random.random(size))
    return BEGIN_S + ((begin + drawn * size) / rows * SPAN_S).astype(np.int64)


def distinct(
    keys: np.ndarray, moments: np.ndarray, used: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Without rows at the moment of another row of their series; `used`: the last of each."""
    both = (keys.astype(np.int64) << 32) | moments
    _, first = np.unique(both, return_index=True)
    first.sort()
    keys, moments = keys[first], moments[first]
    fresh = moments > used[keys]
    keys, moments = keys[fresh], moments[fresh]
    np.maximum.at(used, keys, moments)
    return keys, moments


def quote_table(keys: np.ndarray, moments: np.ndarray, micro_usd: np.ndarray) -> pa.Table:
    """Quotes as columns."""
    return pa.table(
        {
            **key_columns(keys),
            "quote_time": pa.array(moments * 1_000_000).cast(SECOND),
            "usd_per_gpu_hour": pa.array(micro_usd / 1e6),
        }
    )


def key_columns(keys: np.ndarray) -> dict[str, pa.Array]:
    """GPU, region and commitment of series numbers."""
    return {
        "gpu": named("gpu", keys % GPUS),
        "region": named("region", keys // GPUS % REGIONS),
        "commitment": named("commitment", keys // (GPUS * REGIONS)),
    }


def named(column: str, numbers: np.ndarray) -> pa.Array:
    """Names as text."""
    codes = pa.array(numbers.astype(np.int32))
    return pa.DictionaryArray.from_arrays(codes, NAMES[column]).cast(pa.string())


if __name__ == "__main__":
    main()
