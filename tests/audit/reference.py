"""Every number a second time, with the standard library alone, from the CSV files.

Nothing of the package is imported. `RECOMPUTED` says for each column, named
`layer.table.column`, what recomputes it. A column that is added needs an entry.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from functools import cache, partial
from typing import NamedTuple

from audit.printed_figures import Number, day, duration, exact, measured
from audit.reference_claims import (
    VERDICTS,
    Ledger,
    counts_of_claims,
    counts_of_conflicts,
    figures_of_claims,
    measures_of_claims,
    ratios_of_conflicts,
    values_of_conflicts,
)
from audit.reference_counts import COUNTS
from audit.reference_data import Data, Row, ratio, times, total, value_of
from audit.reference_field import FIELD, over, served
from audit.reference_ladder import multiples_of_rungs, values_of_rungs
from audit.reference_owner import OWNER
from audit.reference_rent import RENT
from audit.reference_spread import LEVELS, bars, quantiles

Found = Iterator[tuple[str, Number | None]]
COST, UNROUNDED = "cost_usd", "cost_unrounded_usd"
TRILLION = 10**12


class FileColumn(NamedTuple):
    """A column of a data file and how it is read."""

    table: str
    key: str
    column: str
    reader: Callable[..., Number]
    # the column of the file, where it is named otherwise, and the one with printed steps
    raw: str = ""
    step: str = ""


FILE_COLUMNS = (
    FileColumn("stages", "stage_id", "stage_order", exact),
    FileColumn("stages", "stage_id", "gpu_count", exact),
    FileColumn("stages", "stage_id", "wall_hours", duration, "wall_time", "wall_time_step"),
    FileColumn("stages", "stage_id", "gpu_hours_printed", measured, step="gpu_hours_step"),
    FileColumn("stages", "stage_id", "tokens", measured),
    FileColumn("stages", "stage_id", "active_params_b", exact),
    FileColumn("stages", "stage_id", "total_params_b", exact),
    FileColumn("stages", "stage_id", "release_date", day),
    FileColumn("printed_totals", "check_id", "printed", measured, step="printed_step"),
    FileColumn("printed_totals", "check_id", "tokens", measured),
    FileColumn("printed_totals", "check_id", "stated_usd_per_gpu_hour", exact),
    FileColumn("purchase_quotes", "quote_id", "quote_date", day),
    FileColumn("purchase_quotes", "quote_id", "gpus_in_offer", exact),
    FileColumn("purchase_quotes", "quote_id", "usd_per_gpu", exact),
    FileColumn("owned_runs", "work_id", "gpu_count", exact),
    FileColumn("owned_runs", "work_id", "owned_gpu_hours", measured, "gpu_hours", "gpu_hours_step"),
    FileColumn("owned_runs", "work_id", "flop_e24", measured),
    FileColumn("owned_runs", "work_id", "reported_utilisation", exact),
    FileColumn("owned_runs", "work_id", "start_date", day),
    FileColumn("owned_runs", "work_id", "release_date", day),
    FileColumn("price_index", "month", "index_value", exact),
    FileColumn("windows", "run_id", "window_end", day),
    FileColumn("windows", "run_id", "window_gpu_count", exact, "gpu_count"),
    FileColumn("windows", "run_id", "assumed_days", exact),
    FileColumn("hardware", "hardware_id", "value", exact),
    FileColumn("hardware", "hardware_id", "value_date", day),
    FileColumn(
        "cost_estimates",
        "estimate_id",
        "estimated_cost_usd",
        measured,
        "cost_printed",
        "cost_step",
    ),
    FileColumn("cost_estimates", "estimate_id", "dollar_year", exact),
    FileColumn("cost_estimates", "estimate_id", "release_date", day),
    FileColumn("training_compute", "run_id", "utilisation_from", exact),
    FileColumn("training_compute", "run_id", "utilisation_to", exact),
    FileColumn("rl_runs", "rl_id", "other_cost_usd", measured, "other_cost_printed"),
    FileColumn("serving_days", "service_id", "window_end", day),
    *(
        FileColumn("serving_days", "service_id", name, exact)
        for name in (
            *("window_end_hour_utc", "window_hours", "gpus_per_node", "stated_usd_per_gpu_hour"),
            *("cached_usd_per_million", "input_usd_per_million", "output_usd_per_million"),
        )
    ),
    *(
        FileColumn("serving_days", "service_id", name, measured)
        for name in (
            *("nodes", "input_tokens", "cached_tokens", "output_tokens"),
            *("input_tokens_per_node_second", "output_tokens_per_node_second"),
            *("printed_cost_usd", "printed_revenue_usd", "printed_margin", "printed_cached_share"),
        )
    ),
    FileColumn("exchange_rates", "rate_id", "rate_date", day),
    FileColumn("exchange_rates", "rate_id", "units_per_usd", exact),
    FileColumn("exchange_rates", "rate_id", "usd_per_unit_printed", exact),
)


# how ids of a file's numbers begin, where not with its key
OWNERS = {"rl_runs": "rl.", "price_index": "price_index."}


def read(data: Data, wanted: FileColumn) -> Found:
    """The cells of a column of a data file."""
    for row in data.tables[wanted.table]:
        text = row[wanted.raw or wanted.column]
        step = (row[wanted.step],) if wanted.step else ()
        if text:
            owner = OWNERS.get(wanted.table, "") + row[wanted.key]
            yield f"{owner}.{wanted.column}", wanted.reader(text, *step)


def read_quotes(data: Data, column: str, reader: Callable[..., Number], raw: str = "") -> Found:
    """The cells of the price books, whatever commitment each uses."""
    for book_id, rows in data.all_quotes.items():
        for row in rows:
            if text := row.get(raw or column):
                yield f"{row['quote_id']}.{column}@{book_id}", reader(text)


def values_of_currencies(data: Data) -> Found:
    """What a unit of a currency is worth in dollars."""
    for row in data.tables["exchange_rates"]:
        yield f"{row['rate_id']}.usd_per_unit", plain(value_of(row))


def quote_counts_of_markets(data: Data) -> Found:
    """How many quotes a book holds for an accelerator."""
    for book_id, rows in data.quotes.items():
        for gpu in {row["gpu"] for row in rows}:
            slug = re.sub("[^a-z0-9]+", "-", gpu.lower()).strip("-")
            count = sum(row["gpu"] == gpu for row in rows)
            yield f"{slug}.quote_count@{book_id}", plain(count)


def quotes_of_books(data: Data, column: str) -> Found:
    """How many quotes a book holds, and how many of them price a stage or a serving day."""
    prices = [(priced_by, price) for (_, priced_by), price in data.prices.items()]
    prices += [(priced_by, price) for _, priced_by, _, price in served(data)]
    for book_id, rows in data.all_quotes.items():
        used = {
            quote_id
            for priced_by, price in prices
            if priced_by == book_id
            for quote_id in price.quote_ids
        }
        counts = {"quote_count": len(rows), "used_count": len(used)}
        counts["unused_count"] = len(rows) - len(used)
        yield f"quotes.{column}@{book_id}", plain(counts[column])


def hours(data: Data, column: str) -> Found:
    """GPU-hours of the stages."""
    for stage_id, found in data.hours.items():
        yield f"{stage_id}.{column}", found[column]


def prices(data: Data) -> Found:
    """Mean prices of the stages."""
    for (stage_id, book_id), price in data.prices.items():
        yield f"{stage_id}.usd_per_gpu_hour@{book_id}", price.mean


def days(data: Data, column: str, attribute: str) -> Found:
    """Ages and lengths behind the price of a stage."""
    for (stage_id, book_id), price in data.prices.items():
        yield f"{stage_id}.{column}@{book_id}", plain(getattr(price, attribute))


def costs(data: Data, column: str) -> Found:
    """Costs of the stages."""
    for stage_id, book_id in data.prices:
        yield f"{stage_id}.{column}@{book_id}", data.cost(stage_id, book_id, column)


def hours_of_bills(data: Data, column: str) -> Found:
    """GPU-hours added up."""
    for scope_id, stage_ids in data.scopes.items():
        yield f"{scope_id}.total.{column}", total(data.hours[each][column] for each in stage_ids)


def costs_of_bills(data: Data, column: str) -> Found:
    """Costs added up."""
    for scope_id, book_id, cost in data.sums(column):
        yield f"{scope_id}.total.{column}@{book_id}", cost


def prices_of_bills(data: Data) -> Found:
    """Cost over GPU-hours."""
    for (scope_id, book_id), cost in data.bills.items():
        worked = total(data.hours[each]["gpu_hours"] for each in data.scopes[scope_id])
        price = plain(cost.value / worked.value) if cost else None
        yield f"{scope_id}.total.usd_per_gpu_hour@{book_id}", price


def ratios_to_baseline(data: Data) -> Found:
    """Cost over the cost under the baseline book."""
    for (scope_id, book_id), cost in data.bills.items():
        base = data.bills[scope_id, data.baseline]
        found = plain(cost.value / base.value) if cost and base else None
        yield f"{scope_id}.total.ratio_to_baseline@{book_id}", found


def quote_counts(data: Data) -> Found:
    """How many quotes were used for a bill."""
    for scope_id, book_id in data.bills:
        used = {
            quote_id
            for each in data.scopes[scope_id]
            for quote_id in data.prices[each, book_id].quote_ids
        }
        yield f"{scope_id}.total.quote_count@{book_id}", plain(len(used) or None)


def quote_ages(data: Data) -> Found:
    """The age of the oldest quote used for a bill."""
    for scope_id, book_id in data.bills:
        ages = [data.prices[each, book_id].age_days for each in data.scopes[scope_id]]
        known = [age for age in ages if age is not None]
        yield f"{scope_id}.total.quote_age_days@{book_id}", plain(max(known, default=None))


def members(data: Data) -> Iterator[tuple[str, Number | None, Number | None]]:
    """Every member of every bill: `bill.member` with the book behind it, cost, cost of others."""
    for book_id in data.books:
        for scope_id, stage_ids in data.scopes.items():
            staged = {each: data.cost(each, book_id) for each in stage_ids}
            runs = {each: data.bills[each, book_id] for each in data.wider_scopes.get(scope_id, [])}
            for kind in (staged, runs):
                for member, cost in kind.items():
                    others = total(kind[each] for each in kind if each != member)
                    yield f"{scope_id}.{member}.{{}}@{book_id}", cost, others


def costs_of_others(data: Data) -> Found:
    """What the other members of a bill cost."""
    for template, _, others in members(data):
        yield template.format("other_cost_usd"), others


def shares(data: Data) -> Found:
    """The part of a member in its bill."""
    for template, cost, others in members(data):
        share = None
        if cost and others:
            share = Number(
                cost.value / (cost.value + others.value),
                ratio(1, 1 + ratio(others.high, cost.low)),
                ratio(1, 1 + ratio(others.low, cost.high)),
            )
        yield template.format("share"), share


def checks(data: Data) -> Iterator[tuple[Row, Number, Number]]:
    """Printed figures whose stages are known: row, figure, hours of its stages."""
    for row in data.tables["printed_totals"]:
        if row["stage_ids"]:
            worked = total(data.hours[each]["gpu_hours"] for each in row["stage_ids"].split(" "))
            yield row, measured(row["printed"], row["printed_step"]), worked


def hours_of_checks(data: Data) -> Found:
    """GPU-hours that should give a printed figure."""
    for row, _, worked in checks(data):
        yield f"{row['check_id']}.gpu_hours", worked


def computed_checks(data: Data) -> Found:
    """What the stages give for a printed figure."""
    for row, _, worked in checks(data):
        found: Number | None = worked
        if row["quantity"] == "gpu_hours_per_trillion_tokens":
            tokens = measured(row["tokens"])
            found = Number(
                worked.value * TRILLION / tokens.value,
                ratio(worked.low * TRILLION, tokens.high),
                ratio(worked.high * TRILLION, tokens.low),
            )
        elif row["quantity"] == "cost_usd":
            stated = row["stated_usd_per_gpu_hour"]
            price = Fraction(stated) if stated else None
            found = times(worked, Number(price, price, price)) if price else None
        yield f"{row['check_id']}.computed", found


def ratios_to_printed(data: Data) -> Found:
    """What the stages give over what is printed."""
    computed = dict(computed_checks(data))
    for row, printed, _ in checks(data):
        found = computed[f"{row['check_id']}.computed"]
        yield f"{row['check_id']}.ratio_to_printed", found and over(found, printed)


def implied_prices(data: Data) -> Found:
    """A printed cost over the hours of its stages."""
    for row, figure, worked in checks(data):
        if row["quantity"] == "cost_usd":
            low, high = ratio(figure.low, worked.high), ratio(figure.high, worked.low)
            found = Number(figure.value / worked.value, low, high)
            yield f"{row['check_id']}.implied_usd_per_gpu_hour", found


def other_books(data: Data) -> Found:
    """How many books beside the baseline price V3 and R1."""
    priced = [book for book in data.books if data.bills["v3-r1", book]]
    yield "price_books.other_book_count", plain(len(set(priced) - {data.baseline}))


def pairs_of_prices(data: Data) -> Iterator[tuple[str, Number, Number | None]]:
    """Each number that a table shows under the baseline: base id, there, under a user's prices."""
    own = next((book for book, settings in data.books.items() if settings.get("is_users")), None)
    if own is None:
        return
    found = {
        number_id: number
        for column, recompute in RECOMPUTED.items()
        if not column.startswith("tables.")
        for number_id, number in recompute(data)
        if number is not None
    }
    for shown in data.shown:
        base, _, book_id = shown.rpartition("@")
        if book_id == data.baseline:
            yield base, found[shown], found.get(f"{base}@{own}")


