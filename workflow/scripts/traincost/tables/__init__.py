"""Published tables: one spec each, several dresses.

`BUILDERS` maps a table's name to the function that builds its spec from the
layer tables; a new table is one entry here and one module beside it.
"""

from collections.abc import Callable, Mapping

import polars as pl

from traincost.tables.price_books import price_books
from traincost.tables.spec import PublishedTable
from traincost.tables.training_cost import training_cost

Builder = Callable[[Mapping[str, pl.DataFrame], Mapping[str, str]], PublishedTable]

BUILDERS: dict[str, Builder] = {
    "price_books": price_books,
    "training_cost": training_cost,
}
