"""What is wrong with a claim, in words made from its verdict's values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from traincost import verdict_names as verdicts
from traincost.printed import split_qualifier
from traincost.tables.spec import Cell, Row, Shown, quantity
from traincost.tables.units import in_unit

Words = tuple[str, list[Cell]]
SHARE = Shown("%", per=0.01)
FACTOR = Shown("1")


def explained(row: Row, shown: Shown, stages: Mapping[str, str]) -> Words:
    """The sentences of a row, and the cells of the numbers computed for them.

    `row`: of `claims`. `shown`: how its figures are shown. `stages`: what each stage
    is called, by id.
    """
    tell = _TOLD.get(row["verdict"], _nothing)
    words, cells = tell(row, shown, stages)
    if not words and row["scope_verdict"] == verdicts.SCOPE_HOLDS:
        words = "figure and scope"
    sentences = [f"{part[:1].upper()}{part[1:]}" for part in (words, row["reason"]) if part]
    return " ".join(s if s.endswith(".") else f"{s}." for s in sentences), cells


def _nothing(row: Row, shown: Shown, stages: Mapping[str, str]) -> Words:
    return "", []


def _only_qualified(row: Row, shown: Shown, stages: Mapping[str, str]) -> Words:
    qualifier = split_qualifier(row["printed_text"])[0] or row["printed_text"]
    low, high = (
        in_unit(row, "bare", shown, f"{row['claim_id']}.bare", side) for side in ("low", "high")
    )
    return f"holds only as “{qualifier}”: the bare figure is {low.display} to {high.display}", [
        low,
        high,
    ]


def _coarse(row: Row, shown: Shown, stages: Mapping[str, str]) -> Words:
    cell = quantity(row, "width_share", row["claim_id"], SHARE)
    return f"the wider interval is {cell.display}% of its centre", [cell]


def _factors(row: Row, shown: Shown, stages: Mapping[str, str]) -> Words:
    if row["factor"] is None:
        return "the intervals meet after several factors", []
    (label,) = row["factors"]
    sign = label.partition(" ")[0]
    cell = quantity(row, "factor", row["claim_id"], FACTOR)
    words = label.partition(" ")[2].partition(" ")[2]
    return f"the intervals meet after {sign} {cell.display} {words}".rstrip(), [cell]


def _misprint(row: Row, shown: Shown, stages: Mapping[str, str]) -> Words:
    return f"the digits are those of the source, but for {row['found'].rpartition(': ')[2]}", []


def _not_computable(row: Row, shown: Shown, stages: Mapping[str, str]) -> Words:
    return "the baseline gives no number to compare", []


def _scope(row: Row, shown: Shown, stages: Mapping[str, str]) -> Words:
    claimed, actual = row["claimed_stage_ids"], row["actual_stage_ids"]
    more = _named((stage for stage in actual if stage not in claimed), stages)
    less = _named((stage for stage in claimed if stage not in actual), stages)
    parts = [f"holds {more} as well"] if more else []
    parts += [f"does not hold {less}"] if less else []
    words = f"the figure {' and '.join(parts)}"
    if row["scoped"] is None:
        return words, []
    cell = in_unit(row, "scoped", shown, f"{row['claim_id']}.scoped")
    return f"{words}; {_named(claimed, stages)} alone: {cell.display} {cell.unit}", [cell]


def _named(stage_ids: Iterable[str], stages: Mapping[str, str]) -> str:
    names = [stages.get(stage, stage) for stage in stage_ids]
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


_TOLD: dict[str, Callable[[Row, Shown, Mapping[str, str]], Words]] = {
    verdicts.BY_QUALIFIER: _only_qualified,
    verdicts.TOO_COARSE: _coarse,
    verdicts.WRONG_UNIT: _factors,
    verdicts.AMBIGUOUS_UNIT: _factors,
    verdicts.TRANSCRIPTION: _misprint,
    verdicts.WRONG_SCOPE: _scope,
    verdicts.NOT_COMPUTABLE: _not_computable,
}
