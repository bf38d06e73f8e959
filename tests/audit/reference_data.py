"""What the data files say, a second time: hours, windows and prices in fractions.

Written after docs/methods.md, with the standard library alone.
"""

from __future__ import annotations

import csv
import math
import statistics
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

from audit.printed_figures import Bound, Number, duration, exact, measured

Row = dict[str, str]

DAY_S = 86_400
EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Price:
    """The price of a stage: mean over its window, and the quotes behind it."""

    mean: Number | None
    quote_ids: frozenset[str] = frozenset()
    age_days: Fraction | None = None
    window_days: Fraction | None = None
    unpriced_days: Fraction | None = None


class Data:
    """The data files as text and the settings, with what several columns need.

    `shown`: ids of the numbers in the tables, whose choice is theirs.
    """

    def __init__(self, folder: Path, config: Mapping[str, Any], shown: Iterable[str]) -> None:
        self.config = config
        self.shown = sorted(shown)
        self.baseline: str = config["baseline"]
        self.books: Mapping[str, Any] = config["price_books"]
        self.tables = {path.stem: _read(path) for path in (folder / "data").glob("*.csv")}
        self.all_quotes = {
            book_id: self._quotes(folder / book["file"]) for book_id, book in self.books.items()
        }
        self.quotes = {
            book_id: [
                row
                for row in rows
                if self.books[book_id].get("commitment") in (None, row["commitment"])
            ]
            for book_id, rows in self.all_quotes.items()
        }

    def _quotes(self, file: Path) -> list[Row]:
        """The rows of a price file, with the rate and the price in dollars among their cells."""
        rows = _read(file)
        for row in rows:
            row["rate_id"], row["rate"], row["usd"] = "", "", row.get("usd_per_gpu_hour") or ""
            if not row["usd"]:
                rate = self.rate(row["currency"], row["quote_date"])
                row["rate_id"], row["rate"] = rate["rate_id"], str(value_of(rate))
                row["usd"] = str(Fraction(row["price_per_gpu_hour"]) * value_of(rate))
        return rows

    def rate(self, currency: str, day: str) -> Row:
        """The last rate of a currency on a day."""
        known = [row for row in self.tables["exchange_rates"] if row["currency"] == currency]
        return max((row for row in known if row["rate_date"] <= day), key=lambda r: r["rate_date"])

    @cached_property
    def stages(self) -> dict[str, Row]:
        return {row["stage_id"]: row for row in self.tables["stages"]}

    @cached_property
    def runs(self) -> dict[str, list[str]]:
        """The stages of every run, in their order."""
        found: dict[str, list[str]] = {}
        for row in sorted(self.stages.values(), key=lambda row: Fraction(row["stage_order"])):
            found.setdefault(row["run_id"], []).append(row["stage_id"])
        return found

    @cached_property
    def wider_scopes(self) -> dict[str, list[str]]:
        """The runs of every bill that is more than a run by itself."""
        found = {row["scope_id"]: row["run_ids"].split(" ") for row in self.tables["scopes"]}
        return {scope_id: runs for scope_id, runs in found.items() if runs != [scope_id]}

    @cached_property
    def scopes(self) -> dict[str, list[str]]:
        """The stages of every bill."""
        wider = {
            scope_id: [stage_id for run_id in run_ids for stage_id in self.runs[run_id]]
            for scope_id, run_ids in self.wider_scopes.items()
        }
        return self.runs | wider

    @cached_property
    def hours(self) -> dict[str, dict[str, Number | None]]:
        """GPU-hours of every stage: printed, as a product, as priced, and unrounded."""
        found = {}
        for stage_id, row in self.stages.items():
            has_product = row["gpu_count"] and row["wall_time"]
            printed = product = None
            if row["gpu_hours_printed"]:
                printed = measured(row["gpu_hours_printed"], row["gpu_hours_step"])
            if has_product:
                count = exact(row["gpu_count"])
                product = times(
                    duration(row["wall_time"], row["wall_time_step"]),
                    Number(count.value, count.value, count.value),
                )
            found[stage_id] = {
                "gpu_hours_product": product,
                "gpu_hours": printed or product,
                "gpu_hours_unrounded": product or printed,
            }
        return found

    @cached_property
    def windows(self) -> dict[str, tuple[int, int]]:
        """Start and end of every stage in seconds since 1970, where both can be assumed."""
        found = {}
        assumed = {row["run_id"]: row for row in self.tables["windows"]}
        for run_id, stage_ids in self.runs.items():
            nothing = {"window_end": "", "gpu_count": "", "assumed_days": ""}
            window = assumed.get(run_id, nothing)
            rows = [self.stages[stage_id] for stage_id in stage_ids]
            counts = [row["gpu_count"] or window["gpu_count"] for row in rows]
            last_day = window["window_end"] or rows[-1]["release_date"]
            if not last_day or not (all(counts) or window["assumed_days"]):
                continue
            end = seconds_of(last_day)
            worked = total(self.hours[each]["gpu_hours"] for each in stage_ids).value
            for stage_id, count in reversed(list(zip(stage_ids, counts, strict=True))):
                hours = self.hours[stage_id]["gpu_hours"].value
                if all(counts):
                    length = hours / exact(count).value * 3600
                else:  # the assumed time, divided by hours of work
                    length = hours / worked * Fraction(window["assumed_days"]) * DAY_S
                # whole seconds, of two equally near the even one; one at least
                start = end - max(round(length), 1)
                found[stage_id] = (start, end)
                end = start
        return found

    @cached_property
    def prices(self) -> dict[tuple[str, str], Price]:
        """By stage and book."""
        return {
            (stage_id, book_id): self._price(row, book_id)
            for stage_id, row in self.stages.items()
            for book_id in self.books
        }

    def _price(self, stage: Row, book_id: str) -> Price:
        return self.price_of(stage["gpu"], book_id, self.windows.get(stage["stage_id"]))

    def price_of(self, worked_on: str, book_id: str, window: tuple[int, int] | None) -> Price:
        """The price of an accelerator over a window, own quotes before stand-ins."""
        quotes = self.quotes[book_id]
        stand_ins = self.books[book_id].get("stand_ins") or {}
        own = worked_on in {quote["gpu"] for quote in quotes}
        gpu = worked_on if own else stand_ins.get(worked_on, stand_ins.get("*"))
        if gpu is None:
            return Price(None)
        quotes = [quote for quote in quotes if quote["gpu"] == gpu]
        if not any(quote["quote_date"] for quote in self.quotes[book_id]):
            asked = [Fraction(quote["usd"]) for quote in quotes]
            ids = frozenset(quote["quote_id"] for quote in quotes)
            mean = Number(statistics.median(asked), min(asked), max(asked)) if asked else None
            return Price(mean, ids)
        if window is None:
            return Price(None)
        return mean_price(self._spans(quotes), *window)

    def _spans(self, quotes: list[Row]) -> list[tuple[int, int, Row]]:
        """From when until when each quote is in force."""
        found = []
        by_vendor: dict[tuple[str, ...], list[Row]] = {}
        for quote in quotes:
            vendor = tuple(quote[name] for name in ("vendor", "region", "commitment"))
            by_vendor.setdefault(vendor, []).append(quote)
        for series in by_vendor.values():
            series.sort(key=lambda quote: (quote["quote_date"], quote["quote_id"]))
            for quote, later in zip(series, [*series[1:], None], strict=True):
                start = seconds_of(quote["quote_date"])
                lapses = start + self.config["quote_max_age_days"] * DAY_S
                end = min(lapses, seconds_of(later["quote_date"])) if later else lapses
                found.append((start, end, quote))
        return found

    def sums(self, name: str) -> Iterator[tuple[str, str, Number | None]]:
        """A column of the stages added up for every bill and book: bill, book, sum."""
        for scope_id, stage_ids in self.scopes.items():
            for book_id in self.books:
                yield scope_id, book_id, total(self.cost(each, book_id, name) for each in stage_ids)

    def cost(self, stage_id: str, book_id: str, name: str = "cost_usd") -> Number | None:
        """The cost of a stage: from its GPU-hours, or from the unrounded ones."""
        hours = "gpu_hours" if name == "cost_usd" else "gpu_hours_unrounded"
        mean = self.prices[stage_id, book_id].mean
        return times(self.hours[stage_id][hours], mean) if mean else None

    @cached_property
    def bills(self) -> dict[tuple[str, str], Number | None]:
        """The cost of every bill under every book."""
        return {(scope_id, book_id): cost for scope_id, book_id, cost in self.sums("cost_usd")}


