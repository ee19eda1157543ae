"""`privnum check-driver`: whether a driver keeps the protocol.

And what it lacks.
"""

from __future__ import annotations

import json
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from privnum import contracts
from privnum.suites.base.printing import printable
from privnum.suites.callbacks.receiver import EmbeddedReceiver, HttpReceiver
from privnum.suites.commands.check_driver.report import Sheet
from privnum.suites.commands.check_driver.suite import Trial
from privnum.suites.commands.parsers import check_driver_parser
from privnum.suites.commands.refusing import refuse
from privnum.suites.runner.connect import connect_driver, embedded_transport
from privnum.suites.safety.cleanup_journal import book_path
from privnum.suites.safety.limits import Guard, refusal
from privnum.suites.target.config import (
    EMBEDDED,
    Target,
    TargetError,
    load_target,
)
from privnum.suites.transport.api import HttpTransport
from privnum.suites.transport.deadline import Deadline

if TYPE_CHECKING:
    from collections.abc import Sequence

    from privnum.suites.callbacks.receiver import Receiver
    from privnum.suites.driver.protocol import Driver
    from privnum.suites.transport.api import Transport

__all__ = ["check_driver_main", "try_driver"]


def check_driver_main(argv: Sequence[str]) -> int:
    """Try the driver of a target and print what came of it.

    Status 0: what the driver claims is right. 1: something misbehaves. 2: bad usage, no driver, no answer, or something
    that is claimed could not be tried.
    """
    given = check_driver_parser().parse_args(argv)
    try:
        target = EMBEDDED if given.target is None else load_target(Path(given.target))
        problem = refusal(target, permitted=given.permitted)
        if problem is not None:
            raise TargetError(problem)
        bindings = None if given.target is None else book_path(Path(given.target), target.name)
        sheet = try_driver(target, patience=given.max_wait, bindings=bindings, deadline=Deadline(given.timeout))
    except (TargetError, contracts.ContractError) as error:
        return refuse("check-driver", str(error))
    if given.json:
        sys.stdout.write(json.dumps(sheet.as_json()) + "\n")
    else:
        sys.stdout.writelines(f"{printable(line)}\n" for line in sheet.lines())
    return sheet.status


def try_driver(
    target: Target, *, patience: float = 10, bindings: Path | None = None, deadline: Deadline | None = None
) -> Sheet:
    """Try the driver of a target; `bindings` is its cleanup journal.

    Raises TargetError where there is no driver, where nothing answers, or where an earlier run has left bindings.
    """
    if not target.has_driver:
        raise TargetError(f"{target.name} has no driver: [driver] of target.toml names none (docs/driver.md)")
    receiver, transport, driver = _connect(target, deadline)
    guard = Guard(target, bindings=bindings)
    name = str(target.describe()["driver"])
    sheet = Sheet(target.name, name)
    try:
        trial = Trial(
            target,
            guard.driving(driver),
            guard.over(transport),
            receiver,
            sheet,
            pause=time.sleep,
            patience=patience,
            deadline=deadline,
        )
        if not trial.ask_capabilities():
            if not any(row.tried for row in sheet.rows.values()) and sheet.rows["capabilities"].findings:
                raise TargetError(f"{target.name}: the driver does not answer: {_first(sheet)}")
            return sheet
        guard.begin(owns_worlds=trial.owns_worlds)
        trial.run()
        return sheet
    finally:
        if guard.book is not None:
            guard.book.close()
        receiver.close()
        transport.close()
        driver.close()


def _first(sheet: Sheet) -> str:
    return next(finding.came for row in sheet.rows.values() for finding in row.findings)


def _connect(target: Target, deadline: Deadline | None) -> tuple[Receiver, Transport, Driver]:
    if target.base_url is None:
        from privnum.suites.driver.protocol import Driver

        inner = EmbeddedReceiver()
        embedded = embedded_transport(inner)
        return inner, embedded, Driver(embedded)
    if find_spec("pytest_httpserver") is None:
        raise TargetError("pytest_httpserver is not installed; pip install '.[suites]' in privnum's checkout")
    driver = connect_driver(target, deadline, keeps=False)
    assert driver is not None
    receiver = HttpReceiver(target.receiver)
    transport = HttpTransport(
        target.base_url, timeout=target.request_timeout, deadline=deadline, keeps=False, ca_file=target.ca_file
    )
    return receiver, transport, driver
