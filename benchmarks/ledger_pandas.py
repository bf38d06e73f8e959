"""The benchmark's ledger by pandas, in the fastest formulation found.

One whole number holds series and second, prices are whole micro-dollars with a running
integral, so that two merge_asof on one column give the cost exactly. Then the totals.

    python benchmarks/ledger_pandas.py FOLDER OUT
"""

import sys

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

KEY = ["gpu", "region", "commitment"]
SHIFT = 33
# older quotes are not in force
AGE_S = 3650 * 86_400


def main(folder: str, out: str) -> None:
    """Price FOLDER/jobs.parquet by FOLDER/quotes.parquet."""
    quotes = pq.read_table(f"{folder}/quotes.parquet", read_dictionary=KEY).to_pandas()
    jobs = pq.read_table(f"{folder}/jobs.parquet", read_dictionary=[*KEY, "team"]).to_pandas()
    words = {name: quotes[name].cat.categories for name in KEY}
    steps = pd.DataFrame(
        {
            "c": composite(quotes, words, "quote_time"),
            "u": (quotes["usd_per_gpu_hour"] * 1e6).round().astype(np.int64),
        }
    ).sort_values("c")
    del quotes
    c, u = steps["c"].to_numpy(), steps["u"].to_numpy()
    part, gap = np.zeros(len(c), np.int64), np.zeros(len(c), np.int64)
    length = np.where(c[1:] >> SHIFT == c[:-1] >> SHIFT, c[1:] - c[:-1], 0)
    part[1:] = u[:-1] * np.minimum(length, AGE_S)
    gap[1:] = np.maximum(length - AGE_S, 0)
    # unit-seconds and seconds without a price from the first step of the series on
    steps["a"], steps["g"] = part.cumsum(), gap.cumsum()
    steps["at"] = c
    units, missed = np.zeros(len(jobs), np.int64), np.zeros(len(jobs), np.int64)
    for name, sign in (("start_time", -1), ("end_time", 1)):
        moments = pd.DataFrame({"c": composite(jobs, words, name)})
        moments["row"] = np.arange(len(moments), dtype=np.int32)
        found = pd.merge_asof(moments.sort_values("c"), steps, on="c")
        row, moment = found["row"].to_numpy(), found["c"].to_numpy()
        since = moment - found["at"].to_numpy()
        is_before = ~(found["at"].to_numpy() >> SHIFT == moment >> SHIFT) if len(found) else None
        value = found["a"] + found["u"] * np.minimum(since, AGE_S)
        units[row] += sign * value.to_numpy()
        missed[row] += sign * (found["g"] + np.maximum(since - AGE_S, 0)).to_numpy()
        missed[row[is_before]] = 1
    jobs["cost_usd"] = np.where(missed == 0, jobs["gpu_count"] * units / 3.6e9, np.nan)
    jobs["unpriced_s"] = missed
    jobs.to_parquet(out, compression="lz4", index=False)
    seconds = (jobs["end_time"] - jobs["start_time"]).dt.total_seconds() * jobs["gpu_count"]
    by = [jobs["team"], jobs["start_time"].dt.to_period("M")]
    frame = pd.DataFrame({"seconds": seconds, "cost_usd": jobs["cost_usd"]})
    frame.groupby(by, observed=True).agg(["count", "sum"]).to_csv(f"{out}.csv")


def composite(frame: pd.DataFrame, words: dict[str, pd.Index], time: str) -> pd.Series:
    """Series and second as one number."""
    series = np.zeros(len(frame), np.int64)
    for name in KEY:
        codes = frame[name].cat.set_categories(words[name]).cat.codes.to_numpy()
        series = series * len(words[name]) + codes
    return (series << SHIFT) + frame[time].astype("datetime64[s]").astype(np.int64)


if __name__ == "__main__":
    main(*sys.argv[1:])
