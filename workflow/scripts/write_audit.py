"""Write the dictionary, and the record of every file's hash."""

from seam import provenance
from seam.job import Job
from traincost.dictionary import dictionary


def run(job: Job) -> None:
    """Declarations to the dictionary, receipts to the record."""
    job.write_bytes(dictionary().encode(), job.output.dictionary)
    record = provenance.record([job.read_bytes(path) for path in job.input.receipts], job.receipt())
    job.write_bytes(record, job.output.provenance)
