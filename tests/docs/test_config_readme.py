"""config/README.md tells every key, and its template is a valid price book."""

from __future__ import annotations

import io
import json
import re
import shutil
from datetime import date
from pathlib import Path

import polars as pl
import pytest
import yaml
from conftest import cases, snakemake

from docs.markdown import ROOT, blocks, rows, text_of
from traincost.books import configured
from traincost.declarations import DATA_FILES
from traincost.errors import UserError
from traincost.ingest import read_csv_text
from traincost.price import price_stages
from traincost.prices import FORMATS, read_whole_price_file
from traincost.prices.names import GpuNames
from traincost.quotes import RATE_MAX_AGE_DAYS
from traincost.validate import validate_layer

BOOK = "your-prices"


LEDGER_KEYS = ("usage", "ledger_totals", "ledger_unpriced", "ledger_shards")


@pytest.fixture(scope="module")
def readme() -> str:
    return text_of("config/README.md")


def schema_keys() -> dict[str, str]:
    """Every key of the schema with its description, but those of the ledger (test_ledger.py)."""
    schema = json.loads(text_of("workflow/schemas/config.schema.json"))
    keys = {name: part["description"] for name, part in schema["properties"].items()}
    keys = {name: text for name, text in keys.items() if name not in LEDGER_KEYS}
    book = schema["properties"]["price_books"]["additionalProperties"]["properties"]
    return keys | {f"price_books.<id>.{name}": part["description"] for name, part in book.items()}


def test_every_key_is_told_with_its_description(readme) -> None:
    told = {row[0].strip("`"): row[1] for row in rows(readme, "Key")}
    assert told.keys() == schema_keys().keys()
    for key, description in schema_keys().items():
        assert description.rstrip(".") in told[key]


# one edit of config.yaml for each key of the table
EDITS = {
    "as_of": ("as_of: 2026-11-24", "as_of: 2026-11-23"),
    "baseline": ("baseline: deepseek-2usd", "baseline: h800-quotes"),
    "quote_max_age_days": ("quote_max_age_days: 180", "quote_max_age_days: 170"),
    "prices": ('prices: ""', "prices: data/prices/h800_quotes.csv"),
    "claims": ('claims: ""', "claims: data/claims.csv"),
    "assumption_set": ("assumption_set: default", "assumption_set: epoch-2025"),
    "assumptions": ('assumptions: ""', "assumptions: data/assumptions.csv"),
    "hardware": ('hardware: ""', "hardware: data/hardware.csv"),
    "owned_runs": ('owned_runs: ""', "owned_runs: data/owned_runs.csv"),
    "purchase_quotes": ('purchase_quotes: ""', "purchase_quotes: data/purchase_quotes.csv"),
    "price_books.<id>.label": ("label: H800, dated list quotes", "label: H800"),
    "price_books.<id>.file": ("h100_index.csv", "h100_sxm_list.csv"),
    "price_books.<id>.commitment": ("commitment: 1-year", "commitment: 3-year"),
    "price_books.<id>.own_price": (
        "label: H100 reserved, monthly median\n",
        "label: H100 reserved, monthly median\n    own_price: true\n",
    ),
    "price_books.<id>.stand_ins": (
        '"*": H800 SXM 80GB',
        '"*": H800 SXM 80GB\n      H20: H800 SXM 80GB',
    ),
}


# they matter only where `prices` names a file
EDITS_WITH_PRICES = {
    "prices_commitment": ("prices_commitment: on-demand", "prices_commitment: spot"),
    "prices_stand_ins": ("A100 SXM 40GB: A100 40GB", "A100 PCIe 40GB: A100 40GB"),
}


def test_every_key_has_an_edit_here() -> None:
    keys = schema_keys().keys() - {"price_books"}
    assert keys == EDITS.keys() | EDITS_WITH_PRICES.keys()


