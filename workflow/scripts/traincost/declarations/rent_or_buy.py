"""The cluster of V3 under every purchase quote, beside renting as many accelerators."""

from traincost.columns import Column, Link, Table, number
from traincost.declarations.data_files import SOLD_AS
from traincost.declarations.owner_files import PARAMETERS
from traincost.declarations.ownership import assumed

# parameters that it reads
READ = (
    "interconnect_share",
    "server_overhead",
    "server_power_factor",
    "power_draw",
    "pue",
    "usd_per_kwh",
    "depreciation_years",
)

_BILL = ("scope_id=bill_id", "book_id")


def _plain(name: str, meaning: str, formula: str, unit: str = "USD") -> Column:
    return number(name, meaning, unit, optional=True, formula=formula)


_BOUGHT = (
    number(
        "gpu_count",
        "accelerators of the cluster: those of the run",
        "GPUs",
        optional=True,
        carried=(Link("estimates.purchases", on=("work_id=run_id",)),),
    ),
    number(
        "usd_per_gpu",
        "the quote",
        "USD/GPU",
        carried=(Link("validated.purchase_quotes", on=("quote_id",)),),
    ),
    number(
        "tdp_w",
        "rated power of the quoted accelerator",
        "W",
        optional=True,
        carried=(Link("validated.hardware", on=("hardware_id=tdp_w_id",), columns=("value",)),),
    ),
    _plain(
        "server_usd_per_gpu",
        "price per accelerator with its share of the server",
        "usd_per_gpu * coalesce(server_overhead, 1)",
        "USD/GPU",
    ),
    _plain("servers_usd", "price without the interconnect", "gpu_count * server_usd_per_gpu"),
    _plain("cluster_usd", "price with the interconnect", "servers_usd / (1 - interconnect_share)"),
)

_MONTHLY = (
    _plain(
        "depreciation_usd_per_month",
        "the price of the cluster over the months of its life",
        "cluster_usd / (12 * depreciation_years)",
        "USD/month",
    ),
    _plain(
        "energy_usd_per_gpu_hour",
        "electricity of an accelerator with its share of server and data centre",
        "tdp_w / 1000 * server_power_factor * power_draw * pue * usd_per_kwh",
        "USD/GPU-h",
    ),
    _plain(
        "energy_usd_per_month",
        "electricity of the cluster, in use at all hours of a month of 730.5",
        "energy_usd_per_gpu_hour * gpu_count * 730.5",
        "USD/month",
    ),
    _plain(
        "owned_usd_per_month",
        "what the cluster costs its owner in a month of full use",
        "depreciation_usd_per_month + energy_usd_per_month",
        "USD/month",
    ),
    _plain(
        "owned_usd_per_gpu_hour",
        "that per GPU-hour",
        "owned_usd_per_month / (gpu_count * 730.5)",
        "USD/GPU-h",
    ),
)

_RENTED = (
    number(
        "rental_usd_per_gpu_hour",
        "mean rent of V3 and R1 under the book",
        "USD/GPU-h",
        optional=True,
        carried=(Link("estimates.scopes", on=_BILL, columns=("usd_per_gpu_hour",)),),
    ),
    number(
        "rental_cost_usd",
        "rent of V3 and R1 under the book",
        "USD",
        optional=True,
        carried=(Link("estimates.scopes", on=_BILL, columns=("cost_usd",)),),
    ),
    _plain(
        "cluster_to_rental",
        "price of the cluster over the rent of both runs",
        "cluster_usd / rental_cost_usd",
        "1",
    ),
    _plain(
        "rental_usd_per_month",
        "rent of as many accelerators for a month",
        "rental_usd_per_gpu_hour * gpu_count * 730.5",
        "USD/month",
    ),
    _plain(
        "saved_usd_per_gpu_hour",
        "rent that an hour of the own cluster saves, less its electricity",
        "rental_usd_per_gpu_hour - energy_usd_per_gpu_hour",
        "USD/GPU-h",
    ),
    _plain(
        "break_even_gpu_hours",
        "GPU-hours of use after which the cluster has cost less than renting; none where rent is"
        " below the electricity",
        "cluster_usd / saved_usd_per_gpu_hour",
        "GPU-h",
    ),
    _plain(
        "servers_break_even_gpu_hours",
        "the same without the interconnect",
        "servers_usd / saved_usd_per_gpu_hour",
        "GPU-h",
    ),
    _plain(
        "break_even_months",
        "that with the interconnect in months of full use",
        "break_even_gpu_hours / (gpu_count * 730.5)",
        "months",
    ),
    _plain(
        "servers_break_even_months",
        "that without the interconnect in months of full use",
        "servers_break_even_gpu_hours / (gpu_count * 730.5)",
        "months",
    ),
)

RENT_OR_BUY = Table(
    name="rent_or_buy",
    layer="estimates",
    meaning="The cluster of V3 at every purchase quote in dollars for its family of accelerators,"
    " with and without interconnect, and renting as many under every price book. Assumptions are"
    " those of the chosen set.",
    grain="One row per purchase quote and price book.",
    key=("quote_id", "book_id"),
    owner="buy.{quote_id}",
    columns=(
        Column("quote_id", "purchase quote"),
        Column("book_id", "id of the price book"),
        Column("run_id", "run whose cluster it is"),
        Column("bill_id", "bill of the runs that are rented"),
        Column("set_id", "set of assumptions"),
        Column("gpu", "accelerator the quote is for"),
        Column("vendor", "who asked or took the price"),
        Column("sold_as", "what one buys with a GPU at it", allowed=SOLD_AS),
        Column("quote_kind", "list price, contract or estimate"),
        Column("is_doubtful", "whether something speaks against the price"),
        Column("tdp_w_id", "row of hardware.csv with the rated power", optional=True),
        *(
            part
            for name, unit, meaning in PARAMETERS
            if name in READ
            for part in assumed(name, unit, meaning, "run_id")
        ),
        *_BOUGHT,
        *_MONTHLY,
        *_RENTED,
    ),
)

TABLES = (RENT_OR_BUY,)
