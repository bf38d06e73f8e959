"""What a user's prices change: every number the tables show, under both books."""

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

TABLES = (CHANGES,)
