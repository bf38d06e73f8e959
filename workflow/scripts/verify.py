"""Re-hash everything under results/ against results/audit/provenance.json."""

from seam import provenance
from seam.job import Job


def run(job: Job) -> None:
    """Say that results/ is as recorded, or fail with what is not."""
    job.say(provenance.verify())
