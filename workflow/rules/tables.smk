# build/{validated,priced,estimates}/*.parquet -> build/tables/*.{html,tex,csv}
# One spec per table, several dresses; titles and notes are computed.

CELLS, CHANGES = "build/tables/cells.parquet", "build/tables/changes.parquet"
DRESSED = expand(
    "build/tables/{table}.{format}",
    table=["price_books", "price_change", "training_cost"],
    format=["csv", "html", "tex"],
)
TABLES = [*DRESSED, CELLS, CHANGES]


rule render_tables:
    """Dress the published tables as HTML, LaTeX and CSV."""
    input:
        validated=VALIDATED,
        priced=PRICED,
        estimates=ESTIMATES,
        ingest_receipt="build/receipts/ingest_data.json",
        receipts=[
            "build/receipts/validate_data.json",
            "build/receipts/price_stages.json",
            "build/receipts/estimate_costs.json",
        ],
    output:
        tables=DRESSED,
        cells=CELLS,
        changes=CHANGES,
        headline="build/headline.txt",
        receipt="build/receipts/render_tables.json",
    log:
        "logs/render_tables.log",
    params:
        *digests.of_rule("render_tables"),
    message:
        "Rendering tables"
    run:
        workers.run(rule, input, output, params, log)
