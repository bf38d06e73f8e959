"""What the audit is read from: every cell of the published tables, and every number."""

from traincost.columns import Column, Table

CELLS = Table(
    name="cells",
    layer="tables",
    meaning="Every cell of every published table, and every number in its title and notes, with"
    " the id of the number it shows.",
    grain="One row per table, row and column.",
    key=("table", "row_id", "column"),
    columns=(
        Column("table", "published table"),
        Column("row_id", "row of the table; `words` for its title and notes"),
        Column("row_label", "how the table calls the row", optional=True),
        Column("column", "column of the table; in words, the place among the numbers"),
        Column("number_id", "number that is shown; empty for text", optional=True),
        Column(
            "part",
            "which part of the number is shown",
            allowed=("value", "low", "high"),
            optional=True,
        ),
        Column("value", "the part, unrounded", kind="number", unit="see unit", optional=True),
        Column("unit", "unit in which it is shown", optional=True),
        Column("display", "the string that every format shows"),
        Column("counted_ids", "where the table counts numbers itself: those counted", kind="ids"),
    ),
)

NUMBERS = Table(
    name="numbers",
    layer="audit",
    meaning="Every number of every layer, from the published tables down to the line of a data"
    " file: value, interval, formula, and the numbers it was made of.",
    grain="One row per number.",
    key=("number_id",),
    columns=(
        Column("number_id", "id: owner, column, and the price book where it depends on one"),
        Column("base_id", "the id without the price book"),
        Column("book_id", "price book; empty where the number depends on none", optional=True),
        Column("value", "value, unrounded", kind="number", unit="see unit", optional=True),
        Column("low", "lower bound", kind="number", unit="see unit", optional=True),
        Column("high", "upper bound", kind="number", unit="see unit", optional=True),
        Column("date", "value of a date", kind="date", optional=True),
        Column("unit", "unit of value and bounds"),
        Column(
            "kind",
            "where the number comes from",
            allowed=("reported", "derived", "assumed", "third-party"),
        ),
        Column("formula", "formula it was computed by", optional=True),
        Column("selection", "rule by which it was chosen, in words", optional=True),
        Column("input_names", "what the formula calls its inputs, one for each", kind="ids"),
        Column("input_ids", "numbers that the formula read or the rule used", kind="ids"),
        Column("considered_ids", "numbers that the rule also looked at", kind="ids"),
        Column("layer", "layer of the table it stands in"),
        Column("table", "that table"),
        Column("column", "its column there"),
        Column("is_shown", "whether a published table shows it", kind="flag"),
        Column("display", "how the first table that shows it prints it", optional=True),
        Column("printed", "the figure as the source prints it", optional=True),
        Column("file", "data file it was read from", optional=True),
        Column("line", "line of that file", kind="integer", optional=True),
        Column("source_id", "document it was read from", optional=True),
        Column("locator", "place in that document", optional=True),
        Column("status", "how the figure was verified", optional=True),
        Column("source_title", "title of the document", optional=True),
        Column("source_address", "where the document is found", optional=True),
    ),
)

TABLES = (CELLS, NUMBERS)
