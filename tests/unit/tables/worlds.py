"""Other prices, under which every sentence of a table must stay true."""

from __future__ import annotations

from functools import cache

from traincost.tables import BUILDERS, built_tables
from traincost.tables.spec import PublishedTable
from unit.world import Tables, book, hashes, layers, quotes_csv, text_of

H800, H100 = "H800 SXM 80GB", "H100 SXM 80GB"
# before V3's window, which begins on 2024-10-30; R1's begins on 2025-01-08
BEFORE_BOTH, BEFORE_R1 = "2024-10-01", "2025-01-01"

FLAT = book("Two dollars", quotes_csv({"kind": "assumption"}))
CHEAP = book("One dollar", quotes_csv({"usd_per_gpu_hour": "1"}))
DEAR = book("Nine dollars", quotes_csv({"usd_per_gpu_hour": "9"}))
DATED = book("Dated", quotes_csv({"quote_date": BEFORE_BOTH, "usd_per_gpu_hour": "3"}))
VENDORS = book(
    "Two vendors",
    quotes_csv(
        {"quote_date": BEFORE_BOTH, "vendor": "Cheap", "usd_per_gpu_hour": "1"},
        {"quote_date": BEFORE_BOTH, "vendor": "Dear", "usd_per_gpu_hour": "3"},
    ),
)
R1_ONLY = book("Only R1", quotes_csv({"quote_date": BEFORE_R1}))
STAND_IN = book(
    "Stand-in",
    quotes_csv({"gpu": H100, "quote_date": BEFORE_BOTH, "kind": "index"}),
    stand_ins={H800: H100},
)
NOTHING = book("Nothing", quotes_csv({"gpu": "TPU v4"}))

WORLDS = {
    "flat": {"a": FLAT},
    "cheaper": {"a": FLAT, "b": CHEAP},
    "dearer": {"a": FLAT, "b": CHEAP, "c": DEAR},
    "dated": {"a": DATED, "b": FLAT},
    "vendors": {"a": VENDORS, "b": FLAT},
    "r1-only": {"a": R1_ONLY, "b": FLAT},
    "stand-in": {"a": STAND_IN, "b": FLAT},
    "unpriced": {"a": NOTHING},
    "none-priced": {"a": NOTHING, "b": R1_ONLY},
    "others-unpriced": {"a": FLAT, "b": NOTHING, "c": R1_ONLY},
    "equal": {"a": FLAT, "b": FLAT | {"label": "Again"}},
}


@cache
def world(name: str) -> Tables:
    """The layers under these books; the first is the baseline."""
    return layers(books=WORLDS[name], baseline="a")


def table(name: str, tables: Tables) -> PublishedTable:
    return BUILDERS[name](tables, hashes(tables))


def with_stages(*changes: tuple[str, str]) -> Tables:
    """The layers with edited stages, under the flat book."""
    text = text_of("data/stages.csv")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return layers({"stages": text}, {"a": FLAT})


def users_table() -> PublishedTable:
    """What prices of a user's own move: a long table."""
    own = DEAR | {"label": "Your prices", "is_users": True}
    baseline = FLAT | {"stand_ins": {"*": H800}}
    tables = layers(books={"a": baseline, "own": own}, baseline="a")
    built, _ = built_tables(tables, hashes(tables))
    return built["price_change"]
