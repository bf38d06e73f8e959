"""A claim under one price book: what it states there, what it is compared with, the verdicts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from traincost import pairs
from traincost.claim_checks import PRINTED
from traincost.claimed import Claimed, claimed
from traincost.lookup import Lookup, Number, estimate_of
from traincost.verdicts import Estimate, Verdict, final, judge, scope_verdict

Row = Mapping[str, Any]
ENDS = ("value", "low", "high", "plain_low", "plain_high")


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
    actual = lookup.stages_of(claim["quantity"])
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
    inputs = {name: estimate_of(number) for name, number in numbers.items()}
    spans = ((figure.low, figure.high), (figure.plain_low, figure.plain_high))
    full, plain = (
        pairs.evaluate(claim["reading"], inputs | {PRINTED: Estimate(figure.value, *span)})
        for span in spans
    )
    if full is None or plain is None:
        return figure, None
    ends = (full.low, full.high, plain.low, plain.high)
    read = replace(figure, **dict(zip(ENDS, (full.value, *ends), strict=True)))
    return read, {PRINTED: f"{claim['claim_id']}.{PRINTED}"} | ids
