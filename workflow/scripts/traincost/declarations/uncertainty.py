"""What assumptions leave open: quantiles of every estimate that reads them, and which matters."""

from traincost.columns import BY_ID, Column, Link, Table, number
from traincost.declarations.estimates import QUANTITIES
from traincost.declarations.ownership import OWNERSHIP
from traincost.declarations.real_dollars import REAL_DOLLARS
from traincost.declarations.rent_or_buy import RENT_OR_BUY
from traincost.declarations.scope_ladder import SCOPE_LADDER

# factors of a cost, which are no estimates
STEPS = (
    "server_usd_per_gpu",
    "value_share",
    "start_usd_per_gpu",
    "replacement_per_year",
    "used_share",
)


def _results(table: Table) -> tuple[str, ...]:
    """What formulas make of assumptions, but for steps on the way."""
    named = (column.name for column in table.columns if column.formula or column.formula_from)
    return tuple(name for name in named if name not in STEPS)


# what is sampled: table -> its results; each table comes after those that it reads
RESULTS = {
    table.name: _results(table)
    for table in (OWNERSHIP, REAL_DOLLARS, RENT_OR_BUY, QUANTITIES, SCOPE_LADDER)
}
DRAWN = (
    "quantile of the estimate at Sobol points, one draw of each assumption for all estimates; all"
    " else it reads at its central value"
)

_READ = Link(BY_ID, on=("input_ids",))
_NUMBER = Link(BY_ID, on=("number_id",))


def _quantile(percent: str) -> Column:
    return number(
        f"p{percent}",
        f"value that {int(percent)}% of the draws do not exceed",
        "see unit",
        selection=DRAWN,
        links=(_READ,),
    )


_ESTIMATE = (
    Column("estimate_id", "the estimate, without its price book"),
    Column("book_id", "id of the price book, where the estimate depends on it", optional=True),
)
_CENTRAL = (
    Column("number_id", "the estimate"),
    Column("set_id", "set of assumptions that it reads"),
    Column("unit", "its unit"),
    Column("input_ids", "the estimate and its uncertain assumptions", kind="ids"),
    number(
        "central_value",
        "the estimate with every assumption at its central value",
        "see unit",
        interval=True,
        optional=True,
        carried=(_NUMBER,),
    ),
)

UNCERTAINTY = Table(
    name="uncertainty",
    layer="estimates",
    meaning="Quantiles of every estimate that reads uncertain assumptions, by quasi-Monte-Carlo."
    " What printed digits and quotes leave open is not in them. An estimate that some draw makes"
    " negative or infinite has no row.",
    grain="One row per estimate and, where it depends on one, price book.",
    key=("estimate_id", "book_id"),
    owner="spread.{estimate_id}",
    columns=(
        *_ESTIMATE,
        *_CENTRAL,
        Column("leading_id", "assumption that moves it most, which is integrated over"),
        Column("points", "Sobol points of the others, doubled until three digits stand"),
        _quantile("05"),
        _quantile("50"),
        _quantile("95"),
    ),
)


def _at(side: str) -> Column:
    return number(
        f"at_{side}",
        f"the estimate with the assumption at its {side} end, the others at their central value",
        "see unit",
        selection=f"the estimate with one assumption at its {side} end",
        links=(_READ,),
    )


TORNADO = Table(
    name="tornado",
    layer="estimates",
    meaning="How far each assumption alone moves a rung of the ladder, or a month of the cluster.",
    grain="One row per estimate and uncertain assumption that it reads.",
    key=("estimate_id", "assumption_id"),
    owner="tornado.{estimate_id}.{assumption_id}",
    columns=(
        _ESTIMATE[0],
        Column("assumption_id", "id of the assumption in its set"),
        Column("parameter", "what is assumed"),
        Column("place", "its place, the one that moves the estimate most being 1"),
        *_CENTRAL,
        _at("low"),
        _at("high"),
        number(
            "swing",
            "how far apart the two are",
            "see unit",
            formula="greatest(at_low, at_high) - least(at_low, at_high)",
        ),
        number(
            "swing_share",
            "that over the central value",
            "1",
            formula="swing / central_value",
        ),
    ),
)

TABLES = (UNCERTAINTY, TORNADO)
