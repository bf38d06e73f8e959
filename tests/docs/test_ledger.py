"""docs/ledger.md tells the columns, keys and commands that there are."""

from __future__ import annotations

import json

import pytest

from docs.markdown import ROOT, blocks, rows, text_of
from docs.test_config_readme import LEDGER_KEYS
from seam.digests import HUGE_BYTES
from traincost.ledger.inputs import KEY, QUOTES, USAGE
from traincost_cli.main import _parser


@pytest.fixture(scope="module")
def text() -> str:
    return text_of("docs/ledger.md")


def test_every_key_is_told_with_its_description(text: str) -> None:
    schema = json.loads(text_of("workflow/schemas/config.schema.json"))["properties"]
    told = {row[0].strip("`"): row[1] for row in rows(text, "Key")}
    assert set(told) == set(LEDGER_KEYS)
    for key in LEDGER_KEYS:
        assert schema[key]["description"].rstrip(".") in told[key]


def test_every_column_is_told_with_its_other_names(text: str) -> None:
    told = {row[0].strip("`"): row[1:] for row in rows(text, "Column of usage")}
    assert list(told) == [column.name for column in USAGE]
    quotes = {row[0].strip("`"): row[1:] for row in rows(text, "Column of quotes")}
    for column in (*USAGE, *(column for column in QUOTES if column.name not in KEY)):
        meaning, others = (told | quotes)[column.name]
        assert meaning == column.meaning
        assert others == ", ".join(f"`{name}`" for name in column.others)


def test_the_commands_are_those_there_are(text: str) -> None:
    lines = [line for block in blocks(text, "sh") for line in block.splitlines()]
    for line in lines:
        if line.startswith("traincost "):
            _parser().parse_args(line.split()[1:])
        if "--workflow-profile" in line:
            profile = line.split("--workflow-profile ")[1].split()[0]
            assert (ROOT / profile / "config.yaml").is_file()
    assert sum(line.startswith("traincost ") for line in lines) == 2


def test_from_when_on_a_hash_is_kept(text: str) -> None:
    assert f"{HUGE_BYTES // 10**6} MB or more" in text
