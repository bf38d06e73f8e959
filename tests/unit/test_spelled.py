"""A formula in pieces, numbers in place of its names."""

from __future__ import annotations

import pytest

from traincost.spelled import spelled


def told(formula: str, *inputs: tuple[str, str]) -> str:
    names, ids = [name for name, _ in inputs], [each for _, each in inputs]
    number = {"formula": formula, "input_names": names, "input_ids": ids}
    return "".join(f"<{each}>" if each else text for text, each in spelled(number))


@pytest.mark.parametrize(
    ("formula", "inputs", "expected"),
    [
        ("hours * price", [("hours", "a"), ("price", "b")], "<a> * <b>"),
        ("1 / (1 + x / y)", [("x", "a"), ("y", "b")], "1 / (1 + <a> / <b>)"),
        ("sum(cost)", [("cost", "a"), ("cost", "b"), ("cost", "c")], "<a> + <b> + <c>"),
        ("sum(cost)", [], "0, there is none to add up"),
        ("ln(x)", [("x", "a")], "ln(<a>)"),
        ("coalesce(printed, product)", [("product", "b")], "coalesce(none, <b>)"),
        ("tokens / 1e12", [("tokens", "a")], "<a> / 1e12"),
        ("power(x, 2) - x", [("x", "a")], "power(<a>, 2) - <a>"),
        # a column may be called as a function or as part of another
        ("gpu_hours / gpu", [("gpu_hours", "a"), ("gpu", "b")], "<a> / <b>"),
    ],
)
def test_names_give_way_to_numbers_and_nothing_else_does(formula, inputs, expected) -> None:
    assert told(formula, *inputs) == expected
