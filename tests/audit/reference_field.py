"""The tables on the whole field a second time: one price, own prices, factors, serving.

Written after docs/methods.md, with the standard library alone, in fractions.
`FIELD` says for each column, named `layer.table.column`, what recomputes it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

from audit.printed_figures import Number, day, exact, measured
from audit.reference_data import Data, Price, Row, ratio, seconds_of, times, total

Found = Iterator[tuple[str, Number | None]]

COMPARED = {"v3": "v3", "r1": "r1", "both": "v3-r1"}
MILLION, TRILLION = 10**6, 10**12
HOUR_S, DAY_S = 3600, 86_400


def sure(value: Fraction | int | None) -> Number | None:
    """An exact number: it bounds itself."""
    return None if value is None else Number(Fraction(value), Fraction(value), Fraction(value))


def over(one: Number | None, other: Number | None) -> Number | None:
    """A quotient of two positive numbers; none where one is missing."""
    if one is None or other is None:
        return None
    return Number(one.value / other.value, ratio(one.low, other.high), ratio(one.high, other.low))


def product(*numbers: Number | None) -> Number | None:
    if None in numbers:
        return None
    found = sure(1)
    for number in numbers:
        found = times(found, number)
    return found


def plus(one: Number, other: Number) -> Number:
    return Number(one.value + other.value, one.low + other.low, one.high + other.high)


def share(part: Number, rest: Number) -> Number:
    """The part in part and rest."""
    of = (1 + ratio(rest.value, part.value), 1 + ratio(rest.low, part.high))
    return Number(1 / of[0], ratio(1, 1 + ratio(rest.high, part.low)), ratio(1, of[1]))


def hours_of(data: Data, scope_id: str) -> Number:
    return total(data.hours[each]["gpu_hours"] for each in data.scopes[scope_id])


def one_price(data: Data, book_id: str) -> Number | None:
    """What V3 and R1 cost per GPU-hour under a book."""
    cost = data.bills[COMPARED["both"], book_id]
    return sure(cost.value / hours_of(data, COMPARED["both"]).value) if cost else None


def fielded(data: Data) -> list[str]:
    """Every run, and V3 with R1."""
    return [*data.runs, COMPARED["both"]]


def common_costs(data: Data) -> Found:
    for scope_id in fielded(data):
        for book_id in data.books:
            cost = product(hours_of(data, scope_id), one_price(data, book_id))
            yield f"{scope_id}.total.common_cost_usd@{book_id}", cost


def hour_ratios(name: str) -> Callable[[Data], Found]:
    def found(data: Data) -> Found:
        for scope_id in fielded(data):
            if scope_id != COMPARED[name]:
                compared = hours_of(data, COMPARED[name])
                yield f"{scope_id}.total.ratio_to_{name}", over(hours_of(data, scope_id), compared)

    return found


def own_book(data: Data, scope_id: str) -> str | None:
    """The first book marked own_price that prices a bill."""
    marked = [book_id for book_id, book in data.books.items() if book.get("own_price")]
    return next((book_id for book_id in marked if data.bills[scope_id, book_id]), None)


def own_cost(data: Data, scope_id: str) -> Number | None:
    book_id = own_book(data, scope_id)
    return data.bills[scope_id, book_id] if book_id else None


def own_price(data: Data, scope_id: str) -> Fraction | None:
    cost = own_cost(data, scope_id)
    return cost.value / hours_of(data, scope_id).value if cost else None


def own_ratios(name: str) -> Callable[[Data], Found]:
    def found(data: Data) -> Found:
        for scope_id in fielded(data):
            if scope_id != COMPARED[name]:
                costs = own_cost(data, scope_id), own_cost(data, COMPARED[name])
                yield f"{scope_id}.own.own_ratio_to_{name}", over(*costs)

    return found


def dollar_ratios(name: str) -> Callable[[Data], Found]:
    def found(data: Data) -> Found:
        for row in data.tables["cost_estimates"]:
            printed = measured(row["cost_printed"], row["cost_step"])
            for book_id in data.books:
                compared = product(hours_of(data, COMPARED[name]), one_price(data, book_id))
                number_id = f"{row['estimate_id']}.cost_ratio_to_{name}@{book_id}"
                yield number_id, over(printed, compared)

    return found


def rl_hours(data: Data, row: Row) -> Number:
    return total(data.hours[each]["gpu_hours"] for each in row["stage_ids"].split(" "))


def rl_column(name: str) -> Callable[[Data], Found]:
    def found(data: Data) -> Found:
        for row in data.tables["rl_runs"]:
            worked = rl_hours(data, row)
            owner = f"rl.{row['rl_id']}"
            if name == "gpu_hours":
                yield f"{owner}.gpu_hours", worked
            elif name == "ratio_to_r1":
                yield f"{owner}.ratio_to_r1", over(worked, hours_of(data, COMPARED["r1"]))
            else:
                for book_id in data.books:
                    cost = product(worked, one_price(data, book_id))
                    yield f"{owner}.common_cost_usd@{book_id}", cost

    return found


def work_of(data: Data, row: Row) -> dict[str, Number | None]:
    """What a run computed, how fast, and at what price."""
    held = data.stages[row["tokens_stage_id"]]
    hours = total(data.hours[each]["gpu_hours"] for each in row["hours_stage_ids"].split(" "))
    tokens = measured(held["tokens"])
    per_token = sure(6 * 10**9 * Fraction(held["active_params_b"]))
    flop = product(tokens, per_token)
    per_hour = over(flop, hours)
    speed = over(per_hour, sure(HOUR_S * TRILLION))
    peaks = {each["hardware_id"]: each["value"] for each in data.tables["hardware"]}
    peak, printed_peak = (
        sure(Fraction(peaks[row[name]])) if row[name] else None
        for name in ("peak_id", "utilisation_peak_id")
    )
    return {
        "gpu_hours": hours,
        "tokens": tokens,
        "flop_per_token": per_token,
        "training_flop": flop,
        "flop_per_gpu_hour": per_hour,
        "achieved_tflops": speed,
        "utilisation": over(speed, peak),
        "utilisation_as_printed": over(speed, printed_peak),
        "price": sure(own_price(data, row["run_id"])),
    }


def against(ours: Mapping[str, Number | None], v3: Mapping[str, Number | None]) -> dict:
    """A run's factors over V3, and their logarithms times a hundred."""
    found = {
        "tokens_factor": over(ours["tokens"], v3["tokens"]),
        "flop_per_token_factor": over(ours["flop_per_token"], v3["flop_per_token"]),
        "throughput_factor": over(v3["flop_per_gpu_hour"], ours["flop_per_gpu_hour"]),
        "price_factor": over(ours["price"], v3["price"]),
        "hours_ratio": over(ours["gpu_hours"], v3["gpu_hours"]),
    }
    found["cost_ratio"] = product(found["hours_ratio"], found["price_factor"])
    logarithms = {}
    for name, number in found.items():
        points = number and Number(Fraction(100 * math.log(number.value)))
        logarithms[name.replace("_factor", "").replace("_ratio", "") + "_log_points"] = points
    return found | logarithms


