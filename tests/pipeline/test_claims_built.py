"""What the ledger of this project must say, and a ledger of one's own."""

from __future__ import annotations

import csv
import math
import re
import shutil
import subprocess
from pathlib import Path

import polars as pl
import pytest
from conftest import ROOT, snakemake
from docs.markdown import blocks, text_of

from traincost.verdict_names import COMPUTED, DECLARED


@pytest.fixture(scope="module")
def claims(built: Path) -> dict[str, dict]:
    frame = pl.read_parquet(built / "results/claims/claims.parquet")
    return {row["claim_id"]: row for row in frame.to_dicts()}


def table(project: Path, name: str) -> list[dict[str, str]]:
    with open(project / f"results/tables/{name}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_row_of_the_list_of_fifty_is_in_the_ledger(claims) -> None:
    found = {re.match(r"c\d\d", claim_id)[0] for claim_id in claims if claim_id.startswith("c")}
    # the list ends at c50; more statements of the article follow
    assert found == {f"c{number:02d}" for number in range(1, 53)}


def test_every_line_is_where_the_article_has_it(claims) -> None:
    """The article is 102 lines long; only lines with text hold claims."""
    lines = {row["article_line"] for row in claims.values() if row["kind"] == "claim"}
    assert None not in lines
    assert all(1 <= line <= 101 for line in lines)


def test_the_headline_is_exact_on_the_rows_and_consistent_from_the_product(claims) -> None:
    rows, product = claims["c01.rows"], claims["c01.product"]
    assert (rows["verdict"], rows["estimate"]) == ("exact", 294_000)
    assert (product["verdict"], product["estimate"]) == ("consistent", 294_672)
    assert (product["estimate_low"], product["estimate_high"]) == (291_624, 297_720)


@pytest.mark.parametrize("claim_id", ["c14", "c41.pre-training"])
def test_the_bill_of_v3_is_not_that_of_its_pre_training(claims, claim_id: str) -> None:
    found = claims[claim_id]
    assert (found["verdict"], found["numeric_verdict"]) == ("wrong scope", "consistent")
    assert (found["estimate"], found["scoped"]) == (5_576_000, 5_328_000)
    extra = set(found["actual_stage_ids"]) - set(found["claimed_stage_ids"])
    assert extra == {"v3.context-extension", "v3.post-training"}


def test_two_months_of_the_cluster_are_too_coarse_to_test_the_hours(claims) -> None:
    found = claims["c12.derivation"]
    assert found["verdict"] == "too coarse to test"
    assert found["stated"] == 2 * 30.4375 * 24 * 2048
    # 60 days give 5.8% too much, 61 days 7.5%
    assert 2048 * 24 * 60 / 2_788_000 - 1 < found["deviation"] < 2048 * 24 * 61 / 2_788_000 - 1
    assert 0.058 <= found["deviation"] <= 0.075


@pytest.mark.parametrize("claim_id", ["c16.total", "c23", "c41.total"])
def test_the_sum_is_exact(claims, claim_id: str) -> None:
    assert (claims[claim_id]["verdict"], claims[claim_id]["estimate"]) == ("exact", 5_870_000)


def test_51_million_is_below_every_documented_price_of_an_h800(claims, built: Path) -> None:
    quotes = pl.read_parquet(built / "results/validated/purchase_quotes.parquet").filter(
        pl.col("gpu").str.starts_with("H800"), pl.col("kind").is_in(["list", "contract"])
    )
    documented = quotes["usd_per_gpu"].drop_nulls()
    assert (documented.min(), documented.max()) == (31_728.59, 44_750)
    compared = {key: row for key, row in claims.items() if key.startswith("c21.")}
    assert len(compared) == 5
    for row in compared.values():
        assert row["verdict"] == "consistent only through the qualifier"
        assert row["stated"] == pytest.approx(24_902.34, abs=0.01)
        assert row["stated"] < (row["estimate_low"] or row["estimate"])
    assert {"c21.pcie", "c21.sxm", "c21.dgx"} <= compared.keys()
    assert compared["c21.dgx"]["estimate"] == 44_750


@pytest.mark.parametrize(
    ("comparator", "ratio", "verdict"),
    [
        ("llama-3.1-405b", 30.84 / 2.788, "inconsistent"),
        ("llama-3-70b", 6.4 / 2.788, "consistent"),
        ("llama-4-scout", 5.0 / 2.788, "consistent"),
        ("llama-4-maverick", 2.38 / 2.788, "consistent"),
    ],
)
def test_the_order_of_magnitude_depends_on_the_comparator(
    claims, comparator: str, ratio: float, verdict: str
) -> None:
    found = claims[f"c31.{comparator}"]
    assert found["estimate"] == pytest.approx(ratio)
    assert found["verdict"] == verdict
    assert found["differs_under"] == [], "GPU-hours have no price"


def test_preference_data_is_the_wrong_label_and_declared_so(claims) -> None:
    label, number = claims["c07.label"], claims["c07.number"]
    assert (label["verdict"], label["is_declared"]) == ("wrong label", True)
    assert label["reason"] and label["evidence_id"] == "deepseek-r1-nature"
    assert (number["verdict"], number["is_declared"]) == ("exact", False)


def test_the_weight_class_is_checkable_by_hours_only(claims) -> None:
    for claim_id in ("c29.count", "c29.duration"):
        assert claims[claim_id]["verdict"] == "not checkable"
        assert claims[claim_id]["is_declared"]
    for claim_id, ratio in (("c29.maverick", 2.935 / 2.38), ("c29.scout", 2.935 / 5.0)):
        assert not claims[claim_id]["is_declared"]
        assert claims[claim_id]["estimate"] == pytest.approx(ratio)


@pytest.mark.parametrize(
    ("claim_id", "verdict", "factors"),
    [
        ("m1.count", "transcription error", []),
        ("m2.days", "inconsistent", []),
        ("m2.hours", "inconsistent", []),
        ("m3.hours", "wrong unit", ["× 10"]),
        ("m3.cost", "wrong unit", ["× 10"]),
        ("m3.price", "wrong unit", ["× 10"]),
        ("m4", "wrong unit", ["× 12 months per year"]),
        ("m5", "wrong scope", []),
    ],
)
def test_each_misreading_is_caught_by_the_rules(
    claims, claim_id: str, verdict: str, factors: list[str]
) -> None:
    found = claims[claim_id]
    assert (found["verdict"], found["factors"]) == (verdict, factors)
    assert not found["is_declared"]


def recomputed(row: dict) -> str | None:
    """The verdict on a figure from the columns of its row alone; None where a slip decides."""
    low, high = row["stated_low"], row["stated_high"]
    # without bounds a number is exact
    ends = (row["estimate_low"], row["estimate_high"])
    other = tuple(row["estimate"] if end is None else end for end in ends)
    if low <= other[1] and other[0] <= high:
        if row["stated"] == pytest.approx(row["estimate"], rel=1e-9) and not row["is_bound"]:
            return "exact"
        if not (row["bare_low"] <= other[1] and other[0] <= row["bare_high"]):
            return "consistent only through the qualifier"
        if row["is_bound"] and low <= other[0] and other[1] <= high:
            return "consistent"
        spans = [other] if row["is_bound"] else [other, (low, high)]
        widths = [(b - a) / ((a + b) / 2) for a, b in spans if b < math.inf]
        return "too coarse to test" if max(widths, default=0) > 0.2 else "consistent"
    return "wrong unit" if len(row["factors"]) == 1 else None


def test_every_computed_verdict_can_be_recomputed_from_its_row(claims) -> None:
    computed = [row for row in claims.values() if not row["is_declared"]]
    assert len(computed) > 70
    for row in computed:
        found = recomputed(row)
        if found is None:
            assert row["numeric_verdict"] in ("inconsistent", "transcription error")
        else:
            assert row["numeric_verdict"] == found, row["claim_id"]
        assert (row["apart"] == 0) == (found not in ("wrong unit", None))
        if not row["is_words"]:
            assert row["deviation"] == pytest.approx(row["stated"] / row["estimate"] - 1)


def test_declared_verdicts_have_a_reason_and_a_source(claims) -> None:
    for row in claims.values():
        assert row["verdict"] in (DECLARED if row["is_declared"] else COMPUTED)
        if row["is_declared"]:
            assert row["reason"] and row["evidence_id"] and row["estimate"] is None


def test_the_title_counts_each_verdict(built: Path, claims) -> None:
    page = (built / "results/tables/claims.html").read_text(encoding="utf-8")
    title = re.search(r"<title>(.*?)</title>", page)[1]
    computed = [
        row["verdict"]
        for row in claims.values()
        if row["kind"] == "claim" and not row["is_declared"]
    ]
    counts = {name: computed.count(name) for name in COMPUTED if name in computed}
    told = ", ".join(f"{many} {name}" for name, many in counts.items())
    assert title == f"{len(computed)} claims recomputed: {told}"


def test_declared_verdicts_are_marked_in_the_table(built: Path, claims) -> None:
    shown = {
        row["row"]: row["display"] for row in table(built, "claims") if row["column"] == "verdict"
    }
    assert shown.keys() == claims.keys()
    for claim_id, row in claims.items():
        assert shown[claim_id] == row["verdict"] + (" (declared)" if row["is_declared"] else "")


def test_each_value_in_use_is_the_pipelines(built: Path) -> None:
    conflicts = pl.read_parquet(built / "results/claims/conflicts.parquet")
    numbers = {
        row["number_id"]: row
        for row in pl.read_parquet(built / "results/audit/numbers.parquet").to_dicts()
    }
    named = conflicts.filter(pl.col("number_id").is_not_null()).to_dicts()
    assert len(named) > 15
    for row in named:
        number = numbers[row["number_id"]]
        if row["unit"] == "date":
            assert number["date"].isoformat() == row["printed_text"]
        else:
            assert number["value"] == pytest.approx(row["printed"] or row["held"])


def own_claims(project: Path) -> Path:
    """The template of the page on verdicts, with its source."""
    template, source = blocks(text_of("docs/verdicts.md"), "csv")
    file = project / "my_claims.csv"
    file.write_text(template, encoding="utf-8")
    sources = project / "data/sources.csv"
    sources.write_text(sources.read_text(encoding="utf-8") + source, encoding="utf-8")
    return file


@pytest.mark.long
def test_claims_of_ones_own_get_verdicts(project: Path, claims) -> None:
    own_claims(project)
    run = snakemake(project, "--config", "claims=my_claims.csv")
    assert run.code == 0, run.said
    found = {
        row["claim_id"]: row
        for row in pl.read_parquet(project / "results/claims/claims.parquet").to_dicts()
    }
    assert found.keys() == claims.keys() | {"mine-v3", "mine-days"}
    assert found["mine-v3"]["verdict"] == "wrong scope"
    # 57 days, half a day each way, on 2,048 GPUs
    assert found["mine-days"]["verdict"] == "consistent"
    assert found["mine-days"]["stated_low"] == 56.5 * 24 * 2048
    page = (project / "results/tables/claims.html").read_text(encoding="utf-8")
    assert "Your claims" in page and "mine-v3: Cost of V3 for pre-training" in page
    assert snakemake(project).code == 0
    after = pl.read_parquet(project / "results/claims/claims.parquet")
    assert set(after["claim_id"]) == claims.keys(), "without the option they are gone"


def test_a_wrong_claim_of_ones_own_is_named(project: Path) -> None:
    file = own_claims(project)
    file.write_text(file.read_text(encoding="utf-8").replace("v3.total.cost_usd", "v3.cost_usd"))
    run = snakemake(project, "--config", "claims=my_claims.csv")
    assert run.code == 1
    assert "my_claims.csv, line 2, column quantity: found 'v3.cost_usd'" in run.last_words
    assert "did you mean 'v3.total.cost_usd'" in run.last_words


def test_a_missing_file_of_claims_is_named(project: Path) -> None:
    run = snakemake(project, "--config", "claims=my_claim.csv")
    assert run.code == 1
    assert "claims: there is no file my_claim.csv" in run.last_words


@pytest.mark.long
def test_a_path_to_own_claims_stays_out_of_the_results(project: Path, tmp_path: Path) -> None:
    file = own_claims(project)
    elsewhere = tmp_path / "private folder"
    elsewhere.mkdir()
    shutil.move(file, elsewhere / "claims_of_mine.csv")
    run = snakemake(project, "--config", f"claims={elsewhere / 'claims_of_mine.csv'}")
    assert run.code == 0, run.said
    for path in (project / "results").rglob("*"):
        if path.is_file():
            assert b"private folder" not in path.read_bytes(), path


PAPER = r"""\documentclass[a4paper]{article}
\usepackage[margin=15mm]{geometry}
\usepackage[T1]{fontenc}
\usepackage{booktabs,caption,longtable,array,pdflscape}
\begin{document}
%s\end{document}
"""


@pytest.mark.latex
@pytest.mark.skipif(not shutil.which("pdflatex"), reason="needs a LaTeX installation")
@pytest.mark.parametrize("name", ["claims", "conflicts"])
def test_long_tables_fit_on_paper(built: Path, tmp_path: Path, name: str) -> None:
    fragment = (built / f"results/tables/{name}.tex").read_text(encoding="utf-8")
    (tmp_path / "paper.tex").write_text(PAPER % fragment, encoding="utf-8")
    for _ in range(3):  # until the widths of the columns no longer change
        done = subprocess.run(
            ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "paper.tex"],
            cwd=tmp_path,
            capture_output=True,
            check=False,
        )
        said = done.stdout.decode("utf-8", "replace")
        assert done.returncode == 0, said[-2000:]
    assert "Overfull \\hbox" not in said
    pages = int(re.search(r"Output written on paper.pdf \((\d+) pages", said)[1])
    assert 1 < pages < 10


def test_the_ledger_is_no_copy_of_the_article() -> None:
    """Nothing is taken from the article but figures: no cell could hold a sentence of it."""
    with open(ROOT / "data/claims.csv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            assert '"' not in row["claim"] and "“" not in row["claim"]
            assert len(row["claim"].split()) <= 16, row["claim"]
