"""The estimates layer: bills, shares and checks."""

from dataclasses import replace

from traincost.columns import BY_ID, Column, Link, Table

_STAGES = Link("priced.stages", on=("stage_id=stage_ids", "book_id"))
_OTHERS = (
    Link("priced.stages", on=("stage_id=other_ids", "book_id"), columns=("cost_usd",)),
    Link("estimates.scopes", on=("scope_id=other_ids", "book_id"), columns=("cost_usd",)),
)
_PRINTED = Link("validated.printed_totals", on=("check_id",))

_ALL_OR_NOTHING = "; missing if any stage has none"

SHARES = Table(
    name="shares",
    layer="estimates",
    meaning="The members of every bill, its stages and, where it adds up several runs, its runs;"
    " and what share of the bill each is.",
    grain="One row per scope, member and price book.",
    key=("scope_id", "member_id", "book_id"),
    owner="{scope_id}.{member_id}",
    columns=(
        Column("scope_id", "id of the scope"),
        Column("member_id", "id of the stage or run"),
        Column("member_kind", "what the member is", allowed=("stage", "run")),
        Column("book_id", "id of the price book"),
        Column(
            "cost_usd",
            "cost of the member",
            kind="number",
            unit="USD",
            interval=True,
            optional=True,
            carried=(
                Link("priced.stages", on=("stage_id=member_id", "book_id")),
                Link("estimates.scopes", on=("scope_id=member_id", "book_id")),
            ),
        ),
        Column(
            "other_cost_usd",
            "cost of the other members of its kind: the sum of their cost_usd, 0 without others",
            kind="number",
            unit="USD",
            interval=True,
            optional=True,
            formula="sum(cost_usd)",
            links=_OTHERS,
        ),
        Column("other_ids", "the other members of its kind", kind="ids"),
        Column(
            "share",
            "share of the member in the bill",
            kind="number",
            unit="1",
            interval=True,
            optional=True,
            formula="1 / (1 + other_cost_usd / cost_usd)",
        ),
    ),
)

SCOPES = Table(
    name="scopes",
    layer="estimates",
    meaning="Bills: the cost of a run, or of runs together, under every price book.",
    grain="One row per scope and price book. Every run is a scope of its own.",
    key=("scope_id", "book_id"),
    owner="{scope_id}.total",
    columns=(
        Column("scope_id", "id of the scope: of the bill, or of the run"),
        Column("book_id", "id of the price book"),
        Column("stage_ids", "stages added up", kind="ids"),
        Column(
            "gpu_hours",
            "GPU-hours of the scope",
            kind="number",
            unit="GPU-h",
            interval=True,
            formula="sum(gpu_hours)",
            links=(_STAGES,),
        ),
        Column(
            "gpu_hours_unrounded",
            "GPU-hours of the scope, from GPUs times hours where printed",
            kind="number",
            unit="GPU-h",
            interval=True,
            formula="sum(gpu_hours_unrounded)",
            links=(_STAGES,),
        ),
        Column(
            "cost_usd",
            "cost of the scope" + _ALL_OR_NOTHING,
            kind="number",
            unit="USD",
            interval=True,
            optional=True,
            formula="sum(cost_usd)",
            links=(_STAGES,),
        ),
        Column(
            "cost_unrounded_usd",
            "cost of the scope from GPUs times hours" + _ALL_OR_NOTHING,
            kind="number",
            unit="USD",
            interval=True,
            optional=True,
            formula="sum(cost_unrounded_usd)",
            links=(_STAGES,),
        ),
        Column(
            "usd_per_gpu_hour",
            "mean price over the scope's GPU-hours",
            kind="number",
            unit="USD/GPU-h",
            optional=True,
            formula="cost_usd / gpu_hours",
        ),
        Column("baseline_book_id", "id of the baseline book"),
        Column(
            "baseline_cost_usd",
            "cost of the scope under the baseline book",
            kind="number",
            unit="USD",
            interval=True,
            optional=True,
            carried=(
                Link(
                    "estimates.scopes",
                    on=("scope_id", "book_id=baseline_book_id"),
                    columns=("cost_usd",),
                ),
            ),
        ),
        Column(
            "ratio_to_baseline",
            "cost under this book over cost under the baseline book",
            kind="number",
            unit="1",
            optional=True,
            formula="cost_usd / baseline_cost_usd",
        ),
        Column("quote_ids", "quotes used", kind="ids"),
        Column(
            "quote_count",
            "how many quotes were used",
            kind="number",
            unit="quotes",
            optional=True,
            selection="counts the quotes in force",
            is_count=True,
            links=(
                Link(
                    "priced.stages",
                    on=("stage_id=stage_ids", "book_id"),
                    columns=("usd_per_gpu_hour",),
                ),
            ),
        ),
        Column("quote_gpus", "accelerators whose quotes were used", kind="ids"),
        Column("is_stand_in", "whether any stage is priced by another accelerator", kind="flag"),
        Column(
            "quote_age_days",
            "age of the oldest quote used, when last used",
            kind="number",
            unit="d",
            optional=True,
            selection="the greatest over the stages",
            links=(_STAGES,),
        ),
        Column("unpriced_because", "why there is no cost, stage by stage", optional=True),
    ),
)

