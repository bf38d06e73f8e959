"""The whole field: every run at one price and at its own, and what others say in dollars."""

from traincost.columns import Column, Link, Table, number
from traincost.declarations.data_files import HOURS_BASIS
from traincost.declarations.field_files import METHODS, RL_KINDS

OUTCOMES = ("agrees", "conflicts")
WEIGHT_CLASSES = ("within", "outside", "open")

# what every run is compared with: name in columns, how it is called
REFERENCES = (("v3", "V3"), ("r1", "R1"), ("both", "V3 + R1"))

_SCOPE = Link("estimates.scopes", on=("scope_id", "book_id"))


def _reference_ids() -> tuple[Column, ...]:
    return tuple(Column(f"{name}_id", f"scope of {label}") for name, label in REFERENCES)


COMMON_PRICE = number(
    "common_usd_per_gpu_hour",
    "the one price: mean price of V3 and R1 under the book",
    "USD/GPU-h",
    optional=True,
    carried=(
        Link(
            "estimates.scopes",
            on=("scope_id=both_id", "book_id"),
            columns=("usd_per_gpu_hour",),
        ),
    ),
)

MODELS = Table(
    name="models",
    layer="estimates",
    meaning="Every run, and V3 with R1, at one common price per GPU-hour: that which V3 and R1 have"
    " under the book. With their hours as multiples of V3, R1 and both.",
    grain="One row per scope and price book.",
    key=("scope_id", "book_id"),
    owner="{scope_id}.total",
    columns=(
        Column("scope_id", "id of the scope"),
        Column("book_id", "id of the price book"),
        Column("model", "model that the run produced"),
        Column("developer", "who trained it"),
        Column("hours_basis", "where its GPU-hours come from", allowed=HOURS_BASIS),
        Column("gpus", "accelerators it ran on", kind="ids"),
        Column("stage_ids", "its stages", kind="ids"),
        Column(
            "release_date",
            "day the model was released",
            kind="date",
            optional=True,
            selection="the latest of its stages",
            links=(Link("validated.stages", on=("stage_id=stage_ids",)),),
        ),
        *_reference_ids(),
        number("gpu_hours", "GPU-hours of the scope", "GPU-h", interval=True, carried=(_SCOPE,)),
        COMMON_PRICE,
        number(
            "common_cost_usd",
            "cost at the one price",
            "USD",
            interval=True,
            optional=True,
            formula="gpu_hours * common_usd_per_gpu_hour",
        ),
        *(
            number(
                f"{name}_gpu_hours",
                f"GPU-hours of {label}; empty in its own row",
                "GPU-h",
                interval=True,
                optional=True,
                carried=(
                    Link(
                        "estimates.scopes",
                        on=(f"scope_id={name}_id", "book_id"),
                        columns=("gpu_hours",),
                    ),
                ),
            )
            for name, label in REFERENCES
        ),
        *(
            number(
                f"ratio_to_{name}",
                f"GPU-hours over those of {label}",
                "1",
                interval=True,
                optional=True,
                formula=f"gpu_hours / {name}_gpu_hours",
            )
            for name, label in REFERENCES
        ),
        Column(
            "weight_class",
            "whether the hours lie within a factor of two of V3 + R1; open where the intervals"
            " leave it so",
            allowed=WEIGHT_CLASSES,
            optional=True,
        ),
    ),
)

OWN_PRICES = Table(
    name="own_prices",
    layer="estimates",
    meaning="Every run, and V3 with R1, at the price of its own accelerator at its own time: under"
    " the first book marked `own_price` that prices it.",
    grain="One row per scope.",
    key=("scope_id",),
    owner="{scope_id}.own",
    columns=(
        Column("scope_id", "id of the scope"),
        Column("own_book_id", "the book that prices it", optional=True),
        *_reference_ids(),
        number(
            "own_usd_per_gpu_hour",
            "its price",
            "USD/GPU-h",
            optional=True,
            carried=(
                Link(
                    "estimates.scopes",
                    on=("scope_id", "book_id=own_book_id"),
                    columns=("usd_per_gpu_hour",),
                ),
            ),
        ),
        number(
            "own_cost_usd",
            "its cost",
            "USD",
            interval=True,
            optional=True,
            carried=(
                Link(
                    "estimates.scopes",
                    on=("scope_id", "book_id=own_book_id"),
                    columns=("cost_usd",),
                ),
            ),
        ),
        *(
            number(
                f"{name}_own_cost_usd",
                f"cost of {label}; empty in its own row",
                "USD",
                interval=True,
                optional=True,
                carried=(
                    Link(
                        "estimates.own_prices",
                        on=(f"scope_id={name}_id",),
                        columns=("own_cost_usd",),
                    ),
                ),
            )
            for name, label in REFERENCES
        ),
        *(
            number(
                f"own_ratio_to_{name}",
                f"cost over that of {label}, each at its own price",
                "1",
                interval=True,
                optional=True,
                formula=f"own_cost_usd / {name}_own_cost_usd",
            )
            for name, label in REFERENCES
        ),
        Column("quote_gpus", "accelerators whose quotes were used", kind="ids"),
        Column("is_stand_in", "whether another accelerator's quotes were used", kind="flag"),
        Column(
            "is_length_assumed",
            "whether the length of the run is assumed, for want of a GPU count",
            kind="flag",
        ),
        Column("unpriced_because", "why there is no price", optional=True),
    ),
)

