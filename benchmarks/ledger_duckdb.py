"""The benchmark's ledger by DuckDB, in the fastest formulation found.

One BIGINT holds series and second, prices are whole micro-dollars with a running
integral, so that two ASOF joins on one column give the cost exactly. Then the totals.

    python benchmarks/ledger_duckdb.py FOLDER OUT [MEMORY]
"""

import sys
import tempfile

import duckdb

# older quotes are not in force
AGE_S = 3650 * 86_400
KEY = "gpu, region, commitment"


def main(folder: str, out: str, memory: str = "") -> None:
    """Price FOLDER/jobs.parquet by FOLDER/quotes.parquet."""
    base = duckdb.connect()
    base.execute("SET preserve_insertion_order = false")
    base.execute(f"SET temp_directory = '{tempfile.mkdtemp(dir=folder)}'")
    if memory:
        base.execute(f"SET memory_limit = '{memory}'")
    base.execute(
        f"""CREATE TABLE series AS SELECT {KEY}, row_number() OVER () - 1 AS id
        FROM (SELECT DISTINCT {KEY} FROM '{folder}/quotes.parquet')"""
    )
    # unit-seconds (a) and seconds without a price (g) from the first step of the series on
    base.execute(
        f"""CREATE TABLE steps AS
        SELECT c, u, sum(part) OVER before AS a, sum(gap) OVER before AS g
        FROM (
            SELECT c, u, coalesce(u_before * least(length, {AGE_S}), 0) AS part,
                coalesce(greatest(length - {AGE_S}, 0), 0) AS gap
            FROM (
                SELECT c, u, lag(u) OVER w AS u_before,
                    CASE WHEN lag(c >> 33) OVER w = c >> 33 THEN c - lag(c) OVER w END AS length
                FROM (
                    SELECT (id::BIGINT << 33) | epoch(quote_time)::BIGINT AS c,
                        round(usd_per_gpu_hour * 1e6)::BIGINT AS u
                    FROM '{folder}/quotes.parquet' JOIN series USING ({KEY}))
                WINDOW w AS (ORDER BY c)))
        WINDOW before AS (ORDER BY c ROWS UNBOUNDED PRECEDING)"""
    )
    base.execute(
        f"""COPY (SELECT * EXCLUDE (units, missed),
            CASE WHEN missed = 0 THEN units / 3.6e9 END AS cost_usd, missed AS unpriced_s
        FROM (
            SELECT job_id, {KEY}, gpu_count, start_time, end_time, team,
                gpu_count * (e.a + e.u * least(j.ce - e.c, {AGE_S})
                    - s.a - s.u * least(j.cs - s.c, {AGE_S}))::BIGINT AS units,
                CASE WHEN s.c >> 33 = j.cs >> 33 THEN
                    e.g + greatest(j.ce - e.c - {AGE_S}, 0)
                        - s.g - greatest(j.cs - s.c - {AGE_S}, 0)
                    ELSE j.ce - j.cs END AS missed
            FROM (
                SELECT j.*, (id::BIGINT << 33) | epoch(start_time)::BIGINT AS cs,
                    (id::BIGINT << 33) | epoch(end_time)::BIGINT AS ce
                FROM '{folder}/jobs.parquet' j LEFT JOIN series USING ({KEY})) j
            ASOF LEFT JOIN steps s ON j.cs >= s.c ASOF LEFT JOIN steps e ON j.ce >= e.c)
        ) TO '{out}' (FORMAT parquet, COMPRESSION lz4)"""
    )
    base.execute(
        f"""COPY (
            SELECT team, strftime(start_time, '%Y-%m') AS month, count(*), count(cost_usd),
                sum(gpu_count * (epoch(end_time) - epoch(start_time))), sum(cost_usd)
            FROM '{out}' GROUP BY ALL ORDER BY ALL
        ) TO '{out}.csv'"""
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
