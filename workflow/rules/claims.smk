# build/{validated,priced,estimates}/*.parquet -> build/claims/*.parquet
# A verdict for every claim, and what sources print different values for.

CLAIMS = expand("build/claims/{table}.parquet", table=["claims", "conflicts"])


rule judge_claims:
    """Judge every claim, and list what sources disagree on."""
    input:
        validated=VALIDATED,
        priced=PRICED,
        estimates=ESTIMATES,
        receipts=[
            "build/receipts/validate_data.json",
            "build/receipts/price_stages.json",
            "build/receipts/estimate_costs.json",
        ],
    output:
        tables=CLAIMS,
        receipt="build/receipts/judge_claims.json",
    log:
        "logs/judge_claims.log",
    params:
        *digests.of_rule("judge_claims"),
    message:
        "Judging claims"
    run:
        workers.run(rule, input, output, params, log)
