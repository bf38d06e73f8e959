"""What owning the hardware costs, a second time.

Written after docs/methods.md, with the standard library alone. Fractions, but for powers of ten.
`OWNER` says for each column, named `layer.table.column`, what recomputes it.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from audit.printed_figures import Number, day, exact, measured
from audit.reference_data import DAY_S, EPOCH, Data, Row, total
from audit.reference_field import over, own_cost, product, sure

Found = Iterator[tuple[str, Number | None]]

FORMS = ("server", "board", "card")
YEAR_D, YEAR_H = Fraction("365.25"), 8766


def arithmetic(text: str) -> Fraction:
    """The value of a cell such as `10.2/8/0.7`."""

    def value(node: ast.expr) -> Fraction:
        if isinstance(node, ast.Constant):
            return Fraction(ast.get_source_segment(text, node))
        left, right = value(node.left), value(node.right)
        sign = type(node.op).__name__
        if sign == "Div":
            return left / right
        return {"Add": left + right, "Sub": left - right, "Mult": left * right}[sign]

    return value(ast.parse(text, mode="eval").body)


@dataclass(frozen=True)
class Work:
    """A run, or an owned run, with the quote that would have bought its hardware."""

    work_id: str
    run_id: str
    tags: tuple[str, ...]
    hours: Number | None
    count: Fraction | None
    start: date | None
    quote: Row | None
    tdp: Fraction | None
    released: date | None
    # where hours are not known: compute over the peak per hour, and the share of it as printed
    at_peak: Number | None = None
    utilisation: Fraction | None = None


def works(data: Data) -> Iterator[Work]:
    for run_id, stage_ids in data.runs.items():
        rows = [data.stages[each] for each in stage_ids]
        if len({row["gpu"] for row in rows}) == 1:
            counts = [exact(row["gpu_count"]).value for row in rows if row["gpu_count"]]
            windows = [row for row in data.tables["windows"] if row["run_id"] == run_id]
            counts = counts or [
                exact(row["gpu_count"]).value for row in windows if row["gpu_count"]
            ]
            known = [data.windows[each][0] for each in stage_ids if each in data.windows]
            start = None
            if len(known) == len(rows):
                start = EPOCH + timedelta(days=min(known) // DAY_S)
            hours = total(data.hours[each]["gpu_hours"] for each in stage_ids)
            yield work(data, rows[0], (run_id, run_id), hours, max(counts, default=None), start)
    for row in data.tables["owned_runs"]:
        count = exact(row["gpu_count"]).value if row["gpu_count"] else None
        hours = measured(row["gpu_hours"], row["gpu_hours_step"]) if row["gpu_hours"] else None
        start = date.fromisoformat(row["start_date"])
        found = work(data, row, (row["work_id"], row["run_id"]), hours, count, start)
        if row["flop_e24"]:
            peaks = {each["hardware_id"]: each["value"] for each in data.tables["hardware"]}
            per_hour = Fraction(peaks[row["peak_id"]]) * 3600
            at_peak = product(measured(row["flop_e24"]), sure(Fraction(10**12) / per_hour))
            printed = row["reported_utilisation"]
            told = Fraction(printed) if printed else None
            found = replace(found, at_peak=at_peak, utilisation=told)
        yield found


def work(
    data: Data,
    row: Row,
    ids: tuple[str, str],
    hours: Number | None,
    count: Fraction | None,
    start: date | None,
) -> Work:
    gpus = {each["gpu"]: each for each in data.tables["gpus"]}
    own = gpus[row["gpu"]]
    bought = own["bought_as"] or own["gpu"]
    attributes: dict[str, Row] = {}
    for each in sorted(data.tables["hardware"], key=lambda each: each["hardware_id"]):
        if each["gpu"] == bought:
            attributes.setdefault(each["attribute"], each)
    tdp, released = attributes.get("tdp"), attributes.get("release_date")
    return Work(
        *ids,
        (row["developer"], own["family"], own["chip"], row["release_date"][:4], "*"),
        hours,
        count,
        start,
        first_quote(data, (own["gpu"], bought), start),
        Fraction(tdp["value"]) if tdp else None,
        date.fromisoformat(released["value_date"]) if released else None,
    )


def first_quote(data: Data, gpus: tuple[str, str], start: date | None) -> Row | None:
    """The quote that stands first by the rule."""

    def place(quote: Row) -> tuple:
        days = (start - date.fromisoformat(quote["quote_date"])).days if start else 0
        return (
            quote["kind"] not in ("list", "contract"),
            quote["gpu"] != gpus[0],
            days < 0,
            FORMS.index(quote["sold_as"]),
            abs(days),
            quote["quote_id"],
        )

    usable = [
        quote
        for quote in data.tables["purchase_quotes"]
        if quote["gpu"] in gpus
        and quote["usd_per_gpu"]
        and quote["quote_date"]
        and quote["sold_as"] in FORMS
        and quote["is_doubtful"] == "no"
    ]
    return min(usable, key=place, default=None)


def assumption(data: Data, set_id: str, parameter: str, tags: tuple[str, ...]) -> Number | None:
    """The assumption that applies to the first of the tags that any applies to."""
    rows = [
        row
        for row in data.tables["assumptions"]
        if row["set_id"] == set_id and row["parameter"] == parameter
    ]
    for tag in tags:
        for row in rows:
            if tag and tag in row["applies_to"].split("; "):
                return Number(*(arithmetic(row[name]) for name in ("central", "low", "high")))
    return None


def sets(data: Data) -> list[str]:
    return sorted({row["set_id"] for row in data.tables["assumptions"]})


def purchases(name: str) -> Callable[[Data], Found]:
    def found(data: Data) -> Found:
        for each in works(data):
            quote, start = each.quote, each.start
            known: dict[str, Number | None] = {
                "gpu_count": each.count and Number(each.count),
                "start_date": start and Number(None, date=start),
                "quote_date": quote and day(quote["quote_date"]),
                "usd_per_gpu": quote and Number(Fraction(quote["usd_per_gpu"])),
            }
            if quote and start:
                days = (start - date.fromisoformat(quote["quote_date"])).days
                known["quote_distance_days"] = Number(Fraction(days))
            yield f"{each.work_id}.purchase.{name}", known.get(name)

    return found


def rent_of(data: Data, each: Work) -> Number | None:
    """The rent of a run's own price at its own time; of hours from FLOP there is none."""
    return own_cost(data, each.run_id) if each.hours and each.run_id in data.runs else None


