"""Where a saving comes from: cost = tokens x FLOP per token / FLOP per GPU-hour x price."""

from traincost.columns import Column, Link, Table, number
from traincost.declarations.field_files import FORMAT_BASIS

# the factors of the cost ratio: name in columns, what it compares
FACTORS = (
    ("tokens", "tokens"),
    ("flop_per_token", "FLOP per token"),
    ("throughput", "FLOP per GPU-hour, V3's over the run's"),
    ("price", "price per GPU-hour, each accelerator's own"),
)

_COMPUTE = Link("validated.training_compute", on=("run_id",))


def _of_v3(name: str, meaning: str, unit: str) -> Column:
    """The same quantity of V3; empty in V3's own row."""
    link = Link("estimates.efficiency", on=("run_id=v3_id",), columns=(name,))
    return number(
        f"v3_{name}", f"{meaning} of V3", unit, interval=True, optional=True, carried=(link,)
    )


def _ratio(name: str, meaning: str, formula: str) -> Column:
    return number(name, meaning, "1", interval=True, optional=True, formula=formula)


_WORK = (
    number(
        "gpu_hours",
        "GPU-hours of the work",
        "GPU-h",
        interval=True,
        formula="sum(gpu_hours)",
        links=(Link("priced.stages", on=("stage_id=hours_stage_ids",)),),
    ),
    number(
        "tokens",
        "training tokens",
        "tokens",
        interval=True,
        carried=(Link("validated.stages", on=("stage_id=tokens_stage_id",)),),
    ),
    number(
        "active_params_b",
        "parameters active per token",
        "billion",
        carried=(Link("validated.stages", on=("stage_id=tokens_stage_id",)),),
    ),
    number(
        "flop_per_token",
        "training FLOP per token, by convention six per active parameter",
        "FLOP/token",
        formula="6 * active_params_b * 1000000000",
    ),
    number(
        "training_flop",
        "FLOP of the training",
        "FLOP",
        interval=True,
        formula="tokens * flop_per_token",
    ),
    number(
        "flop_per_gpu_hour",
        "FLOP that a GPU-hour achieved",
        "FLOP/GPU-h",
        interval=True,
        formula="training_flop / gpu_hours",
    ),
    number(
        "achieved_tflops",
        "achieved speed per accelerator",
        "TFLOP/s",
        interval=True,
        formula="flop_per_gpu_hour / 3600000000000000",
    ),
)

_MACHINE = (
    number(
        "peak_tflops",
        "peak of the accelerator in the number format, without sparsity",
        "TFLOP/s",
        optional=True,
        carried=(Link("validated.hardware", on=("hardware_id=peak_id",), columns=("value",)),),
    ),
    number(
        "utilisation",
        "achieved speed over that peak",
        "1",
        interval=True,
        optional=True,
        formula="achieved_tflops / peak_tflops",
    ),
    number(
        "printed_peak_tflops",
        "peak that the printed utilisation is of",
        "TFLOP/s",
        optional=True,
        carried=(
            Link("validated.hardware", on=("hardware_id=utilisation_peak_id",), columns=("value",)),
        ),
    ),
    number(
        "utilisation_from",
        "lowest utilisation that is printed",
        "1",
        optional=True,
        carried=(_COMPUTE,),
    ),
    number(
        "utilisation_to",
        "highest utilisation that is printed",
        "1",
        optional=True,
        carried=(_COMPUTE,),
    ),
    number(
        "utilisation_as_printed",
        "achieved speed over the peak that the printed utilisation is of",
        "1",
        interval=True,
        optional=True,
        formula="achieved_tflops / printed_peak_tflops",
    ),
    number(
        "usd_per_gpu_hour",
        "price of the run's own accelerator at its own time",
        "USD/GPU-h",
        optional=True,
        carried=(
            Link(
                "estimates.own_prices",
                on=("scope_id=run_id",),
                columns=("own_usd_per_gpu_hour",),
            ),
        ),
    ),
)

