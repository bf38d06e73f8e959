"""From disclosed GPU-hours and price tables to publication-quality tables."""

from pathlib import Path

from snakemake.utils import min_version

min_version("9.0")


include: "workflow/rules/common.smk"
include: "workflow/rules/ingest.smk"
include: "workflow/rules/validate.smk"
include: "workflow/rules/price.smk"
include: "workflow/rules/estimate.smk"
include: "workflow/rules/claims.smk"
include: "workflow/rules/tables.smk"
include: "workflow/rules/slides.smk"
include: "workflow/rules/numbers.smk"
include: "workflow/rules/page.smk"
include: "workflow/rules/workbook.smk"
include: "workflow/rules/audit.smk"
include: "workflow/rules/publish.smk"
include: "workflow/rules/ledger.smk"


# what no longer holds is made again
for reason in receipts.withdraw_broken(digests.REGISTERED):
    print(reason, file=sys.stderr)


rule all:
    """Build every layer and publish it to results/ (the default)."""
    default_target: not LEDGER["is_users"]
    input:
        INGESTED,
        VALIDATED,
        PRICED,
        ESTIMATES,
        CLAIMS,
        TABLES,
        WORKBOOK,
        AUDIT,
        PUBLISHED,


rule ledger:
    """Price a ledger of jobs: yours, or the small one of the project."""
    default_target: LEDGER["is_users"]
    input:
        "build/receipts/publish_ledger.json",
