"""A server that is a node.

It has some of the worlds that are in a database, and passes on what is for the others.

units.py has one world, node.py the worlds of this node for as long as the database takes it for alive, life.py lets
it be one anew, app.py says which world a request is for, passing.py hands requests to other nodes, beginning.py reads
the options.
"""
