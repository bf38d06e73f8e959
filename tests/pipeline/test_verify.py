"""`snakemake verify` names whatever is not as the workflow wrote it."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

from conftest import snakemake


def test_untouched_results_pass(project: Path) -> None:
    run = snakemake(project, "verify")
    assert run.code == 0
    assert re.search(r"results/ verified: \d+ files have the SHA-256 recorded", run.last_words)


def test_changed_missing_and_undeclared_files_are_all_named(project: Path) -> None:
    results = project / "results"
    csv = results / "tables/training_cost.csv"
    csv.write_text(csv.read_text().replace("294000", "294001"))
    (results / "estimates/scopes.parquet").unlink()
    (results / "tables/extra.csv").write_text("x\n")
    run = snakemake(project, "verify")
    assert run.code == 1
    assert "results/tables/training_cost.csv: changed since render_tables wrote it" in run.said
    assert "results/estimates/scopes.parquet: missing" in run.said
    assert "results/tables/extra.csv: no rule wrote it" in run.said


def test_a_doctored_record_is_noticed(project: Path) -> None:
    """Changing a table and its hash in the record does not pass."""
    table = project / "results/tables/training_cost.csv"
    record = project / "results/audit/provenance.json"
    table.write_text("forged\n")
    text = json.loads(record.read_text())
    text["files"]["tables/training_cost.csv"]["sha256"] = hashlib.sha256(b"forged\n").hexdigest()
    record.write_text(json.dumps(text))
    run = snakemake(project, "verify")
    assert run.code == 1
    assert "results/audit/provenance.json: changed since it was written" in run.said


def test_verify_before_any_build_says_what_to_do(sources: Path) -> None:
    run = snakemake(sources, "verify")
    assert run.code == 1
    assert "run snakemake to build the results first" in run.last_words


def test_the_record_says_where_each_file_came_from_and_nothing_of_this_machine(
    built: Path,
) -> None:
    text = (built / "results/audit/provenance.json").read_text()
    record = json.loads(text)
    stages = record["files"]["validated/stages.parquet"]
    assert stages["rule"] == "validate_data"
    assert stages["rows"] > 90
    read = record["rules"]["ingest_data"]["inputs"]
    csv = (built / "data/stages.csv").read_bytes()
    assert read["data/stages.csv"] == hashlib.sha256(csv).hexdigest()
    assert record["rules"]["price_stages"]["config"] == {"quote_max_age_days": 180}
    assert "polars" in record["rules"]["price_stages"]["stack"]
    assert str(built) not in text
    assert not re.search(r"20\d\d-\d\d-\d\dT", text), "no clock"
