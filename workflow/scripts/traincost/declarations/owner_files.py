"""The files under data/ behind what owning the hardware costs."""

from traincost.columns import PLACE, Column, Table
from traincost.declarations.data_files import HOURS_BASIS, PROVENANCE, SLUG

# what is assumed: name, unit, meaning
PARAMETERS = (
    ("interconnect_share", "1", "share of the interconnect in the price of a cluster"),
    ("server_overhead", "1", "price of a GPU with its share of a server over that of a bare card"),
    ("availability_days", "d", "days from the release of an accelerator to its delivery"),
    (
        "price_performance_growth",
        "orders of magnitude/year",
        "growth of performance per dollar, by which owned hardware loses its value",
    ),
    ("server_power_factor", "1", "rated power of a whole server over that of its chips"),
    ("power_draw", "1", "mean power drawn over rated power"),
    ("pue", "1", "power of the data centre over that of its servers"),
    ("usd_per_kwh", "USD/kWh", "price of electricity"),
    ("utilisation", "1", "share of its peak that an accelerator achieves"),
    ("depreciation_years", "years", "life over which bought hardware is written off"),
    ("final_run_share", "1", "final runs in all R&D compute"),
    ("staff_share", "1", "staff in the cost of development"),
)
UNITS = {name: unit for name, unit, _ in PARAMETERS}
# outside of these a value is a slip, such as per cent for a share or cents for dollars
PLAUSIBLE = {
    "interconnect_share": (0.001, 0.9),
    "server_overhead": (1, 5),
    "availability_days": (0, 1500),
    "price_performance_growth": (0.01, 1),
    "server_power_factor": (1, 5),
    "power_draw": (0.05, 1.5),
    "pue": (1, 3),
    "usd_per_kwh": (0.005, 2),
    "utilisation": (0.01, 1),
    "depreciation_years": (0.5, 20),
    "final_run_share": (0.001, 1),
    "staff_share": (0.001, 1),
}
# what may be assumed for runs released in a year
BY_YEAR = ("usd_per_kwh",)
DISTRIBUTIONS = ("fixed", "uniform", "normal", "lognormal")
# the set of this project, with which another one that is chosen is compared
PROJECT_SET = "default"
ANY = "*"
SEPARATOR = "; "

ASSUMPTIONS = Table(
    name="assumptions",
    layer="validated",
    owner="{set_id}.{assumption_id}",
    number_kind="assumed",
    added=PLACE,
    meaning="Parameters that nobody printed for the case at hand. Everything that depends on them"
    " is computed once per set.",
    grain="One row per set and assumption.",
    key=("set_id", "assumption_id"),
    columns=(
        Column("set_id", "set that the assumption belongs to", pattern=SLUG),
        Column("assumption_id", "id of the assumption in its set", pattern=SLUG),
        Column("parameter", "what is assumed", allowed=tuple(UNITS)),
        Column(
            "applies_to",
            "developers, families of accelerators, kinds of chip, separated by `; `, or * for all"
            " others; of usd_per_kwh years of release too. The first of these kinds that fits"
            " decides",
        ),
        Column(
            "central",
            "the value; arithmetic is allowed",
            kind="number",
            unit="see unit",
            reading="assumed",
            above=0,
        ),
        Column(
            "range",
            "the value with its bounds, from which it is drawn; estimates read `central`",
            kind="number",
            unit="see unit",
            reading="assumed",
            interval=True,
            raw="central",
            raw_low="low",
            raw_high="high",
            above=0,
        ),
        Column(
            "distribution",
            "how values between the bounds are distributed, 5% and 95% lying there; of a uniform"
            " one they are the ends",
            allowed=DISTRIBUTIONS,
        ),
        Column("unit", "unit of the value"),
        *PROVENANCE,
    ),
)

