"""Formulas: one text for the value and for its bounds."""

from __future__ import annotations

import math

import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from traincost import formulas
from traincost.declarations import ESTIMATES, PRICED

NAMES = ("a", "b", "c")

# operands, all of the grammar but sum, put together at random
leaves = st.sampled_from([*NAMES, *NAMES, "1", "2", "0.5", "1000"])
texts = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from("+-*/"), inner),
        st.builds("{}({}, {})".format, st.sampled_from(["least", "greatest"]), inner, inner),
        st.builds("coalesce({}, {})".format, inner, inner),
        st.builds("power({}, {})".format, inner, st.sampled_from(["2", "0.5", "3"])),
    ),
    max_leaves=6,
)


def reads_columns(text: str) -> bool:
    """Whether the grammar takes it: constants alone are not combined."""
    try:
        formulas.parse(text)
    except ValueError as error:
        assert "combines constants only" in str(error)
        return False
    return True


formula_texts = texts.filter(reads_columns)
numbers = st.integers(-100, 100).map(float) | st.floats(-1e6, 1e6, allow_subnormal=False)
# low and high, and a point inside as a share of the way; or a missing value
known = st.tuples(
    st.tuples(numbers, numbers).map(sorted), st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0])
)
intervals = st.none() | known


def row_of(drawn: list) -> dict[str, float | None]:
    row: dict[str, float | None] = {}
    for name, interval in zip(NAMES, drawn, strict=True):
        low = high = value = None
        if interval:
            (low, high), share = interval
            value = min(max(low + share * (high - low), low), high)
        row |= {name: value, f"{name}_low": low, f"{name}_high": high}
    return row


def evaluate(text: str, rows: list[dict]) -> tuple:
    frame = pl.DataFrame(rows, schema_overrides=dict.fromkeys(rows[0], pl.Float64))
    low, high = formulas.bounds(text, lambda name: True)
    found = frame.select(low=low, value=formulas.central(text).cast(pl.Float64), high=high)
    return found.row(0)


@given(formula_texts, st.lists(intervals, min_size=3, max_size=3))
def test_the_value_of_any_point_inside_lies_in_the_computed_interval(text, drawn) -> None:
    low, value, high = evaluate(text, [row_of(drawn)])
    if value is None:
        assert low is high is None
        return
    assume(not math.isnan(value))
    slack = 1e-9 * abs(value) if math.isfinite(value) else 0
    assert low - slack <= value <= high + slack


def in_python(text: str, row: dict) -> float:
    functions = {"least": min, "greatest": max, "power": pow}
    return eval(text, functions | {"coalesce": lambda *given: given[0]} | row)


@given(formula_texts, st.lists(st.floats(0.001, 1e4), min_size=3, max_size=3))
def test_the_value_is_what_python_computes(text: str, values: list[float]) -> None:
    row = dict(zip(NAMES, values, strict=True))
    try:
        wanted = in_python(text, row)
    except (ZeroDivisionError, OverflowError):
        return
    assume(not isinstance(wanted, complex) and math.isfinite(wanted))
    frame = pl.DataFrame([row])
    value = frame.select(formulas.central(text).cast(pl.Float64)).item()
    assume(not math.isnan(value))
    assert value == pytest.approx(wanted, rel=1e-9, abs=1e-9 * max(values))


@given(
    st.sampled_from(["sum(a)", "sum(a * b)", "sum(a) / sum(b)", "sum(a) - sum(b)"]),
    st.lists(st.lists(known, min_size=3, max_size=3), min_size=1, max_size=5),
)
def test_a_sum_lies_in_its_interval(text: str, drawn: list) -> None:
    low, value, high = evaluate(text, [row_of(row) for row in drawn])
    assume(not math.isnan(value))
    slack = 1e-9 * sum(abs(bound) for bound in (low, high) if math.isfinite(bound))
    assert low - slack <= value <= high + slack


INTERVALS = [
    # a = 2 [1, 3], b = 5 [4, 8]; by hand
    ("a + b", 7, 5, 11),
    ("a - b", -3, -7, -1),
    ("a * b", 10, 4, 24),
    ("b / a", 2.5, 4 / 3, 8),
    ("1 / (1 + b / a)", 2 / 7, 1 / 9, 3 / 7),
    ("power(a, 2)", 4, 1, 9),
    ("power(a, b)", 32, 1, 6561),
    ("least(a, b)", 2, 1, 3),
    ("greatest(a, 3)", 3, 3, 3),
    ("coalesce(nothing, b)", 5, 4, 8),
    ("a * exact", 20, 10, 30),
    ("exact / 4", 2.5, 2.5, 2.5),
    # a divisor that may be zero leaves everything open
    ("a / (b - 5)", math.inf, -math.inf, math.inf),
    # so does a power of what may be negative
    ("power(a - 2, 2)", 0, -math.inf, math.inf),
]


