"""From the headline of R1 to the company: what each rung includes, and what it comes to."""

from traincost.columns import BY_ID, PLACE, Column, Link, Table
from traincost.declarations.data_files import PROVENANCE
from traincost.declarations.owner_files import BASES, EVIDENCE, INCLUDED, LAYERS

SCOPE_LADDER = Table(
    name="scope_ladder",
    layer="estimates",
    meaning="What is called the cost of R1, from its headline to the company, under the baseline."
    " Rungs of unlike bases are never added.",
    grain="One row per rung.",
    key=("rung_id",),
    owner="ladder.{rung_id}",
    added=PLACE,
    columns=(
        Column("rung_id", "id of the rung"),
        Column("place", "its place on the ladder"),
        Column(
            "headline_id", "rung that others are multiples of; empty in its own row", optional=True
        ),
        Column("label", "how tables call it"),
        Column("basis", "what kind of cost it is", allowed=BASES),
        Column("evidence", "how well it is founded", allowed=EVIDENCE),
        *(
            Column(f"has_{name}", f"whether it includes {what}", allowed=INCLUDED)
            for name, what in LAYERS
        ),
        Column("formula", "arithmetic over `input_names`", optional=True),
        Column("input_names", "names that the formula reads", kind="ids"),
        Column("input_ids", "numbers that they stand for", kind="ids"),
        Column(
            "value_usd",
            "what the rung comes to; missing if an input is, or if no source prices it",
            kind="number",
            unit="USD",
            interval=True,
            optional=True,
            formula_from="formula",
            links=(Link(BY_ID, on=("input_ids",), names="input_names"),),
        ),
        Column(
            "headline_usd",
            "what the headline comes to",
            kind="number",
            unit="USD",
            interval=True,
            optional=True,
            carried=(
                Link("estimates.scope_ladder", on=("rung_id=headline_id",), columns=("value_usd",)),
            ),
        ),
        Column(
            "multiple",
            "the rung over the headline",
            kind="number",
            unit="1",
            interval=True,
            optional=True,
            formula="value_usd / headline_usd",
        ),
        *PROVENANCE,
    ),
)

TABLES = (SCOPE_LADDER,)
