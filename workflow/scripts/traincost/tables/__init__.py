"""Published tables: one spec each, several dresses.

`BUILDERS` maps a table's name to the function that builds its spec from the
layer tables; a new table is one entry here and one module beside it.
"""

from collections.abc import Callable, Mapping

import polars as pl

from traincost.assumption_changes import assumption_changes_frame, project_layers
from traincost.changes import changes_frame
from traincost.numbers import values
from traincost.tables.assumption_change import assumption_change
from traincost.tables.cells import cells_frame
from traincost.tables.claims import claims
from traincost.tables.conflicts import conflicts
from traincost.tables.efficiency import efficiency
from traincost.tables.method_bridge import method_bridge
from traincost.tables.models import models
from traincost.tables.price_books import price_books
from traincost.tables.price_change import price_change
from traincost.tables.real_dollars import real_dollars
from traincost.tables.rent_or_buy import rent_or_buy
from traincost.tables.rl_runs import rl_runs
from traincost.tables.scope_ladder import scope_ladder
from traincost.tables.serving import serving
from traincost.tables.spec import PublishedTable
from traincost.tables.tornado import tornado
from traincost.tables.training_cost import training_cost
from traincost.tables.uncertainty import uncertainty

Layers = Mapping[str, pl.DataFrame]
Builder = Callable[[Layers, Mapping[str, str]], PublishedTable]

BUILDERS: dict[str, Builder] = {
    # in the order in which they introduce their numbers
    "training_cost": training_cost,
    "price_books": price_books,
    "models": models,
    "efficiency": efficiency,
    "rl_runs": rl_runs,
    "serving": serving,
    "method_bridge": method_bridge,
    "real_dollars": real_dollars,
    "rent_or_buy": rent_or_buy,
    "scope_ladder": scope_ladder,
    "uncertainty": uncertainty,
    "tornado": tornado,
    "claims": claims,
    "conflicts": conflicts,
}


def built_tables(
    layers: Layers, files: Mapping[str, str]
) -> tuple[dict[str, PublishedTable], dict[str, pl.DataFrame]]:
    """All published tables by name; and `changes` and `assumption_changes` as declared, by name.

    `layers`: by `layer.name`. `files`: data file to SHA-256. What moves under a
    user's prices or assumptions is computed from the numbers that the other tables show.
    """
    built = _built(layers, files)
    cells = cells_frame(built.values())
    of_project = project_layers(layers)
    project = _built(of_project, files) if of_project else {}
    moves = {
        "changes": changes_frame(cells, values(layers), layers["validated.books"]),
        "assumption_changes": assumption_changes_frame(
            layers, cells, of_project, cells_frame(project.values())
        ),
    }
    known = {**layers, **{f"tables.{name}": frame for name, frame in moves.items()}}
    of_prices = price_change(built, known)
    of_assumptions = assumption_change(built, project, known)
    return built | {"price_change": of_prices, "assumption_change": of_assumptions}, moves


def _built(layers: Layers, files: Mapping[str, str]) -> dict[str, PublishedTable]:
    return {name: build(layers, files) for name, build in BUILDERS.items()}
