"""Turn rows of other projects' catalogues into quotes, and say why the others are none."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import polars as pl

from traincost import printed
from traincost.csv_rows import LINE
from traincost.declarations.prices import PRICE_FILE
from traincost.prices.format import Converted
from traincost.prices.names import GpuNames

WHAT, REASON = "what", "reason"
_DECIMALS = Decimal("0.000001")
_PLAIN = re.compile(r"[0-9]{1,9}(\.[0-9]{1,20})?")


@dataclass(frozen=True)
class Catalogue:
    """Where a catalogue keeps what makes a quote: expressions over its columns.

    `reason`: why a row is no quote, null where it may be one. `prices`: its
    price columns by commitment. `is_per_machine`: prices are for all `count`
    accelerators together. `remark`: what else a quote's normalization note says.
    """

    name: str
    gpu: str
    what: pl.Expr
    reason: pl.Expr
    prices: Mapping[str, str]
    is_per_machine: bool
    vendor: pl.Expr
    region: pl.Expr
    date: pl.Expr
    count: pl.Expr
    source_id: str
    address: pl.Expr
    locator: pl.Expr
    note: pl.Expr
    remark: str = ""


def convert(rows: pl.DataFrame, names: GpuNames, catalogue: Catalogue) -> Converted:
    """A quote for every price of every row that a run can use; the other rows are skipped.

    An accelerator that is not in the table of names is skipped; one that only
    looks like a name is kept, for validation to refuse.
    """
    judged = rows.with_columns(
        _what=catalogue.what,
        _reason=pl.coalesce(catalogue.reason, _unusable(rows, names, catalogue)),
    )
    out = judged.filter(pl.col("_reason").is_not_null())
    used = judged.filter(pl.col("_reason").is_null())
    quotes = [
        _quotes(used.filter(pl.col(price) != ""), names, catalogue, commitment, price)
        for commitment, price in catalogue.prices.items()
    ]
    return Converted(
        pl.concat(quotes).sort(LINE, "commitment"),
        out.select(LINE, what="_what", reason="_reason"),
    )


def _unusable(rows: pl.DataFrame, names: GpuNames, catalogue: Catalogue) -> pl.Expr:
    gpu = pl.col(catalogue.gpu)
    unknown = rows.filter(~names.known(gpu))[catalogue.gpu].unique().sort()
    alike = [name for name in unknown if names.is_look_alike(name)]
    has_price = pl.any_horizontal(pl.col(price) != "" for price in catalogue.prices.values())
    return (
        pl.when(~names.known(gpu) & ~gpu.is_in(alike))
        .then(pl.lit("its accelerator is not in data/gpus.csv"))
        .when(~has_price)
        .then(pl.lit("no price"))
    )


def _quotes(
    rows: pl.DataFrame, names: GpuNames, catalogue: Catalogue, commitment: str, price: str
) -> pl.DataFrame:
    gpu = pl.col(catalogue.gpu)
    cells = {
        "vendor": catalogue.vendor,
        "region": catalogue.region,
        "commitment": pl.lit(commitment),
        "quote_date": catalogue.date,
        "date_basis": pl.when(catalogue.date != "").then(pl.lit("day")).otherwise(pl.lit("")),
        "gpus_in_offer": catalogue.count,
        "price_printed": pl.col(price),
        "kind": pl.lit("list"),
        "source_id": pl.lit(catalogue.source_id),
        "address": _evened(catalogue.address),
        "locator": catalogue.locator,
        "status": pl.lit("verified-secondary"),
        "read_via": pl.lit("the catalogue's file"),
        "note": _evened(catalogue.note),
    }
    told = rows.select(LINE, printed_gpu=gpu, gpu=names.resolved(gpu), **cells)
    priced = told.with_columns(_per_gpu(told, catalogue.is_per_machine))
    ids = _ids(rows, priced, catalogue.name)
    note = _note(catalogue, price, rows.select(changed=_evened(catalogue.note) != catalogue.note))
    empty = [pl.lit("").alias(name) for name in ("price_per_gpu_hour", "currency")]
    return priced.with_columns(ids, note, *empty).select(
        LINE, *PRICE_FILE.raw_header(), "normalization_note"
    )


def _evened(text: pl.Expr) -> pl.Expr:
    """Prose on one line: control characters and runs of spaces become one space."""
    return text.str.replace_all(r"[\s\p{C}]+", " ").str.strip_chars()


def _per_gpu(told: pl.DataFrame, is_per_machine: bool) -> list[pl.Series]:
    """The price of one accelerator as text, and whether it had to be rounded.

    A cell that is no number stays as it is, for validation to refuse.
    """
    pairs = list(told.select("price_printed", "gpus_in_offer").iter_rows())
    known = {pair: _divided(*pair) if is_per_machine else (pair[0], False) for pair in set(pairs)}
    return [
        pl.Series("usd_per_gpu_hour", [known[pair][0] for pair in pairs], pl.String),
        pl.Series("is_rounded", [known[pair][1] for pair in pairs], pl.Boolean),
    ]


def _divided(price: str, count: str) -> tuple[str, bool]:
    try:
        shared_by = printed.count(count).value
    except ValueError:
        return price, False
    if not _PLAIN.fullmatch(price):
        return price, False
    exact = Decimal(price) / shared_by
    text = exact.quantize(_DECIMALS, ROUND_HALF_UP)
    return f"{text:f}".rstrip("0").rstrip("."), text != exact


def _ids(rows: pl.DataFrame, priced: pl.DataFrame, name: str) -> pl.Series:
    """Ids made of what a row says, never of where it stands."""
    content = (
        rows.drop(LINE, "_what", "_reason")
        .select(pl.concat_str(pl.all(), separator="\x1f"))
        .to_series()
    )
    marks = [hashlib.blake2s(text.encode(), digest_size=6).hexdigest() for text in content]
    parts = [
        pl.lit(name),
        *(
            pl.col(part).str.to_lowercase().str.replace_all(r"[^a-z0-9]+", "-").str.strip_chars("-")
            for part in ("printed_gpu", "vendor", "region", "commitment", "quote_date")
        ),
        pl.Series("mark", marks, pl.String),
    ]
    filled = [pl.when(part != "").then(part) for part in parts]
    return priced.select(quote_id=pl.concat_str(filled, separator=".", ignore_nulls=True))[
        "quote_id"
    ]


def _note(catalogue: Catalogue, price: str, evened: pl.DataFrame) -> pl.Expr:
    shared = pl.col("gpus_in_offer")
    parts: Iterable[pl.Expr] = [
        pl.when(pl.col("printed_gpu") != pl.col("gpu")).then(
            pl.format(f"{catalogue.gpu} '{{}}' read as {{}}", "printed_gpu", "gpu")
        ),
        pl.when(pl.lit(catalogue.is_per_machine) & (shared != "1")).then(
            pl.format(f"{price} {{}} shared by {{}} accelerators", "price_printed", shared)
        ),
        pl.when("is_rounded").then(pl.lit("rounded to six decimals")),
        pl.when(evened["changed"]).then(pl.lit("line breaks and spaces of its prose evened out")),
        pl.lit(catalogue.remark or None, pl.String),
    ]
    joined = pl.concat_str(parts, separator="; ", ignore_nulls=True)
    return pl.when(joined != "").then(joined).alias("normalization_note")
