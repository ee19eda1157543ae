"""What the sources print, as literal values.

Paths, numbers, lengths, codes, causes, area codes.

A second record of the contract, entered by hand from the same sources and independent of `contracts/`: no module here
but `compare` imports it. A slip in a table of `contracts/` would decide for the server and for who reads the table
beside it; a check that takes its good and wrong values from here notices. One module per noun: `operations`,
`messages` (requests, answers, pushes, made of `fields`), `numbers`, `areas`, `codes`, `causes`, `q850`.
"""
