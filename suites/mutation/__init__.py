"""Seeded bugs, which prove that the suites notice.

Each is killed by the requirement that it breaks.

This is the one place of `suites` that knows the server from inside. No check imports it.

A bug that every mode can have stands once, in `calls`, `bindings` or `tables`, under the rule of the family; each mode
whose contract has the rule gets a mutant of it. A mode adds `<mode>/server.py`, which says where its server has what,
and the bugs that it alone can have. Bugs of rules of all modes (COM-…) are in `common`, those
that show only between modes in `mixed`. `operators` has the edits of
which bugs are made; `data` edits the contract instead of the server.
"""
