# build/priced/*.parquet -> build/estimates/*.parquet
# Bills, shares and checks on printed totals, with intervals.

ESTIMATES = expand("build/estimates/{table}.parquet", table=["checks", "scopes", "shares"])


rule estimate_costs:
    """Add stages up to runs and bills, and check them against printed totals."""
    input:
        priced="build/priced/stages.parquet",
        validated=expand(
            "build/validated/{table}.parquet", table=["scopes", "books", "printed_totals"]
        ),
        receipts=["build/receipts/price_stages.json", "build/receipts/validate_data.json"],
    output:
        tables=ESTIMATES,
        receipt="build/receipts/estimate_costs.json",
    log:
        "logs/estimate_costs.log",
    params:
        *digests.of_rule("estimate_costs"),
    message:
        "Adding up bills"
    run:
        workers.run(rule, input, output, params, log)
