"""Judge every claim of the ledger: the claims table of the claims layer."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from traincost import pairs
from traincost.claim_checks import PRINTED, known_scopes
from traincost.claimed import claimed
from traincost.columns import bounded
from traincost.conflicts import conflicts
from traincost.declarations import CLAIMS
from traincost.derive import derive, finish
from traincost.errors import BadCell, refuse
from traincost.judging import Judgement, figure_of, judged
from traincost.lookup import Lookup, Number, columns_of, estimate_of, unit_of
from traincost.numbers import Layers
from traincost.verdict_names import NOT_COMPUTABLE, WRONG_SCOPE
from traincost.verdicts import Estimate

Row = Mapping[str, Any]
# columns whose numbers add up over stages
ADDITIVE = ("cost_usd", "cost_unrounded_usd", "gpu_hours", "gpu_hours_unrounded")


def claims_layer(layers: Layers) -> dict[str, pl.DataFrame]:
    """The claims layer: `claims` and `conflicts` as declared, sorted by key.

    `layers`: by `layer.name`, all that come before. Raises UserError for rows that
    name what is no number of the pipeline.
    """
    lookup = Lookup(layers)
    return {"claims": judge_claims(layers, lookup), "conflicts": conflicts(layers, lookup)}


def judge_claims(layers: Layers, lookup: Lookup) -> pl.DataFrame:
    """`claims` as declared, sorted by key.

    `layers`: by `layer.name`; `lookup`: the numbers of all of them. Raises UserError
    that lists every claim whose quantity or inputs are no numbers, or of another unit.
    """
    claims = layers["validated.claims"]
    refuse(_unknown(claims, lookup))
    books = layers["validated.books"]
    baseline = books.filter("is_baseline")["book_id"].item()
    scopes = known_scopes(layers["validated.stages"], layers["validated.scopes"])
    table = CLAIMS["claims"]
    blank = dict.fromkeys(table.schema())
    lists = {name: [] for name, kind in table.schema().items() if kind == pl.List(pl.String)}
    rows = [
        blank | lists | _row(claim, lookup, baseline, scopes)
        for claim in claims.iter_rows(named=True)
    ]
    frame = pl.DataFrame(rows, schema=table.schema(), orient="row").drop("deviation")
    derived = derive(frame, table, only=("deviation",))
    # from words nothing can be off
    off = pl.when(~pl.col("is_words")).then("deviation")
    return finish(derived.with_columns(deviation=off), table)


def _unknown(claims: pl.DataFrame, lookup: Lookup) -> Iterator[BadCell]:
    for claim in claims.iter_rows(named=True):
        named = dict.fromkeys(pairs.pairs(claim["inputs"]).values(), "inputs")
        if claim["quantity"]:
            named[claim["quantity"]] = "quantity"
        is_known = True
        for base, column in named.items():
            if must := lookup.unknown(base):
                is_known = False
                yield BadCell(claim["file"], claim["line"], column, f"'{base}'", must)
        if is_known and claim["scope"] and not lookup.stages_of(claim["quantity"]):
            must = f"must be empty: {claim['quantity']} is made of no stages"
            yield BadCell(claim["file"], claim["line"], "scope", f"'{claim['scope']}'", must)
        if is_known and claim["quantity"] and not claim["reading"]:
            unit = lookup.unit(claim["quantity"])
            if unit and unit != claim["unit"]:
                must = f"must be {unit}, the unit of {claim['quantity']}, or a reading must convert"
                yield BadCell(claim["file"], claim["line"], "unit", f"'{claim['unit']}'", must)


def _row(
    claim: Row, lookup: Lookup, baseline: str, scopes: Mapping[str, frozenset[str]]
) -> dict[str, Any]:
    table = CLAIMS["claims"]
    kept = {name: claim[name] for name in table.schema() if name in claim and name != PRINTED}
    kept |= {
        "printed_text": claim[PRINTED],
        "printed_unit": claim["unit"],
        "is_declared": claim["declared_verdict"] is not None,
    }
    kept["article_line"] = None if claim["article_line"] is None else int(claim["article_line"])
    if claim["declared_verdict"]:
        return kept | {"verdict": claim["declared_verdict"]} | _declared_figure(claim)
    stages = _stages(claim, scopes)
    base = judged(claim, lookup, baseline, stages)
    others = {
        book_id: judged(claim, lookup, book_id, stages)
        for book_id in lookup.book_ids
        if book_id != baseline
    }
    return (
        kept
        | _figure_columns(claim, base)
        | _scope_columns(claim, base, stages, lookup, baseline)
        | {
            "verdict": base.verdict,
            "differs_under": sorted(
                book_id
                for book_id, other in others.items()
                if NOT_COMPUTABLE not in (other.verdict, base.verdict)
                and other.verdict != base.verdict
            ),
            "unpriced_under": sorted(
                book_id for book_id, other in others.items() if other.verdict == NOT_COMPUTABLE
            ),
        }
    )


def _stages(claim: Row, scopes: Mapping[str, frozenset[str]]) -> frozenset[str] | None:
    if not claim["scope"]:
        return None
    return frozenset().union(*(scopes[name] for name in claim["scope"].split(" ")))


def _declared_figure(claim: Row) -> dict[str, Any]:
    """The figure of a claim with a declared verdict, where it is one."""
    try:
        figure = claimed(claim[PRINTED] or "", claim["unit"] or "", claim["printed_step"] or "")
    except ValueError:  # none, or words
        return {}
    return dict(zip(bounded(PRINTED), (figure.value, figure.low, figure.high), strict=True))


def _figure_columns(claim: Row, base: Judgement) -> dict[str, Any]:
    figure = figure_of(claim)
    number, numeric = base.number, base.numeric
    number_id = number["number_id"] if number else None
    is_compared = numeric.apart is not None
    return {
        **dict(zip(bounded(PRINTED), (figure.value, figure.low, figure.high), strict=True)),
        **_stated_columns(claim, base),
        "reading": claim["reading"] or PRINTED,
        "is_bound": figure.is_bound,
        "is_words": figure.is_words,
        "estimate_id": number_id,
        "unit": unit_of(number) if number else claim["unit"],
        **dict(zip(bounded("estimate"), _as_held(number), strict=True)),
        "compared_ids": [f"{claim['claim_id']}.stated", number_id] if is_compared else [],
        "width_share": numeric.width_share,
        "apart": numeric.apart,
        "factor": numeric.factor,
        "factors": list(numeric.factors),
        "numeric_verdict": numeric.verdict,
        "found": numeric.detail or None,
    }


def _stated_columns(claim: Row, base: Judgement) -> dict[str, Any]:
    """The figure after the reading, with and without its qualifier, where it can be read."""
    stated, inputs = base.stated, base.stated_inputs
    if not inputs:
        return {}
    full = (stated.value, stated.low, stated.high)
    bare = (stated.value, stated.plain_low, stated.plain_high)
    return {
        "stated_names": list(inputs),
        "stated_ids": list(inputs.values()),
        **dict(zip(bounded("stated"), full, strict=True)),
        **dict(zip(bounded("bare"), bare, strict=True)),
    }


def _as_held(number: Number | None) -> tuple[float | None, float | None, float | None]:
    return (number["value"], number["low"], number["high"]) if number else (None, None, None)


def _scope_columns(
    claim: Row,
    base: Judgement,
    stages: frozenset[str] | None,
    lookup: Lookup,
    book_id: str,
) -> dict[str, Any]:
    if stages is None:
        return {}
    columns: dict[str, Any] = {
        "claimed_stage_ids": sorted(stages),
        "actual_stage_ids": sorted(base.actual),
        "scope_verdict": base.scope,
    }
    if base.scope != WRONG_SCOPE:
        return columns
    return (
        columns | _over(claim["quantity"], stages, lookup, book_id) | {"found": _told(base, stages)}
    )


def _over(quantity: str, stages: frozenset[str], lookup: Lookup, book_id: str) -> dict[str, Any]:
    """The quantity over some stages, where every stage has it and it adds up."""
    column = quantity.rpartition(".")[2]
    bases = [f"{stage}.{column}" for stage in sorted(stages)]
    parts = [lookup.at(base, book_id) for base in bases if base in lookup.depends]
    found = [estimate for part in parts if (estimate := estimate_of(part))]
    if column not in ADDITIVE or len(found) < len(bases):
        return {}
    ends = (
        [part.value for part in found],
        [part.low for part in found],
        [part.high for part in found],
    )
    ids = [part["number_id"] for part in parts if part]
    return {"scoped_ids": ids, **columns_of("scoped", Estimate(*map(math.fsum, ends)))}


def _told(base: Judgement, stages: frozenset[str]) -> str:
    """Which stages the number has and the claim has not, and the other way round."""
    more, less = sorted(base.actual - stages), sorted(stages - base.actual)
    parts = [f"holds {', '.join(more)} as well"] if more else []
    parts += [f"does not hold {', '.join(less)}"] if less else []
    return "the figure " + " and ".join(parts)
