"""The demo data: real clusters and their public facts, invented companies and people.

One module per noun: its facts, and how the actions load them. Nothing here can reach anybody:
every address lies in a domain that is reserved for examples.
"""
