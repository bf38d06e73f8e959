"""Figures as claims print them, in every form."""

from __future__ import annotations

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traincost import printed
from traincost.claimed import PHRASES, Claimed, claimed, stated

SUFFIXES = {"K": 10**3, " thousand": 10**3, "M": 10**6, " million": 10**6, "B": 10**9}
numbers = st.integers(min_value=1, max_value=999_999)
decimals = st.decimals(min_value="0.1", max_value="999", places=2).map(lambda d: f"{d:.2f}")


def ends(figure: Claimed) -> tuple[float, float]:
    return figure.low, figure.high


@given(numbers)
def test_separators_change_nothing(number: int) -> None:
    assert claimed(f"{number:,}") == claimed(str(number)) == claimed(f"${number:,}")


@given(numbers)
def test_without_a_suffix_zeros_at_the_end_do_not_count(number: int) -> None:
    zeros = len(str(number)) - len(str(number).rstrip("0"))
    half = 10**zeros / 2
    assert ends(claimed(f"{number:,}")) == (number - half, number + half)


@given(numbers, st.sampled_from(sorted(SUFFIXES)))
def test_with_a_suffix_the_last_digit_counts(number: int, suffix: str) -> None:
    scale = SUFFIXES[suffix]
    figure = claimed(f"{number}{suffix}")
    assert figure.value == number * scale
    assert ends(figure) == ((number - 0.5) * scale, (number + 0.5) * scale)


@given(decimals, st.sampled_from(sorted(SUFFIXES)))
def test_with_a_point_the_last_decimal_counts(number: str, suffix: str) -> None:
    scale = Decimal(SUFFIXES[suffix])
    half = Decimal("0.005") * scale
    value = Decimal(number) * scale
    assert ends(claimed(f"{number}{suffix}")) == (float(value - half), float(value + half))


def test_a_thousand_in_three_precisions() -> None:
    assert ends(claimed("1,000")) == (500, 1500)
    assert ends(claimed("1K")) == (500, 1500)
    assert ends(claimed("1.0K")) == (950, 1050)
    assert ends(claimed("1,000", step="1")) == (999.5, 1000.5)


@given(numbers, st.sampled_from(printed.ABOUT))
def test_about_is_a_whole_step_and_the_bare_figure_half_of_it(number: int, word: str) -> None:
    figure, bare = claimed(f"{word} {number}M"), claimed(f"{number}M")
    assert ends(figure) == ((number - 1) * 1e6, (number + 1) * 1e6)
    assert (figure.plain_low, figure.plain_high) == ends(bare)
    assert not figure.is_bound


@given(numbers, st.sampled_from(printed.BELOW))
def test_below_ends_at_the_figure(number: int, word: str) -> None:
    figure = claimed(f"{word} {number}M")
    assert ends(figure) == ((number - 1) * 1e6, number * 1e6)
    assert figure.is_bound
    assert figure.plain_high == (number + 0.5) * 1e6


@given(numbers, st.sampled_from(printed.ABOVE))
def test_above_has_no_upper_end(number: int, word: str) -> None:
    figure = claimed(f"{word} {number}M")
    assert ends(figure) == (number * 1e6, math.inf)
    assert figure.is_bound
    assert claimed(f"{number}M plus") == claimed(f"{number}M+") == figure


@given(numbers, numbers, st.sampled_from(sorted(SUFFIXES)))
def test_a_range_goes_from_figure_to_figure(one: int, other: int, suffix: str) -> None:
    low, high = sorted((one, other))
    text = f"{low} to {high}{suffix}"
    if low == high:
        with pytest.raises(ValueError, match="from the lower figure to the higher one"):
            claimed(text)
        return
    expected = (low * SUFFIXES[suffix], high * SUFFIXES[suffix])
    same = (text, f"{low}-{high}{suffix}", f"{low}{suffix} to {high}{suffix}")
    for form in (*same, f"between {low} and {high}{suffix}"):
        assert ends(claimed(form)) == expected
        assert not claimed(form).is_bound


