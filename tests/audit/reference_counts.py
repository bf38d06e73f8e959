"""What the tables on the whole field count, a second time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

from audit.printed_figures import Number, measured
from audit.reference_data import Data, times
from audit.reference_field import COMPARED, against, hours_of, one_price, over, own_book, work_of

Found = Iterator[tuple[str, Number | None]]
HOURS_FACTORS = ("tokens", "flop_per_token", "throughput")
R1_PARTS = {"r1-zero", "r1-data", "r1-training"}


def counted(number_id: str, many: int) -> Found:
    """A count; of nothing there is no number."""
    if many:
        yield number_id, Number(Fraction(many))


def others(data: Data) -> list[str]:
    """Runs with hours of their makers, without V3 and R1."""
    return [
        run_id
        for run_id, stage_ids in data.runs.items()
        if run_id not in COMPARED.values()
        and all(data.stages[each]["hours_basis"] != "third-party" for each in stage_ids)
    ]


def within(data: Data) -> Found:
    """Runs that are surely within a factor of two of V3 and R1."""
    both = hours_of(data, COMPARED["both"])
    ratios = [over(hours_of(data, each), both) for each in others(data)]
    many = sum(2 * each.low >= 1 and each.high <= 2 for each in ratios)
    yield from counted("models.within_count", many)


def disclosed(name: str) -> Callable[[Data], Found]:
    def found(data: Data) -> Found:
        if name != "cost_over_time" or one_price(data, data.baseline):
            yield from counted(f"{name}.disclosed_count", len(others(data)))

    return found


def dearer(data: Data) -> Found:
    """Runs that cost more than V3 and R1 at one price."""
    both = hours_of(data, COMPARED["both"]).value
    if one_price(data, data.baseline):
        many = sum(hours_of(data, each).value > both for each in others(data))
        yield from counted("cost_over_time.dearer_count", many)


def own_prices(name: str) -> Callable[[Data], Found]:
    def found(data: Data) -> Found:
        chosen = {run_id: own_book(data, run_id) for run_id in data.runs}
        priced = [run_id for run_id, book_id in chosen.items() if book_id]
        lengths = {row["run_id"] for row in data.tables["windows"] if row["assumed_days"]}
        known = {
            "own_price": len(priced),
            "stand_in": sum(stands_in(data, run_id, chosen[run_id]) for run_id in priced),
            "assumed_length": sum(run_id in lengths for run_id in priced),
        }
        yield from counted(f"models.{name}_count", known[name])

    return found


def stands_in(data: Data, run_id: str, book_id: str) -> bool:
    quoted = {quote["gpu"] for quote in data.quotes[book_id]}
    return any(data.stages[each]["gpu"] not in quoted for each in data.runs[run_id])


def meets(one: Number, other: Number) -> bool:
    return one.low <= other.high and other.low <= one.high


def totals(outcome: str) -> Callable[[Data], Found]:
    def found(data: Data) -> Found:
        met = []
        for row in data.tables["printed_totals"]:
            ids = row["stage_ids"].split(" ") if row["stage_ids"] else []
            worked = [data.hours[each]["gpu_hours"] for each in ids]
            if not worked:
                continue
            hours = Number(*(sum(getattr(w, p) for w in worked) for p in ("value", "low", "high")))
            ours: Number | None = hours
            if row["quantity"] == "gpu_hours_per_trillion_tokens":
                ours = over(hours, scaled(measured(row["tokens"]), Fraction(1, 10**12)))
            elif row["quantity"] == "cost_usd":
                stated = row["stated_usd_per_gpu_hour"]
                ours = scaled(hours, Fraction(stated)) if stated else None
            if ours:
                met.append(meets(ours, measured(row["printed"], row["printed_step"])))
        many = sum(each == (outcome == "agrees") for each in met)
        yield from counted(f"models.totals_{outcome}_count", many)

    return found


def scaled(number: Number, factor: Fraction) -> Number:
    return times(number, Number(factor, factor, factor))


def printed_hours(outcome: str) -> Callable[[Data], Found]:
    def found(data: Data) -> Found:
        met = [
            meets(hours["gpu_hours"], hours["gpu_hours_product"])
            for stage_id, hours in data.hours.items()
            if hours["gpu_hours_product"] and data.stages[stage_id]["gpu_hours_printed"]
        ]
        many = sum(each == (outcome == "agrees") for each in met)
        yield from counted(f"models.hours_{outcome}_count", many)

    return found


def leads(owner: str, name: str) -> Callable[[Data], Found]:
    def found(data: Data) -> Found:
        works = {row["run_id"]: work_of(data, row) for row in data.tables["training_compute"]}
        v3 = works.pop("v3")
        factors = [against(ours, v3) for ours in works.values()]
        above = [each for each in factors if each["hours_ratio"].value > 1]
        many = sum(name == "dearer" or leader(each) == name for each in above)
        suffix = "dearer_count" if name == "dearer" else f"{name}_lead_count"
        yield from counted(f"{owner}.{suffix}", many)

    return found


def leader(factors: Mapping[str, Number]) -> str:
    """The largest factor of a run that is dearer than V3."""
    return max(HOURS_FACTORS, key=lambda name: factors[f"{name}_factor"].value)


def works(name: str) -> Callable[[Data], Found]:
    def found(data: Data) -> Found:
        r1 = hours_of(data, COMPARED["r1"]).value
        rows = [row for row in data.tables["rl_runs"] if row["rl_id"] not in R1_PARTS]
        worked = [
            sum(data.hours[each]["gpu_hours"].value for each in row["stage_ids"].split(" "))
            for row in rows
        ]
        many = len(rows) if name == "other" else sum(each > r1 for each in worked)
        yield from counted(f"rl_runs.{name}_count", many)

    return found


COUNTS: Mapping[str, Callable[[Data], Found]] = {
    "tables.models.within_count": within,
    "tables.models.disclosed_count": disclosed("models"),
    "tables.cost_over_time.disclosed_count": disclosed("cost_over_time"),
    "tables.cost_over_time.dearer_count": dearer,
    **{
        f"tables.models.{name}_count": own_prices(name)
        for name in ("own_price", "stand_in", "assumed_length")
    },
    **{f"tables.models.totals_{each}_count": totals(each) for each in ("agrees", "conflicts")},
    **{
        f"tables.models.hours_{each}_count": printed_hours(each) for each in ("agrees", "conflicts")
    },
    **{
        f"tables.{owner}.{name}_lead_count": leads(owner, name)
        for owner in ("efficiency", "factors")
        for name in HOURS_FACTORS
    },
    **{
        f"tables.{owner}.dearer_count": leads(owner, "dearer")
        for owner in ("efficiency", "factors")
    },
    **{f"tables.rl_runs.{name}_count": works(name) for name in ("bigger", "other")},
}