def efficiencies(name: str) -> Callable[[Data], Found]:
    def found(data: Data) -> Found:
        works = {row["run_id"]: work_of(data, row) for row in data.tables["training_compute"]}
        for run_id, ours in works.items():
            known = ours if run_id == "v3" else ours | against(ours, works["v3"])
            yield f"{run_id}.efficiency.{name}", known.get(name)

    return found


def day_of(row: Row) -> dict[str, Number | None]:
    """A serving day from what its owner prints."""
    nodes, read, cached, written = (
        measured(row[name]) for name in ("nodes", "input_tokens", "cached_tokens", "output_tokens")
    )
    per_node = sure(exact(row["gpus_per_node"]).value)
    length = sure(Fraction(row["window_hours"]))
    hit, miss, out = (
        Fraction(row[f"{name}_usd_per_million"]) for name in ("cached", "input", "output")
    )
    saved = times(cached, sure(miss - hit))
    full = times(read, sure(miss))
    revenue_in = Number(
        (full.value - saved.value) / MILLION,
        (full.low - saved.high) / MILLION,
        (full.high - saved.low) / MILLION,
    )
    revenue_out = times(written, sure(out / MILLION))
    hours_in, hours_out = (
        over(tokens, times(measured(row[f"{name}_tokens_per_node_second"]), sure(HOUR_S)))
        for name, tokens in (("input", read), ("output", written))
    )
    revenue = plus(revenue_in, revenue_out)
    hours = product(nodes, per_node, length)
    stated = row["stated_usd_per_gpu_hour"]
    cost = times(hours, sure(Fraction(stated))) if stated else None
    multiple = over(revenue, cost)
    return {
        "gpu_hours": hours,
        "output_tokens": written,
        "stated_cost_usd": cost,
        "input_revenue_usd": revenue_in,
        "output_revenue_usd": revenue_out,
        "revenue_usd": revenue,
        "margin": multiple and Number(multiple.value - 1, multiple.low - 1, multiple.high - 1),
        "cached_share": over(cached, read),
        "input_node_hours": hours_in,
        "output_node_hours": hours_out,
        "busy_node_hours": plus(hours_in, hours_out),
        "node_hours": times(nodes, length),
        "output_share_by_time": share(hours_out, hours_in),
        "output_share_by_price": share(revenue_out, revenue_in),
    }


def serving_days(name: str) -> Callable[[Data], Found]:
    def found(data: Data) -> Found:
        for row in data.tables["serving_days"]:
            yield f"{row['service_id']}.{name}", day_of(row)[name]

    return found


