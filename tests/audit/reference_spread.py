"""What assumptions leave open, a second time: by pseudo-random draws, without Sobol points.

A quantile of some draws is known to its sampling error only: what is published must lie between
two of the sorted draws, `WIDE` standard errors of their rank to either side.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from statistics import NormalDist
from zlib import crc32

import numpy as np

from audit.printed_figures import Number
from audit.reference_claims import Ledger
from audit.reference_data import Data, Row
from audit.reference_field import one_price
from audit.reference_owner import Work, arithmetic, rent_of, sets, works
from audit.reference_rent import BILL, MONTH_H, RUN, cluster_quotes, of_the_quoted

Found = Iterator[tuple[str, Number | None]]
# a value of each assumption, or all its draws
Values = Mapping[str, float | np.ndarray]
# the assumptions that an estimate reads, and its value where these have some values
Estimate = tuple[frozenset[str], Callable[[Values], float | np.ndarray]]

DRAWS, WIDE = 4000, 5
LEVELS = {"p05": 0.05, "p50": 0.5, "p95": 0.95}
TO_95 = NormalDist().inv_cdf(0.95)


class Set:
    """A set of assumptions: its rows, which of them applies, and their draws."""

    def __init__(self, data: Data, set_id: str) -> None:
        rows = [row for row in data.tables["assumptions"] if row["set_id"] == set_id]
        self.set_id = set_id
        self.rows = {row["assumption_id"]: row for row in rows}
        self.ends = {each: ends(row) for each, row in self.rows.items()}
        self.central = {each: central for each, (central, _, _) in self.ends.items()}
        self.draws = {each: self.drawn(each) for each in self.rows}

    def drawn(self, each: str) -> np.ndarray:
        central, low, high = self.ends[each]
        kind = self.rows[each]["distribution"]
        chance = np.random.default_rng(crc32(f"{self.set_id}.{each}".encode()))
        if kind == "uniform":
            return chance.uniform(low, high, DRAWS)
        score = chance.standard_normal(DRAWS) / TO_95
        end = np.where(score > 0, high, low)
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


def times(*parts: Estimate | None) -> Estimate | None:
    """The product of estimates; none of what is missing."""
    if not all(parts):
        return None
    read = frozenset().union(*(ids for ids, _ in parts))
    return read, lambda value: math.prod(part(value) for _, part in parts)


def plus(*parts: Estimate | None) -> Estimate | None:
    if not all(parts):
        return None
    read = frozenset().union(*(ids for ids, _ in parts))
    return read, lambda value: sum(part(value) for _, part in parts)


def per(part: Estimate | None) -> Estimate | None:
    """One over an estimate."""
    return part and (part[0], lambda value: 1 / part[1](value))


def plain(number: float | Fraction | Number | None) -> Estimate | None:
    """A number that reads no assumption."""
    known = number.value if isinstance(number, Number) else number
    return None if known is None else (frozenset(), lambda _: float(known))


class Bought:
    """What a purchase quote and the assumptions that apply come to."""

    def __init__(self, chosen: Set, quote: Row | None, tags: tuple[str, ...]) -> None:
        self.chosen, self.tags = chosen, tags
        self.growth = self.assumed("price_performance_growth")
        is_bare = quote and quote["sold_as"] == "card"
        overhead = self.assumed("server_overhead") if is_bare else plain(1)
        price = plain(Fraction(quote["usd_per_gpu"]) if quote else None)
        self.server = times(price, overhead)
        share = self.assumed("interconnect_share")
        self.kept = share and (share[0], lambda value: 1 - share[1](value))
        self.wires = times(share, per(self.kept))
        drawn = ("server_power_factor", "power_draw", "pue")
        self.power = times(*(self.assumed(name) for name in drawn))
        self.usd_per_kwh = self.assumed("usd_per_kwh")

    def assumed(self, parameter: str) -> Estimate | None:
        each = self.chosen.applies(parameter, self.tags)
        return (frozenset({each}), lambda value: value[each]) if each else None


def of_work(data: Data, chosen: Set, each: Work) -> dict[str, Estimate | None]:
    """Every result of a run to its owner, by the end of its id."""
    bought = Bought(chosen, each.quote, each.tags)
    share = each.utilisation and plain(each.utilisation)
    hours = plain(each.hours) or times(
        plain(each.at_peak), per(share or bought.assumed("utilisation"))
    )
    cluster = times(each.count and plain(each.count), bought.server, per(bought.kept))
    servers = times(hours, bought.server, aged(chosen, bought, each), plain(Fraction(1, 8766)))
    wires = times(servers, bought.wires)
    kwh = times(each.tdp and plain(each.tdp / 1000), bought.power, hours)
    energy = times(kwh, bought.usd_per_kwh)
    hardware, owned = plus(servers, wires), plus(servers, wires, energy)
    rent = plain(rent_of(data, each))
    index = {row["month"]: Fraction(row["index_value"]) for row in data.tables["price_index"]}
    base = index.get(each.quote["quote_date"][:7]) if each.quote else None
    real = plain(index[max(index)] / base if base else None)
    return {
        "gpu_hours": hours,
        "server_cost_usd": servers,
        "interconnect_cost_usd": wires,
        "energy_kwh": kwh,
        "energy_cost_usd": energy,
        "hardware_cost_usd": hardware,
        "owned_cost_usd": owned,
        "owned_usd_per_gpu_hour": times(owned, per(hours)),
        "cluster_usd": cluster,
        "cluster_to_owned": times(cluster, per(owned)),
        "rental_to_owned": times(rent, per(owned)),
        "real.real_cluster_usd": times(cluster, real),
        "real.real_owned_cost_usd": times(owned, real),
    }


def aged(chosen: Set, bought: Bought, each: Work) -> Estimate | None:
    """The share of its price that hardware has kept at the start, and loses in a year then."""
    delivery = chosen.applies("availability_days", each.tags)
    if not (each.quote and each.start and each.released and delivery and bought.growth):
        return None
    there = each.released + timedelta(days=int(chosen.central[delivery]))
    there = max(date.fromisoformat(each.quote["quote_date"]), there)
    years, growth = max((each.start - there).days, 0) / 365.25, bought.growth[1]
    return (
        bought.growth[0],
        lambda value: 10 ** (-growth(value) * years) * growth(value) * math.log(10),
    )


def of_quote(data: Data, chosen: Set, quote: Row, run: Work) -> dict[str, Estimate | None]:
    """V3's cluster at a quote, alone and beside renting under each book, by ends of ids."""
    tags, kw = of_the_quoted(data, quote, run)
    bought = Bought(chosen, quote, tags)
    count = run.count and plain(run.count)
    servers = times(count, bought.server)
    cluster = times(servers, per(bought.kept))
    an_hour = times(plain(kw), bought.power, bought.usd_per_kwh)
    month = times(count, plain(MONTH_H))
    life = times(bought.assumed("depreciation_years"), plain(12))
    written_off, power = times(cluster, per(life)), times(an_hour, month)
    owned = plus(written_off, power)
    found = {
        "servers_usd": servers,
        "cluster_usd": cluster,
        "depreciation_usd_per_month": written_off,
        "energy_usd_per_gpu_hour": an_hour,
        "energy_usd_per_month": power,
        "owned_usd_per_month": owned,
        "owned_usd_per_gpu_hour": times(owned, per(month)),
    }
    for book_id in data.books:
        rent, bill = one_price(data, book_id), data.bills[BILL, book_id]
        saved = plus(plain(rent), times(plain(-1), an_hour))
        worth = saved and rent and saved[1](chosen.central) > 0
        hours, bare = (times(each, per(saved)) if worth else None for each in (cluster, servers))
        found |= {
            f"cluster_to_rental@{book_id}": times(cluster, per(plain(bill))),
            f"saved_usd_per_gpu_hour@{book_id}": saved,
            f"break_even_gpu_hours@{book_id}": hours,
            f"servers_break_even_gpu_hours@{book_id}": bare,
            f"break_even_months@{book_id}": times(hours, per(month)),
            f"servers_break_even_months@{book_id}": times(bare, per(month)),
        }
    return found


