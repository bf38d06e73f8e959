"""Jobs run in warm processes beside Snakemake: fast, apart from each other, and quiet."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import snakemake
from test_rebuild import contents, edit

BEGIN = "def run(job: Job) -> None:\n"
WITHOUT_PROFILE = ("--workflow-profile", "none", "--cores", "1")


def begin_with(project: Path, rule: str, *lines: str) -> None:
    """Put lines at the start of a rule's script."""
    added = "".join(f"    {line}\n" for line in lines)
    edit(project / f"workflow/scripts/{rule}.py", BEGIN, BEGIN + added)


@pytest.mark.long
def test_jobs_after_one_another_share_a_process(project: Path) -> None:
    for rule in ("validate_data", "price_stages", "render_tables"):
        begin_with(project, rule, "import os", "open('pids', 'a').write(f'{os.getpid()}\\n')")
    assert snakemake(project).code == 0
    pids = (project / "pids").read_text().split()
    assert len(pids) == 3
    assert len(set(pids)) == 1


def test_jobs_at_the_same_time_do_not(project: Path) -> None:
    """Each waits for the other, so that they only end if they run side by side."""
    for side, other in (("left", "right"), ("right", "left")):
        with open(project / "Snakefile", "a") as file:
            file.write(
                f"\n\nrule {side}:\n    output:\n        own='{side}.txt',\n"
                f"    log:\n        'logs/{side}.log',\n"
                "    run:\n        workers.run(rule, input, output, params, log)\n"
            )
        (project / f"workflow/scripts/{side}.py").write_text(
            "import os, time\nfrom pathlib import Path\n\n\n"
            "def run(job):\n"
            "    print('only for the log')\n"
            f"    Path('{side}.begun').touch()\n"
            "    limit = time.monotonic() + 60\n"
            f"    while not Path('{other}.begun').exists():\n"
            "        assert time.monotonic() < limit, 'the other never began'\n"
            "        time.sleep(0.01)\n"
            "    job.write_bytes(str(os.getpid()).encode(), job.output.own)\n"
        )
    run = snakemake(project, "--cores", "2", "left", "right")
    assert run.code == 0, run.said
    assert (project / "left.txt").read_text() != (project / "right.txt").read_text()


@pytest.mark.long
def test_what_a_job_prints_is_in_its_log_only(project: Path) -> None:
    begin_with(project, "price_stages", "import os", "print('noise one')")
    begin_with(project, "estimate_costs", "import os", "os.system('echo noise two >&2')")
    run = snakemake(project)
    assert run.code == 0
    assert "noise" not in run.said
    assert "noise one" in (project / "logs/price_stages.log").read_text()
    assert "noise two" in (project / "logs/estimate_costs.log").read_text()


def test_a_panic_of_compiled_code_ends_in_its_sentence(project: Path) -> None:
    """It is no Exception, and only a BaseException."""
    begin_with(
        project,
        "price_stages",
        "from polars.exceptions import PanicException",
        "raise PanicException('index out of bounds')",
    )
    run = snakemake(project)
    assert run.code == 1
    assert "PanicException: index out of bounds (see logs/price_stages.log)" in run.last_words
    assert "PanicException" in (project / "logs/price_stages.log").read_text()
    assert 'File "' not in run.said


@pytest.mark.long
def test_without_the_profile_the_bytes_and_the_messages_are_the_same(
    sources: Path, built: Path
) -> None:
    """Each rule then starts a Snakemake of its own: slower, and else no different."""
    run = snakemake(sources, *WITHOUT_PROFILE)
    assert run.code == 0, run.said
    assert "DeepSeek-R1 $294,000" in run.last_words
    assert contents(sources) == contents(built)
    edit(sources / "data/stages.csv", "2664K", "2664X")
    run = snakemake(sources, *WITHOUT_PROFILE)
    assert run.code == 1
    assert run.last_words.startswith("validate_data stopped: ")
    assert "data/stages.csv, line 2, column gpu_hours_printed: found '2664X'" in run.last_words
    assert run.last_words.endswith("results/ still holds the last complete set.")
    assert "Traceback" not in run.said and 'File "' not in run.said


def test_a_run_with_nothing_to_do_imports_none_of_the_libraries(project: Path) -> None:
    said = snakemake(project, PYTHONPROFILEIMPORTTIME="1").said
    assert "Nothing to be done" in said
    assert "seam.digests" in imported(said)
    # plugins of Snakemake's that are installed are imported, and may import what they like
    without = imported(snakemake(project, "--help", PYTHONPROFILEIMPORTTIME="1").said)
    libraries = {"polars", "pandera", "great_tables", "pyarrow"}
    assert not (imported(said) - without) & libraries


def imported(said: str) -> set[str]:
    """The modules in what Python told of its imports."""
    return {line.split("|")[-1].strip() for line in said.splitlines() if "import time:" in line}


@pytest.mark.long
def test_files_of_the_user_are_not_imported(project: Path) -> None:
    edit(project / "data/stages.csv", "2664K", "2665K")
    for name in ("polars.py", "pandera.py", "traincost.py"):
        (project / name).write_text("raise RuntimeError('not this one')\n")
    assert snakemake(project).code == 0
