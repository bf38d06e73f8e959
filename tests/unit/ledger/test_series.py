"""Numbers of series stay what they are."""

from __future__ import annotations

import gc

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from traincost.ledger import series as numbers
from traincost.ledger.series import Names, Pairs, Series


def frame(*rows: tuple[str | None, ...]) -> pl.DataFrame:
    columns = dict.fromkeys(("gpu", "region", "commitment"), pl.String)
    return pl.DataFrame(rows, schema=columns, orient="row").cast(pl.Categorical)


def test_a_text_keeps_its_number_when_polars_has_forgotten_its_codes() -> None:
    names = Names()
    first = names.numbers(pl.Series(["a", "b"]).cast(pl.Categorical)).tolist()
    gc.collect()
    # codes would begin anew here, with another text for the first
    again = names.numbers(pl.Series(["b", "c", "a"]).cast(pl.Categorical)).tolist()
    assert (first, again) == ([0, 1], [1, 2, 0])


def test_no_text_and_an_empty_text_are_one() -> None:
    assert Names().numbers(pl.Series(["", None, "a"])).tolist() == [0, 0, 1]


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1))
def test_pairs_are_numbered_alike_however_many_there_may_be(pairs) -> None:
    left, right = (np.array(side, np.int32) for side in zip(*pairs, strict=True))
    dense, sparse = Pairs(), Pairs()
    sparse_numbers = sparse._sparse(left, right)
    assert [dense.all[n] for n in dense.numbers(left, right)] == pairs
    assert [sparse.all[n] for n in sparse_numbers] == pairs


def test_a_shard_depends_on_the_names_alone() -> None:
    one, other = Series(), Series()
    rows = [("a", "x", "s"), ("b", None, "s"), ("a", "y", "t")]
    one.numbers(frame(*rows))
    other.numbers(frame(*rows[::-1]))
    assert dict(zip(map(one.known, range(3)), one.shards(5), strict=True)) == dict(
        zip(map(other.known, range(3)), other.shards(5), strict=True)
    )
    assert numbers.DENSE > 2_000 * 100
