"""Tie every number that a table shows to what it was made of."""

from seam.job import Job

with Job(snakemake) as job:
    from traincost.audit import audit_numbers
    from traincost.declarations import AUDIT

    layers = job.read_layers(snakemake.input.layers)
    job.write(audit_numbers(layers), AUDIT["numbers"], snakemake.output.numbers)
