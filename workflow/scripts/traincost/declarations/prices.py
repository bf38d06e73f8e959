"""Price files and exchange rates: quotes as read, quotes as used, and what was left out."""

from dataclasses import replace

from traincost.columns import PLACE, Column, Link, Table
from traincost.declarations.data_files import COMMITMENTS, GPUS_IN_OFFER, PROVENANCE, SLUG

OWN, EPOCH, SKYPILOT = "traincost", "epoch", "skypilot"
USD = "USD"

BOOK_ID = Column("book_id", "price book the quote belongs to", pattern=SLUG)

EXCHANGE_RATES = Table(
    name="exchange_rates",
    layer="validated",
    owner="{rate_id}",
    added=PLACE,
    meaning="What one unit of a currency is worth in US dollars. A rate holds from its date, for a"
    " limited time.",
    grain="One row per currency and date.",
    key=("rate_id",),
    columns=(
        Column("rate_id", "id of the rate", pattern=SLUG),
        Column("currency", "currency, by its three letters (ISO 4217)", pattern=r"^[A-Z]{3}$"),
        Column(
            "rate_date",
            "day of the rate, or first day of the month it is the mean of; empty for the dollar",
            kind="date",
            optional=True,
        ),
        Column(
            "date_basis",
            "whether it is the rate of a day or the mean of a month",
            allowed=("day", "month"),
            optional=True,
        ),
        Column(
            "units_per_usd",
            "units of the currency for one dollar, where the source prints it this way round",
            kind="number",
            unit="currency/USD",
            reading="decimal",
            above=0,
            optional=True,
        ),
        Column(
            "usd_per_unit_printed",
            "dollars for one unit of the currency, where the source prints it that way round",
            kind="number",
            unit="USD/currency",
            reading="decimal",
            above=0,
            optional=True,
        ),
        *PROVENANCE,
        Column(
            "usd_per_unit",
            "dollars for one unit of the currency",
            kind="number",
            unit="USD/currency",
            formula="coalesce(usd_per_unit_printed, 1 / units_per_usd)",
        ),
    ),
)

_PRICE = Column(
    "price_per_gpu_hour",
    "price of one GPU for one hour, in `currency`; never per node",
    kind="number",
    unit="currency/GPU-h",
    reading="decimal",
    above=0,
    optional=True,
    may_be_absent=True,
)
_CURRENCY = Column(
    "currency",
    "currency of `price_per_gpu_hour`, by its three letters (ISO 4217)",
    optional=True,
    may_be_absent=True,
)
_USD_PRICE = Column(
    "usd_per_gpu_hour_given",
    "price of one GPU for one hour, where the file has it in dollars; never per node",
    kind="number",
    unit="USD/GPU-h",
    reading="decimal",
    raw="usd_per_gpu_hour",
    above=0,
    optional=True,
    may_be_absent=True,
)

_RATE = (
    Link("validated.exchange_rates", on=("rate_id",), columns=("usd_per_unit",)),
    Link(
        "validated.exchange_rates",
        on=("currency",),
        columns=("rate_date",),
        only_if="rate_id",
        is_considered=True,
    ),
    Link(
        "validated.quotes",
        on=("book_id", "quote_id"),
        columns=("quote_date",),
        only_if="rate_id",
        is_considered=True,
    ),
)

# what a price file holds, in its order
_BEFORE_PRICE = (
    Column("quote_id", "id of the quote", pattern=SLUG),
    Column("gpu", "accelerator, canonical name", references="gpus", is_name=True),
    Column("vendor", "who asked the price", is_name=True),
    Column("region", "where; empty where not stated", optional=True, is_name=True),
    Column("commitment", "on-demand, reserved ...", allowed=COMMITMENTS),
    Column(
        "quote_date",
        "first day the price is known to hold; empty in a flat book",
        kind="date",
        optional=True,
    ),
    Column(
        "date_basis",
        "whether the source dates the price by day or by month",
        allowed=("day", "month"),
        optional=True,
    ),
)
_AFTER_PRICE = (
    GPUS_IN_OFFER,
    Column("price_printed", "the price as the source prints it", optional=True),
    Column("kind", "what the price is", allowed=("list", "index", "assumption")),
    PROVENANCE[0],
    Column("address", "page the price was read from", optional=True),
    *PROVENANCE[1:],
)

PRICE_FILE = Table(
    name="quotes",
    layer="validated",
    added=(
        BOOK_ID,
        *PLACE,
        Column(
            "format",
            "whose columns the file has: this project's, Epoch AI's or SkyPilot's",
            allowed=(OWN, EPOCH, SKYPILOT),
        ),
        Column(
            "normalization_note",
            "what was changed to bring the row to these columns; empty where nothing was",
            optional=True,
        ),
    ),
    meaning="Rental prices per GPU-hour, from every configured price book.",
    grain="One row per quote and price book.",
    key=("book_id", "file", "line", "quote_id"),
    columns=(*_BEFORE_PRICE, _USD_PRICE, _PRICE, _CURRENCY, *_AFTER_PRICE),
)

QUOTES = replace(
    PRICE_FILE,
    owner="{quote_id}",
    meaning="Rental prices per GPU-hour, from every configured price book, in dollars. A quote"
    " without a date is a flat assumption, in force at all times. In the order of the file.",
    key=("book_id", "quote_id"),
    order=("book_id", "line", "commitment"),
    columns=(
        *_BEFORE_PRICE,
        _USD_PRICE,
        _PRICE,
        _CURRENCY,
        Column(
            "rate_id",
            "exchange rate of a price in another currency",
            references="exchange_rates",
            optional=True,
        ),
        Column(
            "usd_per_currency_unit",
            "that rate",
            kind="number",
            unit="USD/currency",
            optional=True,
            selection="the last rate of the currency on the day of the quote",
            links=_RATE,
        ),
        Column(
            "usd_per_gpu_hour",
            "price of one GPU for one hour; never per node",
            kind="number",
            unit="USD/GPU-h",
            above=0,
            formula="coalesce(usd_per_gpu_hour_given, price_per_gpu_hour * usd_per_currency_unit)",
        ),
        *_AFTER_PRICE,
    ),
)

SKIPPED = Table(
    name="skipped",
    layer="ingested",
    added=(BOOK_ID, *PLACE),
    meaning="Rows of price files that are no quote: of a catalogue made for other ends, rows that"
    " no run can use.",
    grain="One row per price of a row left out, or row left out.",
    key=("book_id", "line", "what"),
    columns=(
        Column("what", "what the row offers, in its own words"),
        Column("reason", "why it is no quote"),
        Column("is_refused", "whether it cannot be read and stops the build", kind="flag"),
    ),
)

NOTES = Table(
    name="notes",
    layer="ingested",
    added=(BOOK_ID, *PLACE),
    meaning="What was accepted in price files although it is not as it should be.",
    grain="One row per file and remark.",
    key=("book_id", "line", "note"),
    columns=(
        Column("note", "what was found, and what was made of it"),
        Column(
            "repeats_line",
            "line of the row that this one repeats; only the first counts",
            kind="integer",
            optional=True,
        ),
    ),
)

TABLES = (EXCHANGE_RATES, PRICE_FILE)
