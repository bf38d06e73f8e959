"""What assumptions leave open, a second time: by pseudo-random draws, without Sobol points.

A quantile of some draws is known to its sampling error only: what is published must lie between
two of the sorted draws, `WIDE` standard errors of their rank to either side.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from statistics import NormalDist

from audit.printed_figures import Number
from audit.reference_claims import Ledger
from audit.reference_data import Data, Row
from audit.reference_field import one_price
from audit.reference_owner import Work, arithmetic, sets, works
from audit.reference_rent import MONTH_H, RUN, cluster_quotes

Found = Iterator[tuple[str, Number | None]]
Values = Mapping[str, float]
# the assumptions that an estimate reads, and its value where these have some values
Estimate = tuple[frozenset[str], Callable[[Values], float]]

DRAWS, WIDE = 4000, 5
LEVELS = {"p05": 0.05, "p50": 0.5, "p95": 0.95}
TO_95 = NormalDist().inv_cdf(0.95)
BOUGHT = ("interconnect_share", "server_overhead")
POWERED = ("server_power_factor", "power_draw", "pue", "usd_per_kwh")
AGED = ("price_performance_growth", "availability_days")


class Set:
    """A set of assumptions: its rows, which of them applies, and their draws."""

    def __init__(self, data: Data, set_id: str) -> None:
        rows = [row for row in data.tables["assumptions"] if row["set_id"] == set_id]
        self.set_id = set_id
        self.rows = {row["assumption_id"]: row for row in rows}
        self.ends = {each: ends(row) for each, row in self.rows.items()}
        self.central = {each: central for each, (central, _, _) in self.ends.items()}
        chance = random.Random(set_id)
        self.draws = [{each: self.drawn(each, chance) for each in self.rows} for _ in range(DRAWS)]

    def drawn(self, each: str, chance: random.Random) -> float:
        central, low, high = self.ends[each]
        kind = self.rows[each]["distribution"]
        if kind == "uniform":
            return chance.uniform(low, high)
        score = chance.gauss(0, 1) / TO_95
        end = high if score > 0 else low
        if kind == "normal":
            return central + abs(score) * (end - central)
        return central * (end / central) ** abs(score)  # of a fixed one the end is the centre

    def applies(self, parameter: str, tags: tuple[str, ...]) -> str:
        """The id of the assumption on a parameter that applies; empty where there is none."""
        for tag in tags:
            for each, row in self.rows.items():
                if row["parameter"] == parameter and tag and tag in row["applies_to"].split("; "):
                    return each
        return ""

    def uncertain(self, estimate: Estimate) -> list[str]:
        return [each for each in estimate[0] if self.rows[each]["distribution"] != "fixed"]


def ends(row: Row) -> tuple[float, ...]:
    return tuple(float(arithmetic(row[name])) for name in ("central", "low", "high"))


def per_gpu(quote: Row, of: Mapping[str, str]) -> Estimate | None:
    """The price of an accelerator with its share of server and network."""
    if not of["interconnect_share"]:
        return None
    price, overhead = float(Fraction(quote["usd_per_gpu"])), of["server_overhead"]
    share = of["interconnect_share"]
    is_bare = bool(overhead) and quote["sold_as"] == "card"
    return (
        frozenset({share, overhead} if is_bare else {share}),
        lambda value: price * (value[overhead] if is_bare else 1) / (1 - value[share]),
    )


def of_work(chosen: Set, each: Work) -> dict[str, Estimate]:
    """The price of the cluster, and the cost to an owner."""
    of = {name: chosen.applies(name, each.tags) for name in (*BOUGHT, *POWERED, *AGED)}
    found: dict[str, Estimate] = {}
    price = each.quote and per_gpu(each.quote, of)
    if not price:
        return found
    read, priced = price
    if each.count:
        count = float(each.count)
        found["cluster_usd"] = (read, lambda value: count * priced(value))
    is_known = each.released and each.start and each.tdp and (each.hours or each.at_peak)
    of["utilisation"] = chosen.applies("utilisation", each.tags)
    if not is_known or not all(of[name] for name in (*POWERED, *AGED)):
        return found
    delivery = timedelta(days=int(chosen.central[of["availability_days"]]))
    there = max(date.fromisoformat(each.quote["quote_date"]), each.released + delivery)
    years = max((each.start - there).days, 0) / 365.25
    kw, is_drawn = float(each.tdp) / 1000, not each.hours and not each.utilisation
    if is_drawn and not of["utilisation"]:
        return found
    told = float(each.utilisation or 1)
    hours = float(each.hours.value if each.hours else each.at_peak.value / Fraction(told))

    def cost(value: Values) -> float:
        growth = value[of["price_performance_growth"]]
        hardware = priced(value) * 10 ** (-growth * years) * growth * math.log(10) / 8766
        used = value[of["utilisation"]] if is_drawn else 1
        return hours / used * (hardware + kw * math.prod(value[of[name]] for name in POWERED))

    more = {of[name] for name in (*POWERED, "price_performance_growth")}
    more |= {of["utilisation"]} if is_drawn else set()
    found["owned_cost_usd"] = (read | more, cost)
    return found


def of_quote(data: Data, chosen: Set, quote: Row, run: Work) -> dict[str, Estimate]:
    """V3's cluster at a quote: its price, a month of it, when it has paid; by ends of ids."""
    own = next(each for each in data.tables["gpus"] if each["gpu"] == quote["gpu"])
    tags = (run.tags[0], own["family"], own["chip"], *run.tags[3:])
    names = (*BOUGHT, *POWERED, "depreciation_years")
    of = {name: chosen.applies(name, tags) for name in names}
    price = per_gpu(quote, of)
    found: dict[str, Estimate] = {}
    if not price or not run.count:
        return found
    (read, priced), count, month = price, float(run.count), float(MONTH_H)
    found["cluster_usd"] = (read, lambda value: count * priced(value))
    tdps = [
        row["value"]
        for row in sorted(data.tables["hardware"], key=lambda row: row["hardware_id"])
        if row["gpu"] == (own["bought_as"] or own["gpu"]) and row["attribute"] == "tdp"
    ]
    if not tdps or not all(of[name] for name in POWERED):
        return found
    kw, used = float(tdps[0]) / 1000, frozenset(of[name] for name in POWERED)
    life = of["depreciation_years"]

    def power(value: Values) -> float:
        return kw * math.prod(value[each] for each in (of[name] for name in POWERED))

    def monthly(value: Values) -> float:
        return count * (priced(value) / 12 / value[life] + month * power(value))

    if life:
        found["owned_usd_per_month"] = (read | used | {life}, monthly)
    for book_id in data.books:
        rent = one_price(data, book_id)
        if rent and float(rent.value) > power(chosen.central):
            found[f"break_even_months@{book_id}"] = (
                read | used,
                lambda value, rent=float(rent.value): priced(value) / (rent - power(value)) / month,
            )
    return found


