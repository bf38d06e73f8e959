"""claims: every claim as printed and recomputed, its verdict, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from string import ascii_uppercase

import polars as pl

from traincost import display
from traincost.columns import bounded
from traincost.tables.claim_words import explained
from traincost.tables.source_notes import source_notes
from traincost.tables.spec import (
    PERCENT,
    Cell,
    PublishedTable,
    Row,
    Shown,
    TableColumn,
    TableRow,
    count,
    quantity,
    text,
)
from traincost.tables.units import fitting, in_unit
from traincost.verdict_names import COMPUTED, DECLARED

NAME = "claims"
MISREADINGS, OWN = "Misreadings in circulation", "Your claims"
OURS = "data/claims.csv"

COLUMNS = (
    TableColumn("printed", "figure", "As printed", is_text=True, holds=True, width=0.08),
    TableColumn("stated_low", "from", "As printed"),
    TableColumn("stated_high", "to", "As printed"),
    TableColumn("estimate", "value", "Recomputed"),
    TableColumn("estimate_low", "from", "Recomputed"),
    TableColumn("estimate_high", "to", "Recomputed"),
    TableColumn("unit", "Unit", is_text=True, holds=True, width=0.08),
    TableColumn("deviation", "Off by, %"),
    TableColumn("verdict", "Verdict", is_text=True, width=0.09),
    TableColumn("why", "What is wrong, or why", is_text=True, width=0.195),
    TableColumn("books", "Other under", is_text=True, width=0.045),
)


def claims(layers: Mapping[str, pl.DataFrame], files: Mapping[str, str]) -> PublishedTable:
    """One row per claim and test, in the order of the article, then misreadings, then a user's.

    `layers`: by `layer.name`; `files`: data file to hash.
    """
    judged = _in_order(layers["claims.claims"])
    rows = judged.to_dicts()
    books = layers["validated.books"].sort("book_order").to_dicts()
    letters = _letters(books)
    stages = {row["stage_id"]: row["stage"] for row in layers["validated.stages"].to_dicts()}
    shown = [_shown(row) for row in rows]
    told = [explained(row, how, stages) for row, how in zip(rows, shown, strict=True)]
    title, subtitle, said = _counts(rows)
    return PublishedTable(
        name=NAME,
        title=title,
        subtitle=subtitle,
        stub_label="Claim",
        columns=COLUMNS,
        rows=tuple(
            _row(row, how, why, letters)
            for row, how, (why, _) in zip(rows, shown, told, strict=True)
        ),
        notes=(*_notes(books), *_sources(layers, judged, files)),
        said=(*said, *(cell for _, cells in told for cell in cells), *_lines(rows)),
        is_long=True,
        stub_width=0.165,
    )


def _in_order(frame: pl.DataFrame) -> pl.DataFrame:
    kind = pl.col("kind")
    group = (
        pl.when(pl.col("file") != OURS)
        .then(pl.lit(OWN))
        .when(kind == "misreading")
        .then(pl.lit(MISREADINGS))
        .otherwise("section")
    )
    place = pl.when(pl.col("file") != OURS).then(2).when(kind == "misreading").then(1).otherwise(0)
    placed = frame.with_columns(group=group, place=place)
    first = pl.col("article_line").min().over("group")
    last = pl.col("article_line").max().over("group")
    return placed.with_columns(first=first, last=last).sort(
        "place", "first", "group", "article_line", "line", maintain_order=True
    )


def _shown(row: Row) -> Shown:
    return fitting(row["unit"] or "", row["estimate"], row["stated_low"], row["stated_high"])


def _row(row: Row, scale: Shown, why: str, letters: Mapping[str, str]) -> TableRow:
    none = text(display.NOT_APPLICABLE if row["is_declared"] else display.MISSING)
    cells = {
        "printed": _printed(row),
        "unit": text(scale.unit) if row["unit"] else none,
        "verdict": text(row["verdict"] + (" (declared)" if row["is_declared"] else "")),
        "why": text(why),
        "books": text(" ".join(sorted(letters[book] for book in row["differs_under"]))),
        "deviation": text(display.NOT_APPLICABLE)
        if row["deviation"] is None
        else quantity(row, "deviation", row["claim_id"], PERCENT),
    }
    ids = {"stated": _own(row, "stated"), "estimate": row["estimate_id"] or ""}
    for key in (column.key for column in COLUMNS if column.key not in cells):
        name, _, side = key.partition("_")
        is_there = row["estimate"] is not None
        cells[key] = in_unit(row, name, scale, ids[name], side) if is_there else none
    label = f"{row['claim_id']}: {row['claim']}"
    return TableRow(row["claim_id"], label, cells, _group(row), alone=label)


def _own(row: Row, name: str) -> str:
    """The id of a number of the row itself; empty where it has no value."""
    return "" if row[name] is None else f"{row['claim_id']}.{name}"


def _printed(row: Row) -> Cell:
    parts = (row[name] for name in bounded("printed"))
    shown = row["printed_text"] or display.NOT_APPLICABLE
    if row["printed"] is None:
        return text(shown)
    return Cell(shown, _own(row, "printed"), *parts, row["printed_unit"] or "")


def _letters(books: Sequence[Row]) -> dict[str, str]:
    """A letter for every price book, in their order: A to Z, then AA and on."""
    pairs = (f"{first}{second}" for first in ascii_uppercase for second in ascii_uppercase)
    letters = chain(ascii_uppercase, pairs)
    return {book["book_id"]: letter for book, letter in zip(books, letters, strict=False)}


def _group(row: Row) -> str:
    ends = [str(end) for end in _ends(row)]
    if not ends:
        return str(row["group"])
    return f"{row['group']} ({'line' if len(ends) == 1 else 'lines'} {'–'.join(ends)})"


def _ends(row: Row) -> list[int]:
    """The first and the last line of a row's group, as far as they are known and differ."""
    return sorted({row[name] for name in ("first", "last") if row[name] is not None})


