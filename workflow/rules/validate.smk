# build/ingested/*.parquet -> build/validated/*.parquet
# Typed, one row per key; bad cells are refused by file, line and column.

VALIDATED = expand(
    "build/validated/{table}.parquet",
    table=[*DATA_FILES, "quotes", "assumption_sets", "books", "stand_ins"],
)

VALIDATE = {
    "price_books": {
        book_id: book | {"file": digests.shown_path(book["file"])}
        for book_id, book in CONFIG["price_books"].items()
    },
    "baseline": CONFIG["baseline"],
    "as_of": CONFIG["as_of"],
    "assumption_set": CONFIG["assumption_set"],
}


rule validate_data:
    """Type every cell, check it against its declaration, and check references."""
    input:
        ingested=INGESTED,
        receipts=["build/receipts/ingest_data.json"],
    output:
        tables=VALIDATED,
        receipt="build/receipts/validate_data.json",
    log:
        "logs/validate_data.log",
    params:
        *digests.of_rule("validate_data", config=VALIDATE),
        config=VALIDATE,
    message:
        "Checking every cell"
    run:
        workers.run(rule, input, output, params, log)
