"""A price file of any size goes through ingest and validation in bounded memory."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

# 1,250,000 rows are 200 MB; the tests take a fifth of that, or as many as this says
ROWS = int(os.environ.get("TRAINCOST_BIG_ROWS", "250000"))
HEADER = (
    "quote_id,gpu,vendor,region,commitment,quote_date,date_basis,usd_per_gpu_hour,gpus_in_offer,"
    "price_printed,kind,source_id,address,locator,status,read_via,note\n"
)


def big_file(place: Path, rows: int, price: str = "") -> Path:
    """Quotes of 1,000 vendors, one after the other every day."""
    place.mkdir()
    file = place / "big.csv"
    with open(file, "w") as out:
        out.write(HEADER)
        for n in range(rows):
            vendor, day = n % 1000, n // 1000
            date = f"{2020 + day // 336}-{day // 28 % 12 + 1:02}-{day % 28 + 1:02}"
            usd = price or f"{2 + n % 9973 / 5000:.4f}"
            place = f"https://example.org/prices/vendor-{vendor}/archive,row {n} of the table"
            out.write(
                f"quote-{n},H100 SXM 80GB,Vendor number {vendor},region-{vendor % 7},on-demand,"
                f"{date},day,{usd},8,{usd} per GPU and hour,list,epoch-hardware-prices,{place},"
                "verified-secondary,archived copy of the page,\n"
            )
    return file


def passed(file: Path) -> tuple[str, int]:
    """What came of the file, and the peak of memory in MB, of a process of its own."""
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("pass_big_file.py")), str(file)],
        capture_output=True,
        text=True,
        check=True,
    )
    said, peak = done.stdout.splitlines()
    return said, int(peak)


def test_memory_grows_much_less_than_the_file(tmp_path: Path) -> None:
    small, big = big_file(tmp_path / "small", ROWS // 4), big_file(tmp_path / "big", ROWS)
    (_, small_peak), (said, big_peak) = passed(small), passed(big)
    assert said == f"rows {ROWS}"
    grown_mb = (big.stat().st_size - small.stat().st_size) / 2**20
    print(f"{big.stat().st_size >> 20} MB: peak {big_peak} MB; a quarter of it: {small_peak} MB")
    assert big_peak - small_peak < 0.6 * grown_mb + 100
    assert big_peak < 700


@pytest.mark.parametrize("price", ["-1", pytest.param("99", marks=pytest.mark.long)])
def test_so_does_refusing_every_row_of_it(tmp_path: Path, price: str) -> None:
    said, peak = passed(big_file(tmp_path / "bad", ROWS, price))
    assert said == f"{ROWS:,} bad cells in 1 file; nothing was built from them:"
    assert peak < 700
