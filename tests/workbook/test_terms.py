"""Formulas of the declarations as formulas of a spreadsheet."""

from __future__ import annotations

import math

import formualizer
import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from traincost import formulas
from traincost.workbook.terms import Span, Term, UntranslatableError, constant, span


def cell(name: str, worth: float) -> Span:
    term = Term(name, worth, worth >= 0)
    return term, term


def between(name: str, low: float, high: float) -> Span:
    return Term(f"{name}_low", low, low >= 0), Term(f"{name}_high", high, high >= 0)


def text_of(formula: str, **cells: Span) -> str:
    low, high = span(formula, lambda name: [cells[name]] if name in cells else [])
    assert low.text == high.text
    return low.text


@pytest.mark.parametrize(
    ("formula", "wanted"),
    [
        ("a * b", "a*b"),
        ("a - (b - c)", "a-(b-c)"),
        ("a - b - c", "a-b-c"),
        ("a / (b * c)", "a/(b*c)"),
        ("(a + b) * c", "(a+b)*c"),
        ("a + b * c", "a+b*c"),
        ("1 / (1 + b / a)", "1/(1+b/a)"),
        ("a / 1000000000000", "a/1000000000000"),
        ("power(a, b + 1)", "POWER(a,b+1)"),
        ("least(a, b)", "MIN(a,b)"),
        ("greatest(a, b, c)", "MAX(a,b,c)"),
        ("coalesce(a, b)", "IFERROR(a,b)"),
        # of an empty cell there is nothing to read
        ("coalesce(gone, b)", "b"),
        ("coalesce(a / (gone / 10), a * b, c)", "IFERROR(a*b,c)"),
        ("greatest(a, gone)", "a"),
    ],
)
def test_a_formula_keeps_its_shape(formula: str, wanted: str) -> None:
    assert text_of(formula, a=cell("a", 8.0), b=cell("b", 4.0), c=cell("c", 2.0)) == wanted


def test_bounds_of_what_cannot_be_negative_need_no_corners() -> None:
    a, b = between("a", 1, 2), between("b", 4, 8)
    low, high = span("a * b", lambda name: [{"a": a, "b": b}[name]])
    assert (low.text, low.worth) == ("a_low*b_low", 4)
    assert (high.text, high.worth) == ("a_high*b_high", 16)
    low, high = span("a / b", lambda name: [{"a": a, "b": b}[name]])
    assert (low.text, low.worth) == ("a_low/b_high", 0.125)
    assert (high.text, high.worth) == ("a_high/b_low", 0.5)


def test_a_difference_may_turn_negative_so_its_product_has_four_corners() -> None:
    a, b = between("a", 1, 4), between("b", 2, 3)
    low, high = span("(a - b) * a", lambda name: [{"a": a, "b": b}[name]])
    corners = (
        "(a_low-b_high)*a_low,(a_low-b_high)*a_high,(a_high-b_low)*a_low,(a_high-b_low)*a_high"
    )
    assert (low.text, low.worth) == (f"MIN({corners})", -8)
    assert (high.text, high.worth) == (f"MAX({corners})", 8)


def test_an_exact_cell_beside_an_interval_gives_two_short_bounds() -> None:
    cells = {"hours": between("hours", 99, 101), "price": cell("price", 2.0)}
    low, high = span("hours * price", lambda name: [cells[name]])
    assert (low.text, high.text) == ("hours_low*price", "hours_high*price")


def test_a_sum_adds_every_cell_of_its_name() -> None:
    cells = [between("x", 1, 2), between("y", 3, 4)]
    low, high = span("sum(cost)", lambda name: cells)
    assert (low.text, low.worth, high.text, high.worth) == (
        "SUM(x_low,y_low)",
        4,
        *(
            "SUM(x_high,y_high)",
            6,
        ),
    )


def test_a_sum_of_nothing_is_zero_and_of_one_is_that_one() -> None:
    assert span("sum(cost)", lambda name: [])[0].worth == 0
    assert span("sum(cost)", lambda name: [cell("x", 5.0)])[0].text == "x"


def test_a_long_sum_keeps_to_the_arguments_that_a_function_takes() -> None:
    total, _ = span("sum(cost)", lambda name: [cell(f"x{at}", 1.0) for at in range(300)])
    assert total.worth == 300
    assert total.text.startswith("SUM(SUM(x0,") and total.text.endswith("x299))")
    assert max(part.count(",") for part in total.text.split("SUM(")) <= 255


