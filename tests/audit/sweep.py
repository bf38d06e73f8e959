"""No printed number without an id: what is wrong with a published table, as sentences.

A digit may stand in what a reader sees if it belongs to
- a cell of `cells.parquet` of that table, as that cell's display string, once for each cell;
- a name of the data: ids, models, stages, accelerators, labels of books and bills, and the
  words with digits inside these names (`R1` of `DeepSeek-R1`);
- a text quoted from the data files (`QUOTED`);
- the citation of a document, or a file name with its short hash;
- a date written YYYY-MM-DD.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from audit.dresses import Seen, of_csv, of_html, of_latex
from traincost.tables.cells import WORDS

NAMES = {
    "validated.quotes": ("vendor", "commitment"),
    "validated.books": ("book_id", "label"),
    "validated.gpus": ("gpu",),
    # so is that of a set of assumptions
    "validated.assumption_sets": ("set_id",),
    "validated.owned_runs": ("label", "model"),
    "validated.scopes": ("scope_id", "label"),
    "validated.stages": ("stage_id", "run_id", "model", "developer", "stage", "gpu_printed"),
    "validated.printed_totals": ("check_id",),
    "validated.cost_estimates": ("estimate_id", "model"),
    "validated.rl_runs": ("label",),
    "validated.rungs": ("label",),
    # so is a unit: tCO2eq
    "validated.conflicts": ("unit",),
    "validated.serving_days": ("label",),
    # a number format is a name: BF16
    "validated.training_compute": ("number_format",),
}
# what data files hold as text, figures as sources print them among it
QUOTED = {
    "validated.claims": ("claim_id", "claim", "reason"),
    "validated.conflicts": ("item", "printed_by", "why"),
}
CITED = ("publisher", "title", "published", "attribution")
HASH_LENGTH = 8
DATE = r"\d{4}-\d{2}-\d{2}"
# as_csv.py marks text that a spreadsheet would run
INERT = re.compile(r"^'(?=[=+\-@\t\r])")


@dataclass(frozen=True)
class Dressed:
    """A published table in all its formats, and its rows of `cells.parquet`."""

    name: str
    html: str
    tex: str
    csv: str
    cells: pl.DataFrame


def names_of(layers: Mapping[str, pl.DataFrame], files: Mapping[str, str]) -> list[str]:
    """The names that may hold digits, longest first."""
    named = {
        str(name)
        for table, columns in NAMES.items()
        for column in columns
        for name in layers[table][column].drop_nulls()
    }
    words = {word for name in named for word in re.split(r"[^A-Za-z0-9.]+", name)}
    short = {word for word in words if re.match(r"[A-Za-z]\w*\d", word)}
    cited = {
        ", ".join(row[part] for part in CITED if row[part])
        for row in layers["validated.sources"].iter_rows(named=True)
    }
    cited |= set(layers["validated.sources"]["attribution"].drop_nulls())
    cited |= {
        str(text)
        for table, columns in QUOTED.items()
        for column in columns
        for text in layers[table][column].drop_nulls()
    }
    read = {f"{file} ({digest[:HASH_LENGTH]})" for file, digest in files.items()}
    found = named | short | cited | read | {name[:1].upper() + name[1:] for name in named}
    return sorted((name for name in found if re.search(r"\d", name)), key=len, reverse=True)


def complaints(
    table: Dressed, numbers: Mapping[str, Mapping[str, Any]], names: list[str]
) -> list[str]:
    """What is wrong with a table; `numbers`: those of `numbers.parquet` by id."""
    lines = of_csv(table.csv)
    found = [*_ids(table, numbers), *_same_cells(table, lines, numbers)]
    for form, seen in (("HTML", of_html(table.html)), ("LaTeX", of_latex(table.tex))):
        found += [f"{form}: {each}" for each in _same_rows(seen, lines)]
        found += [f"{form}: {each}" for each in _loose_digits(table, seen, lines, names)]
    return found


def _ids(table: Dressed, numbers: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Cells whose number is not published with that value."""
    shown = table.cells.filter(pl.col("number_id").is_not_null())
    return [
        f"{cell['number_id']} ({cell['part']}) is not {cell['value']} in numbers.parquet"
        for cell in shown.iter_rows(named=True)
        if cell["number_id"] not in numbers
        or numbers[cell["number_id"]][cell["part"]] != cell["value"]
    ]