def estimates(ledger: Ledger) -> Iterator[tuple[Set, str, Estimate]]:
    """Every estimate that reads assumptions, with its set and id."""
    data, runs = ledger.data, {each.work_id: each for each in works(ledger.data)}
    for set_id in sets(data):
        chosen, known = Set(data, set_id), {}
        for each in runs.values():
            for name, estimate in of_work(data, chosen, each).items():
                known[f"{each.work_id}.owned.{set_id}.{name}"] = estimate
        if set_id == data.config["assumption_set"]:
            for quote in cluster_quotes(data):
                for name, estimate in of_quote(data, chosen, quote, runs[RUN]).items():
                    known[f"buy.{quote['quote_id']}.{name}"] = estimate
            first = None
            for rung in sorted(data.tables["rungs"], key=lambda row: float(row["rung_order"])):
                value = of_rung(ledger, chosen, rung, known)
                first = first or value
                known[f"ladder.{rung['rung_id']}.value_usd"] = value
                known[f"ladder.{rung['rung_id']}.multiple"] = times(value, per(first))
        for number_id, estimate in known.items():
            if estimate and chosen.uncertain(estimate):
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
        if known.get(base):
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
            Number(*(Fraction(float(values[place])) for place in places)),
        )


def _sorted_draws(ledger: Ledger) -> list[tuple[str, np.ndarray]]:
    """The draws of every estimate; none of what some draw makes negative."""
    if not hasattr(ledger, "draws"):
        found = [
            (number_id, np.sort(np.broadcast_to(value(chosen.draws), DRAWS)))
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
        is_rung = number_id.startswith("ladder.") and number_id.endswith(".value_usd")
        if not is_rung and number_id != month:
            continue
        for each in chosen.uncertain((read, value)):
            _, low, high = chosen.ends[each]
            at = [value(chosen.central | {each: end}) for end in (low, high)]
            swing = abs(at[0] - at[1])
            known = dict(zip(("at_low", "at_high", "swing"), (*at, swing), strict=True))
            known["swing_share"] = swing / value(chosen.central)
            yield f"tornado.{number_id}.{each}.{name}", Number(Fraction(known[name]))