@given(st.integers(min_value=1, max_value=99))
def test_number_words_are_their_digits(number: int) -> None:
    ones = (
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    )
    ones += " sixteen seventeen eighteen nineteen"
    tens = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
    word = ones.split()[number - 1] if number < 20 else tens[number // 10 - 2]
    if number > 20 and number % 10:
        word += f"-{ones.split()[number % 10 - 1]}"
    assert claimed(f"{word} million") == claimed(f"{number} million")
    assert claimed(f"{word} to one hundred".replace("one hundred", "100")) == claimed(
        f"{number} to 100"
    )


@given(st.integers(min_value=1, max_value=400))
def test_times_are_converted_to_the_unit(number: int) -> None:
    hours, days = claimed(f"{number} days", "h"), claimed(f"{number} days", "d")
    # zeros at the end of digits do not count
    half = 0.5 * 10 ** (len(str(number)) - len(str(number).rstrip("0")))
    assert ends(hours) == ((number - half) * 24, (number + half) * 24)
    assert days.value == pytest.approx(number)
    assert claimed(f"{number} hours", "h", "1").value == number


def test_a_number_word_is_meant_to_the_unit() -> None:
    assert ends(claimed("twenty days", "d")) == (19.5, 20.5)
    assert ends(claimed("about ten weeks", "d")) == (63, 77)
    assert ends(claimed("20 days", "d")) == (15, 25)


def test_two_months_are_one_and_a_half_to_two_and_a_half() -> None:
    figure = claimed("about two months", "d")
    assert figure.value == 60.875
    assert ends(figure) == (30.4375, 91.3125)
    assert (figure.plain_low, figure.plain_high) == (45.65625, 76.09375)


def test_a_time_without_a_number_is_one_or_more() -> None:
    assert ends(claimed("months", "d")) == (30.4375, math.inf)
    assert claimed("months", "d").is_words


@given(st.integers(min_value=1, max_value=15))
def test_so_many_figures_are_all_numbers_of_that_length(length: int) -> None:
    figure = claimed(f"{length} figures")
    assert len(str(int(figure.low))) == len(str(int(figure.high))) == length
    assert len(str(int(figure.low) - 1)) < length or length == 1
    assert len(str(int(figure.high) + 1)) > length


def test_closer_to_one_than_to_the_other() -> None:
    assert ends(claimed("closer to 6 million than to 300,000")) == (3_150_000, math.inf)
    assert ends(claimed("closer to 300,000 than to 6 million")) == (0, 3_150_000)


def test_counts_are_exact_unless_a_word_or_a_step_says_otherwise() -> None:
    assert ends(claimed("2,000", "GPUs")) == (2000, 2000)
    assert ends(claimed("64*8", "GPUs")) == (512, 512)
    assert ends(claimed("about 2,000", "GPUs")) == (1000, 3000)
    assert ends(claimed("2,000", "GPUs", "100")) == (1950, 2050)
    assert ends(claimed("2,000", "USD")) == (1500, 2500)


def test_shares_and_ratios() -> None:
    assert ends(claimed("5%")) == ends(claimed("5 percent")) == (0.045, 0.055)
    assert ends(claimed("5%", step="0.001")) == (0.0495, 0.0505)
    assert claimed("20x") == claimed("20 times") == claimed("20")


@pytest.mark.parametrize("phrase", PHRASES)
def test_phrases_state_a_bound_and_print_no_figure(phrase: str) -> None:
    figure = claimed(phrase)
    assert figure.is_words and figure.is_bound
    assert figure.low <= figure.value <= figure.high
    assert figure.low < figure.high


@pytest.mark.parametrize(
    ("text", "unit", "sentence"),
    [
        ("a dozen", "USD", "must be a figure such as"),
        ("512 GPUs", "GPUs", "must be a figure such as"),
        ("1,00", "USD", "must be a figure such as"),
        ("6 to 5 million", "USD", "from the lower figure to the higher one"),
        ("80 hours", "USD", "is a time: the unit must be one of h, d"),
        ("months", "1", "is a time: the unit must be one of h, d"),
        ("0", "USD", "must be greater than zero"),
        ("", "USD", "must be a figure such as"),
        ("closer to a lot than to 3", "h", "must be a figure such as"),
    ],
)
def test_what_is_no_figure_is_refused_in_words(text: str, unit: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        claimed(text, unit)


@pytest.mark.parametrize("step", ["ten", "0", "-1", "inf"])
def test_a_step_that_is_none_is_refused_in_words(step: str) -> None:
    for text, unit in (("80 hours", "h"), ("5,000", "USD"), ("5%", "1")):
        with pytest.raises(ValueError, match="its printed step must be"):
            claimed(text, unit, step)


def test_a_held_figure_has_the_same_interval() -> None:
    figure = stated("7.0881 to 7.2957")
    assert (figure.low, figure.high) == (Decimal("7.0881"), Decimal("7.2957"))
    assert stated("more than 100 million").high is None
    assert stated("a few tens of millions").value == 10_000_000
    assert stated("3.7 days").value == Decimal("88.8")
