"""What runs cost in dollars of one month, by a price index."""

from traincost.columns import Column, Link, Table, number

_OWNED = Link("estimates.ownership", on=("work_id", "set_id"))


def _index(name: str, month: str, date: str, of: str) -> Column:
    """The index of the month of a date of the purchase."""
    return number(
        name,
        f"the index in the month of {of}",
        "1",
        optional=True,
        selection=f"the index in the month of {of}",
        links=(
            Link("validated.price_index", on=(f"month={month}",), columns=("index_value",)),
            Link("estimates.purchases", on=("work_id",), columns=(date,), is_considered=True),
        ),
    )


def _carried(name: str, meaning: str, **more: object) -> Column:
    return number(name, meaning, "USD", optional=True, carried=(_OWNED,), **more)


def _real(name: str, nominal: str, index: str, meaning: str, **more: object) -> Column:
    formula = f"{nominal} * real_index / {index}"
    return number(name, meaning, "USD", optional=True, formula=formula, **more)


REAL_DOLLARS = Table(
    name="real_dollars",
    layer="estimates",
    meaning="What the hardware of a run cost its owner and what renting it costs, in dollars of one"
    " month. A purchase is in dollars of the month of its quote, a rent in those of the month in"
    " which the work began.",
    grain="One row per piece of work and set of assumptions.",
    key=("work_id", "set_id"),
    owner="{work_id}.owned.{set_id}.real",
    columns=(
        Column("work_id", "id of the work"),
        Column("set_id", "set of assumptions"),
        Column("quote_month", "month of the purchase quote", optional=True),
        Column("start_month", "month in which the work began", optional=True),
        Column("real_month", "month of the dollars: the last of the index"),
        _index("quote_index", "quote_month", "quote_date", "the quote"),
        _index("start_index", "start_month", "start_date", "the start"),
        number(
            "real_index",
            "the index in the month of the dollars",
            "1",
            carried=(
                Link("validated.price_index", on=("month=real_month",), columns=("index_value",)),
            ),
        ),
        _carried("cluster_usd", "price of the cluster"),
        _carried("owned_cost_usd", "what the work cost an owner", interval=True),
        _carried("rental_cost_usd", "what renting it costs", interval=True),
        _real(
            "real_cluster_usd", "cluster_usd", "quote_index", "price of the cluster, real dollars"
        ),
        _real(
            "real_owned_cost_usd",
            "owned_cost_usd",
            "quote_index",
            "what the work cost an owner, real dollars",
            interval=True,
        ),
        _real(
            "real_rental_cost_usd",
            "rental_cost_usd",
            "start_index",
            "what renting it costs, real dollars",
            interval=True,
        ),
    ),
)

TABLES = (REAL_DOLLARS,)
