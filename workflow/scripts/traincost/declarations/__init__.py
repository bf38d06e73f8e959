"""Every table of every layer, declared once.

`data_files` are the files under data/ (ingested as text, validated as typed
tables) and what the configuration adds; `prices` are the price files; `priced` and
`estimates` are derived.
"""

from traincost.columns import Table
from traincost.declarations import audit, changes, data_files, estimates, priced, prices

DATA_FILES: dict[str, Table] = {table.name: table for table in (*data_files.TABLES, *prices.TABLES)}
CONFIGURED: dict[str, Table] = {table.name: table for table in data_files.CONFIGURED}
VALIDATED: dict[str, Table] = DATA_FILES | CONFIGURED | {"quotes": prices.QUOTES}
LEFT_OUT: dict[str, Table] = {table.name: table for table in (prices.SKIPPED, prices.NOTES)}
PRICED: dict[str, Table] = {table.name: table for table in priced.TABLES}
ESTIMATES: dict[str, Table] = {table.name: table for table in estimates.TABLES}
CHANGES: dict[str, Table] = {table.name: table for table in changes.TABLES}
AUDIT: dict[str, Table] = {table.name: table for table in audit.TABLES}

# the tables whose numbers the audit follows, in the order data flows
NUMBERED: tuple[Table, ...] = tuple(
    table
    for layer in (VALIDATED, PRICED, ESTIMATES, CHANGES)
    for table in layer.values()
    if table.owner
)
