"""Write the dictionary, and the record of every file's hash, inputs and versions."""

from seam import provenance
from seam.job import Job

with Job(snakemake) as job:
    from traincost.dictionary import dictionary

    text = dictionary().encode()
    job.write_bytes(text, snakemake.output.dictionary)
    for path in [*snakemake.input.layers, *snakemake.input.receipts]:
        job.read_bytes(path)
    record = provenance.record(snakemake.input.receipts, {"audit/dictionary.md": text}, job.rule)
    job.write_bytes(record, snakemake.output.provenance)
