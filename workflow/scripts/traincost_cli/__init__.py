"""The `traincost` command: open a published number, compare two results folders, check prices.

Changes nothing; imports nothing that the question at hand does not need, so that
an answer comes at once.
"""
