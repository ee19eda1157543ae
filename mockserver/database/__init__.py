"""Shared state: worlds in PostgreSQL, which several servers serve.

Such a server is a node. address.py says what a database is called, tables.py makes it ready, store.py writes worlds,
reading.py reads them, log.py commits the inputs of all worlds of a node together, watch.py finds out which nodes live
and takes worlds, placing.py says to which node a world belongs.

A node has a number that no other one ever has. Each write looks at its row and holds it: so who takes the row away,
since the node is dead, knows that nothing is written in its name any more. The number is the fencing token.
"""
