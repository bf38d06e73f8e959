"""The files under data/ behind the ledger of claims."""

from traincost.columns import PLACE, Column, Table
from traincost.declarations.data_files import PROVENANCE, SLUG, STATUS
from traincost.verdict_names import DECLARED

KINDS = ("claim", "misreading")
BASES = ("disclosed", "third-party", "opinion", "market")
# the start of a number id: owner and column, without a price book
NUMBER_ID = r"^[a-z0-9][a-z0-9._+-]*\.[a-z0-9_]+$"

# what a claim was held against
EVIDENCE = (
    Column(
        "evidence_id",
        "source that the claim is held against; needed for a declared verdict",
        references="sources",
        optional=True,
    ),
    Column("evidence_locator", "place in that source", optional=True),
    Column("evidence_status", "how the evidence was verified", allowed=STATUS, optional=True),
)

REPORTED_FIGURES = Table(
    name="reported_figures",
    layer="validated",
    owner="{figure_id}",
    added=PLACE,
    meaning="Figures that claims are compared with and no other file holds: budgets, estimates by"
    " others, rents, exchange rates.",
    grain="One row per figure and source.",
    key=("figure_id",),
    columns=(
        Column("figure_id", "id of the figure", pattern=SLUG),
        Column("label", "what the figure counts"),
        Column(
            "value",
            "the figure; where words give bounds only, the lower one",
            kind="number",
            unit="see unit",
            reading="stated",
            raw="printed",
            raw_step="printed_step",
        ),
        Column("unit", "unit of the figure"),
        Column("period", "time it holds for, as exactly as known", optional=True),
        Column("basis", "who stands behind it", allowed=BASES),
        *PROVENANCE,
    ),
)

QUANTITIES = Table(
    name="quantities",
    layer="validated",
    added=PLACE,
    meaning="Quantities that claims state and no layer holds, as formulas over numbers of the"
    " pipeline.",
    grain="One row per quantity.",
    key=("quantity_id",),
    columns=(
        Column("quantity_id", "id of the quantity", pattern=SLUG),
        Column("label", "what it is"),
        Column("unit", "unit of its value"),
        Column("formula", "arithmetic over the names in `inputs`"),
        Column("inputs", "`name=number` pairs, separated by spaces; a number without its book"),
        Column("note", "what a reader of this row has to know", optional=True),
    ),
)

CLAIMS = Table(
    name="claims",
    layer="validated",
    added=PLACE,
    meaning="The ledger of claims: figures as printed, with the number that each should equal, or"
    " a verdict declared with its reason.",
    grain="One row per claim and test.",
    key=("claim_id",),
    columns=(
        Column("claim_id", "id of the claim", pattern=SLUG),
        Column("kind", "a claim to be tested, or a known misreading", allowed=KINDS),
        Column("section", "part of that source", optional=True),
        Column(
            "article_line",
            "line of that source, where lines can be counted",
            kind="number",
            reading="decimal",
            above=0,
            optional=True,
        ),
        Column("claim", "what is claimed, in our words"),
        Column("printed", "the figure as printed, with its qualifier", optional=True),
        Column("printed_step", "step of its last digit, where that is not evident", optional=True),
        Column("unit", "unit of the figure", optional=True),
        Column("reading", "arithmetic over `printed` that makes it comparable", optional=True),
        Column("inputs", "`name=number` pairs for `reading`, separated by spaces", optional=True),
        Column("quantity", "number that should equal it", pattern=NUMBER_ID, optional=True),
        Column("scope", "stages, runs or scopes the claim speaks of", optional=True),
        Column(
            "declared_verdict",
            "verdict that no figure can give",
            allowed=tuple(DECLARED),
            optional=True,
        ),
        Column("reason", "why; needed for a declared verdict", optional=True),
        *EVIDENCE,
        *PROVENANCE,
    ),
)

CONFLICTS = Table(
    name="conflicts",
    layer="validated",
    added=PLACE,
    meaning="Things for which sources print different values, and which value is used and why.",
    grain="One row per thing and value.",
    key=("conflict_id", "value_order"),
    columns=(
        Column("conflict_id", "id of the thing", pattern=SLUG),
        Column(
            "value_order",
            "place of the value among those of its thing",
            kind="number",
            reading="decimal",
            above=0,
        ),
        Column("item", "the thing, the same in all its rows"),
        Column("printed", "the value as printed"),
        Column("printed_step", "step of its last digit, where that is not evident", optional=True),
        Column("unit", "unit of the value"),
        Column("printed_by", "who prints it"),
        Column("is_used", "whether this value is used", allowed=("yes", "no")),
        Column(
            "number",
            "number of the pipeline that is this value, where one is used",
            pattern=NUMBER_ID,
            optional=True,
        ),
        Column("why", "why it is used, or not"),
        *PROVENANCE,
    ),
)

TABLES = (REPORTED_FIGURES, QUANTITIES, CLAIMS, CONFLICTS)
