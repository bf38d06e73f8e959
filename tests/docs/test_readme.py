"""What the README says is what the built results hold."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import polars as pl
import pytest
from conftest import snakemake

from docs.markdown import DOCUMENTS, ROOT, blocks, prose, rows, text_of
from traincost import display
from traincost.dictionary import layer_tables
from traincost.tables import BUILDERS

TERMS = {
    *("source", "figure", "run", "stage", "GPU-hour", "quote", "price book", "flat book"),
    *("baseline", "stand-in", "window", "assumption", "estimate", "interval", "scope", "share"),
    *("claim", "verdict", "check", "layer", "receipt"),
}

# names of models, GPUs and licences: digits that state no figure
NAMES = ("R1", "V3", "H800", "H100", "A100", "CC BY 4.0")


@pytest.fixture(scope="module")
def readme() -> str:
    return text_of("README.md")


@pytest.fixture(scope="module")
def scopes(built: Path) -> dict[tuple[str, str], dict]:
    frame = pl.read_parquet(built / "results/estimates/scopes.parquet")
    return {(row["scope_id"], row["book_id"]): row for row in frame.iter_rows(named=True)}


@pytest.fixture(scope="module")
def books(built: Path) -> pl.DataFrame:
    return pl.read_parquet(built / "results/validated/books.parquet").sort("book_order")


def spread(row: dict, name: str, decimals: int, per: float) -> str:
    value, low, high = (
        display.number(row[f"{name}{bound}"], decimals, per) for bound in ("", "_low", "_high")
    )
    return f"{value} [{low}–{high}]"


def headline_phrases(scopes: dict, baseline: str) -> list[str]:
    r1, v3, both = (scopes[scope_id, baseline] for scope_id in ("r1", "v3", "v3-r1"))
    share = 100 * r1["cost_usd"] / both["cost_usd"]
    return [
        f"from the hours as printed: ${spread(r1, 'cost_usd', 0, 1)}",
        f"from GPUs × hours: ${spread(r1, 'cost_unrounded_usd', 0, 1)}",
        f"from the hours as printed: ${spread(v3, 'cost_usd', 3, 1e6)}".replace(" [", "M ["),
        f"Together: ${spread(both, 'cost_usd', 3, 1e6)}".replace(" [", "M ["),
        f"R1 is {share:.1f}% of the sum",
    ]


def table_lines(scopes: dict, books: pl.DataFrame) -> list[str]:
    lines = []
    for book in books.iter_rows(named=True):
        r1, v3, both = (scopes[scope_id, book["book_id"]] for scope_id in ("r1", "v3", "v3-r1"))
        if both["cost_usd"] is None:
            continue
        cells = (
            book["label"],
            display.number(both["usd_per_gpu_hour"], 2),
            spread(r1, "cost_usd", 0, 1e3),
            spread(v3, "cost_usd", 2, 1e6),
            spread(both, "cost_usd", 2, 1e6),
        )
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def test_the_table_shows_every_book_that_prices_the_runs(readme, scopes, books) -> None:
    expected = table_lines(scopes, books)
    found = [f"| {' | '.join(row)} |" for row in rows(readme, "Price book")]
    assert found == expected


def test_the_sentences_hold_the_computed_numbers(readme, scopes, books) -> None:
    baseline = books.filter("is_baseline")["book_id"].item()
    plain = prose(readme)
    missing = [phrase for phrase in headline_phrases(scopes, baseline) if phrase not in plain]
    assert not missing


def workbook_phrase(scopes: dict, baseline: str) -> str:
    cost = display.money(scopes["v3-r1", baseline]["gpu_hours"] * 3.42)
    price = scopes["v3-r1", baseline]["usd_per_gpu_hour"]
    return (
        f"from {price:.0f} to 3.42 on the sheet Assumptions, and V3 and R1 together come to {cost}"
    )


def test_another_price_in_the_workbook_comes_to_what_the_readme_says(readme, scopes, books) -> None:
    """That the workbook itself comes to it is tested beside it."""
    baseline = books.filter("is_baseline")["book_id"].item()
    assert workbook_phrase(scopes, baseline) in prose(readme)


def test_the_printed_figure_lies_in_the_interval_from_gpus_and_hours(scopes, books) -> None:
    r1 = scopes["r1", books.filter("is_baseline")["book_id"].item()]
    assert r1["cost_unrounded_usd_low"] <= 294_000 <= r1["cost_unrounded_usd_high"]


def test_no_other_number_stands_in_the_prose(readme, scopes, books) -> None:
    plain = prose(readme)
    baseline = books.filter("is_baseline")["book_id"].item()
    requires = tomllib.loads(text_of("pyproject.toml"))["project"]["requires-python"]
    # the example of a swapped price has a test of its own
    known = [
        *headline_phrases(scopes, baseline),
        *table_lines(scopes, books),
        f"Python ≥ {requires.removeprefix('>=')}",
        "At 3 dollars the two runs together come to $8.81 million",
        workbook_phrase(scopes, baseline),
    ]
    for phrase in (*known, *NAMES):
        plain = plain.replace(phrase, " ")
    assert not re.findall(r"\S*\d\S*", plain), "every figure needs a test that computes it"


def test_swapping_prices_does_what_the_readme_says(readme, project: Path) -> None:
    copy, _, run = next(
        block for block in blocks(readme, "sh") if "--config prices" in block
    ).splitlines()
    subprocess.run(shlex.split(copy), cwd=project, check=True)
    quotes = project / "my_quotes.csv"
    text = quotes.read_text(encoding="utf-8")
    assert text.count(",2,") > 0
    quotes.write_text(text.replace(",2,", ",3,", 1), encoding="utf-8")
    done = snakemake(project, *shlex.split(run)[1:])
    assert done.code == 0, done.said
    assert "DeepSeek-R1 $294,000" in done.last_words, "the headline keeps its price"
    page = (project / "results/tables/price_books.html").read_text(encoding="utf-8")
    assert "Your prices (my_quotes.csv)" in page
    scopes = pl.read_parquet(project / "results/estimates/scopes.parquet")
    cost = scopes.filter(scope_id="v3-r1", book_id="your-prices")["cost_usd"].item()
    # 2,935,000 GPU-hours at 3 dollars
    assert cost == pytest.approx(8_805_000)
    assert f"At 3 dollars the two runs together come to {display.money(cost)}" in prose(readme)


def test_verify_says_what_the_readme_says(readme, project: Path) -> None:
    assert "`results/ verified`" in readme
    assert "results/ verified" in snakemake(project, "verify").said


def test_a_second_run_says_what_the_readme_says(readme, project: Path) -> None:
    assert "`Nothing to be done`" in readme
    assert "Nothing to be done" in snakemake(project).said


def test_the_commands_open_a_number_down_to_lines_of_data(readme, built: Path) -> None:
    """Each line named in the answer holds the printed figure named before it."""
    commands = [
        line for block in blocks(readme, "sh") for line in block.splitlines() if " why " in line
    ]
    assert len(commands) == 3
    for command in commands:
        done = subprocess.run(
            [sys.executable, "-m", "traincost_cli", *shlex.split(command)[1:]],
            cwd=built,
            env=os.environ | {"PYTHONPATH": str(built / "workflow/scripts")},
            capture_output=True,
            text=True,
            check=True,
        )
        leaves = re.findall(r'printed "(.+)"; (\S+), line (\d+)', done.stdout)
        assert {"101K", "5K", "41K", "2"} <= {printed for printed, _, _ in leaves}
        for printed, file, number in leaves:
            text = (built / file).read_text(encoding="utf-8").splitlines()[int(number) - 1]
            assert printed in text


def graph(mermaid: str) -> tuple[set[str], set[tuple[str, str]]]:
    names = dict(re.findall(r"(id\d+)\[(\w+)\]", mermaid))
    edges = re.findall(r"(id\d+) --> (id\d+)", mermaid)
    return set(names.values()), {(names[a], names[b]) for a, b in edges}


def test_the_rule_graph_is_current(readme, project: Path) -> None:
    drawn = subprocess.run(
        [sys.executable, "-m", "snakemake", "--rulegraph", "mermaid-js"],
        cwd=project,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    (shown,) = blocks(readme, "mermaid")
    assert graph(shown) == graph(drawn), f"paste this, without the style lines:\n{drawn}"
    assert len(graph(shown)[1]) > 5


def test_the_glossary_has_every_word_and_a_meaning_for_each(readme) -> None:
    found = dict(rows(readme, "Term"))
    assert set(found) == TERMS
    assert all(len(meaning.split()) >= 4 for meaning in found.values())


def test_every_layer_and_table_is_told(readme) -> None:
    told = {cells[0].strip("`/"): cells[1] for cells in rows(readme, "Folder")}
    for layer, tables in layer_tables().items():
        names = {table.name for table in tables}
        if layer == "validated":  # told as "the same tables" and what is added
            names -= {table.name for table in layer_tables()["ingested"]}
        missing = [name for name in names if f"`{name}`" not in told[layer]]
        assert not missing, f"{layer}: {missing}"
    assert all(f"`{name}`" in told["tables"] for name in BUILDERS)


@pytest.mark.parametrize("name", ["README.md", "results/README.md"])
def test_the_folders_told_are_the_folders_there(name: str, built: Path) -> None:
    told = [cells[0].strip("`/") for cells in rows(text_of(name), "Folder")]
    there = [path.name for path in (built / "results").iterdir() if path.is_dir()]
    assert sorted(told) == sorted(there)


def test_the_two_commands_of_a_clean_machine_come_first(readme) -> None:
    build, test, *_ = blocks(readme, "sh")
    assert build.strip() == "python3 -m pip install uv && python3 -m uv run snakemake"
    assert test.strip() == "python3 -m pip install uv && python3 -m uv run pytest -n 2"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_to_files(document: Path) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text(encoding="utf-8"))
    missing = [target for target in targets if not (document.parent / target).exists()]
    assert not missing