def price_of_day(data: Data, row: Row, book_id: str) -> Price:
    end = seconds_of(row["window_end"]) + int(Fraction(row["window_end_hour_utc"]) * HOUR_S)
    start = end - int(Fraction(row["window_hours"]) * HOUR_S)
    return data.price_of(row["gpu"], book_id, (start, end))


def served(data: Data) -> Iterator[tuple[str, str, Row, Price]]:
    for row in data.tables["serving_days"]:
        for book_id in data.books:
            yield (
                f"{row['service_id']}.{{}}@{book_id}",
                book_id,
                row,
                price_of_day(data, row, book_id),
            )


def priced_days(name: str) -> Callable[[Data], Found]:
    def found(data: Data) -> Found:
        for template, _, row, price in served(data):
            cost = times(day_of(row)["gpu_hours"], price.mean) if price.mean else None
            if name == "usd_per_gpu_hour":
                yield template.format(name), price.mean
            elif name == "cost_usd":
                yield template.format(name), cost
            else:
                attribute = {"quote_age_days": "age_days"}.get(name, name)
                days = getattr(price, attribute)
                yield template.format(name), None if days is None else Number(Fraction(days))

    return found


def serving(name: str) -> Callable[[Data], Found]:
    def found(data: Data) -> Found:
        for template, book_id, row, price in served(data):
            day = day_of(row)
            cost = times(day["gpu_hours"], price.mean) if price.mean else None
            per_million = over(cost, times(day["output_tokens"], sure(Fraction(1, MILLION))))
            known = {
                "days_to_r1": over(data.bills[COMPARED["r1"], book_id], cost),
                "days_to_both": over(data.bills[COMPARED["both"], book_id], cost),
                "revenue_to_cost": over(day["revenue_usd"], cost),
                "usd_per_million_output_all": per_million,
                "usd_per_million_output_by_time": product(per_million, day["output_share_by_time"]),
                "usd_per_million_output_by_price": product(
                    per_million, day["output_share_by_price"]
                ),
            }
            yield template.format(name), known[name]

    return found


WORK = ("gpu_hours", "flop_per_token", "training_flop", "flop_per_gpu_hour", "achieved_tflops")
WORK += ("utilisation", "utilisation_as_printed")
FACTORS = ("tokens", "flop_per_token", "throughput", "price")
RATIOS = (*(f"{name}_factor" for name in FACTORS), "hours_ratio", "cost_ratio")
POINTS = tuple(f"{name}_log_points" for name in (*FACTORS, "hours", "cost"))
OF_DAY = ("stated_cost_usd", "input_revenue_usd", "output_revenue_usd", "revenue_usd", "margin")
OF_DAY += ("cached_share", "input_node_hours", "output_node_hours", "busy_node_hours")
OF_DAY += ("node_hours", "output_share_by_time", "output_share_by_price")
OF_SERVING = ("days_to_r1", "days_to_both", "revenue_to_cost", "usd_per_million_output_all")
OF_SERVING += ("usd_per_million_output_by_time", "usd_per_million_output_by_price")
PRICED = ("usd_per_gpu_hour", "cost_usd", "quote_age_days", "unpriced_days", "window_days")


def release_days(data: Data) -> Found:
    """The latest release date of the stages."""
    for scope_id in fielded(data):
        dates = [data.stages[each]["release_date"] for each in data.scopes[scope_id]]
        yield f"{scope_id}.total.release_date", day(max(dates)) if any(dates) else None


def hours_by_product(data: Data) -> Found:
    """GPUs times duration over printed GPU-hours, where both are printed."""
    for stage_id, hours in data.hours.items():
        if hours["gpu_hours_product"] and data.stages[stage_id]["gpu_hours_printed"]:
            ratio_ = over(hours["gpu_hours_product"], hours["gpu_hours"])
            yield f"{stage_id}.product_to_printed", ratio_


FIELD: Mapping[str, Callable[[Data], Found]] = {
    "estimates.models.common_cost_usd": common_costs,
    "estimates.models.release_date": release_days,
    "estimates.hour_checks.product_to_printed": hours_by_product,
    **{f"estimates.models.ratio_to_{name}": hour_ratios(name) for name in COMPARED},
    **{f"estimates.own_prices.own_ratio_to_{name}": own_ratios(name) for name in COMPARED},
    **{f"estimates.third_party.cost_ratio_to_{name}": dollar_ratios(name) for name in COMPARED},
    **{
        f"estimates.rl_runs.{name}": rl_column(name)
        for name in ("gpu_hours", "ratio_to_r1", "common_cost_usd")
    },
    **{f"estimates.efficiency.{name}": efficiencies(name) for name in (*WORK, *RATIOS, *POINTS)},
    "priced.serving.gpu_hours": serving_days("gpu_hours"),
    **{f"priced.serving.{name}": priced_days(name) for name in PRICED},
    **{f"estimates.serving_days.{name}": serving_days(name) for name in OF_DAY},
    **{f"estimates.serving.{name}": serving(name) for name in OF_SERVING},
}