def _same_cells(
    table: Dressed, lines: list[dict[str, str]], numbers: Mapping[str, Mapping[str, Any]]
) -> list[str]:
    """Where the CSV and `cells.parquet` differ."""
    ours = {
        (cell["row_id"], cell["column"]): cell
        for cell in table.cells.filter(pl.col("row_id") != WORDS).iter_rows(named=True)
    }
    theirs = {(line["row"], line["column"]): line for line in lines}
    found = [f"CSV: {place} is no cell" for place in theirs.keys() - ours.keys()]
    found += [f"CSV: {place} is missing" for place in ours.keys() - theirs.keys()]
    for place in ours.keys() & theirs.keys():
        cell, line = ours[place], theirs[place]
        number_id, _, part = line["id"].partition(":")
        if INERT.sub("", line["display"]) != cell["display"]:
            found.append(f"CSV: {place} shows {line['display']}, not {cell['display']}")
        if (number_id or None) != cell["number_id"]:
            found.append(f"CSV: {place} is {number_id}, not {cell['number_id']}")
        elif number_id:
            number = numbers[number_id]
            parts = {"value": number[part or "value"]}
            parts |= {} if part else {"low": number["low"], "high": number["high"]}
            found += [
                f"CSV: {place}, {name} is {line[name]}, not {value}"
                for name, value in parts.items()
                if line[name] != ("" if value is None else repr(value))
            ]
    return found


def _same_rows(seen: Seen, lines: list[dict[str, str]]) -> list[str]:
    """Where the rows that a reader sees differ from those of the CSV."""
    rows: dict[str, list[str]] = {}
    for line in lines:
        rows.setdefault(line["row"], [INERT.sub("", line["row_label"])])
        rows[line["row"]].append(INERT.sub("", line["display"]))
    wanted = [[" ".join(cell.split()) for cell in row] for row in rows.values()]
    if len(seen.rows) != len(wanted):
        return [f"{len(seen.rows)} rows, not {len(wanted)}"]
    return [
        f"row {place} shows {got}, not {want}"
        for place, (got, want) in enumerate(zip(seen.rows, wanted, strict=True), start=1)
        if [" ".join(cell.split()) for cell in got] != want
    ]


def _loose_digits(
    table: Dressed, seen: Seen, lines: list[dict[str, str]], names: list[str]
) -> list[str]:
    """Digits among the words that belong to no cell and no name; and cells that no word shows."""
    is_text = {INERT.sub("", line["display"]) for line in lines if not line["id"]}
    words = [*seen.words, *(row[0] for row in seen.rows)]
    words += [cell for row in seen.rows for cell in row[1:] if cell in is_text]
    text = "\n".join(" ".join(word.split()) for word in words)
    said = Counter(table.cells.filter(row_id=WORDS)["display"])
    missing = [display for display in said if display not in text]
    found = [f"no word shows {display}" for display in missing]
    for name in names:
        text = re.sub(rf"(?<![\w.,]){re.escape(name)}(?!\w|[.,]\d)", " ", text)
    text = re.sub(rf"(?<!\w){DATE}(?!\w)", " ", text)
    for display, times in sorted(said.items(), key=lambda item: -len(item[0])):
        text = re.sub(rf"(?<![\w.,]){re.escape(display)}(?!\w|[.,]\d)", " ", text, count=times)
    return [*found, *(f"a number that is no cell: {each}" for each in re.findall(r".*\d.*", text))]
