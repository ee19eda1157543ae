"""A run held against its baseline, and the failures of the run before."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import orjson

from privnum.ends import printed_to_anybody
from privnum.suites.base.printing import printable
from privnum.suites.report.baseline import changes, known_failures, read_baseline, toml_of
from privnum.suites.report.model import gives_no_verdict
from privnum.toml_files import FileError
from privnum.words import count_of, figure, join_words, say

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

__all__ = ["hold_against", "problem_of", "rules_first"]

_SHOWN: Final = 40
_NAMED: Final = 10
"""Rules of the run before that a line names."""


def problem_of(given: argparse.Namespace) -> str | None:
    """What is wrong with the options of the baseline, or in its file."""
    if given.baseline is None:
        return say("--update-baseline needs --baseline FILE") if given.update_baseline else None
    path = Path(given.baseline)
    if not path.exists():
        if not given.update_baseline:
            return say("--baseline: there is no {file}; --update-baseline writes it", file=path)
        if path.parent.is_dir():
            return None
        return say("--baseline: there is no folder {folder} to write {file} in", folder=path.parent, file=path.name)
    try:
        read_baseline(path, waiting=given.update_baseline)  # one that waits for reasons is written anew
    except FileError as error:
        return str(error)
    return None


def rules_first(given: argparse.Namespace) -> list[str]:
    """The rules that are checked first, and print which."""
    if not given.failed:
        return []
    try:
        found = _failed_before(Path(given.report_dir))
    except ValueError as error:
        _note(say("{problem}; everything is checked in its usual order", problem=error))
        return []
    named = join_words(found[:_NAMED])
    if not found:
        _note(say("nothing failed last time"))
    elif len(found) > _NAMED:
        _note(say("first {rules} and others", rules=named))
    else:
        _note(say("first {rules}", rules=named))
    return found


def hold_against(given: argparse.Namespace, report: Mapping[str, Any]) -> int:
    """Return the status that a run has by its baseline.

    Raises FileError, OSError.
    """
    path = Path(given.baseline)
    return _update(path, report) if given.update_baseline else _judge(path, report)


def _failed_before(folder: Path) -> list[str]:
    """Return the rules that failed or had an error in the run before.

    Raises ValueError, with what would be right, where there is no such report.
    """
    path = folder / "report.json"
    try:
        report = orjson.loads(path.read_bytes())
        return [rule["id"] for rule in report["requirements"] if rule["verdict"] in ("failed", "error")]
    except OSError as error:
        problem = say(
            "{file} cannot be read ({reason}); run privnum check once without it", file=path, reason=error.strerror
        )
        raise ValueError(problem) from None
    except (orjson.JSONDecodeError, TypeError, KeyError):
        raise ValueError(say("{file} is no report; run privnum check once without it", file=path)) from None


def _judge(path: Path, report: Mapping[str, Any]) -> int:
    """Print what is otherwise than the baseline says; return the exit status.

    Status 0: nothing is. 1: something is, better or worse. 2: the run gives no verdict. Raises FileError.
    """
    baseline = read_baseline(path)
    found = changes(baseline, report)
    for change in found[:_SHOWN]:
        kind = say("worse") if change.is_worse else say("changed")
        _print(say("{kind}: {text}", kind=kind, text=change.text))
    if len(found) > _SHOWN:
        _print(say("and {count} more", count=figure(len(found) - _SHOWN)))
    if found:
        worse = sum(change.is_worse for change in found)
        told = say(
            "baseline {file}: {worse} worse, {other} otherwise changed; when that is right: the same command with "
            "--update-baseline",
            file=path,
            worse=figure(worse),
            other=figure(len(found) - worse),
        )
        _print(told)
        return 1
    _print(say("baseline {file}: {failures}, as it says", file=path, failures=_failures(len(baseline))))
    return 2 if gives_no_verdict(report) else 0


def _update(path: Path, report: Mapping[str, Any]) -> int:
    """Write what fails now into the baseline; return the exit status.

    Status 0: each has its reason. 1: some wait for theirs. 2: the run gives no verdict. Raises FileError, OSError.
    """
    before = read_baseline(path, waiting=True) if path.exists() else ()
    known = known_failures(report, before)
    try:
        path.write_text(toml_of(known), encoding="utf-8")
    except OSError as error:
        problem = say("--baseline: {file} cannot be written: {reason}", file=path, reason=error.strerror)
        raise FileError(problem) from None
    waiting = [each.rule for each in known if not each.reason]
    _print(say("baseline {file}: {failures} written", file=path, failures=_failures(len(known))))
    if waiting:
        _print(say("write the reason of each into {file}: {rules}", file=path, rules=", ".join(waiting)))
    return 2 if gives_no_verdict(report) else int(bool(waiting))


def _failures(count: int) -> str:
    return count_of(count, "known failure")


def _note(line: str) -> None:
    sys.stderr.write(f"privnum check: --failed: {printable(line)}\n")


def _print(line: str) -> None:
    with printed_to_anybody():
        sys.stdout.write(f"{printable(line)}\n")
