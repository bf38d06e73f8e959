"""The files under data/: one Table each, in the order they depend on each other."""

from traincost.columns import PLACE, Column, Table

STATUS = ("verified-primary", "verified-secondary", "unverified")
HOURS_BASIS = (
    "disclosed",
    "disclosed-approximate",
    "product",
    "upper-bound",
    "lower-bound",
    "derived",
    "third-party",
)
COMMITMENTS = ("on-demand", "reserved", "1-year", "3-year", "spot", "assumed")

CHIPS = ("GPU", "TPU", "other")
# what is bought with a GPU: nothing, its board, its server, or the cluster with its network
SOLD_AS = ("card", "board", "server", "cluster", "not stated")

SLUG = r"^[a-z0-9][a-z0-9._+-]*$"

GPUS_IN_OFFER = Column(
    "gpus_in_offer",
    "accelerators in the offer",
    kind="number",
    unit="GPUs",
    reading="count",
    optional=True,
)

# where a figure was read, and how well that was checked
PROVENANCE = (
    Column("source_id", "source the figure was read from", references="sources"),
    Column("locator", "page, table, section or row in that source", optional=True),
    Column(
        "status",
        "how the figure was verified: in the maker's document, in someone else's, or not",
        allowed=STATUS,
    ),
    Column("read_via", "the copy that was read", optional=True),
    Column("note", "what a reader of this row has to know", optional=True),
)


def _id(name: str, meaning: str) -> Column:
    return Column(name, meaning, pattern=SLUG)


SOURCES = Table(
    name="sources",
    layer="validated",
    added=PLACE,
    meaning="Documents that figures were read from.",
    grain="One row per source.",
    key=("source_id",),
    columns=(
        _id("source_id", "id of the source"),
        Column("title", "title of the document"),
        Column("publisher", "who published it, where known", optional=True),
        Column("published", "date of publication, as exactly as known", optional=True),
        Column("address", "where it is found", optional=True),
        Column("licence", "licence of its data, where one is stated", optional=True),
        Column("attribution", "attribution that the licence asks for", optional=True),
        Column(
            "primary_read", "whether the document or a full copy was read", allowed=("yes", "no")
        ),
        Column("note", "what a reader of this row has to know", optional=True),
    ),
)

GPUS = Table(
    name="gpus",
    layer="validated",
    added=PLACE,
    meaning="Canonical accelerator names. Form factor and memory tell GPUs apart.",
    grain="One row per accelerator.",
    key=("gpu",),
    columns=(
        Column("gpu", "canonical name"),
        Column("maker", "manufacturer, where the accelerator is known", optional=True),
        Column("form_factor", "SXM, PCIe, NVL ... where known", optional=True),
        Column(
            "memory_gb",
            "memory per accelerator, where known",
            kind="number",
            unit="GB",
            reading="decimal",
            above=0,
            optional=True,
        ),
        Column("family", "what it is an example of: A100, TPU v4; empty if unknown", optional=True),
        Column("chip", "kind of chip", allowed=CHIPS, optional=True),
        Column(
            "bought_as",
            "accelerator whose purchase quotes, power and release day stand in for it, where its"
            " name leaves the form factor open",
            references="gpus",
            optional=True,
        ),
        Column(
            "usd_per_gpu_hour_from",
            "least that one of them plausibly costs per hour; without it no quote is taken",
            kind="number",
            unit="USD/GPU-h",
            reading="decimal",
            above=0,
            optional=True,
        ),
        Column(
            "usd_per_gpu_hour_to",
            "most that one of them plausibly costs per hour",
            kind="number",
            unit="USD/GPU-h",
            reading="decimal",
            above=0,
            optional=True,
        ),
        Column("range_reason", "why this range", optional=True),
        Column("note", "what a reader of this row has to know", optional=True),
    ),
)

GPU_ALIASES = Table(
    name="gpu_aliases",
    layer="validated",
    added=PLACE,
    meaning="Names that sources use for an accelerator.",
    grain="One row per alias.",
    key=("alias",),
    columns=(
        Column("alias", "name as a source writes it"),
        Column("gpu", "canonical name it stands for", references="gpus"),
        Column("note", "what a reader of this row has to know", optional=True),
    ),
)

