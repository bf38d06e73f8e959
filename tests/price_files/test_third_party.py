"""The files that Epoch AI and SkyPilot publish price the built-in runs as they are.

They are not part of the project: name the folder that holds them in TRAINCOST_SHARED.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import yaml
from conftest import ROOT

from price_files import reference
from price_files.files import layer, read
from traincost.price import price_stages

SHARED = Path(os.environ.get("TRAINCOST_SHARED", ROOT.parent / "shared")) / "third_party"
EPOCH, SKYPILOT = SHARED / "epoch/Hardware prices.csv", SHARED / "skypilot/nebius_vms.csv"
needs_file = [
    pytest.mark.skipif(not file.is_file(), reason=f"{file.name} is not here: set TRAINCOST_SHARED")
    for file in (EPOCH, SKYPILOT)
]


def priced(file: Path) -> dict[str, dict]:
    """Stages by id, with the file as the book that `prices` names."""
    config = yaml.safe_load((ROOT / "config/config.yaml").read_text(encoding="utf-8"))
    book = {
        "commitment_of_several": config["prices_commitment"],
        "stand_ins_of_catalogue": config["prices_stand_ins"],
    }
    tables = layer(file.read_bytes(), file.name, book)
    names = ("stages", "windows", "quotes", "books", "stand_ins")
    days = config["quote_max_age_days"]
    stages = price_stages(**{name: tables[name] for name in names}, max_age_days=days)["stages"]
    return {row["stage_id"]: row for row in stages.rows(named=True)}


@needs_file[1]
def test_skypilots_catalogue_prices_v3_and_r1_by_a_stand_in_that_is_shown() -> None:
    stages = priced(SKYPILOT)
    for stage_id in ("v3.pre-training", "r1.zero-rl"):
        if stage_id in stages:
            assert stages[stage_id]["usd_per_gpu_hour"] == pytest.approx(2.95)
            assert stages[stage_id]["quote_gpu"] == "H100 (form factor not stated)"
            assert stages[stage_id]["is_stand_in"]
    unpriced = {row["gpu"] for row in stages.values() if row["usd_per_gpu_hour"] is None}
    assert "A100 SXM 40GB" in unpriced, "the catalogue has none, and none stands in"


@needs_file[1]
def test_skypilots_catalogue_is_read_as_the_reference_reads_it() -> None:
    found = layer(SKYPILOT.read_bytes(), SKYPILOT.name)["quotes"]
    prices = {
        (line, commitment): usd
        for line, commitment, usd in found.select("line", "commitment", "usd_per_gpu_hour").rows()
    }
    assert prices == pytest.approx(reference.skypilot_prices(SKYPILOT.read_text("utf-8")))
    assert len(prices) == 16
    assert len(read(SKYPILOT.read_bytes()).skipped) == 2


@needs_file[0]
def test_epochs_list_prices_v3_and_r1_at_its_own_h800_quotes() -> None:
    stages = priced(EPOCH)
    assert stages["v3.pre-training"]["usd_per_gpu_hour"] == pytest.approx(3.42)
    assert stages["v3.pre-training"]["quote_gpu"] == "H800 SXM 80GB"
    total = sum(row["cost_usd"] for row in stages.values() if row["run_id"] in ("v3", "r1"))
    assert total == pytest.approx(10_037_700)  # 2,935,000 GPU-hours at 3.42
    by_stand_in = {row["quote_gpu"] for row in stages.values() if row["is_stand_in"]}
    assert by_stand_in, "other runs are priced by stand-ins"
    assert all(
        row["unpriced_because"] for row in stages.values() if row["usd_per_gpu_hour"] is None
    )


@needs_file[0]
def test_epochs_list_is_read_as_the_reference_reads_it() -> None:
    found = layer(EPOCH.read_bytes(), EPOCH.name)["quotes"]
    prices = {
        (line, commitment): usd
        for line, commitment, usd in found.select("line", "commitment", "usd_per_gpu_hour").rows()
    }
    assert prices == pytest.approx(reference.epoch_prices(EPOCH.read_text("utf-8-sig")))
    batch = read(EPOCH.read_bytes())
    rows = dict(reference.rows_of(EPOCH.read_text("utf-8-sig")))
    assert {*batch.quotes["line"], *batch.skipped["line"]} >= rows.keys()
    assert "line 187" in " ".join(f"line {line}" for line in batch.notes["line"])
