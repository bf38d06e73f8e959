"""Every run at one common price and at its own, and the dollar figures of others."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from traincost.checks import outcome
from traincost.columns import bounded
from traincost.declarations import ESTIMATES
from traincost.declarations.data_files import HOURS_BASIS
from traincost.declarations.field import REFERENCES
from traincost.derive import derive, finish

Layers = Mapping[str, pl.DataFrame]

# the scopes that every run is compared with
SCOPE_OF = {"v3": "v3", "r1": "r1", "both": "v3-r1"}
# within a factor of two of V3 + R1 is one weight class
CLASS_LOW, CLASS_HIGH = 0.5, 2.0


def with_reference_ids(frame: pl.DataFrame, *names: str) -> pl.DataFrame:
    """Adds `<name>_id`, the scope of each reference. Grain unchanged."""
    wanted = names or [name for name, _ in REFERENCES]
    return frame.with_columns(**{f"{name}_id": pl.lit(SCOPE_OF[name]) for name in wanted})


def beside(
    frame: pl.DataFrame, theirs: pl.DataFrame, by: list[str], quantity: str, prefix: str
) -> pl.DataFrame:
    """Adds `<prefix>_<quantity>` with bounds from the row of `theirs` with the same `by`."""
    columns = [name for name in bounded(quantity) if name in theirs.columns]
    return frame.join(
        theirs.select(*by, *(pl.col(name).alias(f"{prefix}_{name}") for name in columns)),
        on=by,
        how="left",
        validate="m:1",
        maintain_order="left",
    )


def common_price(frame: pl.DataFrame, scopes: pl.DataFrame) -> pl.DataFrame:
    """Adds `common_usd_per_gpu_hour`: the price of V3 and R1 under the book. Grain unchanged."""
    both = scopes.filter(pl.col("scope_id") == SCOPE_OF["both"])
    return beside(frame, both, ["book_id"], "usd_per_gpu_hour", "common")


def models(layers: Layers) -> pl.DataFrame:
    """`models` as declared, sorted by key."""
    table, scopes = ESTIMATES["models"], layers["estimates.scopes"]
    described = _described(layers["validated.stages"])
    frame = described.join(
        scopes.select("scope_id", "book_id", *bounded("gpu_hours")),
        on="scope_id",
        validate="1:m",
        maintain_order="left",
    )
    frame = common_price(with_reference_ids(frame), scopes)
    for name, _ in REFERENCES:
        theirs = scopes.filter(pl.col("scope_id") == SCOPE_OF[name])
        frame = beside(frame, theirs, ["book_id"], "gpu_hours", name)
        frame = _without_own(frame, name, "gpu_hours")
    return finish(derive(frame, table).with_columns(weight_class=_weight_class()), table)


def _described(stages: pl.DataFrame) -> pl.DataFrame:
    """Who made each run, on what, when. Grain: scope; every run, and V3 with R1."""
    doubtful_last = list(HOURS_BASIS).index
    both = stages.filter(pl.col("run_id").is_in([SCOPE_OF["v3"], SCOPE_OF["r1"]])).with_columns(
        scope_id=pl.lit(SCOPE_OF["both"]), model=pl.lit("DeepSeek-V3 + R1")
    )
    together = pl.concat(
        [stages.with_columns(scope_id="run_id"), both.select(*stages.columns, "scope_id")]
    )
    return (
        together.sort("scope_id", "run_id", "stage_order")
        .group_by("scope_id", maintain_order=True)
        .agg(
            pl.col("model", "developer").first(),
            pl.col("release_date").max(),
            gpus=pl.col("gpu").unique().sort(),
            stage_ids=pl.col("stage_id").sort(),
            # the least certain of its stages speaks for a run
            hours_basis=pl.col("hours_basis")
            .sort_by(
                pl.col("hours_basis").replace_strict(
                    {basis: doubtful_last(basis) for basis in HOURS_BASIS}
                )
            )
            .last(),
        )
    )


def _without_own(frame: pl.DataFrame, name: str, quantity: str) -> pl.DataFrame:
    """A reference is not compared with itself: its own row holds none of its quantity."""
    is_own = pl.col("scope_id") == SCOPE_OF[name]
    columns = [part for part in bounded(f"{name}_{quantity}") if part in frame.columns]
    return frame.with_columns(pl.when(~is_own).then(part).alias(part) for part in columns)


def _weight_class() -> pl.Expr:
    low, high = pl.col("ratio_to_both_low"), pl.col("ratio_to_both_high")
    return (
        pl.when(low.is_null())
        .then(None)
        .when((low >= CLASS_LOW) & (high <= CLASS_HIGH))
        .then(pl.lit("within"))
        .when((high < CLASS_LOW) | (low > CLASS_HIGH))
        .then(pl.lit("outside"))
        .otherwise(pl.lit("open"))
    )


def own_prices(layers: Layers) -> pl.DataFrame:
    """`own_prices` as declared, sorted by key: the first marked book that prices a scope."""
    table = ESTIMATES["own_prices"]
    marked = layers["validated.books"].filter("is_own_price").select("book_id", "book_order")
    runs = layers["validated.stages"]["run_id"].unique().to_list()
    tried = (
        layers["estimates.scopes"]
        .filter(pl.col("scope_id").is_in([*runs, SCOPE_OF["both"]]))
        .join(marked, on="book_id", validate="m:1")
        .sort("scope_id", "book_order")
    )
    frame = (
        pl.DataFrame({"scope_id": sorted([*runs, SCOPE_OF["both"]])})
        .join(_chosen(tried), on="scope_id", how="left", validate="1:1", maintain_order="left")
        .join(_reasons(tried), on="scope_id", how="left", validate="1:1", maintain_order="left")
        .with_columns(
            pl.col("quote_gpus").fill_null([]),
            pl.col("is_stand_in").fill_null(False),
            is_length_assumed=_is_length_assumed(layers["validated.windows"]),
            unpriced_because=pl.when(pl.col("own_cost_usd").is_null()).then(
                pl.coalesce("because", pl.lit("no book is marked own_price"))
            ),
        )
    )
    frame = with_reference_ids(frame)
    for name, _ in REFERENCES:
        theirs = frame.filter(pl.col("scope_id") == SCOPE_OF[name])
        theirs = theirs.with_columns(joined=pl.lit(1))
        frame = beside(
            frame.with_columns(joined=pl.lit(1)), theirs, ["joined"], "own_cost_usd", name
        )
        frame = _without_own(frame.drop("joined"), name, "own_cost_usd")
    return finish(derive(frame, table), table)


def _chosen(tried: pl.DataFrame) -> pl.DataFrame:
    """Of each scope, the cost under the first book that prices it."""
    return (
        tried.filter(pl.col("cost_usd").is_not_null())
        .group_by("scope_id", maintain_order=True)
        .first()
        .select(
            "scope_id",
            "quote_gpus",
            "is_stand_in",
            "usd_per_gpu_hour",
            *bounded("cost_usd"),
            own_book_id="book_id",
        )
        .rename({name: f"own_{name}" for name in ("usd_per_gpu_hour", *bounded("cost_usd"))})
    )


def _is_length_assumed(windows: pl.DataFrame) -> pl.Expr:
    assumed = windows.filter(pl.col("assumed_days").is_not_null())["run_id"].to_list()
    return pl.col("scope_id").is_in(assumed) & pl.col("own_cost_usd").is_not_null()


def _reasons(tried: pl.DataFrame) -> pl.DataFrame:
    """Why no book prices a scope: of several books' reasons the one nearest to a price."""
    no_quote = pl.col("reason").str.starts_with("no quote for").cast(pl.Int8)
    no_book = pl.col("reason").str.contains("no stand-in").cast(pl.Int8)
    return (
        tried.filter(pl.col("unpriced_because").is_not_null())
        .with_columns(
            # of "stage: reason; stage: reason" the first reason
            reason=pl.col("unpriced_because").str.replace(r"; .*", "").str.replace(r"^[^:]*: ", "")
        )
        .sort("scope_id", no_book, no_quote, "book_order")
        .group_by("scope_id", maintain_order=True)
        .agg(because=pl.col("reason").first())
    )


