"""Whatever changes a result rebuilds it; whatever does not, does not.

Each test runs the real Snakefile on a built copy of the project.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest
from conftest import cases, snakemake

NOTHING = "Nothing to be done"
RULES = [
    "ingest_data",
    "validate_data",
    "price_stages",
    "estimate_costs",
    "judge_claims",
    "render_tables",
    "trace_numbers",
    "write_page",
    "write_workbook",
    "write_audit",
    "publish_results",
]


def to_run(project: Path, *arguments: str, **environment: str) -> list[str]:
    """The rules that Snakemake would run now, from a dry run."""
    run = snakemake(project, "--dry-run", *arguments, **environment)
    assert run.code == 0, run.said
    return told(run.said)


def told(said: str) -> list[str]:
    """The rules that a dry run counts."""
    counted = re.findall(r"^(\w+) +1$", said, re.MULTILINE)
    return [rule for rule in RULES if rule in counted]


def from_rule(name: str) -> list[str]:
    """This rule and all that come after it, in order."""
    following = RULES[RULES.index(name) :]
    if name == "write_page":  # the workbook is made beside it
        following.remove("write_workbook")
    return following


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text, f"{old!r} is not in {file}"
    file.write_text(text.replace(old, new))


def with_old_time(file: Path, old: str, new: str) -> None:
    """Replace content and set the time back, as cp -p, mv, unzip and git checkout do."""
    edit(file, old, new)
    os.utime(file, (10**9, 10**9))


def test_a_second_run_does_nothing_and_says_so(project: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in project.glob("results/**/*")}
    run = snakemake(project)
    assert run.code == 0
    assert NOTHING in run.said
    assert before == {path: path.stat().st_mtime_ns for path in project.glob("results/**/*")}


@pytest.mark.parametrize("change", [edit, pytest.param(with_old_time, marks=pytest.mark.long)])
def test_an_edited_data_file_rebuilds_and_is_named(project: Path, change) -> None:
    change(project / "data/stages.csv", "2664K", "2665K")
    run = snakemake(project, "--dry-run")
    assert "source:data/stages.csv:" in run.said, "the reason names the file"
    run = snakemake(project)
    assert run.code == 0
    # 2,665,000 + 119,000 + 5,000 + 147,000 hours at 2 dollars
    assert "5,872,000" in (project / "results/tables/training_cost.html").read_text()


@pytest.mark.parametrize("size", ["small", pytest.param("over a megabyte", marks=pytest.mark.long)])
def test_a_touched_file_rebuilds_nothing(project: Path, size: str) -> None:
    book = project / "data/prices/h800_quotes.csv"
    if size != "small":
        book.write_text(book.read_text() + "\n" * 1_500_000)
        assert snakemake(project).code == 0
    os.utime(book)
    assert to_run(project) == []


def test_another_file_named_in_the_config_rebuilds(project: Path) -> None:
    shutil.copy(project / "data/prices/h800_quotes.csv", project / "mine.csv")
    edit(project / "config/config.yaml", "data/prices/h800_quotes.csv", "mine.csv")
    assert to_run(project) == RULES


@pytest.mark.parametrize("file", ["data/stages.csv", "data/prices/h800_quotes.csv"])
def test_a_deleted_source_is_an_error_that_names_it(project: Path, file: str) -> None:
    (project / file).rename(project / f"{file}.old")
    run = snakemake(project)
    assert run.code != 0
    assert file in run.last_words
    if "prices" in file:
        assert "price_books.h800-quotes.file" in run.last_words, "says where the config names it"


@pytest.mark.long
def test_a_removed_book_leaves_nothing_behind(project: Path) -> None:
    text = (project / "config/config.yaml").read_text()
    start, end = text.index("  h800-quotes:"), text.index("  h100-reserved:")
    (project / "config/config.yaml").write_text(text[:start] + text[end:])
    assert snakemake(project).code == 0
    for path in (project / "results").rglob("*"):
        if path.is_file():
            assert b"h800-quotes" not in path.read_bytes(), path
    assert snakemake(project, "verify").code == 0


@pytest.mark.long
def test_an_added_book_is_priced_and_removing_it_restores_the_bytes(
    project: Path, built: Path
) -> None:
    shutil.copy(project / "data/prices/h800_quotes.csv", project / "mine.csv")
    assert snakemake(project, "--config", "prices=mine.csv").code == 0
    assert "Your prices (mine.csv)" in (project / "results/tables/price_books.html").read_text()
    assert snakemake(project).code == 0
    assert contents(project) == contents(built)


def contents(project: Path) -> dict[str, bytes]:
    results = project / "results"
    return {
        path.relative_to(results).as_posix(): path.read_bytes()
        for path in results.rglob("*")
        if path.is_file()
    }


CODE = [
    ("workflow/scripts/price_stages.py", "price_stages"),
    ("workflow/scripts/traincost/pricing.py", "price_stages"),
    ("workflow/scripts/traincost/printed.py", "ingest_data"),
    ("workflow/scripts/traincost/declarations/estimates.py", "ingest_data"),
    ("workflow/scripts/traincost/schemas.py", "validate_data"),
    ("workflow/scripts/traincost/tables/as_great_table.py", "render_tables"),
    ("workflow/scripts/traincost/tables/source_notes.py", "render_tables"),
    ("workflow/scripts/traincost/audit.py", "trace_numbers"),
    ("workflow/scripts/traincost/page/ledger.py", "write_page"),
    ("workflow/scripts/traincost/page/page.html", "write_page"),
    ("workflow/scripts/traincost/page/page.css", "write_page"),
    ("workflow/scripts/traincost/page/graph.js", "write_page"),
    ("workflow/scripts/traincost/workbook/terms.py", "write_workbook"),
    ("workflow/scripts/traincost/dictionary.py", "write_audit"),
    ("workflow/scripts/seam/publish.py", "publish_results"),
    ("workflow/scripts/seam/job.py", "ingest_data"),
]


@pytest.mark.parametrize(("file", "first"), CODE)
def test_an_edited_script_or_module_rebuilds_what_uses_it(
    project: Path, file: str, first: str
) -> None:
    path = project / file
    path.write_text(path.read_text() + "\n# changed\n")
    os.utime(path, (10**9, 10**9))
    assert to_run(project) == from_rule(first)


def test_every_file_of_the_package_is_tracked(project: Path) -> None:
    """No module, template or stylesheet can be edited without a rebuild, new ones included."""
    scripts = project / "workflow/scripts"
    run = snakemake(project, "ledger", "--config", "ledger_shards=2")
    assert run.code == 0, run.said
    tracked = (project / "build/receipts").glob("*.json")
    labels = "".join(receipt.read_text() for receipt in tracked)
    # run while the Snakefile is read or by `verify`: they decide what is rebuilt, not results
    not_results = {"seam/config.py", "seam/ledger_config.py", "seam/terminal.py", "verify.py"}
    # only when asked for by name
    not_results.add("draw_slides.py")
    # the same functions called in one process, for tests and benchmarks
    not_results.add("traincost/pipeline.py")
    for file in sorted(scripts.rglob("*")):
        name = file.relative_to(scripts).as_posix()
        if file.is_dir() or file.suffix == ".pyc":
            continue
        if name.startswith("traincost_cli/"):  # reads results, makes none
            continue
        assert f'"code:{name}:' in labels or name in not_results, f"{name} is used by no rule"


def test_swapped_config_values_rebuild(project: Path) -> None:
    config = project / "config/config.yaml"
    edit(config, "label: H800, dated list quotes", "label: SWAP")
    edit(config, "label: H100 reserved, monthly median", "label: H800, dated list quotes")
    edit(config, "label: SWAP", "label: H100 reserved, monthly median")
    assert to_run(project) == from_rule("validate_data")


def test_a_changed_parameter_rebuilds_from_where_it_is_used(project: Path) -> None:
    edit(project / "config/config.yaml", "quote_max_age_days: 180", "quote_max_age_days: 90")
    assert to_run(project) == from_rule("price_stages")


STACK = ("polars", "pandera", "great-tables", "pyarrow", "xlsxwriter")


@pytest.mark.parametrize("package", cases(STACK, often=STACK[:1]))
def test_another_installed_version_rebuilds(project: Path, tmp_path: Path, package: str) -> None:
    info = tmp_path / f"site/{package.replace('-', '_')}-99.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 99.0\n")
    run = snakemake(project, "--dry-run", PYTHONPATH=str(info.parent))
    assert f"stack:{package}==99.0" in run.said
    assert told(run.said) == RULES


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("config/config.yaml", "# What a user chooses", "# A comment"),
        ("environment.yml", "- ruff ==", "- ruff >="),
        ("profiles/default/config.yaml", "cores: all", "cores: 1"),
    ],
)
def test_comments_and_threads_rebuild_nothing(project: Path, file: str, old: str, new: str) -> None:
    edit(project / file, old, new)
    assert to_run(project) == []


BUILT = [
    ("build/ingested/stages.parquet", "ingest_data"),
    ("build/validated/quotes.parquet", "validate_data"),
    ("build/priced/series.parquet", "price_stages"),
    ("build/estimates/scopes.parquet", "estimate_costs"),
    ("build/tables/training_cost.tex", "render_tables"),
    ("build/audit/numbers.parquet", "trace_numbers"),
    ("build/audit/index.html", "write_page"),
    ("build/tables/traincost.xlsx", "write_workbook"),
    ("build/audit/dictionary.md", "write_audit"),
    ("results/validated/stages.parquet", "publish_results"),
    ("results/tables/price_books.html", "publish_results"),
]


@pytest.mark.parametrize(("file", "first"), cases(BUILT, often=BUILT[::4]))
def test_a_deleted_result_is_made_again(project: Path, built: Path, file: str, first: str) -> None:
    (project / file).unlink()
    assert to_run(project) == from_rule(first)


@pytest.mark.parametrize(("file", "first"), cases(BUILT, often=BUILT[::2]))
def test_a_result_changed_by_hand_is_noticed_and_made_again(
    project: Path, built: Path, file: str, first: str
) -> None:
    data = bytearray((project / file).read_bytes())
    data[len(data) // 2] ^= 1
    times = (project / file).stat()
    (project / file).write_bytes(data)
    os.utime(project / file, ns=(times.st_atime_ns, times.st_mtime_ns))
    run = snakemake(project, "--dry-run")
    assert f"{file} is not what {first} wrote" in run.said
    assert told(run.said) == from_rule(first)


def test_a_result_changed_by_hand_is_restored_and_the_edit_kept(project: Path, built: Path) -> None:
    table = project / "results/tables/training_cost.csv"
    table.write_text("my own numbers\n")
    (project / "results/tables/notes.txt").write_text("my notes\n")
    assert snakemake(project).code == 0
    assert table.read_bytes() == (built / "results/tables/training_cost.csv").read_bytes()
    assert table.with_name("training_cost.csv.edited").read_text() == "my own numbers\n"
    assert (project / "results/tables/notes.txt").read_text() == "my notes\n"


def test_without_snakemakes_own_records_a_change_still_rebuilds(project: Path) -> None:
    shutil.rmtree(project / ".snakemake")
    with_old_time(project / "data/stages.csv", "2664K", "2665K")
    assert to_run(project) == RULES


@pytest.mark.long
def test_an_older_build_put_back_is_noticed(project: Path, built: Path) -> None:
    """Receipts, files and records of different runs do not pass for one build."""
    edit(project / "data/stages.csv", "2664K", "2665K")
    assert snakemake(project).code == 0
    shutil.rmtree(project / "build")
    shutil.copytree(built / "build", project / "build")
    assert to_run(project) == RULES


@pytest.mark.long
def test_a_layer_of_another_run_is_noticed(project: Path, built: Path) -> None:
    edit(project / "config/config.yaml", "quote_max_age_days: 180", "quote_max_age_days: 30")
    assert snakemake(project).code == 0
    for part in ("priced", "receipts"):
        for file in (built / f"build/{part}").glob("*stages*"):
            shutil.copy2(file, project / f"build/{part}")
    assert to_run(project)[0] == "price_stages"