CHECKS = Table(
    name="checks",
    layer="estimates",
    meaning="Printed totals, rates and dollar figures beside what the stages add up to. A dollar"
    " figure is checked at the price its source states, whatever the price books.",
    grain="One row per printed figure whose stages are all in the data.",
    key=("check_id",),
    owner="{check_id}",
    columns=(
        Column("check_id", "id of the check"),
        Column("quantity", "what the figure counts"),
        Column("stage_ids", "stages that should add up to it", kind="ids"),
        Column(
            "printed",
            "the printed figure",
            kind="number",
            unit="see quantity",
            interval=True,
            carried=(_PRINTED,),
        ),
        Column(
            "printed_cost_usd",
            "the printed figure, where it is a cost",
            kind="number",
            unit="USD",
            interval=True,
            optional=True,
            carried=(replace(_PRINTED, columns=("printed",)),),
        ),
        Column(
            "tokens",
            "for a rate: the tokens it is multiplied by",
            kind="number",
            unit="tokens",
            interval=True,
            optional=True,
            carried=(_PRINTED,),
        ),
        Column(
            "stated_usd_per_gpu_hour",
            "price that the source states",
            kind="number",
            unit="USD/GPU-h",
            optional=True,
            carried=(_PRINTED,),
        ),
        Column(
            "gpu_hours",
            "GPU-hours of the stages",
            kind="number",
            unit="GPU-h",
            interval=True,
            formula="sum(gpu_hours)",
            links=(Link("priced.stages", on=("stage_id=stage_ids",)),),
        ),
        Column(
            "compared_gpu_hours",
            "the same, where the printed figure counts GPU-hours",
            kind="number",
            unit="GPU-h",
            interval=True,
            optional=True,
            carried=(Link("estimates.checks", on=("check_id",), columns=("gpu_hours",)),),
        ),
        Column(
            "computed",
            "what the stages give for the printed figure: for a rate, hours per trillion tokens",
            kind="number",
            unit="see quantity",
            interval=True,
            optional=True,
            formula="coalesce(gpu_hours / (tokens / 1000000000000),"
            " gpu_hours * stated_usd_per_gpu_hour, compared_gpu_hours)",
        ),
        Column(
            "implied_usd_per_gpu_hour",
            "for a cost: the price that the printed figure implies",
            kind="number",
            unit="USD/GPU-h",
            interval=True,
            optional=True,
            formula="printed_cost_usd / gpu_hours",
        ),
        Column(
            "ratio_to_printed",
            "what the stages give over what is printed",
            kind="number",
            unit="1",
            interval=True,
            optional=True,
            formula="computed / printed",
        ),
        Column(
            "outcome",
            "whether the two intervals meet, do not, or cannot be compared",
            allowed=("agrees", "conflicts", "not comparable"),
        ),
    ),
)

QUANTITIES = Table(
    name="quantities",
    layer="estimates",
    owner="{quantity_id}",
    meaning="Quantities that claims state and no other table holds, by the formulas of"
    " data/quantities.csv.",
    grain="One row per quantity, and per price book where it depends on one.",
    key=("quantity_id", "book_id"),
    columns=(
        Column("quantity_id", "id of the quantity"),
        Column("book_id", "id of the price book; empty if it depends on none", optional=True),
        Column("label", "what it is"),
        Column("unit", "unit of the value"),
        Column("formula", "arithmetic over `input_names`"),
        Column("input_names", "names that the formula reads", kind="ids"),
        Column("input_ids", "numbers that they stand for", kind="ids"),
        Column(
            "value",
            "the quantity; missing if an input is",
            kind="number",
            unit="see unit",
            interval=True,
            optional=True,
            formula_from="formula",
            links=(Link(BY_ID, on=("input_ids",), names="input_names"),),
        ),
    ),
)

TABLES = (SCOPES, SHARES, CHECKS, QUANTITIES)
