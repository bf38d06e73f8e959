"""factors: what is drawn, and what the picture says in words."""

from __future__ import annotations

import math

import pytest

from traincost.efficiency import HOURS_FACTORS
from traincost.pictures.factors import DRAWN_FROM, LOOKS, factors
from unit.tables.worlds import table, with_stages
from unit.world import hashes, standard


def picture(tables):
    return factors(tables, hashes(tables))


def test_peers_with_a_quarter_of_v3s_hours_are_drawn_the_dearest_first() -> None:
    ratios = [row.cells["hours_ratio"].value for row in picture(standard()).table.rows]
    assert ratios == sorted(ratios, reverse=True)
    assert min(ratios) >= DRAWN_FROM
    whole = [row.cells["hours_ratio"].value for row in table("efficiency", standard()).rows[1:]]
    assert len(ratios) == sum(ratio >= DRAWN_FROM for ratio in whole)


def test_the_parts_of_a_bar_end_at_its_ratio() -> None:
    for row in picture(standard()).table.rows:
        points = sum(row.cells[f"{name}_log_points"].value for name in HOURS_FACTORS)
        assert points == pytest.approx(100 * math.log(row.cells["hours_ratio"].value))


def test_factors_are_told_apart_by_pattern_as_well_as_by_colour() -> None:
    patterns = [pattern for _, pattern in LOOKS.values()]
    assert len(set(patterns)) == len(patterns)


def test_it_says_what_the_table_says() -> None:
    for tables in (standard(), with_stages((",5.0M,", ",0.5M,"))):
        shown = picture(tables)
        assert shown.table.title == table("efficiency", tables).title
        assert shown.table.title in shown.alt
    assert "Llama 3.1 405B 11.58 times V3's GPU-hours" in picture(standard()).alt
