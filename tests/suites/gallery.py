"""Targets that answer nonsense, and a way to run every check of the suites against one without a run of pytest."""

from __future__ import annotations

import contextlib
import itertools
import random
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from privnum.suites import checks as modes
from privnum.suites import probes
from privnum.suites.runner.check import PROBES, NoAnswer, check_of
from privnum.suites.runner.context import CheckContext
from privnum.suites.runner.execute import run_probe
from privnum.suites.target.config import App, Target, XNumber
from privnum.suites.target.number_pool import Pool
from privnum.suites.transport.api import make_answer
from tests.suites import miniatures as mini

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from privnum.suites.base.answer import Answer
    from privnum.suites.runner.session import Session
    from privnum.suites.transport.client import Headers

__all__ = ["PEOPLE", "TARGET", "Changed", "Silent", "Tells", "json_answer", "page", "run_checks"]

PEOPLE = "+8613800000021"
"""Somebody whose number stands in the nonsense; it may stand in no report."""
TARGET = Target(
    name="nonsense",
    base_url="http://127.0.0.1:1/api",
    applications=(
        mini.APP,
        App("key2", "secret", "AXB", numbers=(XNumber("+8617100000001", "0755"),), index=2),
        App("key3", "secret", "AXE", (XNumber("+8617300000001", "0755"), XNumber("+8617300000002", "0755")), index=3),
    ),
    pools={"mobile": Pool(prefix="+86138000", width=5, count=20_000)},
)

Change = "Callable[[dict[str, Any]], dict[str, Any]]"


def page(status: int, text: bytes = b"<html>It works! " + PEOPLE.encode() + b"</html>") -> Answer:
    """What a web server says that is no platform."""
    return make_answer(status, [("Content-Type", "text/html")], text)


def json_answer(status: int, body: Any) -> Answer:
    """A body in JSON."""
    return make_answer(status, [("Content-Type", "application/json")], orjson.dumps(body))


class Tells:
    """Answers everything with these, in turn; None is no answer."""

    def __init__(self, *answers: Answer | None) -> None:
        self._answers = itertools.cycle(answers)

    def request(self, method: str, path: str, query: str, headers: Headers, body: bytes) -> Answer:
        answer = next(self._answers)
        if answer is None:
            raise NoAnswer(f"no answer to {method} {path}: connection reset by peer")
        return answer

    def close(self) -> None:
        pass


class Silent(Tells):
    """Answers nothing."""

    def __init__(self) -> None:
        super().__init__(None)


class Changed:
    """Answers as `inner` does, Location too, but for what `change` makes of the bodies; the driver's are left out."""

    def __init__(self, inner: Any, change: Callable[[random.Random, dict[str, Any]], dict[str, Any]]) -> None:
        self._inner = inner
        self._change = change
        self._random = random.Random(1)

    def request(self, method: str, path: str, query: str, headers: Headers, body: bytes) -> Answer:
        answer: Answer = self._inner.request(method, path, query, headers, body)
        if answer.body is None or "/_privnum/" in path:
            return answer
        kept = [(name, value) for name, value in answer.headers if name.lower() == "location"]
        content = orjson.dumps(self._change(self._random, dict(answer.body)))
        return make_answer(answer.status, [("Content-Type", "application/json"), *kept], content)

    def close(self) -> None:
        self._inner.close()


# ── the checks ───────────────────────────────────────────────────────────────────────────────────────────────────────


def run_checks(session: Session, every: int = 1) -> int:
    """Run each check, or one of so many, as pytest would; how many were run."""
    count = 0
    for name, run in itertools.islice(_checks(), 0, None, every):
        context = CheckContext(session, name)
        with contextlib.suppress(pytest.skip.Exception, pytest.fail.Exception, Exception):
            run(context)
        count += 1
    return count


def _checks() -> Iterator[tuple[str, Callable[[CheckContext], None]]]:
    assert probes
    for assumption, probe in PROBES.items():
        yield f"test_probes::{assumption}", partial(run_probe, probe)
    for name, function, given in checks_of():
        yield name, partial(_run_check, function, given)


def _run_check(function: Any, given: dict[str, Any], context: CheckContext) -> None:
    function(context=context, **given)


def checks_of() -> Iterator[tuple[str, Any, dict[str, Any]]]:
    """Each check by its name, with the parameters that it is run with."""
    for module in _modules():
        for name, function in vars(module).items():
            if name.startswith("test_") and check_of(function):
                for number, given in enumerate(parameters_of(function)):
                    short = module.__name__.removeprefix("privnum.suites.checks.")
                    yield f"{short}::{name}[{number}]", function, given


def _modules() -> Iterator[Any]:
    folders: list[Path] = sorted(path for path in _home().iterdir() if path.is_dir())
    for folder in folders:
        for path in sorted(folder.glob("test_*.py")):
            yield import_module(f"privnum.suites.checks.{folder.name}.{path.stem}")


def _home() -> Path:
    from pathlib import Path

    return Path(str(modes.__file__)).parent


def parameters_of(function: Any) -> Iterator[dict[str, Any]]:
    """Every combination of the values that the marks of pytest give."""
    marks = [mark for mark in getattr(function, "pytestmark", ()) if mark.name == "parametrize"]
    choices = []
    for mark in marks:
        names = [n.strip() for n in mark.args[0].split(",")] if isinstance(mark.args[0], str) else list(mark.args[0])
        values = [getattr(value, "values", value) if not isinstance(value, dict) else value for value in mark.args[1]]
        choices.append([dict(zip(names, v if len(names) > 1 else [v], strict=True)) for v in values])
    for each in itertools.product(*choices):
        yield {name: value for part in each for name, value in part.items()}
