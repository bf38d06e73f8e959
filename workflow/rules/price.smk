# build/validated/*.parquet -> build/priced/*.parquet
# Stages and serving days joined to the prices in force over their windows, per price book.

PRICED = expand(
    "build/priced/{table}.parquet",
    table=["book_use", "markets", "series", "serving", "stages", "unused_quotes"],
)

PRICE = {"quote_max_age_days": CONFIG["quote_max_age_days"]}


rule price_stages:
    """Price every stage and serving day under every price book."""
    input:
        validated=expand(
            "build/validated/{table}.parquet",
            table=["stages", "windows", "serving_days", "quotes", "books", "stand_ins"],
        ),
        receipts=["build/receipts/validate_data.json"],
    output:
        tables=PRICED,
        receipt="build/receipts/price_stages.json",
    log:
        "logs/price_stages.log",
    params:
        *digests.of_rule("price_stages", config=PRICE),
        config=PRICE,
    message:
        "Pricing stages"
    run:
        workers.run(rule, input, output, params, log)