def changes(data: Data, column: str) -> Found:
    """What a user's prices add, and how many times the baseline they give."""
    for base, was, now in pairs_of_prices(data):
        found = None
        if now and column == "difference":
            found = plain(now.value - was.value)
        elif now and was.value:
            found = plain(now.value / was.value)
        yield f"price_change.{base}.{column}", found


def counts_of_changes(data: Data, name: str) -> Found:
    """How many numbers are shown, and how many of them move."""
    compared = list(pairs_of_prices(data))
    moved = [base for base, was, now in compared if now and now != was]
    counts = {"shown_count": len(compared), "moved_count": len(moved)}
    yield f"price_change.{name}", plain(counts[name] or None)


def fraction(text: str) -> Number:
    """A number written as one integer over another."""
    return Number(Fraction(text))


def plain(value: Fraction | int | None) -> Number | None:
    """A number without bounds."""
    return None if value is None else Number(Fraction(value))


@cache
def ledger(data: Data) -> Ledger:
    """The claims, over every number of the layers before them."""
    found = (pair for recompute in BEFORE_CLAIMS.values() for pair in recompute(data))
    return Ledger(data, {number_id: number for number_id, number in found if number})


def judged(data: Data, recompute: Callable[..., Found], **more: str) -> Found:
    """Numbers of the ledger."""
    return recompute(ledger(data), **more)


