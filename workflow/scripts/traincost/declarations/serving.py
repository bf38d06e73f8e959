"""Serving: what a day of an inference service costs, brings in, and pays for."""

from dataclasses import replace

from traincost.columns import Column, Link, Table
from traincost.declarations.priced import MARKET, QUOTE_DATES, QUOTES

_OF_DAY = Link("validated.serving_days", on=("service_id",))
_DAY = Link(
    "validated.serving_days",
    on=("service_id",),
    columns=("window_end", "window_end_hour_utc", "window_hours"),
    is_considered=True,
)
_DAY_IF_DATED = tuple(replace(link, only_if="quote_age_days") for link in (_DAY, MARKET))

PRICED_SERVING = Table(
    name="serving",
    layer="priced",
    meaning="Serving days with the price of their GPU, under every price book. A day that cannot"
    " be priced keeps its row, without a price and with the reason.",
    grain="One row per serving day and price book.",
    key=("service_id", "book_id"),
    owner="{service_id}",
    columns=(
        Column("service_id", "id of the service and time"),
        Column("book_id", "id of the price book"),
        Column("gpu", "accelerator of the service"),
        Column("quote_gpu", "accelerator whose quotes price it", optional=True),
        Column("is_stand_in", "whether that is another accelerator", kind="flag"),
        Column("window_start", "start of the time", kind="time"),
        Column("window_end", "end of the time", kind="time"),
        Column(
            "nodes", "nodes in use", kind="number", unit="nodes", interval=True, carried=(_OF_DAY,)
        ),
        Column(
            "gpus_per_node",
            "accelerators in a node",
            kind="number",
            unit="GPUs",
            carried=(_OF_DAY,),
        ),
        Column("window_hours", "length of the time", kind="number", unit="h", carried=(_OF_DAY,)),
        Column(
            "gpu_hours",
            "GPU-hours of the time",
            kind="number",
            unit="GPU-h",
            interval=True,
            formula="nodes * gpus_per_node * window_hours",
        ),
        Column(
            "usd_per_gpu_hour",
            "mean price over the time",
            kind="number",
            unit="USD/GPU-h",
            interval=True,
            optional=True,
            selection="median of the vendors' quotes in force, mean over the time",
            links=(QUOTES, *_DAY_IF_DATED),
        ),
        Column(
            "cost_usd",
            "cost of the time",
            kind="number",
            unit="USD",
            interval=True,
            optional=True,
            formula="gpu_hours * usd_per_gpu_hour",
        ),
        Column("quote_ids", "quotes in force during the time", kind="ids"),
        Column(
            "quote_age_days",
            "age of the oldest quote used, when last used; empty in a flat book",
            kind="number",
            unit="d",
            optional=True,
            selection="the oldest of the quotes in force, as of its last use",
            links=(QUOTE_DATES, *_DAY_IF_DATED),
        ),
        Column(
            "unpriced_days",
            "where quotes leave a gap: days without a quote in force",
            kind="number",
            unit="d",
            optional=True,
            selection="days of the time without a quote in force",
            links=(_DAY, MARKET),
        ),
        Column(
            "window_days",
            "where quotes leave a gap: length of the time in days",
            kind="number",
            unit="d",
            optional=True,
            selection="length of the time",
            links=(_DAY, MARKET),
        ),
        Column("unpriced_because", "why there is no price", optional=True),
    ),
)

OUTCOMES = ("agrees", "conflicts", "not comparable")


def _carried(name: str, meaning: str, unit: str, link: Link = _OF_DAY, **more: bool) -> Column:
    return Column(name, meaning, kind="number", unit=unit, carried=(link,), **more)


def _derived(name: str, meaning: str, unit: str, formula: str, optional: bool = False) -> Column:
    return Column(
        name, meaning, kind="number", unit=unit, interval=True, formula=formula, optional=optional
    )


def _judged(name: str, of: str) -> Column:
    meaning = f"whether `{of}` meets the figure printed for it"
    return Column(f"{name}_outcome", meaning, allowed=OUTCOMES)


