"""Every number of every layer: its id, its value, and the numbers it was made of.

Built from the declarations (a column's formula, links and owner) and from the
ids that rows carry, so that a new table has its audit by being declared.

An id reads `<owner>.<column>`, followed by `@<book>` where the number depends on
the price book: `r1.total.cost_usd@deepseek-2usd`, `v3.total.gpu_hours`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping

import polars as pl

from traincost import formulas
from traincost.columns import BY_ID, Column, Link, Table
from traincost.declarations import BY_ADDRESS, NUMBERED
from traincost.idle_quotes import without_idle

Layers = Mapping[str, pl.DataFrame]

BOOK = "book_id"
SCHEMA = {
    "number_id": pl.String,
    "base_id": pl.String,
    "book_id": pl.String,
    "value": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "date": pl.Date,
    "unit": pl.String,
    "kind": pl.String,
    "formula": pl.String,
    "selection": pl.String,
    "input_names": pl.List(pl.String),
    "input_ids": pl.List(pl.String),
    "considered_ids": pl.List(pl.String),
    "layer": pl.String,
    "table": pl.String,
    "column": pl.String,
    "printed": pl.String,
    "file": pl.String,
    "line": pl.Int64,
    "source_id": pl.String,
    "locator": pl.String,
    "status": pl.String,
}
LISTS = ("input_names", "input_ids", "considered_ids")


def numbers(layers: Layers) -> pl.DataFrame:
    """All numbers of the given tables. `layers`: frames by `layer.name`.

    Grain: one row per number, sorted by `number_id`. `input_ids` are the
    numbers its formula reads, or that its selection used, `input_names` what
    the formula calls them; `considered_ids` those that a selection also looked
    at. Leaves have a `file` and `line`.
    Raises AssertionError where two cells claim one id with different values, or
    an input is no number.
    """
    named = with_ids(without_idle(layers))
    found = _together(
        _values_of(present, table, column)
        .join(_inputs(present, table, column, named), on="_row", validate="1:1")
        .with_columns(pl.col(*LISTS).fill_null([]))
        .drop("_row")
        for table in _present(named)
        for present, column in _cells(named[table.address], table)
    )
    _refuse_unknown(found)
    return found.select(*SCHEMA).cast(SCHEMA)


def values(layers: Layers) -> pl.DataFrame:
    """All numbers of the given tables, without what they were made of.

    Grain and columns as `numbers`, but for the lists of names and ids.
    Raises AssertionError where two cells claim one id with different values.
    """
    layers = without_idle(layers)
    found = _together(values_in(layers[table.address], table) for table in _present(layers))
    schema = {name: kind for name, kind in SCHEMA.items() if name not in LISTS}
    return found.select(*schema).cast(schema)


def values_in(frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    """The numbers of one table, as `values` has them; a number that several rows hold, as often."""
    named = with_own_ids(frame, table)
    cells = _cells(named, table)
    return pl.concat(_values_of(present, table, column) for present, column in cells).drop("_row")


def with_ids(layers: Layers) -> dict[str, pl.DataFrame]:
    """The tables that hold numbers, in a column `id:x` beside each `x` the id of its number.

    Grain unchanged. An empty cell has no id; a carried cell has that of the other table's number.
    """
    named: dict[str, pl.DataFrame] = {}
    for table in _present(layers):
        named[table.address] = _with_ids(layers[table.address], table, named)
    return named


def with_own_ids(frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    """A table with the ids of its own numbers, not of those carried from another, as `with_ids`."""
    owner = _owner(table)
    own = {}
    for column in (column for column in table.numbers() if not column.carried):
        whole = pl.concat_str(owner, pl.lit(f".{column.name}"))
        if depends_on_book(table, column):
            # a row without a book holds numbers that depend on none
            whole = pl.coalesce(pl.concat_str(whole, pl.lit("@"), BOOK), whole)
        own[_id(column.name)] = pl.when(pl.col(column.name).is_not_null()).then(whole)
    return frame.with_columns(**own)


def depends_on_book(table: Table, column: Column) -> bool:
    """Whether a column's numbers differ from price book to price book."""
    if not column.carried and BOOK not in table.key:
        return False
    if column.carried:
        if any(link.table == BY_ID for link in column.carried):
            return BOOK in table.key
        targets = [_target(link, column) for link in column.carried]
    elif column.formula and not formulas.is_aggregate(column.formula):
        targets = [(table, table[name]) for name in formulas.names(column.formula)]
    elif column.links and all(link.table != BY_ID for link in column.links):
        targets = [
            (BY_ADDRESS[link.table], BY_ADDRESS[link.table][name])
            for link in column.links
            for name in link.columns or (column.name,)
        ]
    else:
        return BOOK in table.key
    return any(depends_on_book(*target) for target in targets if target != (table, column))