STAGES = Table(
    name="stages",
    layer="validated",
    owner="{stage_id}",
    added=PLACE,
    meaning="Training work with disclosed GPU-hours, or GPUs and time. A run is its stages"
    " together.",
    grain="One row per stage of a training run.",
    key=("stage_id",),
    columns=(
        _id("stage_id", "id of the stage"),
        _id("run_id", "run the stage belongs to"),
        Column(
            "stage_order",
            "place of the stage in its run",
            kind="number",
            unit="",
            reading="decimal",
            above=0,
        ),
        Column("model", "model that the run produced"),
        Column("developer", "who trained it"),
        Column("stage", "kind of work"),
        Column("gpu", "accelerator, canonical name", references="gpus"),
        Column("gpu_printed", "accelerator as the source names it", optional=True),
        Column(
            "gpu_count",
            "accelerators used at once",
            kind="number",
            unit="GPUs",
            reading="count",
            optional=True,
        ),
        Column(
            "wall_hours",
            "wall-clock duration of the stage",
            kind="number",
            unit="h",
            reading="duration_hours",
            raw="wall_time",
            raw_step="wall_time_step",
            optional=True,
        ),
        Column(
            "gpu_hours_printed",
            "GPU-hours of the stage, where the source prints them",
            kind="number",
            unit="GPU-h",
            reading="measured",
            raw_step="gpu_hours_step",
            optional=True,
        ),
        Column("hours_basis", "where the GPU-hours come from", allowed=HOURS_BASIS),
        Column(
            "tokens",
            "training tokens",
            kind="number",
            unit="tokens",
            reading="measured",
            optional=True,
        ),
        Column(
            "active_params_b",
            "parameters active per token",
            kind="number",
            unit="billion",
            reading="decimal",
            above=0,
            optional=True,
        ),
        Column(
            "total_params_b",
            "parameters in all",
            kind="number",
            unit="billion",
            reading="decimal",
            above=0,
            optional=True,
        ),
        Column("release_date", "day the model was released", kind="date", optional=True),
        *PROVENANCE,
    ),
)

PRINTED_TOTALS = Table(
    name="printed_totals",
    layer="validated",
    owner="{check_id}",
    added=PLACE,
    meaning="Totals, rates and dollar figures that sources print; checks on stages, never stages.",
    grain="One row per printed figure that stages should reproduce.",
    key=("check_id",),
    columns=(
        _id("check_id", "id of the check"),
        Column("run_id", "run the figure describes, if one", optional=True),
        Column(
            "stage_ids",
            "stages that should add up to it, separated by spaces",
            optional=True,
        ),
        Column(
            "quantity",
            "what the figure counts",
            allowed=("gpu_hours", "cost_usd", "gpu_hours_per_trillion_tokens"),
        ),
        Column(
            "printed",
            "the printed figure",
            kind="number",
            unit="see quantity",
            reading="measured",
            raw_step="printed_step",
        ),
        Column(
            "tokens",
            "for a rate: the tokens it is multiplied by",
            kind="number",
            unit="tokens",
            reading="measured",
            optional=True,
        ),
        Column(
            "stated_usd_per_gpu_hour",
            "for a cost: the price per GPU-hour that the source states for it",
            kind="number",
            unit="USD/GPU-h",
            reading="decimal",
            above=0,
            optional=True,
        ),
        *PROVENANCE,
    ),
)

HARDWARE = Table(
    name="hardware",
    layer="validated",
    owner="{hardware_id}",
    added=PLACE,
    meaning="Technical data of accelerators.",
    grain="One row per accelerator, attribute and source.",
    key=("hardware_id",),
    columns=(
        _id("hardware_id", "id of the row"),
        Column("gpu", "accelerator, canonical name", references="gpus"),
        Column("attribute", "what is measured", pattern=r"^[a-z0-9_]+$"),
        Column(
            "value",
            "value in `unit`; empty for a date",
            kind="number",
            unit="see unit",
            reading="decimal",
            above=0,
            optional=True,
        ),
        Column("value_date", "value of a date", kind="date", optional=True),
        Column("unit", "unit of the value; `date` for a date"),
        Column("value_printed", "the value as the source prints it", optional=True),
        *PROVENANCE,
    ),
)

