"""rent_or_buy: the cluster of V3 at every purchase quote, and after how long buying is cheaper."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from traincost import display
from traincost.tables.source_notes import source_notes
from traincost.tables.spec import (
    Cell,
    PublishedTable,
    Row,
    Shown,
    TableColumn,
    TableRow,
    day,
    money,
    quantity,
    text,
)

NAME = "rent_or_buy"

PER_GPU = Shown("USD/GPU")
MILLIONS = Shown("million USD", decimals=2, per=1e6)
MONTHLY = Shown("thousand USD/month", decimals=1, per=1e3)
PRICE = Shown("USD/GPU-h", decimals=2)
MONTHS = Shown("months", decimals=1)
COUNT = Shown("GPUs")

QUOTE, PRICED = "Quote, USD per GPU", "Cluster, million USD"
MONTH = "A month of full use, thousand USD"
ALONE = "Months of full use after which buying is cheaper"
AFTER = f"{ALONE}, at the rent of"
FIXED = (
    TableColumn("quote_date", "day, also of the dollars", QUOTE),
    TableColumn("sold_as", "sold as", QUOTE, is_text=True, width=0.1),
    TableColumn("usd_per_gpu", "as quoted", QUOTE),
    TableColumn("server_usd_per_gpu", "with server", QUOTE),
    TableColumn("servers_usd", "without interconnect", PRICED),
    TableColumn("cluster_usd", "with", PRICED),
    TableColumn("depreciation_usd_per_month", "write-off", MONTH),
    TableColumn("energy_usd_per_month", "+ power", MONTH),
    TableColumn("owned_usd_per_month", "= cost to an owner", MONTH),
    TableColumn("owned_usd_per_gpu_hour", "USD per GPU-hour"),
)
SHOWN = {
    "usd_per_gpu": PER_GPU,
    "server_usd_per_gpu": PER_GPU,
    "servers_usd": MILLIONS,
    "cluster_usd": MILLIONS,
    "depreciation_usd_per_month": MONTHLY,
    "energy_usd_per_month": MONTHLY,
    "owned_usd_per_month": MONTHLY,
    "owned_usd_per_gpu_hour": PRICE,
}


def rent_or_buy(layers: Mapping[str, pl.DataFrame], files: Mapping[str, str]) -> PublishedTable:
    """One row per purchase quote, a column per book that prices V3 and R1.

    `layers`: by `layer.name`; `files`: data file to hash.
    """
    frame = layers["estimates.rent_or_buy"].sort("server_usd_per_gpu", "quote_id")
    books = layers["validated.books"].sort("book_order").to_dicts()
    quotes = {row["quote_id"]: row for row in layers["validated.purchase_quotes"].to_dicts()}
    groups = [group.to_dicts() for group in frame.partition_by("quote_id", maintain_order=True)]
    title, said = _title(frame, next(book for book in books if book["is_baseline"]))
    rents, more = _rents(groups, books)
    known = frame.filter(pl.col("rental_usd_per_month").is_not_null())["book_id"].to_list()
    priced = [book for book in books if book["book_id"] in known]
    return PublishedTable(
        name=NAME,
        is_long=True,
        stub_width=0.13,
        title=title,
        subtitle="As many accelerators as V3 ran on, at every price in dollars at which one was"
        " offered; written off over the assumed life, and in use at all hours.",
        stub_label="Quote",
        columns=(
            *FIXED,
            *(
                TableColumn(f"months@{book['book_id']}", book["label"], AFTER, alone=ALONE)
                for book in priced
            ),
        ),
        rows=tuple(_row(group, quotes, priced) for group in groups),
        notes=(*rents, *_notes(layers), *_sources(layers, files)),
        said=(*said, *more),
    )


def _title(frame: pl.DataFrame, book: Row) -> tuple[str, list[Cell]]:
    """The title, and the cells of the numbers in it. No doubtful quote is an end of it."""
    rows = frame.filter(
        (pl.col("book_id") == book["book_id"])
        & (pl.col("is_doubtful") == "no")
        & pl.col("cluster_usd").is_not_null()
    ).to_dicts()
    if not rows:
        return "What the cluster of V3 costs to buy cannot be said", []
    least, most = rows[0], rows[-1]
    gpus = quantity(least, "gpu_count", f"{least['run_id']}.purchase", COUNT)
    prices = [money(row, "cluster_usd", f"buy.{row['quote_id']}") for row in (least, most)]
    title = (
        f"A cluster of {gpus.display} H800 costs {prices[0].display} to {prices[1].display} to buy"
    )
    cells = [gpus, *prices]
    if least["break_even_months"] is None or most["break_even_months"] is None:
        return title, cells
    months = [
        quantity(row, "break_even_months", f"buy.{row['quote_id']}", MONTHS, book["book_id"])
        for row in (least, most)
    ]
    title += (
        f", as much as {months[0].display} to {months[1].display} months of rent less power at"
        f" {book['label']}"
    )
    return title, [*cells, *months]


def _row(group: list[Row], quotes: Mapping[str, Row], books: list[Row]) -> TableRow:
    first, by_book = group[0], {row["book_id"]: row for row in group}
    quote_id = first["quote_id"]
    owner = f"buy.{quote_id}"
    cells = {
        "quote_date": day(quotes[quote_id], "quote_date", quote_id),
        "sold_as": text(_sold(first)),
        **{
            name: quantity(first, name, quote_id if name == "usd_per_gpu" else owner, shown)
            for name, shown in SHOWN.items()
        },
        **{
            f"months@{book['book_id']}": quantity(
                by_book[book["book_id"]], "break_even_months", owner, MONTHS, book["book_id"]
            )
            for book in books
        },
    }
    return TableRow(quote_id, f"{first['gpu']}, {first['vendor']}", cells)


def _sold(row: Row) -> str:
    marks = [row["sold_as"], "" if row["quote_kind"] == "list" else row["quote_kind"]]
    marks.append("doubtful" if row["is_doubtful"] == "yes" else "")
    return ", ".join(mark for mark in marks if mark)


def _rents(groups: list[list[Row]], books: list[Row]) -> tuple[list[str], list[Cell]]:
    """What renting costs instead, as a note, and the cells of the numbers in it."""
    if not groups:
        return [], []
    # the same at every quote; of one that no price changes
    first = min(groups, key=lambda group: group[0]["quote_id"])
    by_book = {row["book_id"]: row for row in first}
    said, cells = [], []
    for book in books:
        row = by_book[book["book_id"]]
        if row["rental_cost_usd"] is None:
            said.append(f"{book['label']}: not priced")
            continue
        bill = {"cost_usd": row["rental_cost_usd"]}
        owner = f"buy.{row['quote_id']}"
        rent = money(bill, "cost_usd", f"{row['bill_id']}.total", book["book_id"])
        month = money(row, "rental_usd_per_month", owner, book["book_id"])
        said.append(f"{book['label']}: {rent.display}, {month.display}")
        cells += [rent, month]
    note = f"Rent of V3 and R1, and of the whole cluster for a month: {'; '.join(said)}."
    return [note], cells


def _notes(layers: Mapping[str, pl.DataFrame]) -> tuple[str, ...]:
    chosen = layers["validated.assumption_sets"].filter("is_chosen")["set_id"].item()
    return (
        f"Assumptions: the set {chosen}. A card is bought with a server; of what is not stated"
        " nothing is added. Buying is cheaper from where the rent that the hours would have cost,"
        " less their power, exceeds the price with interconnect. Staff, buildings, repairs,"
        " interest and what the hardware still fetches are left out on the side of the owner.",
        "Prices in yuan are not converted here. An estimate may be a floor, as that of"
        " The Register: it names no price per unit.",
        f"{display.MISSING} {display.LEGEND[display.MISSING]}.",
    )


def _sources(layers: Mapping[str, pl.DataFrame], files: Mapping[str, str]) -> tuple[str, ...]:
    wanted = layers["estimates.rent_or_buy"]["quote_id"].unique().to_list()
    quotes = layers["validated.purchase_quotes"].filter(pl.col("quote_id").is_in(wanted))
    rows = [quotes, layers["validated.assumptions"], layers["validated.hardware"]]
    return source_notes(layers["validated.sources"], rows, files)
