"""The conformance suite.

Checks any implementation of PrivateNumber from outside, by the rules of the contract.

`privnum check` runs everything and writes a report; `pytest --pyargs privnum.suites` runs the same
as ordinary tests. A check is a function that cites requirements (`runner/check.py`) and takes a context, a small world
with applications, numbers, users, calls and time (`runner/context.py`). What it claims goes into an event stream
(`runner/events.py`), from which every report is made (`report/`). CONTRIBUTING.md has the packages in their order.
"""