_AGAINST_V3 = (
    _of_v3("gpu_hours", "GPU-hours", "GPU-h"),
    _of_v3("tokens", "tokens", "tokens"),
    number(
        "v3_flop_per_token",
        "FLOP per token of V3",
        "FLOP/token",
        optional=True,
        carried=(Link("estimates.efficiency", on=("run_id=v3_id",), columns=("flop_per_token",)),),
    ),
    _of_v3("flop_per_gpu_hour", "FLOP per GPU-hour", "FLOP/GPU-h"),
    number(
        "v3_usd_per_gpu_hour",
        "own price of V3",
        "USD/GPU-h",
        optional=True,
        carried=(
            Link("estimates.own_prices", on=("scope_id=v3_id",), columns=("own_usd_per_gpu_hour",)),
        ),
    ),
    _ratio("tokens_factor", "tokens over those of V3", "tokens / v3_tokens"),
    number(
        "flop_per_token_factor",
        "FLOP per token over that of V3",
        "1",
        optional=True,
        formula="flop_per_token / v3_flop_per_token",
    ),
    _ratio(
        "throughput_factor",
        "FLOP per GPU-hour of V3 over that of the run",
        "v3_flop_per_gpu_hour / flop_per_gpu_hour",
    ),
    number(
        "price_factor",
        "own price over that of V3",
        "1",
        optional=True,
        formula="usd_per_gpu_hour / v3_usd_per_gpu_hour",
    ),
    # not the product of the factors, whose intervals would widen by repetition
    _ratio(
        "hours_ratio",
        "GPU-hours over those of V3, which is also the cost ratio at one price: the product of"
        " the first three factors",
        "gpu_hours / v3_gpu_hours",
    ),
    _ratio(
        "cost_ratio",
        "cost over that of V3, each at its own price: the product of the four factors",
        "gpu_hours * usd_per_gpu_hour / (v3_gpu_hours * v3_usd_per_gpu_hour)",
    ),
    *(
        number(
            f"{name}_log_points",
            f"the factor in log points: {what}",
            "log points",
            optional=True,
            formula=f"100 * ln({name}_factor)",
        )
        for name, what in FACTORS
    ),
    *(
        number(
            f"{name}_log_points",
            f"`{name}_ratio` in log points: the sum of its factors'",
            "log points",
            optional=True,
            formula=f"100 * ln({name}_ratio)",
        )
        for name in ("hours", "cost")
    ),
)

EFFICIENCY = Table(
    name="efficiency",
    layer="estimates",
    meaning="Runs whose hours, tokens and parameters cover the same work: achieved speed and"
    " utilisation, and their cost over that of V3 as a product of factors. Above one, V3 has the"
    " advantage.",
    grain="One row per run.",
    key=("run_id",),
    owner="{run_id}.efficiency",
    columns=(
        Column("run_id", "id of the run"),
        Column("model", "model that the run produced"),
        Column("v3_id", "run of V3"),
        Column("is_sparse", "whether a token uses a part of the parameters", kind="flag"),
        Column("gpus", "accelerators it ran on", kind="ids"),
        Column("hours_stage_ids", "stages whose GPU-hours count", kind="ids"),
        Column("tokens_stage_id", "stage that holds tokens and parameters"),
        Column("number_format", "number format of the matrix products", optional=True),
        Column("format_basis", "how the format is known", allowed=FORMAT_BASIS),
        Column("peak_id", "row of the peak", optional=True),
        Column("utilisation_peak_id", "row of the peak of the printed utilisation", optional=True),
        *_WORK,
        *_MACHINE,
        *_AGAINST_V3,
        Column(
            "leading_factor",
            "of tokens, FLOP per token and throughput the one that moves the hours most in the"
            " direction of the gap",
            allowed=tuple(name for name, _ in FACTORS[:3]),
            optional=True,
        ),
    ),
)

TABLES = (EFFICIENCY,)