def owned(data: Data, each: Work, set_id: str) -> dict[str, Number | None]:
    """Every number of a row: of what is missing, nothing."""

    def assumed(name: str) -> Number | None:
        number = assumption(data, set_id, name, each.tags)
        return number and sure(number.value)

    quote, growth = each.quote, assumed("price_performance_growth")
    delivery, share = assumed("availability_days"), assumed("interconnect_share")
    available = aged = per_server = kept = None
    if quote:
        is_bare = quote["sold_as"] == "card"
        overhead = assumed("server_overhead") if is_bare else None
        per_server = product(sure(Fraction(quote["usd_per_gpu"])), overhead or sure(1))
    if quote and each.released and delivery:
        delivered = each.released + timedelta(days=int(delivery.value))
        available = max(date.fromisoformat(quote["quote_date"]), delivered)
    if available and each.start:
        aged = Fraction(max((each.start - available).days, 0))
    if aged is not None and growth:
        kept = sure(Fraction(10 ** -float(growth.value * aged / YEAR_D)))
    lost = product(growth, sure(Fraction(math.log(10))))
    value = product(per_server, kept)
    used = each.utilisation and sure(each.utilisation)
    hours = each.hours or over(each.at_peak, used or assumed("utilisation"))
    servers = product(value, lost, hours, sure(Fraction(1, YEAR_H)))
    wires = product(servers, share and sure(share.value / (1 - share.value)))
    kw = each.tdp and sure(each.tdp / 1000)
    factors = [assumed(name) for name in ("server_power_factor", "power_draw", "pue")]
    kwh = product(kw, *factors, hours)
    power = product(kwh, assumed("usd_per_kwh"))
    whole = together(servers, wires, power)
    count = each.count and sure(each.count)
    cluster = product(count, per_server, share and sure(1 / (1 - share.value)))
    rent = rent_of(data, each)
    return {
        "usd_per_kwh": bare(assumed("usd_per_kwh")),
        "gpu_hours": hours,
        "available_date": available and Number(None, date=available),
        "aged_days": None if aged is None else Number(aged),
        "server_usd_per_gpu": bare(per_server),
        "value_share": bare(kept),
        "start_usd_per_gpu": bare(value),
        "replacement_per_year": bare(lost),
        "used_share": over(product(hours, lost), product(count, sure(YEAR_H))),
        "server_cost_usd": servers,
        "interconnect_cost_usd": wires,
        "energy_kwh": kwh,
        "energy_cost_usd": power,
        "hardware_cost_usd": together(servers, wires),
        "owned_cost_usd": whole,
        "owned_usd_per_gpu_hour": bare(over(whole, hours)),
        "cluster_usd": bare(cluster),
        "cluster_to_owned": bare(over(cluster, whole)),
        "rental_to_owned": bare(over(rent, whole)),
    }


