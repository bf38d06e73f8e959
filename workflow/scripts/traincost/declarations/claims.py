"""The claims layer: the ledger with its verdicts, and conflicts between sources."""

from traincost.columns import BY_ID, PLACE, Column, Link, Table
from traincost.declarations.claim_files import EVIDENCE, KINDS
from traincost.declarations.data_files import PROVENANCE
from traincost.verdict_names import COARSE_SHARE, COMPUTED, DECLARED, SCOPE_HOLDS, WRONG_SCOPE

SEE_UNIT = "see unit"
_BOTH = Link(BY_ID, on=("compared_ids",))


def _number(name: str, meaning: str, unit: str = SEE_UNIT, **more: object) -> Column:
    return Column(name, meaning, kind="number", unit=unit, optional=True, **more)  # type: ignore[arg-type]


CLAIMS = Table(
    name="claims",
    layer="claims",
    owner="{claim_id}",
    meaning="Every claim with its verdict, under the baseline book, and all that the verdict rests"
    " on. Two intervals that touch meet.",
    grain="One row per claim and test.",
    key=("claim_id",),
    added=PLACE,
    columns=(
        Column("claim_id", "id of the claim"),
        Column("kind", "a claim to be tested, or a known misreading", allowed=KINDS),
        Column("section", "part of that source", optional=True),
        Column("article_line", "line of that source", kind="integer", optional=True),
        Column("claim", "what is claimed, in our words"),
        Column("printed_text", "the figure as printed", optional=True),
        Column("printed_unit", "unit of the figure", optional=True),
        _number(
            "printed",
            "the figure; the one meant where words stand for it",
            "see printed_unit",
            interval=True,
        ),
        Column("unit", "unit after `reading`, that of the estimate", optional=True),
        Column("reading", "arithmetic that makes it comparable", optional=True),
        Column("stated_names", "names that the reading reads", kind="ids"),
        Column("stated_ids", "numbers that they stand for", kind="ids"),
        _number(
            "stated",
            "the figure after the reading, with the qualifier in its interval",
            interval=True,
            formula_from="reading",
            links=(Link(BY_ID, on=("stated_ids",), names="stated_names"),),
        ),
        _number(
            "bare",
            "the same without the qualifier in its interval: half a step each way",
            interval=True,
            formula_from="reading",
            links=(Link(BY_ID, on=("stated_ids",), names="stated_names"),),
        ),
        Column(
            "is_bound",
            "whether the claim states bounds, not how exact it is",
            kind="flag",
            optional=True,
        ),
        Column(
            "is_words",
            "whether words stand for the figure, so that nothing can be off from it",
            kind="flag",
            optional=True,
        ),
        Column("quantity", "number that should equal it, without a price book", optional=True),
        Column("estimate_id", "that number, under the baseline book", optional=True),
        _number(
            "estimate",
            "its value; bounds are empty where it is exact",
            interval=True,
            carried=(Link(BY_ID, on=("estimate_id",)),),
        ),
        Column("compared_ids", "the stated figure and the estimate", kind="ids"),
        _number(
            "deviation",
            "the stated figure over the estimate, less one",
            "1",
            formula="stated / estimate - 1",
        ),
        _number(
            "width_share",
            "the wider of the two intervals over its centre, one-sided ones left out; above"
            f" {COARSE_SHARE:g} it cannot test",
            "1",
            selection="the wider of the two intervals over its centre",
            links=(_BOTH,),
        ),
        _number(
            "apart",
            "how far apart the two intervals are, over the estimate; 0 where they meet",
            "1",
            selection="the gap between the two intervals over the estimate, 0 where they meet",
            links=(_BOTH,),
        ),
        _number(
            "factor",
            "the factor after which the intervals meet, where it is the only one",
            "1",
            selection="the factor after which the two intervals meet",
            links=(_BOTH,),
        ),
        Column("factors", "factors after which the intervals meet, where they do not", kind="ids"),
        Column("numeric_verdict", "verdict on the figure", allowed=tuple(COMPUTED), optional=True),
        Column("claimed_stage_ids", "stages that the claim speaks of", kind="ids"),
        Column("actual_stage_ids", "stages that the number is made of", kind="ids"),
        Column("scoped_ids", "the same quantity of each claimed stage", kind="ids"),
        _number(
            "scoped",
            "where the scope is wrong: the same quantity over the claimed stages",
            interval=True,
            selection="the sum over the claimed stages",
            links=(Link(BY_ID, on=("scoped_ids",)),),
        ),
        Column(
            "scope_verdict",
            "verdict on the scope",
            allowed=(SCOPE_HOLDS, WRONG_SCOPE),
            optional=True,
        ),
        Column("verdict", "the verdict", allowed=(*COMPUTED, *DECLARED)),
        Column("is_declared", "whether the verdict was declared, not computed", kind="flag"),
        Column("found", "what the computation found, in words", optional=True),
        Column("reason", "why, in our words", optional=True),
        Column("differs_under", "price books under which the verdict is another", kind="ids"),
        Column("unpriced_under", "price books that give no number to compare", kind="ids"),
        *EVIDENCE,
        *PROVENANCE,
    ),
)

CONFLICTS = Table(
    name="conflicts",
    layer="claims",
    owner="{conflict_id}.{value_order}",
    meaning="Values that sources print for one thing, and which is used and why. Printed totals"
    " that their stages do not give are found by the checks.",
    grain="One row per thing and value.",
    key=("conflict_id", "value_order"),
    added=PLACE,
    columns=(
        Column("conflict_id", "id of the thing"),
        Column("value_order", "place of the value among those of its thing"),
        Column("found_by", "a row of the data, or a check", allowed=("data", "check")),
        Column("item", "the thing"),
        Column("printed_text", "the value as printed; empty where computed", optional=True),
        Column("unit", "unit of the value"),
        _number("printed", "the value; empty for dates and words", interval=True),
        _number(
            "held",
            "the value where a check found the conflict: the number of `number_id`",
            interval=True,
            carried=(Link(BY_ID, on=("number_id",)),),
        ),
        Column("printed_by", "who prints it"),
        Column("is_used", "whether this value is used", kind="flag"),
        Column(
            "is_current",
            "whether the number of `number_id` still is this value",
            kind="flag",
            optional=True,
        ),
        Column("number_id", "number of the pipeline that is this value", optional=True),
        _number(
            "ratio_to_used",
            "the value over the one that is used, where both have one unit",
            "1",
            selection="the value over the one that is used",
            links=(Link(BY_ID, on=("ratio_ids",)),),
        ),
        Column("ratio_ids", "the two values", kind="ids"),
        Column("why", "why it is used, or not"),
        Column("source_id", "document it was read from", optional=True),
        Column("locator", "place in that document", optional=True),
        Column("status", "how the figure was verified", optional=True),
        Column("read_via", "the copy that was read", optional=True),
        Column("note", "what a reader of this row has to know", optional=True),
    ),
)

TABLES = (CLAIMS, CONFLICTS)
