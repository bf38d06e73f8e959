# build/priced/*.parquet -> build/estimates/*.parquet
# Bills, shares, checks on printed totals, with intervals; every run at one price and at its own,
# what makes V3 cheap, what serving costs; and quantities that claims need.

ESTIMATES = expand(
    "build/estimates/{table}.parquet",
    table=[
        "checks",
        "efficiency",
        "hour_checks",
        "models",
        "own_prices",
        "ownership",
        "purchases",
        "quantities",
        "real_dollars",
        "rent_or_buy",
        "rl_runs",
        "scopes",
        "scope_ladder",
        "serving",
        "serving_days",
        "shares",
        "third_party",
        "tornado",
        "uncertainty",
    ],
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