def _lines(rows: Sequence[Row]) -> list[Cell]:
    """The cells of the lines that the headings of the groups name."""
    at = {(row["group"], row["article_line"]): row for row in reversed(rows)}
    groups = {row["group"]: row for row in rows}.values()
    wanted = [at[row["group"], end] for row in groups for end in _ends(row)]
    return [quantity(row, "article_line", row["claim_id"], Shown("")) for row in wanted]


def _counts(rows: Sequence[Row]) -> tuple[str, str, list[Cell]]:
    """Title and subtitle, which count the verdicts, and the cells of those numbers."""
    tested = [row for row in rows if row["kind"] == "claim"]
    misread = [row for row in rows if row["kind"] == "misreading"]
    computed, declared = (
        [row for row in tested if row["is_declared"] is is_so] for is_so in (False, True)
    )
    said: list[Cell] = []
    title = f"{_many(computed, 'computed', said)} claims recomputed: " + _each(
        computed, COMPUTED, said
    )
    also = f"{_many(declared, 'declared', said)} more declared: " + _each(declared, DECLARED, said)
    failing = [row for row in misread if COMPUTED[row["verdict"]] is False]
    fail, all_of = _many(failing, "failing_misreading", said), _many(misread, "misreading", said)
    known = f"Of {all_of} known misreadings {fail} fail."
    sentences = [f"{also}."] if declared else []
    return title, " ".join([*sentences, *([known] if misread else [])]), said


def _each(rows: Sequence[Row], verdicts: Iterable[str], said: list[Cell]) -> str:
    found = [(name, [row for row in rows if row["verdict"] == name]) for name in verdicts]
    return ", ".join(f"{_many(those, name, said)} {name}" for name, those in found if those)


def _many(rows: Sequence[Row], name: str, said: list[Cell]) -> str:
    """How many rows there are; a number of the audit where every row has one itself."""
    counted = tuple(filter(None, map(_number_of, rows)))
    if rows and len(counted) == len(rows):
        number_id = f"{NAME}.{name.replace(' ', '_')}_count"
        said.append(count(number_id, counted, "claims"))
    return str(len(rows))


def _number_of(row: Row) -> str:
    """The number that a row is counted by: what its verdict rests on, its line, or its figure."""
    names = ("apart", "article_line", "stated", "printed")
    return next((f"{row['claim_id']}.{name}" for name in names if row[name] is not None), "")


def _notes(books: Sequence[Row]) -> tuple[str, ...]:
    baseline = next(book["label"] for book in books if book["is_baseline"])
    listed = "; ".join(
        f"{letter} {book['label']}"
        for book, letter in zip(books, _letters(books).values(), strict=True)
    )
    return (
        "“From” and “to” are what the printed digits leave open, words such as “about” included."
        " A claim is consistent where the two intervals meet. docs/verdicts.md defines them."
        " Declared verdicts are judgements; their sources are in the ledger.",
        f"Costs are those of the baseline, {baseline}. “Other under” gives the price books under"
        f" which the verdict is another: {listed}.",
        f"{display.MISSING} {display.LEGEND[display.MISSING]};"
        f" {display.NOT_APPLICABLE} {display.LEGEND[display.NOT_APPLICABLE]}.",
    )


def _sources(
    layers: Mapping[str, pl.DataFrame], judged: pl.DataFrame, files: Mapping[str, str]
) -> tuple[str, ...]:
    held = judged.filter(pl.col("evidence_id").is_not_null())
    evidence = held.select("file", source_id="evidence_id")
    return source_notes(layers["validated.sources"], [judged, evidence], files)