@pytest.mark.parametrize("key", EDITS_WITH_PRICES)
def test_a_key_for_prices_changes_nothing_without_them(project: Path, key: str) -> None:
    file = project / "config/config.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace(*EDITS_WITH_PRICES[key]), encoding="utf-8")
    assert "Nothing to be done" in snakemake(project, "--dry-run").said


# one for each rule that a change may begin with
OFTEN = ("baseline", "quote_max_age_days", "claims", "assumption_set", "price_books.<id>.label")


@pytest.mark.parametrize("key", cases([*EDITS, *EDITS_WITH_PRICES], OFTEN))
def test_a_change_of_a_key_runs_what_the_table_says(
    readme, request: pytest.FixtureRequest, tmp_path: Path, key: str
) -> None:
    start = request.getfixturevalue("with_prices" if key in EDITS_WITH_PRICES else "built")
    project = Path(shutil.copytree(start, tmp_path / "project", symlinks=True))
    told = {row[0].strip("`"): row[2] for row in rows(readme, "Key")}
    order = re.findall(r"`(\w+)`", readme.split("The order is")[1].split("Changing")[0])
    first = re.fullmatch(r"from `(\w+)`", told[key])[1]
    file = project / "config/config.yaml"
    text = file.read_text(encoding="utf-8")
    change = (EDITS | EDITS_WITH_PRICES)[key]
    assert change[0] in text
    file.write_text(text.replace(*change), encoding="utf-8")
    run = snakemake(project, "--dry-run")
    assert run.code == 0, run.said
    counted = set(re.findall(r"^(\w+) +1$", run.said, re.MULTILINE)) - {"all", "total"}
    assert counted == set(order[order.index(first) :])


