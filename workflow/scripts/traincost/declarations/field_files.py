"""The files under data/ behind the tables on the whole field."""

from traincost.columns import PLACE, Column, Table
from traincost.declarations.data_files import PROVENANCE, SLUG

METHODS = (
    "cloud rates",
    "amortised hardware and energy",
    "updated amortised hardware and energy",
    "purchase of the cluster",
    "maker's remark",
)
FORMAT_BASIS = ("printed", "only format", "assumed", "not known")
RL_KINDS = (
    "reinforcement learning",
    "fine-tuning and reinforcement learning",
    "fine-tuning",
    "data creation",
)


def _measured(name: str, meaning: str, unit: str, **more: str | bool) -> Column:
    return Column(name, meaning, kind="number", unit=unit, reading="measured", **more)


def _decimal(name: str, meaning: str, unit: str, **more: float | bool) -> Column:
    return Column(name, meaning, kind="number", unit=unit, reading="decimal", above=0, **more)


COST_ESTIMATES = Table(
    name="cost_estimates",
    layer="validated",
    owner="{estimate_id}",
    number_kind="third-party",
    added=PLACE,
    meaning="Dollar figures that others print for closed models.",
    grain="One row per model, method and source.",
    key=("estimate_id",),
    columns=(
        Column("estimate_id", "id of the estimate", pattern=SLUG),
        Column("run_id", "run of the model, where hours are in stages.csv", optional=True),
        Column("model", "model the estimate is for"),
        Column("developer", "who trained it"),
        Column("method", "how the estimate was made", allowed=METHODS),
        _measured(
            "estimated_cost_usd",
            "the estimate",
            "USD",
            raw="cost_printed",
            raw_step="cost_step",
        ),
        _decimal("dollar_year", "year of its dollars, where stated", "year", optional=True),
        Column("release_date", "day the model was released", kind="date", optional=True),
        *PROVENANCE,
    ),
)

TRAINING_COMPUTE = Table(
    name="training_compute",
    layer="validated",
    owner="{run_id}",
    added=PLACE,
    meaning="Runs whose GPU-hours, tokens and parameters cover the same work, with the number"
    " format they were trained in and the utilisation that their makers print.",
    grain="One row per run.",
    key=("run_id",),
    columns=(
        Column("run_id", "run", pattern=SLUG),
        Column("hours_stage_ids", "stages whose GPU-hours count, separated by spaces"),
        Column(
            "tokens_stage_id",
            "stage that holds the tokens and parameters of this work",
            references="stages",
        ),
        Column("number_format", "number format of the matrix products", optional=True),
        Column("format_basis", "how the format is known", allowed=FORMAT_BASIS),
        Column(
            "peak_id",
            "peak of the accelerator in that format; empty where the accelerator is not known",
            references="hardware",
            optional=True,
        ),
        _decimal(
            "utilisation_from", "lowest utilisation that is printed", "1", at_most=1, optional=True
        ),
        _decimal(
            "utilisation_to", "highest utilisation that is printed", "1", at_most=1, optional=True
        ),
        Column(
            "utilisation_peak_id",
            "peak that the printed utilisation is of",
            references="hardware",
            optional=True,
        ),
        *PROVENANCE,
    ),
)

SERVING_DAYS = Table(
    name="serving_days",
    layer="validated",
    owner="{service_id}",
    added=PLACE,
    meaning="Inference services over a time for which their owner prints machines, tokens and"
    " prices.",
    grain="One row per service and time.",
    key=("service_id",),
    columns=(
        Column("service_id", "id of the service and time", pattern=SLUG),
        Column("label", "how tables call it"),
        Column("gpu", "accelerator, canonical name", references="gpus"),
        Column("window_end", "day on which the time ends", kind="date"),
        _decimal("window_end_hour_utc", "hour of that day, UTC", "h", at_most=24),
        _decimal("window_hours", "length of the time", "h"),
        Column(
            "gpus_per_node", "accelerators in a node", kind="number", unit="GPUs", reading="count"
        ),
        _measured("nodes", "nodes in use, mean over the time", "nodes"),
        _decimal(
            "stated_usd_per_gpu_hour", "price that the source assumes", "USD/GPU-h", optional=True
        ),
        _measured("input_tokens", "tokens read, those from the cache included", "tokens"),
        _measured("cached_tokens", "tokens read from the cache", "tokens"),
        _measured("output_tokens", "tokens written", "tokens"),
        _decimal("cached_usd_per_million", "price of tokens from the cache", "USD/M tokens"),
        _decimal("input_usd_per_million", "price of other tokens read", "USD/M tokens"),
        _decimal("output_usd_per_million", "price of tokens written", "USD/M tokens"),
        _measured("input_tokens_per_node_second", "speed of a node that reads", "tokens/s"),
        _measured("output_tokens_per_node_second", "speed of a node that writes", "tokens/s"),
        _measured("printed_cost_usd", "cost as the source prints it", "USD", optional=True),
        _measured("printed_revenue_usd", "revenue as the source prints it", "USD", optional=True),
        _measured("printed_margin", "margin over cost, as a share", "1", optional=True),
        _measured("printed_cached_share", "share of tokens from the cache", "1", optional=True),
        *PROVENANCE,
    ),
)

RL_RUNS = Table(
    name="rl_runs",
    layer="validated",
    owner="rl.{rl_id}",
    added=PLACE,
    meaning="Reinforcement learning, fine-tuning and data creation with disclosed GPU-hours.",
    grain="One row per piece of work.",
    key=("rl_id",),
    columns=(
        Column("rl_id", "id of the work", pattern=SLUG),
        Column("label", "how tables call it"),
        Column("kind", "kind of work", allowed=RL_KINDS),
        Column("stage_ids", "stages that hold its GPU-hours, separated by spaces"),
        Column(
            "check_id",
            "cost that its source prints for it",
            references="printed_totals",
            optional=True,
        ),
        _measured(
            "other_cost_usd",
            "cost that its source prints beside the GPU-hours",
            "USD",
            raw="other_cost_printed",
            optional=True,
        ),
        *PROVENANCE,
    ),
)

TABLES = (COST_ESTIMATES, TRAINING_COMPUTE, SERVING_DAYS, RL_RUNS)
