"""The priced layer: market prices in force, and stages joined to them."""

from dataclasses import replace

from traincost.columns import Column, Link, Table

_OF_STAGE = Link("validated.stages", on=("stage_id",))

# quotes that a price was chosen from
MARKET = Link(
    "priced.markets", on=("book_id", "quote_gpu"), columns=("quote_count",), is_considered=True
)

# what decides when a stage ran, and so which prices were in force
_WINDOW = (
    Link(
        "validated.stages",
        on=("run_id",),
        columns=("release_date", "stage_order", "gpu_count", "wall_hours", "gpu_hours_printed"),
        is_considered=True,
    ),
    Link(
        "validated.windows",
        on=("run_id",),
        columns=("window_end", "window_gpu_count", "assumed_days"),
        is_considered=True,
    ),
    MARKET,
)
# a flat book is in force at all times: nothing decided
_WINDOW_IF_DATED = tuple(replace(link, only_if="quote_age_days") for link in _WINDOW)
QUOTES = Link(
    "validated.quotes", on=("book_id", "quote_id=quote_ids"), columns=("usd_per_gpu_hour",)
)
QUOTE_DATES = Link(
    "validated.quotes", on=("book_id", "quote_id=quote_ids"), columns=("quote_date",)
)

SERIES = Table(
    name="series",
    layer="priced",
    meaning="The price in force at every moment: the median over vendors, with the lowest and the"
    " highest as bounds. A span without a quote in force has no row.",
    grain="One row per price book, accelerator and span between price changes.",
    key=("book_id", "quote_gpu", "span_start"),
    columns=(
        Column("book_id", "id of the price book"),
        Column("quote_gpu", "accelerator the quotes are for"),
        Column(
            "span_start",
            "first moment of the span; empty in a flat book",
            kind="time",
            optional=True,
        ),
        Column(
            "span_end",
            "first moment after the span; empty in a flat book",
            kind="time",
            optional=True,
        ),
        Column(
            "usd_per_gpu_hour",
            "median over the vendors' quotes in force",
            kind="number",
            unit="USD/GPU-h",
            interval=True,
        ),
        Column("quote_ids", "quotes in force, cheapest first", kind="ids"),
    ),
)

MARKETS = Table(
    name="markets",
    layer="priced",
    owner="{market_id}",
    meaning="What a price book holds for an accelerator: the quotes that prices are chosen from.",
    grain="One row per price book and accelerator with quotes.",
    key=("book_id", "market_id"),
    columns=(
        Column("book_id", "id of the price book"),
        Column("market_id", "id of the accelerator: its name in small letters and hyphens"),
        Column("quote_gpu", "accelerator the quotes are for"),
        Column("quote_ids", "all quotes, by date", kind="ids"),
        Column(
            "quote_count",
            "how many quotes there are",
            kind="number",
            unit="quotes",
            selection="counts all quotes, those never in force included",
            is_count=True,
            links=(
                Link(
                    "validated.quotes",
                    on=("book_id", "quote_id=quote_ids"),
                    columns=("usd_per_gpu_hour", "quote_date"),
                ),
            ),
        ),
    ),
)

