"""What owning the hardware of a run costs: the quote that was chosen, and the arithmetic."""

from traincost.columns import Column, Link, Table, number
from traincost.declarations.data_files import HOURS_BASIS, SOLD_AS
from traincost.declarations.owner_files import BY_YEAR, PARAMETERS

# in the order of preference: the rule that chooses a purchase quote
QUOTE_RULE = (
    "of the accelerator's quotes in dollars with a day, those for a card, a board or a server that"
    " are not doubtful: asked or paid before estimated, its own before a stand-in's, of before the"
    " start before later, a server before a board before a card, the nearest to the start, the"
    " smaller id"
)
# parameters that a cost of ownership reads
READ = (
    "interconnect_share",
    "server_overhead",
    "availability_days",
    "price_performance_growth",
    "server_power_factor",
    "power_draw",
    "pue",
    "usd_per_kwh",
    "utilisation",
)

_START = (
    Link(
        "validated.stages",
        on=("run_id=scope_id",),
        columns=("release_date", "stage_order", "gpu_count", "wall_hours", "gpu_hours_printed"),
        is_considered=True,
    ),
    Link(
        "validated.windows",
        on=("run_id=scope_id",),
        columns=("window_end", "window_gpu_count", "assumed_days"),
        is_considered=True,
    ),
)
_OWNED = Link("validated.owned_runs", on=("work_id",))
_QUOTES = (
    Link(
        "validated.purchase_quotes",
        on=("quote_id=considered_quote_ids",),
        columns=("usd_per_gpu", "quote_date"),
        is_considered=True,
    ),
    Link("estimates.purchases", on=("work_id",), columns=("start_date",), is_considered=True),
)
_PURCHASE = Link("estimates.purchases", on=("work_id",))


def assumed(name: str, unit: str, meaning: str, run: str) -> tuple[Column, Column]:
    """The id of an assumption of the row's set, and its value. `run`: the column of its run."""
    link = Link(
        "validated.assumptions",
        on=("set_id", f"assumption_id={name}_id"),
        columns=("central",),
    )
    released = tuple(
        Link(table, on=(f"{own}={run}",), columns=columns, is_considered=True)
        for table, own, columns in (
            ("validated.stages", "run_id", ("release_date", "stage_order")),
            ("validated.owned_runs", "work_id", ("release_date",)),
        )
    )
    # which one applies is told by words alone, but for what goes by the year
    told = (
        {"selection": "that of the year of release", "links": (link, *released)}
        if name in BY_YEAR
        else {"carried": (link,)}
    )
    return (
        Column(f"{name}_id", f"the assumption that gives `{name}`", optional=True),
        number(name, meaning, unit, optional=True, **told),
    )


def _hardware(name: str, column: str, meaning: str, **more: str) -> Column:
    link = Link("validated.hardware", on=(f"hardware_id={name}_id",), columns=(column,))
    return Column(name, meaning, optional=True, carried=(link,), **more)


def _cost(name: str, meaning: str, formula: str, unit: str = "USD") -> Column:
    return number(name, meaning, unit, interval=True, optional=True, formula=formula)


def _plain(name: str, meaning: str, formula: str, unit: str = "1") -> Column:
    return number(name, meaning, unit, optional=True, formula=formula)


