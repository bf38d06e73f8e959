# build/priced/*.parquet -> build/estimates/*.parquet
# Bills, shares, checks on printed totals and quantities that claims need, with intervals.

ESTIMATES = expand(
    "build/estimates/{table}.parquet", table=["checks", "quantities", "scopes", "shares"]
)


rule estimate_costs:
    """Add stages up to runs and bills, and check them against printed totals."""
    input:
        priced=PRICED,
        validated=VALIDATED,
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
