"""Re-hash everything under results/ against results/audit/provenance.json."""

from seam import provenance
from seam.job import Job

with Job(snakemake) as job:
    job.say(provenance.verify())
