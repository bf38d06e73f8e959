"""One table of names: aliases are replaced and told; nothing is merged silently."""

from __future__ import annotations

import pytest
from price_files.files import data_files, own, quotes

from traincost.prices.names import look_alike

ALIASES = [
    ("H100-SXM", "H100 SXM 80GB"),
    ("H800", "H800 (form factor not stated)"),
    ("NVIDIA A100 SXM4 40 GB", "A100 SXM 40GB"),
    ("A100-80GB", "A100 80GB (form factor not stated)"),
]


@pytest.mark.parametrize(("alias", "canonical"), ALIASES)
def test_an_alias_is_replaced_with_a_note(alias: str, canonical: str) -> None:
    (quote,) = quotes(own({"gpu": alias})).rows(named=True)
    assert quote["gpu"] == canonical
    assert quote["normalization_note"] == f"gpu '{alias}' read as {canonical}"


def test_a_canonical_name_needs_no_note() -> None:
    assert quotes(own({}))["normalization_note"].to_list() == [None]


@pytest.mark.parametrize("word", ["PCIe", "SXM", "NVL"])
def test_no_alias_changes_a_form_factor(word: str) -> None:
    for alias, canonical in data_files()["gpu_aliases"].select("alias", "gpu").rows():
        if word.lower() in alias.lower():
            assert word in canonical or "form factor" in canonical, alias


@pytest.mark.parametrize("memory", ["40", "80", "94", "141"])
def test_no_alias_changes_a_memory_size(memory: str) -> None:
    for alias, canonical in data_files()["gpu_aliases"].select("alias", "gpu").rows():
        stated = alias.replace(" ", "").upper()
        if f"{memory}GB" in stated:
            assert f"{memory}GB" in canonical or "not stated" in canonical, alias


ALIKE = [
    ("\u041d100", "it holds U+041D"),
    ("H\uff11\uff10\uff10", "U+FF11, U+FF10"),
    ("H100\u200b", "U+200B"),
    ("H\u06d6100", "U+06D6"),
    ("H100 ", "its spaces are others"),
    ("H100\u00a0SXM", "U+00A0"),
    ("H100  SXM", "its spaces are others"),
    ("H100\u2013SXM", "U+2013"),
]


@pytest.mark.parametrize(("found", "difference"), ALIKE)
def test_what_only_looks_like_a_name_is_told_apart(found: str, difference: str) -> None:
    said = look_alike(found, ["A100", "H100", "H100 SXM", "H100-SXM"])
    assert said.startswith("; did you mean 'H100")
    assert difference in said


@pytest.mark.parametrize("found", ["H100", "h100", "H200", "HI00", ""])
def test_what_looks_different_does_not_look_alike(found: str) -> None:
    assert look_alike(found, ["H100"]) == ""