STAGES = Table(
    name="stages",
    layer="priced",
    meaning="Stages with the price of their GPU over their window, under every price book. A stage"
    " that cannot be priced keeps its row, without a price and with the reason.",
    grain="One row per stage and price book.",
    key=("stage_id", "book_id"),
    owner="{stage_id}",
    columns=(
        Column("stage_id", "id of the stage"),
        Column("run_id", "run the stage belongs to"),
        Column("book_id", "id of the price book"),
        Column("gpu", "accelerator the stage ran on"),
        Column("quote_gpu", "accelerator whose quotes price it", optional=True),
        Column("is_stand_in", "whether that is another accelerator", kind="flag"),
        Column(
            "window_start",
            "assumed start of the stage; empty where no window can be derived",
            kind="time",
            optional=True,
        ),
        Column("window_end", "assumed end of the stage", kind="time", optional=True),
        Column(
            "gpu_count",
            "accelerators used at once",
            kind="number",
            unit="GPUs",
            optional=True,
            carried=(_OF_STAGE,),
        ),
        Column(
            "wall_hours",
            "wall-clock duration as printed",
            kind="number",
            unit="h",
            interval=True,
            optional=True,
            carried=(_OF_STAGE,),
        ),
        Column(
            "gpu_hours_printed",
            "GPU-hours as printed",
            kind="number",
            unit="GPU-h",
            interval=True,
            optional=True,
            carried=(_OF_STAGE,),
        ),
        Column(
            "gpu_hours_product",
            "GPU-hours as GPUs times wall-clock hours",
            kind="number",
            unit="GPU-h",
            interval=True,
            optional=True,
            formula="gpu_count * wall_hours",
        ),
        Column(
            "gpu_hours",
            "GPU-hours that are priced: as printed, else GPUs times hours",
            kind="number",
            unit="GPU-h",
            interval=True,
            formula="coalesce(gpu_hours_printed, gpu_hours_product)",
        ),
        Column(
            "gpu_hours_unrounded",
            "GPU-hours as GPUs times hours where both are printed, else as printed",
            kind="number",
            unit="GPU-h",
            interval=True,
            formula="coalesce(gpu_hours_product, gpu_hours_printed)",
        ),
        Column(
            "usd_per_gpu_hour",
            "mean price over the window, weighted by time",
            kind="number",
            unit="USD/GPU-h",
            interval=True,
            optional=True,
            selection="median of the vendors' quotes in force, mean over the window by time",
            links=(QUOTES, *_WINDOW_IF_DATED),
        ),
        Column(
            "cost_usd",
            "cost of the stage",
            kind="number",
            unit="USD",
            interval=True,
            optional=True,
            formula="gpu_hours * usd_per_gpu_hour",
        ),
        Column(
            "cost_unrounded_usd",
            "cost of the stage from GPUs times hours",
            kind="number",
            unit="USD",
            interval=True,
            optional=True,
            formula="gpu_hours_unrounded * usd_per_gpu_hour",
        ),
        Column("quote_ids", "quotes in force during the window", kind="ids"),
        Column(
            "quote_age_days",
            "age of the oldest quote used, when last used; empty in a flat book",
            kind="number",
            unit="d",
            optional=True,
            selection="the oldest of the quotes in force, as of its last use",
            links=(QUOTE_DATES, *_WINDOW_IF_DATED),
        ),
        Column(
            "window_days",
            "where quotes leave a gap: length of the window",
            kind="number",
            unit="d",
            optional=True,
            selection="length of the assumed window",
            links=_WINDOW,
        ),
        Column(
            "unpriced_days",
            "where quotes leave a gap: days of the window without a quote in force",
            kind="number",
            unit="d",
            optional=True,
            selection="days of the assumed window without a quote in force",
            links=_WINDOW,
        ),
        Column("unpriced_because", "why there is no price", optional=True),
    ),
)

UNUSED_QUOTES = Table(
    name="unused_quotes",
    layer="priced",
    meaning="Quotes of a price book that price neither a stage nor a serving day, and why.",
    grain="One row per quote and price book.",
    key=("book_id", "quote_id"),
    columns=(
        Column("book_id", "id of the price book"),
        Column("quote_id", "id of the quote"),
        Column("gpu", "accelerator the quote is for"),
        Column("vendor", "who asked the price"),
        Column("quote_date", "first day of the price", kind="date", optional=True),
        Column("usd_per_gpu_hour", "the price", kind="number", unit="USD/GPU-h"),
        Column("unused_because", "why nothing is priced by it"),
    ),
)

BOOK_USE = Table(
    name="book_use",
    layer="priced",
    owner="quotes",
    meaning="How many quotes a price book holds, and how many of them price anything.",
    grain="One row per price book.",
    key=("book_id",),
    columns=(
        Column("book_id", "id of the price book"),
        Column(
            "quote_count",
            "quotes in the book",
            kind="number",
            unit="quotes",
            selection="counts the rows of the file",
            is_count=True,
            links=(Link("validated.quotes", on=("book_id",), columns=("usd_per_gpu_hour",)),),
        ),
        Column(
            "used_count",
            "quotes in force at some moment of a priced stage or serving day",
            kind="number",
            unit="quotes",
            selection="counts the quotes in force",
            is_count=True,
            links=tuple(
                Link(
                    f"priced.{name}",
                    on=("book_id",),
                    # of work that a gap leaves without a price, the gap
                    columns=("usd_per_gpu_hour", "unpriced_days"),
                )
                for name in ("stages", "serving")
            ),
        ),
        Column(
            "unused_count",
            "quotes that price nothing",
            kind="number",
            unit="quotes",
            formula="quote_count - used_count",
        ),
    ),
)

TABLES = (SERIES, MARKETS, STAGES)
# of all that is priced
USE = (BOOK_USE, UNUSED_QUOTES)