def together(*numbers: Number | None) -> Number | None:
    return total(iter(numbers))


def bare(number: Number | None) -> Number | None:
    """The number without bounds."""
    return number and Number(number.value)


def ownership(name: str) -> Callable[[Data], Found]:
    def found(data: Data) -> Found:
        for each in works(data):
            for set_id in sets(data):
                yield f"{each.work_id}.owned.{set_id}.{name}", owned(data, each, set_id)[name]

    return found


def real(name: str) -> Callable[[Data], Found]:
    """Dollars of the month of the quote or the start in those of the last month of the index."""

    def found(data: Data) -> Found:
        index = {
            row["month"]: sure(Fraction(row["index_value"])) for row in data.tables["price_index"]
        }
        last = index[max(index)]
        for each in works(data):
            of_quote = index.get(each.quote["quote_date"][:7]) if each.quote else None
            of_start = index.get(each.start.isoformat()[:7]) if each.start else None
            rent = rent_of(data, each)
            for set_id in sets(data):
                nominal = owned(data, each, set_id)
                cluster, whole = nominal["cluster_usd"], nominal["owned_cost_usd"]
                cluster = cluster and sure(cluster.value)
                known = {
                    "quote_index": bare(of_quote),
                    "start_index": bare(of_start),
                    "real_cluster_usd": bare(product(cluster, over(last, of_quote))),
                    "real_owned_cost_usd": product(whole, over(last, of_quote)),
                    "real_rental_cost_usd": product(rent, over(last, of_start)),
                }
                yield f"{each.work_id}.owned.{set_id}.real.{name}", known[name]

    return found


def assumptions(data: Data) -> Found:
    for row in data.tables["assumptions"]:
        yield f"{row['set_id']}.{row['assumption_id']}.central", sure(arithmetic(row["central"]))


def ranges(data: Data) -> Found:
    for row in data.tables["assumptions"]:
        values = (arithmetic(row[name]) for name in ("central", "low", "high"))
        yield f"{row['set_id']}.{row['assumption_id']}.range", Number(*values)


PURCHASED = ("gpu_count", "start_date", "quote_date", "quote_distance_days", "usd_per_gpu")
OWNED = (
    "usd_per_kwh",
    "gpu_hours",
    "available_date",
    "aged_days",
    "server_usd_per_gpu",
    "value_share",
    "start_usd_per_gpu",
)
OWNED += ("replacement_per_year", "used_share", "server_cost_usd", "interconnect_cost_usd")
OWNED += ("energy_kwh", "energy_cost_usd", "hardware_cost_usd", "owned_cost_usd")
OWNED += ("owned_usd_per_gpu_hour", "cluster_usd", "cluster_to_owned", "rental_to_owned")

REAL = ("quote_index", "start_index")
REAL += ("real_cluster_usd", "real_owned_cost_usd", "real_rental_cost_usd")

OWNER: Mapping[str, Callable[[Data], Found]] = {
    "validated.assumptions.central": assumptions,
    "validated.assumptions.range": ranges,
    **{f"estimates.purchases.{name}": purchases(name) for name in PURCHASED},
    **{f"estimates.ownership.{name}": ownership(name) for name in OWNED},
    **{f"estimates.real_dollars.{name}": real(name) for name in REAL},
}
