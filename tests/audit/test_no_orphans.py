"""Each number that a published table shows is in the audit, and the same in each format."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from conftest import cases

from audit.in_memory import Inputs
from audit.sweep import Dressed, complaints, names_of
from traincost.audit import audit_numbers
from traincost.tables import BUILDERS
from traincost.tables.as_csv import to_csv
from traincost.tables.as_great_table import to_html
from traincost.tables.as_latex import to_latex
from traincost.tables.cells import cells_frame


@pytest.fixture(scope="module")
def names(inputs: Inputs) -> list[str]:
    return names_of(inputs.validated(), inputs.files)


@pytest.fixture(scope="module")
def numbers(built: Path) -> dict[str, dict[str, Any]]:
    frame = pl.read_parquet(built / "results/audit/numbers.parquet")
    return {row["number_id"]: row for row in frame.iter_rows(named=True)}


def published(built: Path, name: str) -> Dressed:
    folder = built / "results/tables"
    texts = {
        form: (folder / f"{name}.{form}").read_text(encoding="utf-8")
        for form in ("html", "tex", "csv")
    }
    cells = pl.read_parquet(folder / "cells.parquet").filter(table=name)
    return Dressed(name, **texts, cells=cells)


def test_every_printed_number_is_a_cell_of_the_audit(built: Path, names, numbers) -> None:
    tables = {path.stem for path in (built / "results/tables").glob("*.html")}
    assert {"training_cost", "price_books"} < tables
    for name in sorted(tables):
        assert complaints(published(built, name), numbers, names) == [], name


def test_every_cell_belongs_to_a_published_table_or_picture(built: Path) -> None:
    folders = {built / "results/tables", built / "results/pictures"}
    cells = pl.read_parquet(built / "results/tables/cells.parquet")
    there = {path.stem for folder in folders for path in folder.glob("*.csv")}
    assert set(cells["table"]) <= there
    for folder in folders:
        forms = {path.suffix for path in folder.iterdir()} - {".parquet", ".xlsx"}
        for form in forms:
            ours = {path.stem for path in folder.glob("*.csv")} & set(cells["table"])
            assert ours <= {path.stem for path in folder.glob(f"*{form}")}, form
    sheets = openpyxl.load_workbook(
        built / "results/tables/traincost.xlsx", read_only=True
    ).sheetnames
    assert set(BUILDERS) <= {name.lower().replace(" ", "_") for name in sheets}


SMUGGLED = [
    ("html", "Final runs only.", "The 3 final runs only.", "no cell: .*The 3 final"),
    ("tex", "Final runs only.", "The 3 final runs only.", "no cell: .*The 3 final"),
    ("html", "As printed, added up", "As printed, 147K", "row 4 shows"),
    ("html", "The price is taken", "The $2 is taken", r"no cell: .*The \$2 is"),
    ("html", "rented at 2.00 USD", "rented at 2.0 USD", "no cell: .*2.0 USD"),
    ("html", "rented at 2.00 USD", "rented at 2.00 or 2.00 USD", "no cell"),
    ("html", ">512<", ">513<", "row 1 shows"),
    ("tex", "{294,000}", "{294,001}", "row 4 shows"),
    ("csv", '"294,000"', '"294,001"', "CSV: .* shows 294,001, not 294,000"),
    ("csv", "0.034412265758091996", "0.0344", "CSV: .* value is 0.0344"),
    ("html", "data/stages.csv (", "data/stages.csv (0", "no cell"),
]


@pytest.mark.parametrize("smuggled", SMUGGLED)
def test_a_smuggled_number_is_found(built: Path, names, numbers, smuggled: tuple[str, ...]) -> None:
    form, old, new, said = smuggled
    table = published(built, "training_cost")
    text = getattr(table, form)
    assert old in text
    found = complaints(replace(table, **{form: text.replace(old, new, 1)}), numbers, names)
    assert any(re.search(said, each) for each in found), found


def test_a_number_without_an_entry_is_found(built: Path, names, numbers) -> None:
    one = "r1.total.cost_usd@deepseek-2usd"
    without = {number_id: row for number_id, row in numbers.items() if number_id != one}
    other = numbers | {one: numbers[one] | {"value": 294_001.0}}
    table = published(built, "price_books")
    with pytest.raises(KeyError, match=one):
        complaints(table, without, names)
    assert f"{one} (value) is not 294000.0 in numbers.parquet" in complaints(table, other, names)


def with_config(inputs: Inputs, **changes: Any) -> Inputs:
    return replace(inputs, config={**inputs.config, **changes})


def with_label(inputs: Inputs, label: str) -> Inputs:
    books = inputs.config["price_books"]
    return with_config(
        inputs, price_books=books | {"h800-quotes": books["h800-quotes"] | {"label": label}}
    )


def only_baseline(inputs: Inputs) -> Inputs:
    books = {"deepseek-2usd": inputs.config["price_books"]["deepseek-2usd"]}
    quotes = inputs.raw["quotes"].filter(book_id="deepseek-2usd")
    raw = {**inputs.raw, "quotes": quotes}
    return replace(with_config(inputs, price_books=books), raw=raw)


def without_bound(inputs: Inputs) -> Inputs:
    printed = pl.col("gpu_hours_printed").replace("119K", "at least 119K")
    return replace(inputs, raw={**inputs.raw, "stages": inputs.raw["stages"].with_columns(printed)})


OTHER_INPUTS = {
    "gaps between quotes": lambda inputs: with_config(inputs, quote_max_age_days=20),
    "a dated baseline": lambda inputs: with_config(inputs, baseline="h100-list"),
    "a baseline with gaps": lambda inputs: with_config(
        inputs, baseline="h100-list", quote_max_age_days=20
    ),
    "a baseline without quotes": lambda inputs: with_config(inputs, baseline="a100-list"),
    "one book": only_baseline,
    "another set of assumptions": lambda inputs: inputs.with_set("epoch-2025"),
    "a label with signs": lambda inputs: with_label(
        inputs, r"50% & #1_{x} <b>2</b> 3^4 ~5 \6 $7 | `8` *9*"
    ),
    "a label like a formula": lambda inputs: with_label(inputs, "=1+1"),
    "hours without an upper bound": without_bound,
    "prices of a user": lambda inputs: inputs.with_users_book("h100-sxm-list"),
    "prices of a user with gaps": lambda inputs: with_config(
        inputs.with_users_book("h100-list"), quote_max_age_days=20
    ),
    "prices of a user for nothing": lambda inputs: inputs.with_users_book("a100-3-year"),
    "prices of a user, hours without an upper bound": lambda inputs: without_bound(
        inputs.with_users_book("h800-quotes")
    ),
}


# between them, these have what each of the others has
OFTEN = (
    "a baseline with gaps",
    "a label with signs",
    "prices of a user, hours without an upper bound",
)


@pytest.mark.parametrize("case", cases(OTHER_INPUTS, OFTEN))
def test_other_inputs_leave_no_loose_number_either(inputs: Inputs, case: str) -> None:
    changed = OTHER_INPUTS[case](inputs)
    tables, layers = changed.published(changed.computed(changed.validated()))
    numbers = {row["number_id"]: row for row in audit_numbers(layers).iter_rows(named=True)}
    names = names_of(layers, changed.files)
    for name, table in tables.items():
        cells = cells_frame([table])
        dressed = Dressed(name, to_html(table), to_latex(table), to_csv(table), cells)
        assert complaints(dressed, numbers, names) == [], name
