"""Renting or buying the cluster of V3, a second time. Written after docs/methods.md."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

from audit.printed_figures import Number
from audit.reference_data import Data, Row
from audit.reference_field import one_price, over, product, sure
from audit.reference_owner import Work, assumption, bare, together, works

Found = Iterator[tuple[str, Number | None]]

MONTH_H = Fraction("730.5")
RUN, BILL = "v3", "v3-r1"


def of_the_quoted(data: Data, quote: Row, run: Work) -> tuple[tuple[str, ...], Fraction | None]:
    """What assumptions go by for the accelerator of a quote, and the kW that it is rated at."""
    own = next(each for each in data.tables["gpus"] if each["gpu"] == quote["gpu"])
    rows = sorted(data.tables["hardware"], key=lambda row: row["hardware_id"])
    bought_gpu = own["bought_as"] or own["gpu"]
    tdps = [row for row in rows if row["gpu"] == bought_gpu and row["attribute"] == "tdp"]
    kw = Fraction(tdps[0]["value"]) / 1000 if tdps else None
    return (run.tags[0], own["family"], own["chip"], *run.tags[3:]), kw


def bought(data: Data, quote: Row) -> dict[str, Number | None]:
    """V3's cluster at a purchase quote: what depends on no price book."""
    run = next(each for each in works(data) if each.work_id == RUN)
    tags, rated = of_the_quoted(data, quote, run)

    def assumed(name: str) -> Number | None:
        number = assumption(data, data.config["assumption_set"], name, tags)
        return number and sure(number.value)

    share, life = assumed("interconnect_share"), assumed("depreciation_years")
    overhead = assumed("server_overhead") if quote["sold_as"] == "card" else None
    per_server = product(sure(Fraction(quote["usd_per_gpu"])), overhead or sure(1))
    count = run.count and sure(run.count)
    servers = product(count, per_server)
    cluster = product(servers, share and sure(1 / (1 - share.value)))
    factors = [assumed(name) for name in ("server_power_factor", "power_draw", "pue")]
    kw = rated and sure(rated)
    an_hour = product(kw, *factors, assumed("usd_per_kwh"))
    month = product(count, sure(MONTH_H))
    power = product(an_hour, month)
    written_off = over(cluster, product(life, sure(12)))
    owned = together(written_off, power)
    return {
        "usd_per_kwh": assumed("usd_per_kwh"),
        "server_usd_per_gpu": per_server,
        "servers_usd": servers,
        "cluster_usd": cluster,
        "depreciation_usd_per_month": written_off,
        "energy_usd_per_gpu_hour": an_hour,
        "energy_usd_per_month": power,
        "owned_usd_per_month": owned,
        "owned_usd_per_gpu_hour": over(owned, month),
        "month": month,
    }


def rented(data: Data, known: dict[str, Number | None], book_id: str) -> dict[str, Number | None]:
    """The cluster beside renting under a price book."""
    price, bill = one_price(data, book_id), data.bills[BILL, book_id]
    power = known["energy_usd_per_gpu_hour"]
    saved = sure(price.value - power.value) if price and power else None
    margin = saved if saved and saved.value > 0 else None
    whole, without = (over(known[name], margin) for name in ("cluster_usd", "servers_usd"))
    return {
        "cluster_to_rental": over(known["cluster_usd"], bill and sure(bill.value)),
        "rental_usd_per_month": product(price, known["month"]),
        "saved_usd_per_gpu_hour": saved,
        "break_even_gpu_hours": whole,
        "servers_break_even_gpu_hours": without,
        "break_even_months": over(whole, known["month"]),
        "servers_break_even_months": over(without, known["month"]),
    }


def cluster_quotes(data: Data) -> Iterator[Row]:
    """Quotes in dollars for the family of V3's accelerator."""
    families = {row["gpu"]: row["family"] for row in data.tables["gpus"]}
    wanted = families[data.stages[data.runs[RUN][0]]["gpu"]]
    for quote in data.tables["purchase_quotes"]:
        is_priced = quote["usd_per_gpu"] and quote["sold_as"] != "cluster"
        if is_priced and families[quote["gpu"]] == wanted:
            yield quote


def clusters(name: str) -> Callable[[Data], Found]:
    def found(data: Data) -> Found:
        for quote in cluster_quotes(data):
            known = bought(data, quote)
            owner = f"buy.{quote['quote_id']}"
            if name in known:
                yield f"{owner}.{name}", bare(known[name])
                continue
            for book_id in data.books:
                yield f"{owner}.{name}@{book_id}", bare(rented(data, known, book_id)[name])

    return found


BOUGHT = (
    "usd_per_kwh",
    "server_usd_per_gpu",
    "servers_usd",
    "cluster_usd",
    "depreciation_usd_per_month",
)
BOUGHT += ("energy_usd_per_gpu_hour", "energy_usd_per_month", "owned_usd_per_month")
BOUGHT += ("owned_usd_per_gpu_hour", "cluster_to_rental", "rental_usd_per_month")
BOUGHT += ("saved_usd_per_gpu_hour", "break_even_gpu_hours", "servers_break_even_gpu_hours")
BOUGHT += ("break_even_months", "servers_break_even_months")

RENT: Mapping[str, Callable[[Data], Found]] = {
    f"estimates.rent_or_buy.{name}": clusters(name) for name in BOUGHT
}
