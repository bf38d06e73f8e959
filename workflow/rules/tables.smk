# build/{validated,priced,estimates}/*.parquet -> build/tables/*.{html,tex,csv}
# One spec per table, several dresses; titles and notes are computed.

CELLS = "build/tables/cells.parquet"
DRESSED = expand(
    "build/tables/{table}.{format}",
    table=["price_books", "training_cost"],
    format=["csv", "html", "tex"],
)
TABLES = [*DRESSED, CELLS]


rule render_tables:
    """Dress the published tables as HTML, LaTeX and CSV."""
    input:
        validated=expand(
            "build/validated/{table}.parquet", table=["books", "quotes", "sources", "stages"]
        ),
        priced=["build/priced/stages.parquet"],
        estimates=expand("build/estimates/{table}.parquet", table=["scopes", "shares"]),
        ingest_receipt="build/receipts/ingest_data.json",
        receipts=[
            "build/receipts/validate_data.json",
            "build/receipts/price_stages.json",
            "build/receipts/estimate_costs.json",
        ],
    output:
        tables=DRESSED,
        cells=CELLS,
        headline="build/headline.txt",
        receipt="build/receipts/render_tables.json",
    log:
        "logs/render_tables.log",
    conda:
        "../../environment.yml"
    params:
        *digests.of_rule("render_tables"),
    message:
        "Rendering tables"
    script:
        "../scripts/render_tables.py"