PURCHASES = Table(
    name="purchases",
    layer="estimates",
    meaning="Every run and what it ran on, with the purchase quote that would have bought it.",
    grain="One row per piece of work: each run with one accelerator, and each owned run.",
    key=("work_id",),
    owner="{work_id}.purchase",
    columns=(
        Column("work_id", "id of the work: of the run or the owned run"),
        Column("label", "how tables call it"),
        Column("scope_id", "the run of stages.csv; empty for an owned run", optional=True),
        Column("run_id", "the run of stages.csv that it is, if one", optional=True),
        Column("stage_ids", "its stages; none for an owned run", kind="ids"),
        Column("developer", "who trained the model"),
        Column("hours_basis", "where the GPU-hours come from", allowed=HOURS_BASIS),
        Column("gpu", "accelerator it ran on"),
        Column("bought_gpu", "accelerator whose quotes, power and release day are used"),
        number(
            "gpu_hours",
            "GPU-hours of the work",
            "GPU-h",
            interval=True,
            optional=True,
            carried=(
                Link("estimates.scopes", on=("scope_id",)),
                Link("validated.owned_runs", on=("work_id",), columns=("owned_gpu_hours",)),
            ),
        ),
        number(
            "gpu_count",
            "accelerators used at once",
            "GPUs",
            optional=True,
            selection="the greatest of its stages; where none is printed, the assumed one",
            links=(
                Link("validated.stages", on=("stage_id=stage_ids",), columns=("gpu_count",)),
                Link(
                    "validated.windows",
                    on=("run_id=scope_id",),
                    columns=("window_gpu_count",),
                    is_considered=True,
                ),
                Link("validated.owned_runs", on=("work_id",), columns=("gpu_count",)),
            ),
        ),
        Column(
            "start_date",
            "day on which the work began",
            kind="date",
            optional=True,
            selection="the day on which the window of its first stage begins",
            links=(
                *_START,
                Link("validated.owned_runs", on=("work_id",), columns=("start_date",)),
            ),
        ),
        Column("release_year", "year in which the model was released", optional=True),
        Column("quote_id", "the purchase quote that was chosen", optional=True),
        Column("considered_quote_ids", "quotes that it was chosen from", kind="ids"),
        Column("vendor", "who asked or took the price", optional=True),
        Column("sold_as", "what one buys with a GPU at it", allowed=SOLD_AS, optional=True),
        Column("quote_kind", "list price, contract or estimate", optional=True),
        Column("rule", "what made it the first choice", optional=True),
        Column("is_stand_in", "whether the quote is for another accelerator", kind="flag"),
        Column(
            "quote_date",
            "day of the quote",
            kind="date",
            optional=True,
            selection=QUOTE_RULE,
            links=(Link("validated.purchase_quotes", on=("quote_id",)), *_QUOTES),
        ),
        number(
            "quote_distance_days",
            "days from the quote to the start of the work; negative where the quote is later",
            "d",
            optional=True,
            selection="whole days between the two dates",
            links=(
                Link("estimates.purchases", on=("work_id",), columns=("start_date", "quote_date")),
            ),
        ),
        number(
            "usd_per_gpu",
            "price per accelerator",
            "USD/GPU",
            optional=True,
            selection=QUOTE_RULE,
            links=(Link("validated.purchase_quotes", on=("quote_id",)), *_QUOTES),
        ),
        Column("gpu_release_date_id", "row of hardware.csv with its release day", optional=True),
        _hardware("gpu_release_date", "value_date", "day of its release", kind="date"),
        Column("tdp_w_id", "row of hardware.csv with its rated power", optional=True),
        _hardware("tdp_w", "value", "rated power of the accelerator", kind="number", unit="W"),
        Column("missing", "what a cost of ownership lacks here, if anything", optional=True),
    ),
)

