"""Every table of every layer, declared once.

`data_files` are the files under data/ (ingested as text, validated as typed
tables) and what the configuration adds, `prices` the price files, `field_files` those
behind the tables on the whole field, `owner_files` those behind the cost to an owner,
`claim_files` those behind the claims; `priced`, `estimates`, `field`, `efficiency`,
`serving`, `ownership`, `real_dollars`, `rent_or_buy`, `scope_ladder`, `uncertainty`
and `claims` are derived.
"""

from traincost.columns import Table
from traincost.declarations import (
    audit,
    changes,
    claim_files,
    claims,
    data_files,
    efficiency,
    estimates,
    field,
    field_files,
    owner_files,
    ownership,
    priced,
    prices,
    real_dollars,
    rent_or_buy,
    scope_ladder,
    serving,
    uncertainty,
)


def _by_name(*tables: Table) -> dict[str, Table]:
    return {table.name: table for table in tables}


DATA_FILES = _by_name(
    *data_files.TABLES,
    *prices.TABLES,
    *field_files.TABLES,
    *owner_files.TABLES,
    *claim_files.TABLES,
)
CONFIGURED = _by_name(*data_files.CONFIGURED, *owner_files.CONFIGURED)
VALIDATED = DATA_FILES | CONFIGURED | {"quotes": prices.QUOTES}
LEFT_OUT = _by_name(prices.SKIPPED, prices.NOTES)
PRICED = _by_name(*priced.TABLES, *serving.PRICED, *priced.USE)
ESTIMATES = _by_name(
    *estimates.TABLES,
    *field.TABLES,
    *efficiency.TABLES,
    *serving.ESTIMATES,
    *ownership.TABLES,
    *real_dollars.TABLES,
    *rent_or_buy.TABLES,
    *scope_ladder.TABLES,
    *uncertainty.TABLES,
)
CLAIMS = _by_name(*claims.TABLES)
CHANGES = _by_name(*changes.TABLES)
AUDIT = _by_name(*audit.TABLES)

# the tables whose numbers the audit follows, in the order data flows
NUMBERED: tuple[Table, ...] = tuple(
    table
    for layer in (VALIDATED, PRICED, ESTIMATES, CLAIMS, CHANGES)
    for table in layer.values()
    if table.owner
)
BY_ADDRESS: dict[str, Table] = {table.address: table for table in NUMBERED}
