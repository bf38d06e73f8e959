"""models: every run at one common price and at its own, and what others say in dollars."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import polars as pl

from traincost import display
from traincost.declarations.data_files import HOURS_BASIS
from traincost.field import SCOPE_OF
from traincost.tables.gaps import gap_cells
from traincost.tables.model_dollars import (
    MANY_TIMES,
    THOUSANDS,
    TIMES,
    dollar_rows,
    dollar_years,
    estimates_under,
)
from traincost.tables.model_notes import checks_note, classes_note, own_price_note
from traincost.tables.source_notes import row_by_row
from traincost.tables.spec import (
    Cell,
    PublishedTable,
    Row,
    Shown,
    TableColumn,
    TableRow,
    bounds,
    count,
    day,
    money,
    quantity,
    ratio,
    text,
)

NAME = "models"
REFERENCE = "For reference"
BASES = {
    "disclosed": "Hours disclosed by the maker",
    "disclosed-approximate": "Hours disclosed as a round figure",
    "product": "GPUs times duration, both disclosed",
    "derived": "Hours derived from other printed figures",
    "upper-bound": "Hours are an upper bound",
    "lower-bound": "Hours are a lower bound",
    "third-party": "Hours estimated by third parties",
}

HOURS = Shown("thousand GPU-h", decimals=1, per=1e3)
PRICE = Shown("USD/GPU-h", decimals=2)

ONE, OWN = "At one price, thousand USD", "At its own GPU's price then"
COLUMNS = (
    TableColumn("release_date", "Released"),
    TableColumn("gpu", "GPU", is_text=True, holds=True, width=0.08),
    TableColumn("gpu_hours", "GPU-hours, thousand"),
    TableColumn("common_cost_usd", "Cost", ONE),
    TableColumn("common_cost_usd_low", "from", ONE, is_bound=True),
    TableColumn("common_cost_usd_high", "to", ONE, is_bound=True),
    TableColumn("ratio_to_v3", "× V3", "As a multiple"),
    TableColumn("ratio_to_r1", "× R1", "As a multiple"),
    TableColumn("ratio_to_both", "× V3 + R1", "As a multiple"),
    TableColumn("weight_class", "Within a factor of two"),
    TableColumn("own_price", "USD per GPU-hour", OWN),
    TableColumn("own_cost", "Cost, thousand USD", OWN),
    TableColumn("own_ratio", "× V3 + R1", OWN),
    TableColumn("priced_by", "Priced by", OWN, is_text=True, holds=True, width=0.17),
)


def models(layers: Mapping[str, pl.DataFrame], files: Mapping[str, str]) -> PublishedTable:
    """The table, under the baseline book. `layers`: by `layer.name`; `files`: data file to hash."""
    book_id = layers["validated.books"].filter("is_baseline")["book_id"].item()
    by_scope = layers["estimates.models"].filter(pl.col("book_id") == book_id)
    own = {row["scope_id"]: row for row in layers["estimates.own_prices"].iter_rows(named=True)}
    labels = dict(layers["validated.books"].select("book_id", "label").iter_rows())
    dollars = estimates_under(layers["estimates.third_party"], book_id)
    title, said = _title(by_scope, book_id)
    notes = [
        classes_note(by_scope),
        own_price_note(layers),
        checks_note(layers),
    ]
    return PublishedTable(
        name=NAME,
        is_long=True,
        stub_width=0.12,
        title=title,
        subtitle="GPU-hours as printed, all at the price that V3 and R1 have under the baseline;"
        " beside it, where quotes allow, the price of each run's own GPU at its own time.",
        stub_label="Model",
        columns=COLUMNS,
        rows=(
            *(_row(row, own[row["scope_id"]], labels, book_id) for row in _ordered(by_scope)),
            *dollar_rows(dollars, book_id, [column.key for column in COLUMNS]),
        ),
        notes=(*(note for note, _ in notes), *_legend(), *_sources(layers, files)),
        said=(
            *said,
            *(cell for _, cells in notes for cell in cells),
            *_gaps(layers),
            *dollar_years(dollars),
        ),
    )


def _title(by_scope: pl.DataFrame, book_id: str) -> tuple[str, list[Cell]]:
    """The title, and the cells of the numbers in it."""
    others = by_scope.filter(
        ~pl.col("scope_id").is_in(list(SCOPE_OF.values()))
        & (pl.col("hours_basis") != "third-party")
    )
    within = others.filter(pl.col("weight_class") == "within")
    many, of = (
        count(f"{NAME}.{name}", _ids(rows), "runs")
        for name, rows in (("within_count", within), ("disclosed_count", others))
    )
    both = by_scope.filter(pl.col("scope_id") == SCOPE_OF["both"]).row(0, named=True)
    title = (
        f"{many.display} of {of.display} other disclosed runs lie within a factor of two of V3 and"
        " R1 together"
    )
    if both["common_cost_usd"] is None:
        return title, [many, of]
    cost = money(both, "common_cost_usd", f"{both['scope_id']}.total", book_id)
    return f"{title} ({cost.display} at one price)", [many, of, cost]


def _ids(rows: pl.DataFrame) -> list[str]:
    return [f"{scope_id}.total.ratio_to_both" for scope_id in rows["scope_id"].sort()]


def _ordered(by_scope: pl.DataFrame) -> Iterator[Row]:
    """The references first, then by where the hours come from, the largest first."""
    rows = by_scope.to_dicts()
    references = [SCOPE_OF[name] for name in ("both", "v3", "r1")]

    def place(row: Row) -> tuple[int, int, float, str]:
        if row["scope_id"] in references:
            return 0, references.index(row["scope_id"]), 0, ""
        return 1, HOURS_BASIS.index(row["hours_basis"]), -row["gpu_hours"], row["scope_id"]

    return iter(sorted(rows, key=place))


def _row(row: Row, own: Row, labels: Mapping[str, str], book_id: str) -> TableRow:
    owner = f"{row['scope_id']}.total"
    is_reference = row["scope_id"] in SCOPE_OF.values()
    cost = quantity(row, "common_cost_usd", owner, THOUSANDS, book_id)
    low, high = bounds(cost, THOUSANDS)
    cells = {
        "release_date": day(row, "release_date", owner),
        "gpu": text(", ".join(dict.fromkeys(_short(gpu) for gpu in row["gpus"]))),
        "gpu_hours": quantity(row, "gpu_hours", owner, HOURS),
        "common_cost_usd": cost,
        "common_cost_usd_low": low,
        "common_cost_usd_high": high,
        "ratio_to_v3": ratio(row, "ratio_to_v3", owner, TIMES),
        "ratio_to_r1": ratio(row, "ratio_to_r1", owner, MANY_TIMES),
        "ratio_to_both": ratio(row, "ratio_to_both", owner, TIMES),
        "weight_class": text(_class(row["weight_class"])),
        **_own(own, owner, labels),
    }
    group = REFERENCE if is_reference else BASES[row["hours_basis"]]
    return TableRow(row["scope_id"], row["model"], cells, group, is_total=is_reference)


def _short(gpu: str) -> str:
    """An accelerator's name without what its source does not state."""
    known = re.sub(r" \(.*\)", "", gpu)
    return display.MISSING if known == "GPU not stated" else known


