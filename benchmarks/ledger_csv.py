"""Quotes from CSV, read and checked to Parquet, beside DuckDB's plain import.

    python3 -m uv run --group benchmarks python benchmarks/ledger_csv.py /tmp/ledger [--bad]

Takes the folder's quotes.parquet, writes it as CSV first, and measures CPU time and
peak memory of whole processes. `--bad` spoils every price.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parent.parent / "workflow/scripts"

MAKE = """
import sys
import polars as pl

folder, bad = sys.argv[1:]
price = pl.lit("cheap") if bad else pl.col("usd_per_gpu_hour")
pl.scan_parquet(f"{folder}/quotes.parquet").with_columns(
    pl.col("quote_time").dt.to_string("%Y-%m-%dT%H:%M:%S"), usd_per_gpu_hour=price
).sink_csv(f"{folder}/quotes.csv")
"""

OURS = """
import sys
import polars as pl
from traincost.errors import UserError
from traincost.ledger.batches import File, batches
from traincost.ledger.inputs import QUOTES
from traincost.ledger.quotes import quote_columns
from traincost.ledger.refusals import Refusals
from traincost.ledger.series import Series
from traincost.ledger.writing import Writer

source, out, rejects = sys.argv[1:]
with open(out, "wb") as file, open(rejects, "wb") as aside:
    writer, put_aside, series = Writer(file, {}), Writer(aside, {}), Series()
    refusals = Refusals(put_aside.write, rejects)
    for batch in batches([File("quotes.csv", source)], QUOTES, False):
        columns = zip(("series", "from_s", "micro_usd"), quote_columns(batch, series, refusals))
        writer.write(pl.DataFrame(dict(columns)))
    writer.close(), put_aside.close()
try:
    refusals.refuse()
except UserError as error:
    print(str(error).splitlines()[0], str(error).splitlines()[-2])
"""

DUCKDB = """
import sys
import duckdb

source, out, _ = sys.argv[1:]
duckdb.execute("SET enable_progress_bar = false")
duckdb.execute(f"COPY (SELECT * FROM read_csv('{source}')) TO '{out}' (FORMAT parquet)")
"""


def main(folder: Path, bad: bool) -> None:
    """Measure both and print a line each."""
    source = folder / "quotes.csv"
    # in a process of its own: a child's peak begins at that of its parent
    subprocess.run([sys.executable, "-c", MAKE, str(folder), "bad" if bad else ""], check=True)
    for name, code in {"ours": OURS, "duckdb": DUCKDB}.items():
        made = [str(folder / f"{name}-{part}.parquet") for part in ("quotes", "rejects")]
        environment = {"PYTHONPATH": str(SCRIPTS), "PYTHONDONTWRITEBYTECODE": ""}
        process = subprocess.Popen(
            [sys.executable, "-P", "-c", code, str(source), *made],
            env=os.environ | environment | {"POLARS_MAX_THREADS": "1"},
        )
        _, status, used = os.wait4(process.pid, 0)
        if status:
            raise SystemExit(f"{name} failed; see its messages above")
        cpu, memory = used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
        print(f"{name:8} {cpu:5.1f} s CPU, {memory:,.0f} MB at most", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), "--bad" in sys.argv)