def estimates(ledger: Ledger) -> Iterator[tuple[Set, str, Estimate]]:
    """Every estimate that reads assumptions, with its set and id."""
    data, runs = ledger.data, {each.work_id: each for each in works(ledger.data)}
    for set_id in sets(data):
        chosen, known = Set(data, set_id), {}
        for each in runs.values():
            for name, estimate in of_work(chosen, each).items():
                known[f"{each.work_id}.owned.{set_id}.{name}"] = estimate
        if set_id == data.config["assumption_set"]:
            for quote in cluster_quotes(data):
                for name, estimate in of_quote(data, chosen, quote, runs[RUN]).items():
                    known[f"buy.{quote['quote_id']}.{name}"] = estimate
            for rung in data.tables["rungs"]:
                if estimate := of_rung(ledger, chosen, rung, known):
                    known[f"ladder.{rung['rung_id']}.value_usd"] = estimate
        for number_id, estimate in known.items():
            if chosen.uncertain(estimate):
                yield chosen, number_id, estimate


def of_rung(
    ledger: Ledger, chosen: Set, rung: Row, known: Mapping[str, Estimate]
) -> Estimate | None:
    """A rung whose formula reads estimates, assumptions, or plain numbers of the baseline."""
    named: dict[str, Estimate] = {}
    for part in rung["inputs"].split():
        name, base = part.replace("{set}", chosen.set_id).split("=")
        assumption = base.removeprefix(f"{chosen.set_id}.").removesuffix(".central")
        number = ledger.numbers.get(base)
        number = number or ledger.numbers.get(f"{base}@{ledger.data.baseline}")
        if base in known:
            named[name] = known[base]
        elif assumption in chosen.rows:
            named[name] = (frozenset({assumption}), lambda value, each=assumption: value[each])
        elif number and number.value is not None:
            named[name] = (frozenset(), lambda _, plain=float(number.value): plain)
        else:
            return None
    if not named:
        return None
    code = compile(rung["formula"], rung["rung_id"], "eval")
    read = frozenset().union(*(ids for ids, _ in named.values()))
    return read, lambda value: eval(code, {name: f(value) for name, (_, f) in named.items()})


def quantiles(ledger: Ledger, level: str) -> Found:
    """Between which of the sorted draws a quantile lies."""
    share = LEVELS[level]
    for number_id, values in _sorted_draws(ledger):
        middle, error = DRAWS * share, WIDE * math.sqrt(DRAWS * share * (1 - share))
        places = (round(middle), math.floor(middle - error), math.ceil(middle + error))
        yield (
            _id("spread", number_id, level),
            Number(*(Fraction(values[place]) for place in places)),
        )


def _sorted_draws(ledger: Ledger) -> list[tuple[str, list[float]]]:
    """The draws of every estimate; none of what some draw makes negative."""
    if not hasattr(ledger, "draws"):
        found = [
            (number_id, sorted(value(draw) for draw in chosen.draws))
            for chosen, number_id, (_, value) in estimates(ledger)
        ]
        ledger.draws = [(number_id, values) for number_id, values in found if values[0] > 0]
    return ledger.draws


def _id(kind: str, number_id: str, name: str) -> str:
    base, at, book_id = number_id.partition("@")
    return f"{kind}.{base}.{name}{at}{book_id}"


def bars(ledger: Ledger, name: str) -> Found:
    """The estimate with one assumption at an end, and how far apart that is."""
    quote = next(each for each in works(ledger.data) if each.work_id == RUN).quote
    month = quote and f"buy.{quote['quote_id']}.owned_usd_per_month"
    for chosen, number_id, (read, value) in estimates(ledger):
        if not number_id.startswith("ladder.") and number_id != month:
            continue
        for each in chosen.uncertain((read, value)):
            _, low, high = chosen.ends[each]
            at = [value(chosen.central | {each: end}) for end in (low, high)]
            swing = abs(at[0] - at[1])
            known = dict(zip(("at_low", "at_high", "swing"), (*at, swing), strict=True))
            known["swing_share"] = swing / value(chosen.central)
            yield f"tornado.{number_id}.{each}.{name}", Number(Fraction(known[name]))
