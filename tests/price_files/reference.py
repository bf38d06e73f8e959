"""A slow reference in plain Python: what a price file's quotes are, and what they price."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from price_files.files import ON_DEMAND, ONE_YEAR, THREE_YEARS, data_files

MAX_AGE = timedelta(days=180)


class Quote(NamedTuple):
    """One price, as far as pricing needs it."""

    line: int
    gpu: str
    series: tuple[str, str, str]
    day: date | None
    usd: float


class Price(NamedTuple):
    """Mean price over a window, of the median and of the cheapest and dearest vendor."""

    mean: float
    low: float
    high: float


def rows_of(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Every row that repeats no other, with the line it starts on."""
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    header = next(row for row in reader if row)
    seen, start = set(), reader.line_num + 1
    for row in reader:
        if row and tuple(row) not in seen:
            seen.add(tuple(row))
            yield start, dict(zip(header, row, strict=True))
        start = reader.line_num + 1


def own_quotes(text: str) -> list[Quote]:
    """Quotes of a file with this project's columns."""
    rates = [
        (row["currency"], row["rate_date"], Decimal(row["units_per_usd"]))
        for row in data_files()["exchange_rates"].rows(named=True)
    ]
    found = []
    for line, row in rows_of(text):
        price = row["usd_per_gpu_hour"]
        usd = float(price) if price else 0.0
        if not price and row["currency"] == "USD":
            usd = float(row["price_per_gpu_hour"])
        elif not price:
            dated = [
                (day, per_usd)
                for currency, day, per_usd in rates
                if currency == row["currency"] and day and day <= row["quote_date"]
            ]
            usd = float(row["price_per_gpu_hour"]) / float(max(dated)[1])
        day = date.fromisoformat(row["quote_date"]) if row["quote_date"] else None
        series = (row["vendor"], row["region"], row["commitment"])
        found.append(Quote(line, _canonical(row["gpu"]), series, day, usd))
    return found


def skypilot_prices(text: str) -> dict[tuple[int, str], float]:
    """Dollars per GPU-hour by line and commitment."""
    prices = {}
    for line, row in rows_of(text):
        name, count = row["AcceleratorName"], row["AcceleratorCount"]
        if row["InstanceType"] and _is_known(name) and Decimal(count or 0) >= 1:
            for commitment, cell in (("on-demand", row["Price"]), ("spot", row["SpotPrice"])):
                is_offered = cell and (commitment == "on-demand" or Decimal(cell) > 0)
                if is_offered and Decimal(count) % 1 == 0:
                    prices[line, commitment] = float(Decimal(cell) / Decimal(count))
    return prices


def epoch_prices(text: str) -> dict[tuple[int, str], float]:
    """Dollars per GPU-hour by line and commitment."""
    columns = {"on-demand": ON_DEMAND, "1-year": ONE_YEAR, "3-year": THREE_YEARS}
    return {
        (line, commitment): float(row[column])
        for line, row in rows_of(text)
        for commitment, column in columns.items()
        if row[column] and row["Price date"] and _is_known(row["Hardware model"])
    }


def price_of(quotes: list[Quote], gpu: str, start: datetime, end: datetime) -> Price | None:
    """The mean price of a GPU over a window, second by second where it changes."""
    spans = list(_spans([quote for quote in quotes if quote.gpu == gpu]))
    edges = sorted({start, end, *(e for a, b, _ in spans for e in (a, b) if start < e < end)})
    parts = []
    for begin, until in pairwise(edges):
        asked = [usd for a, b, usd in spans if a <= begin and until <= b]
        if not asked:
            return None
        seconds = (until - begin).total_seconds()
        parts.append([seconds * value for value in (median(asked), min(asked), max(asked))])
    length = (end - start).total_seconds()
    return Price(*(sum(values) / length for values in zip(*parts, strict=True))) if parts else None


def _spans(quotes: list[Quote]) -> Iterator[tuple[datetime, datetime, float]]:
    by_series: dict[tuple[str, str, str], dict[date | None, list[Quote]]] = defaultdict(dict)
    for quote in quotes:
        by_series[quote.series].setdefault(quote.day, []).append(quote)
    for days in by_series.values():
        for quote in days.pop(None, []):  # undated, all count
            yield _at(date.min), _at(date.max), quote.usd
        ordered = sorted(days)
        for day, following in zip(ordered, [*ordered[1:], date.max], strict=False):
            (quote,) = days[day]
            yield _at(day), min(_at(following), _at(day) + MAX_AGE), quote.usd


def _at(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _canonical(gpu: str) -> str:
    return dict(data_files()["gpu_aliases"].select("alias", "gpu").rows()).get(gpu, gpu)


def _is_known(gpu: str) -> bool:
    return _canonical(gpu) in set(data_files()["gpus"]["gpu"])
