"""A ledger of jobs priced from a history of quotes: the work of R1, at any size.

Rows pass through a batch at a time, so that memory grows with the quotes and not
with the jobs.
"""
