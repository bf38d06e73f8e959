"""docs/verdicts.md defines what the code does."""

from __future__ import annotations

import re

import pytest

from docs.markdown import rows, text_of
from traincost import display, printed, verdicts
from traincost.claimed import PHRASES, claimed
from traincost.verdict_names import COARSE_SHARE, COMPUTED, DECLARED

HOLDS = {True: "yes", False: "no", None: "open"}


@pytest.fixture(scope="module")
def page() -> str:
    return text_of("docs/verdicts.md")


def codes(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def test_every_verdict_is_defined_and_no_other(page) -> None:
    told = [(*codes(row[0]), row[2]) for row in rows(page, "Verdict")]
    computed = [(name, HOLDS[holds]) for name, holds in COMPUTED.items()]
    declared = [(name, HOLDS[holds]) for name, holds in DECLARED.items()]
    second = [
        (*codes(row[0]), row[2])
        for row in rows(page.split("## Verdicts that are declared")[1], "Verdict")
    ]
    assert told[: len(computed)] == computed
    assert second == declared


def test_the_share_and_the_digits_are_those_of_the_code(page) -> None:
    assert f"more than {display.percent(COARSE_SHARE, 0)}% of its centre" in page
    assert f"must have {verdicts.MIN_DIGITS} digits or more" in page


def test_every_factor_is_told(page) -> None:
    assert [codes(row[0])[0] for row in rows(page, "Factor")] == list(verdicts.FACTORS)


def test_the_qualifiers_are_those_the_parser_knows(page) -> None:
    told = [(set(codes(row[0])), row[2]) for row in rows(page, "Words before a figure")]
    assert told == [
        (set(printed.ABOUT), "a figure"),
        (set(printed.BELOW), "a bound"),
        (set(printed.ABOVE), "a bound"),
    ]


def test_the_examples_are_what_the_parser_does(page) -> None:
    for text, unit, *told in rows(page, "Printed"):
        figure = claimed(text.strip("`"), unit.strip("`"))
        ends = (figure.low, figure.high, figure.plain_low, figure.plain_high)
        assert [display.number(end) for end in ends] == told, text


def test_the_words_that_state_a_ratio_are_all_told(page) -> None:
    told = {word: row[1:] for row in rows(page, "Words") for word in codes(row[0])}
    assert set(told) == set(PHRASES)
    for word, ends in told.items():
        figure = claimed(word)
        assert [f"{end:g}".replace("inf", "∞") for end in (figure.low, figure.high)] == ends