def _class(weight_class: str | None) -> str:
    return {"within": "yes", "outside": "no", "open": "open", None: display.NOT_APPLICABLE}[
        weight_class
    ]


def _own(own: Row, owner: str, labels: Mapping[str, str]) -> dict[str, Cell]:
    book_id = own["own_book_id"]
    if book_id is None:
        none = text(display.MISSING)
        reason = text(f"not priced: {own['unpriced_because']}")
        return {"own_price": none, "own_cost": none, "own_ratio": none, "priced_by": reason}
    basis = labels[book_id]
    marks = {"stand-in": own["is_stand_in"], "length assumed": own["is_length_assumed"]}
    if any(marks.values()):
        basis += f" ({', '.join(mark for mark, holds in marks.items() if holds)})"
    price = {"usd_per_gpu_hour": own["own_usd_per_gpu_hour"]}
    cost = {f"cost_usd{part}": own[f"own_cost_usd{part}"] for part in ("", "_low", "_high")}
    return {
        "own_price": quantity(price, "usd_per_gpu_hour", owner, PRICE, book_id),
        "own_cost": quantity(cost, "cost_usd", owner, THOUSANDS, book_id),
        "own_ratio": ratio(own, "own_ratio_to_both", f"{own['scope_id']}.own", TIMES),
        "priced_by": text(basis),
    }


def _gaps(layers: Mapping[str, pl.DataFrame]) -> list[Cell]:
    """The days in the reasons why a run has no price of its own."""
    told = layers["estimates.own_prices"]["unpriced_because"].drop_nulls().to_list()
    marked = layers["validated.books"].filter("is_own_price")["book_id"].to_list()
    return gap_cells(
        layers["priced.stages"].filter(
            pl.col("unpriced_because").is_in(told) & pl.col("book_id").is_in(marked)
        )
    )


def _legend() -> tuple[str, ...]:
    return (
        f"{display.MISSING} {display.LEGEND[display.MISSING]};"
        f" {display.NOT_APPLICABLE} {display.LEGEND[display.NOT_APPLICABLE]}.",
    )


def _sources(layers: Mapping[str, pl.DataFrame], files: Mapping[str, str]) -> tuple[str, ...]:
    used = layers["estimates.own_prices"]["own_book_id"].drop_nulls().unique().to_list()
    quotes = layers["validated.quotes"].filter(pl.col("book_id").is_in(used))
    rows = [layers["validated.stages"], layers["validated.cost_estimates"], quotes]
    return row_by_row(layers["validated.sources"], [*rows, layers["validated.windows"]], files)