def base_ids(layers: Layers) -> dict[str, bool]:
    """Ids without a book of all cells that are or could be numbers; whether each needs a book."""
    found: dict[str, bool] = {}
    layers = without_idle(layers)
    for table in _present(layers):
        book = [BOOK] if BOOK in table.key else []
        owners = layers[table.address].select(_owner(table).alias("owner"), *book)
        owners = owners.unique(maintain_order=True)
        for column in (column for column in table.numbers() if not column.carried):
            depends = depends_on_book(table, column)
            for owner, *books in owners.iter_rows():
                found[f"{owner}.{column.name}"] = depends and books != [None]
    return found


def _id(name: str) -> str:
    return f"id:{name}"


def _owner(table: Table) -> pl.Expr:
    return pl.format(re.sub(r"{\w+}", "{}", table.owner), *table.owner_columns())


def _target(link: Link, column: Column) -> tuple[Table, Column]:
    (name,) = link.columns or (column.name,)
    return BY_ADDRESS[link.table], BY_ADDRESS[link.table][name]


def _with_ids(frame: pl.DataFrame, table: Table, named: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Adds the id of every number of the row, null where the cell is empty. Grain unchanged."""
    frame = with_own_ids(frame, table).with_row_index("_row")
    for column in (column for column in table.numbers() if column.carried):
        frame = _carry(frame, table, column, named)
    return frame.drop("_row")


def _carry(
    frame: pl.DataFrame, table: Table, column: Column, named: Mapping[str, pl.DataFrame]
) -> pl.DataFrame:
    found = []
    for link in column.carried:
        if link.table == BY_ID:
            found.append(_by_id(frame, link).select("_row", "linked"))
            continue
        theirs = frame if link.table == table.address else named[link.table]
        (name,) = link.columns or (column.name,)
        found.append(_linked(frame, theirs, link, name))
    ids = pl.concat(found).filter(pl.col("linked").is_not_null())
    joined = frame.join(ids, on="_row", how="left", validate="1:1", maintain_order="left")
    return joined.with_columns(
        pl.when(pl.col(column.name).is_not_null()).then("linked").alias(_id(column.name))
    ).drop("linked")


def _by_id(frame: pl.DataFrame, link: Link) -> pl.DataFrame:
    """The ids a row holds. Grain: row of `frame` and id; columns `_row`, `linked`, `name`."""
    (ids,) = link.on
    names = pl.col(link.names) if link.names else pl.col(ids)
    held = frame.select("_row", linked=ids, name=names)
    many = [name for name in ("linked", "name") if held.schema[name] == pl.List(pl.String)]
    return held.explode(many) if many else held


def _linked(frame: pl.DataFrame, theirs: pl.DataFrame, link: Link, name: str) -> pl.DataFrame:
    """Ids of a linked column. Grain: row of `frame` and linked cell; columns `_row`, `linked`."""
    pairs = link.pairs()
    if link.only_if:
        frame = frame.filter(pl.col(link.only_if).is_not_null())
    ours = frame.select("_row", **{f"on:{their}": our for their, our in pairs})
    for their, our in pairs:
        if frame.schema[our] == pl.List(pl.String):
            ours = ours.explode(f"on:{their}")
    target = theirs.select(*(their for their, _ in pairs), linked=_id(name)).unique(
        maintain_order=True
    )
    return ours.join(
        target,
        left_on=[f"on:{their}" for their, _ in pairs],
        right_on=[their for their, _ in pairs],
        maintain_order="left_right",
    ).select("_row", "linked")


def _present(layers: Layers) -> Iterator[Table]:
    return (table for table in NUMBERED if table.address in layers)


def _cells(named: pl.DataFrame, table: Table) -> Iterator[tuple[pl.DataFrame, Column]]:
    """Each column of numbers of a table's own, with the rows that have a value."""
    for column in (column for column in table.numbers() if not column.carried):
        present = named.filter(pl.col(column.name).is_not_null())
        yield present.with_row_index("_row"), column


def _together(parts: Iterable[pl.DataFrame]) -> pl.DataFrame:
    together = pl.concat(parts)
    together = together.unique(maintain_order=True).sort("number_id")
    doubled = together.filter(pl.col("number_id").is_duplicated())
    if len(doubled):
        raise AssertionError(f"two numbers share the id {doubled[0, 'number_id']}")
    return together


def _values_of(present: pl.DataFrame, table: Table, column: Column) -> pl.DataFrame:
    """The numbers of one column, without what they were made of. Grain unchanged."""
    name = column.name
    is_date = column.kind == "date"
    has = present.columns
    # of a price row, what was printed is its price
    own = (f"{name}_text", "price_printed" if "/GPU" in column.unit else "")
    text = next((t for t in own if t in has), None)
    return present.select(
        "_row",
        number_id=_id(name),
        base_id=pl.col(_id(name)).str.split("@").list.first(),
        book_id=pl.col(BOOK) if depends_on_book(table, column) else pl.lit(None, pl.String),
        value=pl.lit(None, pl.Float64) if is_date else pl.col(name).cast(pl.Float64),
        low=_bound(name, "low", has),
        high=_bound(name, "high", has),
        date=pl.col(name) if is_date else pl.lit(None, pl.Date),
        unit=_unit(column),
        kind=_kind(table, column, has),
        formula=pl.col(column.formula_from)
        if column.formula_from
        else pl.lit(column.formula or None, pl.String),
        selection=pl.lit(column.selection or None, pl.String),
        layer=pl.lit(table.layer),
        table=pl.lit(table.name),
        column=pl.lit(name),
        printed=pl.col(text) if text else pl.lit(None, pl.String),
        **{
            place: pl.col(place) if place in has else pl.lit(None, SCHEMA[place])
            for place in ("file", "line", "source_id", "locator", "status")
        },
    )


def _unit(column: Column) -> pl.Expr:
    """The unit of a column; `see x` is told by the column `x` of the row."""
    named = re.fullmatch(r"see (\w+)", column.unit)
    return pl.col(named[1]) if named else pl.lit(column.unit)


def _bound(name: str, side: str, has: list[str]) -> pl.Expr:
    bound = f"{name}_{side}"
    return pl.col(bound) if bound in has else pl.lit(None, pl.Float64)


def _kind(table: Table, column: Column, has: list[str]) -> pl.Expr:
    """Reported, derived, assumed or third-party."""
    if column.formula or column.links:
        return pl.lit("derived")
    kind = pl.lit(table.number_kind)
    for basis in {"hours_basis", "basis"} & set(has):
        kind = pl.when(pl.col(basis) == "third-party").then(pl.lit("third-party"))
        kind = kind.otherwise(pl.lit(table.number_kind))
    if table.address == "validated.quotes":
        kind = pl.when(pl.col("kind") == "assumption").then(pl.lit("assumed"))
        kind = kind.otherwise(pl.lit(table.number_kind))
    return kind


def _inputs(
    frame: pl.DataFrame, table: Table, column: Column, named: Mapping[str, pl.DataFrame]
) -> pl.DataFrame:
    """What each number was made of. Grain: `_row`; input_names, input_ids, considered_ids."""
    used: list[pl.DataFrame] = []
    considered: list[pl.DataFrame] = []
    if column.formula and not formulas.is_aggregate(column.formula):
        read = frame.select("_row", read=_read_by(formulas.parse(column.formula)))
        used.append(read.explode("read").unnest("read"))
    for link in column.links:
        if link.table == BY_ID:
            (considered if link.is_considered else used).append(_by_id(frame, link))
            continue
        for name in link.columns or formulas.names(column.formula or column.name):
            found = _linked(frame, named.get(link.table, frame), link, name)
            found = found.select("_row", linked="linked", name=pl.lit(name))
            (considered if link.is_considered else used).append(found)
    inputs = _gathered(used).rename({"linked": "input_ids", "name": "input_names"})
    others = _gathered(considered).select("_row", considered_ids="linked")
    return (
        frame.select("_row")
        .join(inputs, on="_row", how="left", maintain_order="left")
        .join(others, on="_row", how="left", maintain_order="left")
        .with_columns(
            pl.col("considered_ids")
            .list.set_difference(pl.col("input_ids").fill_null([]))
            .list.sort()
        )
    )


def _gathered(found: list[pl.DataFrame]) -> pl.DataFrame:
    """Lists of ids and of names, parallel. Grain: `_row`."""
    schema = {"_row": pl.get_index_type(), "linked": pl.String, "name": pl.String}
    parts = [part.select(*schema) for part in found]
    together = pl.concat(parts) if parts else pl.DataFrame(schema=schema)
    return (
        together.filter(pl.col("linked").is_not_null())
        .unique(maintain_order=True)
        .group_by("_row", maintain_order=True)
        .agg("linked", "name")
    )


def _read_by(node: ast.expr) -> pl.Expr:
    """Cells that a row-wise formula reads, by name and id; of a coalesce, the first there is."""
    if isinstance(node, ast.Constant):
        return pl.lit([], dtype=pl.List(pl.Struct({"linked": pl.String, "name": pl.String})))
    if isinstance(node, ast.Name):
        return pl.concat_list(pl.struct(linked=_id(node.id), name=pl.lit(node.id)))
    if isinstance(node, ast.BinOp):
        return pl.concat_list(_read_by(node.left), _read_by(node.right))
    arguments = [_read_by(argument) for argument in node.args]
    if formulas.function_of(node) != "coalesce":
        return pl.concat_list(arguments)
    chosen = arguments[-1]
    for argument, cells in zip(reversed(node.args[:-1]), reversed(arguments[:-1]), strict=True):
        there = formulas.central(ast.unparse(argument)).is_not_null()
        chosen = pl.when(there).then(cells).otherwise(chosen)
    return chosen


def _refuse_unknown(together: pl.DataFrame) -> None:
    known = set(together["number_id"])
    for row_id, inputs in together.select("number_id", "input_ids").iter_rows():
        if unknown := set(inputs) - known:
            raise AssertionError(f"{row_id} reads {min(unknown)}, which is no number")
