# all layers, receipts and declarations -> build/audit/
# Every number with what it was made of, what every file means, and how to tell that it is what the workflow wrote.

AUDIT = [
    "build/audit/dictionary.md",
    "build/audit/numbers.parquet",
    "build/audit/provenance.json",
]


rule write_audit:
    """Write every number's lineage, the dictionary, and the record of every file's hash."""
    input:
        layers=[INGESTED, VALIDATED, PRICED, ESTIMATES, TABLES, WORKBOOK],
        receipts=[
            "build/receipts/ingest_data.json",
            "build/receipts/validate_data.json",
            "build/receipts/price_stages.json",
            "build/receipts/estimate_costs.json",
            "build/receipts/render_tables.json",
            "build/receipts/write_workbook.json",
        ],
    output:
        numbers="build/audit/numbers.parquet",
        dictionary="build/audit/dictionary.md",
        provenance="build/audit/provenance.json",
        receipt="build/receipts/write_audit.json",
    log:
        "logs/write_audit.log",
    conda:
        "../../environment.yml"
    params:
        *digests.of_rule("write_audit"),
    message:
        "Writing numbers, dictionary and provenance"
    script:
        "../scripts/write_audit.py"


rule verify:
    """Re-hash everything under results/ against results/audit/provenance.json."""
    log:
        "logs/verify.log",
    conda:
        "../../environment.yml"
    message:
        "Verifying results/"
    script:
        "../scripts/verify_results.py"