def reported_figures(data: Data) -> Found:
    """The figures that claims are compared with."""
    for row in data.tables["reported_figures"]:
        number_id = f"{row['figure_id']}.value"
        yield number_id, ledger(data).numbers[number_id]


def quantities(data: Data) -> Found:
    """What claims state and no layer holds."""
    yield from ledger(data).quantities.items()


BEFORE_CLAIMS: Mapping[str, Callable[[Data], Found]] = {
    **{
        f"validated.{each.table}.{each.column}": partial(read, wanted=each) for each in FILE_COLUMNS
    },
    "validated.exchange_rates.usd_per_unit": values_of_currencies,
    **{
        f"validated.quotes.{column}": partial(read_quotes, column=column, reader=number, raw=raw)
        for column, raw, number in (
            ("usd_per_gpu_hour_given", "usd_per_gpu_hour", exact),
            ("price_per_gpu_hour", "", exact),
            ("usd_per_currency_unit", "rate", fraction),
            ("usd_per_gpu_hour", "usd", fraction),
        )
    },
    "validated.quotes.quote_date": partial(read_quotes, column="quote_date", reader=day),
    "validated.quotes.gpus_in_offer": partial(read_quotes, column="gpus_in_offer", reader=exact),
    "priced.markets.quote_count": quote_counts_of_markets,
    **{
        f"priced.book_use.{column}": partial(quotes_of_books, column=column)
        for column in ("quote_count", "used_count", "unused_count")
    },
    "priced.stages.gpu_hours_product": partial(hours, column="gpu_hours_product"),
    "priced.stages.gpu_hours": partial(hours, column="gpu_hours"),
    "priced.stages.gpu_hours_unrounded": partial(hours, column="gpu_hours_unrounded"),
    "priced.stages.usd_per_gpu_hour": prices,
    "priced.stages.cost_usd": partial(costs, column=COST),
    "priced.stages.cost_unrounded_usd": partial(costs, column=UNROUNDED),
    "priced.stages.quote_age_days": partial(days, column="quote_age_days", attribute="age_days"),
    "priced.stages.window_days": partial(days, column="window_days", attribute="window_days"),
    "priced.stages.unpriced_days": partial(days, column="unpriced_days", attribute="unpriced_days"),
    "estimates.scopes.gpu_hours": partial(hours_of_bills, column="gpu_hours"),
    "estimates.scopes.gpu_hours_unrounded": partial(hours_of_bills, column="gpu_hours_unrounded"),
    "estimates.scopes.cost_usd": partial(costs_of_bills, column=COST),
    "estimates.scopes.cost_unrounded_usd": partial(costs_of_bills, column=UNROUNDED),
    "estimates.scopes.usd_per_gpu_hour": prices_of_bills,
    "estimates.scopes.ratio_to_baseline": ratios_to_baseline,
    "estimates.scopes.quote_count": quote_counts,
    "estimates.scopes.quote_age_days": quote_ages,
    "estimates.shares.other_cost_usd": costs_of_others,
    "estimates.shares.share": shares,
    "estimates.checks.gpu_hours": hours_of_checks,
    "estimates.checks.computed": computed_checks,
    "estimates.checks.ratio_to_printed": ratios_to_printed,
    "estimates.checks.implied_usd_per_gpu_hour": implied_prices,
    **FIELD,
    **OWNER,
    **RENT,
}

