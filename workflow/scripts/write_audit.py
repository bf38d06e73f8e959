"""Write the dictionary, and the record of every file's hash."""

from seam import provenance
from seam.job import Job

with Job(snakemake) as job:
    from traincost.dictionary import dictionary

    job.write_bytes(dictionary().encode(), snakemake.output.dictionary)
    record = provenance.record(
        [job.read_bytes(path) for path in snakemake.input.receipts], job.receipt()
    )
    job.write_bytes(record, snakemake.output.provenance)