OWNED_RUNS = Table(
    name="owned_runs",
    layer="validated",
    owner="{work_id}",
    added=PLACE,
    meaning="Work that others cost as owners, with the inputs as they take them; it is costed"
    " beside the runs of stages.csv.",
    grain="One row per piece of work.",
    key=("work_id",),
    columns=(
        Column("work_id", "id of the work", pattern=SLUG),
        Column("label", "how tables call it"),
        Column("run_id", "the run of stages.csv that it is, if one", optional=True),
        Column("model", "model that was made"),
        Column("developer", "who trained it"),
        Column("gpu", "accelerator, canonical name", references="gpus"),
        Column(
            "gpu_count",
            "accelerators used at once",
            kind="number",
            unit="GPUs",
            reading="count",
            optional=True,
        ),
        Column(
            "owned_gpu_hours",
            "GPU-hours of the work",
            kind="number",
            unit="GPU-h",
            reading="measured",
            raw="gpu_hours",
            raw_step="gpu_hours_step",
            optional=True,
        ),
        Column(
            "flop_e24",
            "training compute, where no hours are known",
            kind="number",
            unit="10^24 FLOP",
            reading="measured",
            optional=True,
        ),
        Column(
            "peak_id",
            "row of hardware.csv with the accelerator's peak in the number format of the work",
            references="hardware",
            optional=True,
        ),
        Column(
            "reported_utilisation",
            "share of that peak, where it is printed",
            kind="number",
            unit="1",
            reading="decimal",
            above=0,
            at_most=1,
            optional=True,
        ),
        Column("hours_basis", "where the GPU-hours come from", allowed=HOURS_BASIS),
        Column("start_date", "day on which the work began", kind="date"),
        Column("release_date", "day on which the model was released", kind="date", optional=True),
        *PROVENANCE,
    ),
)

# what a rung may include: name, meaning
INCLUDED = ("yes", "part", "no", "unknown")
LAYERS = (
    ("r1", "the stages of R1"),
    ("v3", "the base model V3"),
    ("interconnect", "the network between the servers"),
    ("power", "electricity"),
    ("unused_life", "the life of the hardware that the runs leave to other work"),
    ("research", "trials, ablations and failed runs"),
    ("staff", "salaries"),
    ("serving", "running models for users"),
    ("data", "bought data and licences"),
)
BASES = ("rental", "ownership", "purchase", "third-party", "none")
# how well a rung is founded, the best first
EVIDENCE = (
    "printed by the maker",
    "recomputed from the maker's hours",
    "quoted prices",
    "quoted prices and assumptions",
    "estimate of others",
    "ratio of others",
    "disputed",
    "no source",
)

RUNGS = Table(
    name="rungs",
    layer="validated",
    added=PLACE,
    meaning="What is called the cost of R1, from its headline to the company: what each rung"
    " includes, and its arithmetic.",
    grain="One row per rung.",
    key=("rung_id",),
    columns=(
        Column("rung_id", "id of the rung", pattern=SLUG),
        Column("rung_order", "place on the ladder", kind="number", reading="decimal", above=0),
        Column("label", "how tables call it"),
        Column(
            "basis", "what kind of cost it is; rungs of unlike bases are not added", allowed=BASES
        ),
        Column("evidence", "how well it is founded", allowed=EVIDENCE),
        Column(
            "book",
            "price book of its inputs: the baseline, or the one that prices V3 and R1 at their own"
            " time",
            allowed=("baseline", "own"),
        ),
        Column(
            "formula", "arithmetic over its inputs; empty where no source prices it", optional=True
        ),
        Column(
            "inputs",
            "its inputs, as `name=number`; {set} stands for the chosen set of assumptions",
            optional=True,
        ),
        *(
            Column(f"has_{name}", f"whether it includes {what}", allowed=INCLUDED)
            for name, what in LAYERS
        ),
        *PROVENANCE,
    ),
)

PRICE_INDEX = Table(
    name="price_index",
    layer="validated",
    owner="price_index.{month}",
    added=PLACE,
    meaning="A price index, by which dollars of one month become those of another. Real dollars are"
    " those of its last month.",
    grain="One row per month.",
    key=("month",),
    columns=(
        Column("month", "month, as YYYY-MM", pattern=r"^\d{4}-(0[1-9]|1[0-2])$"),
        Column(
            "index_value",
            "the index in that month",
            kind="number",
            unit="1",
            reading="decimal",
            above=0,
        ),
        *PROVENANCE,
    ),
)

ASSUMPTION_SETS = Table(
    name="assumption_sets",
    layer="validated",
    meaning="Sets of assumptions, and which of them the tables use.",
    grain="One row per set.",
    key=("set_id",),
    columns=(
        Column("set_id", "id of the set"),
        Column("is_chosen", "whether the configuration chose it for the tables", kind="flag"),
    ),
)

TABLES = (ASSUMPTIONS, OWNED_RUNS, PRICE_INDEX, RUNGS)
CONFIGURED = (ASSUMPTION_SETS,)