def _read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def value_of(rate: Row) -> Fraction:
    """What a unit of a currency is worth in dollars."""
    printed = rate["usd_per_unit_printed"]
    return Fraction(printed) if printed else 1 / Fraction(rate["units_per_usd"])


def seconds_of(text: str) -> int:
    return (date.fromisoformat(text) - EPOCH) // timedelta(days=1) * DAY_S


def times(one: Number, other: Number) -> Number:
    """The product of two positive numbers."""
    return Number(one.value * other.value, one.low * other.low, one.high * other.high)


def total(numbers: Iterator[Number | None]) -> Number | None:
    """The sum; none where one is missing."""
    listed = list(numbers)
    if None in listed:
        return None
    parts = ([getattr(number, part) for number in listed] for part in ("value", "low", "high"))
    return Number(*(sum(part, Fraction(0)) for part in parts))


def ratio(over: Bound, under: Bound) -> Bound:
    """A quotient of bounds; nothing over anything is nothing."""
    if over == 0 or under == math.inf:
        return Fraction(0)
    return math.inf if under == 0 or over == math.inf else over / under


def mean_price(spans: list[tuple[int, int, Row]], start: int, end: int) -> Price:
    """The integral of median, lowest and highest price over a window, over its length."""
    edges = {start, end} | {edge for span in spans for edge in span[:2] if start < edge < end}
    moments = sorted(edges)
    used, gap = [], 0
    areas = [Fraction(0)] * 3
    for since, until in pairwise(moments):
        in_force = [span for span in spans if span[0] <= since and until <= span[1]]
        used += in_force
        if not in_force:
            gap += until - since
            continue
        asked = [Fraction(quote["usd"]) for _, _, quote in in_force]
        chosen = [statistics.median(asked), min(asked), max(asked)]
        areas = [area + price * (until - since) for area, price in zip(areas, chosen, strict=True)]
    length = end - start
    if gap:
        return Price(None, window_days=Fraction(length, DAY_S), unpriced_days=Fraction(gap, DAY_S))
    ages = [min(until, end) - seconds_of(quote["quote_date"]) for _, until, quote in used]
    return Price(
        Number(*(area / length for area in areas)),
        frozenset(quote["quote_id"] for _, _, quote in used),
        age_days=Fraction(max(ages), DAY_S),
    )