@pytest.fixture(scope="module")
def with_prices(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project built with a price file of the user's own; not to be changed."""
    project = tmp_path_factory.mktemp("with_prices") / "project"
    shutil.copytree(built, project, symlinks=True)
    file = project / "config/config.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace(*EDITS["prices"]), encoding="utf-8")
    assert snakemake(project).code == 0
    return project


def template_and_source(readme: str) -> tuple[str, str]:
    template, source, _ = blocks(readme, "csv")
    return template, source


def without_comments(template: str) -> list[str]:
    return [line for line in template.splitlines() if not line.startswith("#")]


def validated(template: str, source: str) -> dict[str, pl.DataFrame]:
    """The data files with the template as the one price book, through ingest and validate."""
    raw = {}
    for name in DATA_FILES.keys() - {"quotes"}:
        data = (ROOT / f"data/{name}.csv").read_bytes()
        if name == "sources":
            data = data.rstrip(b"\n") + b"\n" + source.encode()
        raw[name] = read_csv_text(data, f"{name}.csv", DATA_FILES[name].raw_header())
    names = GpuNames(raw["gpus"], raw["gpu_aliases"])
    quotes = read_whole_price_file(template.encode(), "quotes.csv", names).quotes
    raw["quotes"] = quotes.insert_column(0, pl.lit(BOOK).alias("book_id"))
    books = {BOOK: {"label": "Mine", "file": "quotes.csv"}}
    tables = configured(books, BOOK, raw["quotes"])
    return validate_layer(raw, tables, date(2026, 11, 24))


def test_the_template_is_a_valid_price_book(readme) -> None:
    quotes = validated(*template_and_source(readme))["quotes"]
    assert quotes["usd_per_gpu_hour"].to_list() == [2.75, 2.50]


def test_the_template_without_its_source_line_is_refused(readme) -> None:
    template, _ = template_and_source(readme)
    with pytest.raises(UserError, match="column source_id: found 'my-quotes'"):
        validated(template, "")


def test_the_column_table_is_the_header_of_the_templates(readme) -> None:
    template, _, in_currency = blocks(readme, "csv")
    told = [row[0].strip("`") for row in rows(readme, "Column")]
    assert set(told) == set(DATA_FILES["quotes"].raw_header())
    extra = {"price_per_gpu_hour", "currency"}
    header = without_comments(template)[0]
    assert [name for name in told if name not in extra] == header.split(",")
    assert [name for name in told if name != "usd_per_gpu_hour"] == (
        in_currency.splitlines()[0].split(",")
    )


def test_the_template_in_another_currency_is_converted_at_the_rate_of_its_days(readme) -> None:
    _, source, in_currency = blocks(readme, "csv")
    quotes = validated(in_currency, source)["quotes"]
    # 7.0881 and 7.2957 yuan to the dollar, the means of October 2024 and of January 2025
    assert quotes["usd_per_gpu_hour"].to_list() == pytest.approx([20 / 7.0881, 19 / 7.2957])


def test_what_must_be_filled_is_what_is_refused_when_empty(readme) -> None:
    template, source = template_and_source(readme)
    must_be = {row[0].strip("`"): row[1] == "yes" for row in rows(readme, "Column")}
    required = [name for name, must in must_be.items() if must]
    with pytest.raises(UserError) as refused:
        validated(without(template, required), source)
    for name in required:
        assert f"line 2, column {name}: must not be empty" in str(refused.value)
    header, first_row, *_ = without_comments(template)
    there = header.split(",")
    optional = [name for name, must in must_be.items() if not must and name in there]
    # one row: without their dates, the two would be two prices for one offer
    one_row = f"{header}\n{first_row}\n"
    validated(without(one_row, optional), source)


def without(template: str, columns: list[str]) -> str:
    """The template with the cells of some columns emptied."""
    frame = pl.read_csv(io.StringIO(template), infer_schema=False, comment_prefix="#")
    emptied = (
        pl.lit("").alias(name) if name in columns else pl.col(name).fill_null("")
        for name in frame.columns
    )
    return frame.select(emptied).write_csv()


def test_a_date_in_some_rows_only_is_refused(readme) -> None:
    template, source = template_and_source(readme)
    with pytest.raises(UserError, match="column quote_date: must not be empty: other quotes"):
        validated(template.replace("2024-09-01", ""), source)


def test_words_of_the_column_table_are_those_of_the_declaration(readme) -> None:
    told = {row[0].strip("`"): row[2] for row in rows(readme, "Column")}
    for column in DATA_FILES["quotes"].columns:
        missing = [word for word in column.allowed if f"`{word}`" not in told[column.raw_name]]
        assert not missing, f"{column.name}: {missing}"


def test_the_template_prices_both_runs(readme) -> None:
    tables = validated(*template_and_source(readme))
    layers = {f"validated.{name}": frame for name, frame in tables.items()}
    priced = price_stages(layers, max_age_days=180)["stages"]
    # all of R1's window lies after December 1st, its three stages cost 2.50 an hour
    r1 = priced.filter(run_id="r1")
    assert r1["usd_per_gpu_hour"].to_list() == [2.50] * 3
    # V3's began in October: between the two prices
    v3 = priced.filter(stage_id="v3.pre-training")["usd_per_gpu_hour"].item()
    assert 2.50 < v3 < 2.75


def test_the_age_of_a_rate_is_that_of_the_code(readme) -> None:
    assert f"at most {RATE_MAX_AGE_DAYS} days old" in readme


def test_the_table_of_files_names_every_format(readme) -> None:
    told = " ".join(row[0] for row in rows(readme, "File"))
    assert "Epoch AI's" in told
    assert "SkyPilot's" in told
    assert len(rows(readme, "File")) == len(FORMATS) - 1


def test_the_example_of_a_book_is_accepted(readme, project: Path) -> None:
    (example,) = blocks(readme, "yaml")
    file = project / "config/config.yaml"
    config = yaml.safe_load(file.read_text(encoding="utf-8"))
    config["price_books"] |= yaml.safe_load(example)["price_books"]
    config["price_books"]["my-h100"]["file"] = "data/prices/h100_sxm_list.csv"
    file.write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")
    run = snakemake(project, "--dry-run")
    assert run.code == 0, run.said
