"""Who checks it: judges any implementation of PrivateNumber from outside, by the requirements of the contract.

`privnum check` runs everything and writes a report; `pytest --pyargs privnum.suites --target target.toml` runs the same
as ordinary tests. A check is a function that cites requirements (`check.py`) and takes a bench (`bench.py`): a small
world with applications, numbers, users, calls and time. What it claims goes into an event stream (`events.py`), from
which every report is made (`report/`).
"""