OWNERSHIP = Table(
    name="ownership",
    layer="estimates",
    meaning="What the hardware of a run would have cost its owner: the cluster bought, and the part"
    " of its life that the run took, with energy. Dollars are those of the quote's own date.",
    grain="One row per piece of work and set of assumptions.",
    key=("work_id", "set_id"),
    owner="{work_id}.owned.{set_id}",
    columns=(
        Column("work_id", "id of the work"),
        Column("set_id", "set of assumptions"),
        *(
            part
            for name, unit, meaning in PARAMETERS
            if name in READ
            for part in assumed(name, unit, meaning, "work_id")
        ),
        number(
            "known_gpu_hours",
            "GPU-hours as printed",
            "GPU-h",
            interval=True,
            optional=True,
            carried=(Link("estimates.purchases", on=("work_id",), columns=("gpu_hours",)),),
        ),
        number(
            "flop_e24",
            "training compute, where no hours are known",
            "10^24 FLOP",
            interval=True,
            optional=True,
            carried=(_OWNED,),
        ),
        number(
            "reported_utilisation",
            "share of the peak as printed",
            "1",
            optional=True,
            carried=(_OWNED,),
        ),
        Column("peak_tflops_id", "row of hardware.csv with the peak", optional=True),
        number(
            "peak_tflops",
            "peak of the accelerator in the number format of the work",
            "TFLOPS",
            optional=True,
            carried=(
                Link("validated.hardware", on=("hardware_id=peak_tflops_id",), columns=("value",)),
            ),
        ),
        _cost(
            "gpu_hours",
            "GPU-hours of the work: as printed, else from FLOP",
            "coalesce(known_gpu_hours, flop_e24 * 1e12 / (peak_tflops"
            " * coalesce(reported_utilisation, utilisation)) / 3600)",
            "GPU-h",
        ),
        number(
            "gpu_count", "accelerators used at once", "GPUs", optional=True, carried=(_PURCHASE,)
        ),
        number("usd_per_gpu", "the quote", "USD/GPU", optional=True, carried=(_PURCHASE,)),
        number("tdp_w", "rated power", "W", optional=True, carried=(_PURCHASE,)),
        Column(
            "available_date",
            "day from which the hardware was there",
            kind="date",
            optional=True,
            selection="the later of the quote's day and the release with the days of delivery",
            links=(
                Link(
                    "estimates.purchases",
                    on=("work_id",),
                    columns=("quote_date", "gpu_release_date"),
                ),
                Link(
                    "validated.assumptions",
                    on=("set_id", "assumption_id=availability_days_id"),
                    columns=("central",),
                ),
            ),
        ),
        number(
            "aged_days",
            "whole days from then to the start of the work; none where that is earlier",
            "d",
            optional=True,
            selection="whole days between the two dates, none where the start is the earlier",
            links=(
                Link("estimates.ownership", on=("work_id", "set_id"), columns=("available_date",)),
                Link("estimates.purchases", on=("work_id",), columns=("start_date",)),
            ),
        ),
        _plain(
            "server_usd_per_gpu",
            "price per accelerator with its share of the server",
            "usd_per_gpu * coalesce(server_overhead, 1)",
            "USD/GPU",
        ),
        _plain(
            "value_share",
            "value at the start over the price",
            "1 / power(10, price_performance_growth * aged_days / 365.25)",
        ),
        _plain(
            "start_usd_per_gpu",
            "value of an accelerator with its share of the server at the start",
            "server_usd_per_gpu * value_share",
            "USD/GPU",
        ),
        _plain(
            "replacement_per_year",
            "share of the value that is lost in a year",
            "price_performance_growth * 2.302585092994046",
            "1/year",
        ),
        _cost(
            "used_share",
            "share of the cluster's value at the start that the work used up",
            "gpu_hours * replacement_per_year / (8766 * gpu_count)",
            "1",
        ),
        _cost(
            "server_cost_usd",
            "part of the life of accelerators and servers that the work took",
            "start_usd_per_gpu * replacement_per_year / 8766 * gpu_hours",
        ),
        _cost(
            "interconnect_cost_usd",
            "the same of the interconnect",
            "server_cost_usd * interconnect_share / (1 - interconnect_share)",
        ),
        _cost(
            "energy_kwh",
            "electricity of the work, the data centre included",
            "tdp_w / 1000 * server_power_factor * power_draw * pue * gpu_hours",
            "kWh",
        ),
        _cost("energy_cost_usd", "its price", "energy_kwh * usd_per_kwh"),
        _cost(
            "hardware_cost_usd",
            "part of the life of the cluster that the work took",
            "server_cost_usd + interconnect_cost_usd",
        ),
        _cost(
            "owned_cost_usd",
            "what the work cost an owner: hardware and energy",
            "server_cost_usd + interconnect_cost_usd + energy_cost_usd",
        ),
        _plain(
            "owned_usd_per_gpu_hour",
            "that per GPU-hour",
            "owned_cost_usd / gpu_hours",
            "USD/GPU-h",
        ),
        _plain(
            "cluster_usd",
            "price of the cluster: all accelerators, servers and interconnect",
            "gpu_count * server_usd_per_gpu / (1 - interconnect_share)",
            "USD",
        ),
        _plain(
            "cluster_to_owned",
            "price of the cluster over the cost of the work",
            "cluster_usd / owned_cost_usd",
        ),
        number(
            "rental_cost_usd",
            "what renting its own accelerator at its own time would have cost",
            "USD",
            interval=True,
            optional=True,
            carried=(
                Link("estimates.own_prices", on=("scope_id=run_id",), columns=("own_cost_usd",)),
            ),
        ),
        _plain(
            "rental_to_owned", "rent over the cost to an owner", "rental_cost_usd / owned_cost_usd"
        ),
        Column(
            "run_id",
            "the run of stages.csv whose rent it has: that it is, unless hours follow from FLOP",
            optional=True,
        ),
        Column("missing", "what the cost lacks here, if anything", optional=True),
    ),
)

TABLES = (PURCHASES, OWNERSHIP)
