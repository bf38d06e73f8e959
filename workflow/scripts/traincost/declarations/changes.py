"""What a user's prices and assumptions change: every number the tables show, both ways."""

from traincost.columns import BY_ID, Column, Link, Table

CHANGES = Table(
    name="changes",
    layer="tables",
    owner="price_change.{base_id}",
    meaning="Every number that a published table shows under the baseline, beside the same number"
    " under the user's own prices. Without such prices there are no rows.",
    grain="One row per number that depends on the price book and is shown under the baseline.",
    key=("base_id",),
    columns=(
        Column("base_id", "id of the number without the price book"),
        Column("baseline_id", "the number under the baseline"),
        Column("your_id", "the number under the user's prices", optional=True),
        Column("table", "first published table that shows it"),
        Column("unit", "unit of both values"),
        Column(
            "baseline_value",
            "value under the baseline",
            kind="number",
            unit="see unit",
            interval=True,
            carried=(Link(BY_ID, on=("baseline_id",)),),
        ),
        Column(
            "your_value",
            "value under the user's prices; empty where they price it not at all",
            kind="number",
            unit="see unit",
            interval=True,
            optional=True,
            carried=(Link(BY_ID, on=("your_id",)),),
        ),
        Column(
            "difference",
            "what the user's prices add",
            kind="number",
            unit="see unit",
            optional=True,
            formula="your_value - baseline_value",
        ),
        Column(
            "ratio",
            "value under the user's prices over that under the baseline",
            kind="number",
            unit="1",
            optional=True,
            formula="your_value / baseline_value",
        ),
        Column("has_moved", "whether value or bounds differ", kind="flag"),
    ),
)

ASSUMPTION_CHANGES = Table(
    name="assumption_changes",
    layer="tables",
    owner="assumption_change.{base_id}",
    meaning="Every number that reads assumptions and that a published table shows, or would show"
    " under the project's set: under the chosen set and under that. Where that is chosen there are"
    " no rows.",
    grain="One row per number.",
    key=("base_id",),
    columns=(
        Column("base_id", "the number, with @ and its price book where it depends on one"),
        Column("your_id", "the number under the chosen set, if it gives one", optional=True),
        Column("assumption_ids", "assumptions of the project's set", kind="ids"),
        Column("table", "first published table that shows it"),
        Column("unit", "unit of both values"),
        Column(
            "project_value",
            "value under the project's set; empty where that gives none",
            kind="number",
            unit="see unit",
            optional=True,
            selection="the same number, computed with the assumptions of the project's set",
            links=(
                Link(BY_ID, on=("your_id",)),
                Link(BY_ID, on=("assumption_ids",), is_considered=True),
            ),
        ),
        Column(
            "your_value",
            "value under the chosen set",
            kind="number",
            unit="see unit",
            interval=True,
            optional=True,
            carried=(Link(BY_ID, on=("your_id",)),),
        ),
        Column(
            "difference",
            "what the chosen set adds",
            kind="number",
            unit="see unit",
            optional=True,
            formula="your_value - project_value",
        ),
        Column(
            "ratio",
            "value under the chosen set over that under the project's",
            kind="number",
            unit="1",
            optional=True,
            formula="your_value / project_value",
        ),
        Column("has_moved", "whether the values differ", kind="flag"),
    ),
)

TABLES = (CHANGES, ASSUMPTION_CHANGES)