PURCHASE_QUOTES = Table(
    name="purchase_quotes",
    layer="validated",
    owner="{quote_id}",
    added=PLACE,
    meaning="Dated prices at which accelerators or servers were offered or sold.",
    grain="One row per purchase quote.",
    key=("quote_id",),
    columns=(
        _id("quote_id", "id of the quote"),
        Column("gpu", "accelerator, canonical name", references="gpus"),
        Column("vendor", "who asked or took the price"),
        Column("region", "region the price holds in, where stated", optional=True),
        Column("quote_date", "day of the price", kind="date", optional=True),
        Column("date_basis", "how exactly the date is known", optional=True),
        GPUS_IN_OFFER,
        Column("price_printed", "the price as printed"),
        Column("currency", "currency of the price", allowed=("USD", "RMB", "EUR")),
        Column("unit_sold", "what one price buys"),
        Column("sold_as", "what one buys with a GPU at that price", allowed=SOLD_AS),
        Column(
            "usd_per_gpu",
            "price per accelerator, its share of the server included where sold as a server",
            kind="number",
            unit="USD/GPU",
            reading="decimal",
            above=0,
            optional=True,
        ),
        Column(
            "kind",
            "list price, contract, estimate or modelling assumption",
            allowed=("list", "contract", "estimate", "modelling-band"),
        ),
        Column(
            "is_doubtful",
            "whether something speaks against the price; the note says what",
            allowed=("yes", "no"),
        ),
        PROVENANCE[0],
        Column("address", "page the price was read from", optional=True),
        *PROVENANCE[1:],
    ),
)

WINDOWS = Table(
    name="windows",
    layer="validated",
    owner="{run_id}",
    number_kind="assumed",
    added=PLACE,
    meaning="Assumed dates of runs: the makers print none. Stages follow each other and end at"
    " `window_end`; each lasts its GPU-hours over its GPUs. Where nobody prints a count, the run"
    " lasts `assumed_days`.",
    grain="One row per run.",
    key=("run_id",),
    columns=(
        _id("run_id", "run the window is assumed for"),
        Column("window_end", "day the last stage ends, at 00:00 UTC", kind="date"),
        Column(
            "window_gpu_count",
            "GPUs assumed where a stage prints no count",
            kind="number",
            unit="GPUs",
            reading="count",
            raw="gpu_count",
            optional=True,
        ),
        Column(
            "assumed_days",
            "length assumed for the run where no count is known",
            kind="number",
            unit="d",
            reading="decimal",
            above=0,
            optional=True,
        ),
        *PROVENANCE,
    ),
)

SCOPES = Table(
    name="scopes",
    layer="validated",
    added=PLACE,
    meaning="Bills: which runs are added up, and what the sum leaves out.",
    grain="One row per scope.",
    key=("scope_id",),
    columns=(
        _id("scope_id", "id of the scope"),
        Column("label", "how the scope is called in tables"),
        Column("run_ids", "runs in the bill, separated by spaces"),
        Column("includes", "what the bill includes"),
        Column("leaves_out", "what the bill leaves out"),
        *PROVENANCE,
    ),
)

BOOKS = Table(
    name="books",
    layer="validated",
    meaning="Price books as the configuration names them. Every result is computed once per book.",
    grain="One row per price book.",
    key=("book_id",),
    columns=(
        _id("book_id", "id of the price book"),
        Column("book_order", "place of the book in the configuration", kind="integer"),
        Column("label", "how the book is called in tables"),
        Column("book_file", "file the quotes are read from"),
        Column(
            "commitment",
            "the commitment whose quotes are used; empty where the file holds only one",
            allowed=COMMITMENTS,
            optional=True,
        ),
        Column("is_baseline", "whether the headline is computed with this book", kind="flag"),
        Column("is_flat", "whether the book is one undated assumption", kind="flag"),
        Column("is_users", "whether it is the user's own, named by `prices`", kind="flag"),
        Column(
            "is_own_price",
            "whether it may supply the price of a run's own accelerator at its own time",
            kind="flag",
        ),
    ),
)

STAND_INS = Table(
    name="stand_ins",
    layer="validated",
    meaning="Quotes of one accelerator that the configuration lets stand in for another.",
    grain="One row per price book, accelerator replaced and accelerator that may replace it.",
    key=("book_id", "gpu", "stand_in_order"),
    columns=(
        _id("book_id", "id of the price book"),
        Column("gpu", "accelerator of the run; * for any without a quote of its own"),
        Column(
            "stand_in_order",
            "place in the list: the first of which the book has quotes is used",
            kind="integer",
        ),
        Column("quote_gpu", "accelerator whose quotes are used instead", references="gpus"),
    ),
)

TABLES = (
    SOURCES,
    GPUS,
    GPU_ALIASES,
    STAGES,
    PRINTED_TOTALS,
    HARDWARE,
    PURCHASE_QUOTES,
    WINDOWS,
    SCOPES,
)

# made from the configuration, not from a file of their own
CONFIGURED = (BOOKS, STAND_INS)