def third_party(layers: Layers) -> pl.DataFrame:
    """`third_party` as declared, sorted by key. `layers` holds `estimates.models` too."""
    table, by_model = ESTIMATES["third_party"], layers["estimates.models"]
    publishers = layers["validated.sources"].select("source_id", "publisher")
    frame = with_reference_ids(
        layers["validated.cost_estimates"]
        .join(publishers, on="source_id", validate="m:1", maintain_order="left")
        .join(layers["validated.books"].select("book_id"), how="cross")
    )
    for name, _ in REFERENCES:
        theirs = by_model.filter(pl.col("scope_id") == SCOPE_OF[name])
        frame = beside(frame, theirs, ["book_id"], "common_cost_usd", name)
    return finish(derive(frame, table), table)


def hour_checks(layers: Layers) -> pl.DataFrame:
    """`hour_checks` as declared, sorted by key."""
    baseline = layers["validated.books"].filter("is_baseline")["book_id"].item()
    both = layers["priced.stages"].filter(
        (pl.col("book_id") == baseline)
        & pl.col("gpu_hours_printed").is_not_null()
        & pl.col("gpu_hours_product").is_not_null()
    )
    table = ESTIMATES["hour_checks"]
    judged = outcome("gpu_hours_printed", "gpu_hours_product")
    return finish(derive(both, table).with_columns(outcome=judged), table)