FIGURES = ("printed", "stated", "bare")
MEASURES = ("article_line", "deviation", "width_share", "apart", "factor", "scoped")
CLAIM_COUNTS = ("computed", "declared", "misreading", "failing_misreading")
CLAIM_COUNTS += tuple(name.replace(" ", "_") for name in VERDICTS)

# known to a sampling error: the bounds say where the published value must lie
SAMPLED = {f"estimates.uncertainty.{level}" for level in LEVELS}

RECOMPUTED: Mapping[str, Callable[[Data], Found]] = {
    **BEFORE_CLAIMS,
    "validated.reported_figures.value": reported_figures,
    "estimates.quantities.value": quantities,
    "estimates.scope_ladder.value_usd": partial(judged, recompute=values_of_rungs),
    "estimates.scope_ladder.multiple": partial(judged, recompute=multiples_of_rungs),
    **{
        f"estimates.uncertainty.{level}": partial(judged, recompute=quantiles, level=level)
        for level in LEVELS
    },
    **{
        f"estimates.tornado.{name}": partial(judged, recompute=bars, name=name)
        for name in ("at_low", "at_high", "swing", "swing_share")
    },
    **{
        f"claims.claims.{which}": partial(judged, recompute=figures_of_claims, which=which)
        for which in FIGURES
    },
    **{
        f"claims.claims.{which}": partial(judged, recompute=measures_of_claims, which=which)
        for which in MEASURES
    },
    "claims.conflicts.printed": partial(judged, recompute=values_of_conflicts),
    "claims.conflicts.ratio_to_used": partial(judged, recompute=ratios_of_conflicts),
    **{
        f"tables.claims.{name}_count": partial(judged, recompute=counts_of_claims, name=name)
        for name in CLAIM_COUNTS
    },
    **{
        f"tables.conflicts.{name}_count": partial(judged, recompute=counts_of_conflicts, name=name)
        for name in ("thing", "used_thing")
    },
    "tables.price_books.other_book_count": other_books,
    **{
        f"tables.changes.{column}": partial(changes, column=column)
        for column in ("difference", "ratio")
    },
    **{
        f"tables.price_change.{name}": partial(counts_of_changes, name=name)
        for name in ("shown_count", "moved_count")
    },
    **COUNTS,
}