_ESTIMATE = Link("validated.cost_estimates", on=("estimate_id",))

THIRD_PARTY = Table(
    name="third_party",
    layer="estimates",
    meaning="Dollar figures of others, as multiples of V3, R1 and both at the one price.",
    grain="One row per estimate and price book.",
    key=("estimate_id", "book_id"),
    owner="{estimate_id}",
    columns=(
        Column("estimate_id", "id of the estimate"),
        Column("book_id", "id of the price book"),
        Column("model", "model the estimate is for"),
        Column("developer", "who trained it"),
        Column("method", "how the estimate was made", allowed=METHODS),
        Column("publisher", "who printed it"),
        number("dollar_year", "year of its dollars", "year", optional=True, carried=(_ESTIMATE,)),
        Column(
            "release_date",
            "day the model was released",
            kind="date",
            optional=True,
            carried=(_ESTIMATE,),
        ),
        *_reference_ids(),
        number("estimated_cost_usd", "the estimate", "USD", interval=True, carried=(_ESTIMATE,)),
        *(
            number(
                f"{name}_common_cost_usd",
                f"cost of {label} at the one price",
                "USD",
                interval=True,
                optional=True,
                carried=(
                    Link(
                        "estimates.models",
                        on=(f"scope_id={name}_id", "book_id"),
                        columns=("common_cost_usd",),
                    ),
                ),
            )
            for name, label in REFERENCES
        ),
        *(
            number(
                f"cost_ratio_to_{name}",
                f"the estimate over the cost of {label}",
                "1",
                interval=True,
                optional=True,
                formula=f"estimated_cost_usd / {name}_common_cost_usd",
            )
            for name, label in REFERENCES
        ),
    ),
)

HOUR_CHECKS = Table(
    name="hour_checks",
    layer="estimates",
    meaning="GPU-hours as printed beside GPUs times duration, where a source prints both.",
    grain="One row per stage with both.",
    key=("stage_id",),
    owner="{stage_id}",
    columns=(
        Column("stage_id", "id of the stage"),
        *(
            number(
                name,
                meaning,
                "GPU-h",
                interval=True,
                carried=(Link("priced.stages", on=("stage_id",)),),
            )
            for name, meaning in (
                ("gpu_hours_printed", "GPU-hours as printed"),
                ("gpu_hours_product", "GPUs times duration"),
            )
        ),
        number(
            "product_to_printed",
            "GPUs times duration over the printed GPU-hours",
            "1",
            interval=True,
            formula="gpu_hours_product / gpu_hours_printed",
        ),
        Column("outcome", "whether the two intervals meet", allowed=OUTCOMES),
    ),
)

_CHECK = Link("estimates.checks", on=("check_id",))

RL_RUNS = Table(
    name="rl_runs",
    layer="estimates",
    meaning="Reinforcement learning, fine-tuning and data creation beside R1, at the one price.",
    grain="One row per piece of work and price book.",
    key=("rl_id", "book_id"),
    owner="rl.{rl_id}",
    columns=(
        Column("rl_id", "id of the work"),
        Column("book_id", "id of the price book"),
        Column("label", "how tables call it"),
        Column("kind", "kind of work", allowed=RL_KINDS),
        Column("hours_basis", "where its GPU-hours come from", allowed=HOURS_BASIS),
        Column("gpus", "accelerators it ran on", kind="ids"),
        Column("stage_ids", "stages that hold its GPU-hours", kind="ids"),
        Column("check_id", "cost that its source prints", optional=True),
        Column("r1_id", "scope of R1"),
        Column("both_id", "scope of V3 and R1"),
        number(
            "gpu_hours",
            "its GPU-hours",
            "GPU-h",
            interval=True,
            formula="sum(gpu_hours)",
            links=(Link("priced.stages", on=("stage_id=stage_ids", "book_id")),),
        ),
        number(
            "r1_gpu_hours",
            "GPU-hours of R1",
            "GPU-h",
            interval=True,
            carried=(
                Link("estimates.scopes", on=("scope_id=r1_id", "book_id"), columns=("gpu_hours",)),
            ),
        ),
        number(
            "ratio_to_r1",
            "GPU-hours over those of R1",
            "1",
            interval=True,
            formula="gpu_hours / r1_gpu_hours",
        ),
        COMMON_PRICE,
        number(
            "common_cost_usd",
            "GPU-hours at the one price",
            "USD",
            interval=True,
            optional=True,
            formula="gpu_hours * common_usd_per_gpu_hour",
        ),
        number(
            "other_cost_usd",
            "cost that its source prints beside the GPU-hours",
            "USD",
            interval=True,
            optional=True,
            carried=(Link("validated.rl_runs", on=("rl_id",)),),
        ),
        number(
            "printed_cost_usd",
            "cost of the GPU-hours as printed",
            "USD",
            interval=True,
            optional=True,
            carried=(_CHECK,),
        ),
        number(
            "implied_usd_per_gpu_hour",
            "price that the printed cost implies",
            "USD/GPU-h",
            interval=True,
            optional=True,
            carried=(_CHECK,),
        ),
    ),
)

TABLES = (MODELS, OWN_PRICES, THIRD_PARTY, HOUR_CHECKS, RL_RUNS)
