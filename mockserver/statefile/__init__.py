"""State files: what came in to a server, for another start to go on.

The core is a fold over its inputs, so its log is its state: inputs.py has their forms, edge.py keeps them and carries
them out again, log.py writes them, many at once (commits.py), file.py is the file, image.py all worlds at one moment.
"""
