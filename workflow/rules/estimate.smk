# build/priced/*.parquet -> build/estimates/*.parquet
# Bills, shares and checks on printed totals, with intervals; every run at one price and at its own,
# what makes V3 cheap, what serving costs.

ESTIMATES = expand(
    "build/estimates/{table}.parquet",
    table=[
        "checks",
        "efficiency",
        "hour_checks",
        "models",
        "own_prices",
        "rl_runs",
        "scopes",
        "serving",
        "serving_days",
        "shares",
        "third_party",
    ],
)


rule estimate_costs:
    """Add stages up to runs and bills, and check them against printed totals."""
    input:
        priced=expand("build/priced/{table}.parquet", table=["stages", "serving"]),
        validated=expand(
            "build/validated/{table}.parquet",
            table=[
                "books",
                "cost_estimates",
                "hardware",
                "printed_totals",
                "rl_runs",
                "scopes",
                "serving_days",
                "sources",
                "stages",
                "training_compute",
                "windows",
            ],
        ),
        receipts=["build/receipts/price_stages.json", "build/receipts/validate_data.json"],
    output:
        tables=ESTIMATES,
        receipt="build/receipts/estimate_costs.json",
    log:
        "logs/estimate_costs.log",
    conda:
        "../../environment.yml"
    params:
        *digests.of_rule("estimate_costs"),
    message:
        "Adding up bills"
    script:
        "../scripts/estimate_costs.py"