@pytest.mark.parametrize(("text", "value", "low", "high"), INTERVALS)
def test_bounds_by_hand(text: str, value: float, low: float, high: float) -> None:
    frame = pl.DataFrame(
        {"a": [2.0], "a_low": [1.0], "a_high": [3.0], "b": [5.0], "b_low": [4.0], "b_high": [8.0]}
        | {"exact": [10.0]}
    ).with_columns(
        pl.lit(None, pl.Float64).alias(name) for name in ("nothing", "nothing_low", "nothing_high")
    )
    lower, upper = formulas.bounds(text, lambda name: name != "exact")
    found = frame.select(value=formulas.central(text), low=lower, high=upper).row(0)
    assert found == pytest.approx((value, low, high))


def test_an_unbounded_input_leaves_an_unbounded_result() -> None:
    row = {"a": 0.0, "a_low": 0.0, "a_high": 1.0, "b": 5.0, "b_low": 5.0, "b_high": math.inf}
    row |= {"c": 1.0, "c_low": 1.0, "c_high": 1.0}
    assert evaluate("a * b", [row])[2] == math.inf
    assert evaluate("1 / (1 + b / c)", [row])[0] == 0


def test_a_sum_with_a_missing_member_is_missing_with_its_bounds() -> None:
    known = {"a": 1.0, "a_low": 0.5, "a_high": 1.5}
    missing = dict.fromkeys(known)
    assert evaluate("sum(a)", [known, known]) == (1, 2, 3)
    assert evaluate("sum(a)", [known, missing]) == (None, None, None)
    assert evaluate("sum(a)", [missing, missing]) == (None, None, None)


REFUSED = [
    ("a +", "cannot be read"),
    ("a b", "cannot be read"),
    ("a; b", "cannot be read"),
    ("a = b", "cannot be read"),
    ("a if b else c", "leaves the grammar at 'a if b else c'"),
    ("a ** b", "leaves the grammar at 'a ** b'"),
    ("a % b", "leaves the grammar at 'a % b'"),
    ("-a", "leaves the grammar at '-a'"),
    ("a < b", "leaves the grammar at 'a < b'"),
    ("'a'", "leaves the grammar at \"'a'\""),
    ("True", "leaves the grammar at 'True'"),
    ("a.b", "leaves the grammar at 'a.b'"),
    ("a[0]", "leaves the grammar at 'a[0]'"),
    ("sqrt(a)", "leaves the grammar at 'sqrt(a)'"),
    ("a.sum(b)", "leaves the grammar at"),
    ("power(a)", "leaves the grammar at 'power(a)'"),
    ("sum(a, b)", "leaves the grammar at 'sum(a, b)'"),
    ("sum()", "leaves the grammar at 'sum()'"),
    ("coalesce()", "leaves the grammar at 'coalesce()'"),
    ("least(*a)", "leaves the grammar at"),
    ("power(a, b=2)", "leaves the grammar at 'power(a, b=2)'"),
    # SQL would read these as something else, or round them as decimals
    ("0x10 * a", "leaves the grammar at '0x10'"),
    ("1_000 * a", "leaves the grammar at '1_000'"),
    (".5 * a", "leaves the grammar at '.5'"),
    ("1.0 / 3 * a", "combines constants only at '1.0 / 3'; write their result"),
    ("power(1000, 4) * a", "combines constants only at 'power(1000, 4)'; write their result"),
]


@pytest.mark.parametrize(("text", "sentence"), REFUSED)
def test_what_leaves_the_grammar_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(ValueError) as refused:
        formulas.parse(text)
    assert str(refused.value).startswith(f"formula {text!r} ")
    assert sentence in str(refused.value)


def test_names_are_the_columns_read_and_not_the_functions() -> None:
    assert formulas.names("coalesce(b, power(a, 2)) / b + least(c, 1)") == ("b", "a", "c")


def test_only_a_sum_is_an_aggregate() -> None:
    assert formulas.is_aggregate("sum(a) / 2")
    assert not formulas.is_aggregate("a * least(b, c)")


def test_every_declared_formula_is_in_the_grammar() -> None:
    declared = [
        column.formula
        for table in (*PRICED.values(), *ESTIMATES.values())
        for column in table.columns
        if column.formula
    ]
    assert len(declared) > 8
    for text in declared:
        formulas.parse(text)


def test_a_logarithm_rises_with_its_argument() -> None:
    low, value, high = evaluate("100 * ln(a)", [{"a": 2.0, "a_low": 1.0, "a_high": 4.0}])
    # ln 2 is 0.693147, ln 4 twice that
    assert low == 0
    assert value == pytest.approx(69.3147, abs=1e-4)
    assert high == pytest.approx(138.6294, abs=1e-4)


def test_an_interval_that_reaches_zero_has_no_lowest_logarithm() -> None:
    for reached in (0.0, -1.0):
        low, _, high = evaluate("ln(a)", [{"a": 1.0, "a_low": reached, "a_high": 1.0}])
        assert (low, high) == (-math.inf, 0)