SERVING_DAYS = Table(
    name="serving_days",
    layer="estimates",
    meaning="Serving days at the price that their source assumes, beside what it prints; and how"
    " the day divides between reading and writing.",
    grain="One row per serving day.",
    key=("service_id",),
    owner="{service_id}",
    columns=(
        Column("service_id", "id of the service and time"),
        _carried("nodes", "nodes in use", "nodes", interval=True),
        _carried("gpus_per_node", "accelerators in a node", "GPUs"),
        _carried("window_hours", "length of the time", "h"),
        _carried(
            "stated_usd_per_gpu_hour", "price that the source assumes", "USD/GPU-h", optional=True
        ),
        _carried("input_tokens", "tokens read", "tokens", interval=True),
        _carried("cached_tokens", "tokens read from the cache", "tokens", interval=True),
        _carried("output_tokens", "tokens written", "tokens", interval=True),
        _carried("cached_usd_per_million", "price of tokens from the cache", "USD/M tokens"),
        _carried("input_usd_per_million", "price of other tokens read", "USD/M tokens"),
        _carried("output_usd_per_million", "price of tokens written", "USD/M tokens"),
        _carried(
            "input_tokens_per_node_second", "speed of a node that reads", "tokens/s", interval=True
        ),
        _carried(
            "output_tokens_per_node_second",
            "speed of a node that writes",
            "tokens/s",
            interval=True,
        ),
        _carried("printed_cost_usd", "printed cost", "USD", interval=True, optional=True),
        _carried("printed_revenue_usd", "printed revenue", "USD", interval=True, optional=True),
        _carried("printed_margin", "printed margin over cost", "1", interval=True, optional=True),
        _carried(
            "printed_cached_share",
            "printed share of tokens from the cache",
            "1",
            interval=True,
            optional=True,
        ),
        _derived(
            "stated_cost_usd",
            "cost at the price that the source assumes",
            "USD",
            "nodes * gpus_per_node * window_hours * stated_usd_per_gpu_hour",
            optional=True,
        ),
        # the cache is taken off the full price, so that the tokens read enter once
        _derived(
            "input_revenue_usd",
            "tokens read at their prices",
            "USD",
            "(input_tokens * input_usd_per_million"
            " - cached_tokens * (input_usd_per_million - cached_usd_per_million)) / 1000000",
        ),
        _derived(
            "output_revenue_usd",
            "tokens written at their price",
            "USD",
            "output_tokens * output_usd_per_million / 1000000",
        ),
        _derived(
            "revenue_usd",
            "all tokens at their prices",
            "USD",
            "input_revenue_usd + output_revenue_usd",
        ),
        _derived(
            "margin",
            "revenue over the stated cost, less one",
            "1",
            "revenue_usd / stated_cost_usd - 1",
            optional=True,
        ),
        _derived(
            "cached_share",
            "share of the tokens read that came from the cache",
            "1",
            "cached_tokens / input_tokens",
        ),
        _derived(
            "input_node_hours",
            "time of nodes to read the tokens at the printed speed",
            "node-h",
            "input_tokens / input_tokens_per_node_second / 3600",
        ),
        _derived(
            "output_node_hours",
            "time of nodes to write the tokens at the printed speed",
            "node-h",
            "output_tokens / output_tokens_per_node_second / 3600",
        ),
        _derived(
            "busy_node_hours",
            "time of nodes for both",
            "node-h",
            "input_node_hours + output_node_hours",
        ),
        _derived("node_hours", "time of the nodes in use", "node-h", "nodes * window_hours"),
        _derived(
            "output_share_by_time",
            "share of writing, by the time of nodes",
            "1",
            "1 / (1 + input_node_hours / output_node_hours)",
        ),
        _derived(
            "output_share_by_price",
            "share of writing, by list prices",
            "1",
            "1 / (1 + input_revenue_usd / output_revenue_usd)",
        ),
        _judged("cost", "stated_cost_usd"),
        _judged("revenue", "revenue_usd"),
        _judged("margin", "margin"),
        _judged("cached_share", "cached_share"),
        Column(
            "node_hours_outcome",
            "whether the time for reading and writing meets the time of the nodes in use",
            allowed=OUTCOMES,
        ),
    ),
)

_PRICED_DAY = Link("priced.serving", on=("service_id", "book_id"))
_COMPUTED_DAY = Link("estimates.serving_days", on=("service_id",))


def _bill(name: str, of: str) -> Column:
    link = Link("estimates.scopes", on=(f"scope_id={name}_id", "book_id"), columns=("cost_usd",))
    return _carried(f"{name}_cost_usd", f"bill of {of}", "USD", link, interval=True, optional=True)


def _per_million(name: str, how: str, formula: str) -> Column:
    meaning = f"cost of a million tokens written, {how}"
    return _derived(f"usd_per_million_output_{name}", meaning, "USD/M tokens", formula, True)


SERVING = Table(
    name="serving",
    layer="estimates",
    meaning="Serving days under every price book: their cost, how many of them equal a bill, and"
    " what a million tokens written costs under three ways to divide the day.",
    grain="One row per serving day and price book.",
    key=("service_id", "book_id"),
    owner="{service_id}",
    columns=(
        Column("service_id", "id of the service and time"),
        Column("book_id", "id of the price book"),
        Column("r1_id", "scope of R1"),
        Column("both_id", "scope of V3 and R1"),
        Column(
            "day_cost_usd",
            "cost of the time",
            kind="number",
            unit="USD",
            interval=True,
            optional=True,
            carried=(replace(_PRICED_DAY, columns=("cost_usd",)),),
        ),
        _bill("r1", "R1"),
        _bill("both", "V3 and R1"),
        _carried("revenue_usd", "all tokens at their prices", "USD", _COMPUTED_DAY, interval=True),
        _carried("output_tokens", "tokens written", "tokens", interval=True),
        _carried(
            "output_share_by_time",
            "share of writing, by the time of nodes",
            "1",
            _COMPUTED_DAY,
            interval=True,
        ),
        _carried(
            "output_share_by_price",
            "share of writing, by list prices",
            "1",
            _COMPUTED_DAY,
            interval=True,
        ),
        _derived(
            "days_to_r1",
            "such days that cost as much as R1",
            "d",
            "r1_cost_usd / day_cost_usd",
            True,
        ),
        _derived(
            "days_to_both",
            "such days that cost as much as V3 and R1",
            "d",
            "both_cost_usd / day_cost_usd",
            True,
        ),
        _derived("revenue_to_cost", "revenue over cost", "1", "revenue_usd / day_cost_usd", True),
        _per_million(
            "all",
            "if writing bears the whole cost",
            "day_cost_usd / (output_tokens / 1000000)",
        ),
        _per_million(
            "by_time",
            "if the cost is divided by the time of nodes",
            "day_cost_usd * output_share_by_time / (output_tokens / 1000000)",
        ),
        _per_million(
            "by_price",
            "if the cost is divided by list prices",
            "day_cost_usd * output_share_by_price / (output_tokens / 1000000)",
        ),
    ),
)

PRICED = (PRICED_SERVING,)
ESTIMATES = (SERVING_DAYS, SERVING)
