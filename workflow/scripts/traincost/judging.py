"""A claim under one price book: what it states there, what it is compared with, the verdicts."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from traincost import pairs
from traincost.claim_checks import PRINTED
from traincost.claimed import Claimed, claimed
from traincost.lookup import Lookup, Number, columns_of, estimate_of, frame_of
from traincost.verdicts import Estimate, Verdict, final, judge, scope_verdict

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Judgement:
    """A claim under one price book: what it states there, and both verdicts."""

    stated: Claimed
    stated_inputs: Mapping[str, str]
    number: Number | None
    numeric: Verdict
    scope: str | None
    actual: frozenset[str]

    @property
    def verdict(self) -> str:
        """The verdict on figure and scope."""
        return final(self.numeric.verdict, self.scope)


def judged(claim: Row, lookup: Lookup, book_id: str, stages: frozenset[str] | None) -> Judgement:
    """The claim under a book. `stages`: those it speaks of, if it states a scope."""
    number = lookup.at(claim["quantity"], book_id)
    stated, inputs = _stated(claim, lookup, book_id)
    texts = lookup.source_texts(claim["quantity"], number) if number else []
    numeric = judge(
        stated,
        estimate_of(number) if inputs is not None else None,
        claim[PRINTED],
        [] if claim["reading"] else texts,
        lookup.rates,
    )
    actual = lookup.stages_of(number["number_id"]) if number else frozenset()
    scope = None if stages is None or not number else scope_verdict(set(stages), set(actual))
    return Judgement(stated, inputs or {}, number, numeric, scope, actual)


def figure_of(claim: Row) -> Claimed:
    """The figure as printed, before any reading."""
    return claimed(claim[PRINTED], claim["unit"], claim["printed_step"] or "")


def _stated(claim: Row, lookup: Lookup, book_id: str) -> tuple[Claimed, Mapping[str, str] | None]:
    """The figure after the reading, and the ids it read; None where one has no value."""
    figure = figure_of(claim)
    if not claim["reading"]:
        return figure, {PRINTED: f"{claim['claim_id']}.{PRINTED}"}
    numbers = {
        name: lookup.at(base, book_id) for name, base in pairs.pairs(claim["inputs"]).items()
    }
    if any(number is None for number in numbers.values()):
        return figure, None
    ids = {name: number["number_id"] for name, number in numbers.items() if number}
    inputs: dict[str, float | None] = {}
    for name, number in numbers.items():
        inputs |= columns_of(name, estimate_of(number))
    value = figure.low if figure.value is None else figure.value
    frame = frame_of(
        [
            inputs | columns_of(PRINTED, Estimate(value, figure.low, figure.high)),
            inputs | columns_of(PRINTED, Estimate(value, figure.plain_low, figure.plain_high)),
        ]
    )
    full, plain = pairs.evaluate(claim["reading"], frame).iter_rows(named=True)
    read = Claimed(
        None if figure.value is None else full["value"],
        *_ends(full),
        *_ends(plain),
        is_bound=figure.is_bound,
    )
    return read, {PRINTED: f"{claim['claim_id']}.{PRINTED}"} | ids


def _ends(row: Row) -> tuple[float, float]:
    return (
        -math.inf if row["low"] is None else row["low"],
        math.inf if row["high"] is None else row["high"],
    )
