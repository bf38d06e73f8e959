# build/{validated,priced,estimates,claims}/*.parquet -> build/tables/*.{html,tex,csv}, build/pictures/*
# One spec per table, several dresses; titles and notes are computed.

CELLS = "build/tables/cells.parquet"
CHANGES = ["build/tables/assumption_changes.parquet", "build/tables/changes.parquet"]
DRESSED = expand(
    "build/tables/{table}.{format}",
    table=[
        "assumption_change",
        "claims",
        "conflicts",
        "efficiency",
        "method_bridge",
        "models",
        "price_books",
        "price_change",
        "real_dollars",
        "rent_or_buy",
        "rl_runs",
        "scope_ladder",
        "serving",
        "tornado",
        "training_cost",
        "uncertainty",
    ],
    format=["csv", "html", "tex"],
)
PICTURES = expand(
    "build/pictures/{picture}.{format}",
    picture=["cost_over_time", "factors", "swings"],
    format=["csv", "png", "svg", "txt"],
)
TABLES = [*DRESSED, *PICTURES, CELLS, *CHANGES]


rule render_tables:
    """Dress the published tables as HTML, LaTeX and CSV, and draw the pictures."""
    input:
        validated=VALIDATED,
        priced=PRICED,
        estimates=ESTIMATES,
        claims=CLAIMS,
        ingest_receipt="build/receipts/ingest_data.json",
        receipts=[
            "build/receipts/validate_data.json",
            "build/receipts/price_stages.json",
            "build/receipts/estimate_costs.json",
            "build/receipts/judge_claims.json",
        ],
    output:
        tables=DRESSED,
        pictures=PICTURES,
        cells=CELLS,
        changes=CHANGES,
        headline="build/headline.txt",
        receipt="build/receipts/render_tables.json",
    log:
        "logs/render_tables.log",
    params:
        *digests.of_rule("render_tables"),
    message:
        "Rendering tables and pictures"
    run:
        workers.run(rule, input, output, params, log)