def test_infinity_is_worked_out_since_no_cell_can_hold_it() -> None:
    open_above = {"a": (constant(3), constant(math.inf)), "b": cell("b", 2.0)}
    low, high = span("a * b", lambda name: [open_above[name]])
    assert low.text == "3*b" and (high.text, high.worth) == ("", math.inf)
    low, high = span("b / a", lambda name: [open_above[name]])
    assert (low.worth, high.text) == (0, "b/3")


@pytest.mark.parametrize("name", formulas.FUNCTIONS)
def test_every_function_of_the_grammar_is_translated(name: str) -> None:
    formula = f"{name}({', '.join('ab'[: formulas.FUNCTIONS[name] or 2])})"
    central, _ = span(formula, lambda name: [cell(f"{name}1", {"a": 4.0, "b": 0.5}[name])])
    wanted = pl.DataFrame({"a": [4.0], "b": [0.5]}).select(formulas.central(formula)).item()
    book = formualizer.Workbook()
    for place, value in enumerate((4.0, 0.5), start=1):
        book.sheet("S").set_value(1, place, formualizer.LiteralValue.number(value))
    book.sheet("S").set_formula(2, 1, f"={central.text.replace('b1', 'B1').replace('a1', 'A1')}")
    assert central.worth == pytest.approx(wanted, rel=1e-12)
    assert book.evaluate_cell("S", 2, 1) == pytest.approx(wanted, rel=1e-12)


@pytest.mark.parametrize("formula", ["a + gone", "sum(a * a)", "coalesce(gone, gone)"])
def test_what_no_formula_can_follow_is_said(formula: str) -> None:
    with pytest.raises(UntranslatableError):
        span(formula, lambda name: [cell("a", 1.0)] if name == "a" else [])


def test_a_name_must_stand_for_one_cell() -> None:
    with pytest.raises(UntranslatableError, match="a stands for 2 cells"):
        span("a + 1", lambda name: [cell("x", 1.0), cell("y", 2.0)])


NAMES = ("a", "b", "c")
LEAVES = st.sampled_from((*NAMES, "2", "1000"))
TREES = st.recursive(
    LEAVES,
    lambda parts: st.one_of(
        st.tuples(parts, st.sampled_from("+-*/"), parts).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(st.sampled_from(("least", "greatest", "coalesce")), parts, parts).map(
            lambda t: f"{t[0]}({t[1]}, {t[2]})"
        ),
    ),
    max_leaves=6,
)
WIDTHS = st.floats(0, 0.5).map(lambda width: round(width, 3))
VALUES = st.floats(0.5, 100).map(lambda value: round(value, 3))


@given(TREES, st.tuples(*[st.tuples(VALUES, WIDTHS)] * 3))
def test_worth_and_text_agree_with_polars_and_with_another_engine(formula, cells) -> None:
    """Any formula of the grammar: central value, both bounds, and what the text comes to."""
    given_cells = dict(zip(NAMES, cells, strict=True))
    frame = pl.DataFrame(
        {
            key: [number]
            for name, (value, width) in given_cells.items()
            for key, number in (
                (name, value),
                (f"{name}_low", value * (1 - width)),
                (f"{name}_high", value * (1 + width)),
            )
        }
    )
    try:
        formulas.parse(formula)
    except ValueError:  # of constants only
        assume(False)
    low, high = formulas.bounds(formula, lambda name: True)
    row = frame.select(value=formulas.central(formula), low=low, high=high).row(0, named=True)
    at = {name: place for place, name in enumerate(frame.columns, start=1)}

    def held(name: str) -> Term:
        return Term(f"{'ABCDEFGHI'[at[name] - 1]}1", frame[name].item(), True)

    central, _ = span(formula, lambda name: [(held(name), held(name))])
    ends = span(formula, lambda name: [(held(f"{name}_low"), held(f"{name}_high"))])
    book = formualizer.Workbook()
    sheet = book.sheet("S")
    for name, place in at.items():
        sheet.set_value(1, place, formualizer.LiteralValue.number(frame[name].item()))
    wanted = (row["value"], row["low"], row["high"])
    for term, expected in zip((central, *ends), wanted, strict=True):
        if expected is None or not math.isfinite(expected) or not term.text:
            continue
        assert math.isclose(term.worth, expected, rel_tol=1e-9, abs_tol=1e-9)
        sheet.set_formula(2, 1, f"={term.text}")
        found = book.evaluate_cell("S", 2, 1)
        assert math.isclose(found, expected, rel_tol=1e-9, abs_tol=1e-9), (term.text, found)
