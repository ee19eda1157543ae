"""`privnum report`: makes the reports of a run from its events again."""

from __future__ import annotations

import sys
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from privnum.suites.commands.parsers import report_parser
from privnum.suites.commands.refusing import refuse
from privnum.suites.report import counterexamples, json, junit, terminal
from privnum.suites.report.html import page as html
from privnum.suites.report.load import EventsError, Run, file_of, read_run, run_of
from privnum.suites.report.shards import join_files
from privnum.words import speak

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["make_room", "not_written", "report_main", "write_reports"]

_REPORTS = ("report.json", "report.html", "junit.xml")
"""Files of a report."""


def make_room(folder: Path) -> None:
    """Take away what an earlier run has written.

    Nobody shall read it as the report of this one. Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("events.jsonl", *_REPORTS):
        (folder / name).unlink(missing_ok=True)
    counterexamples.remove(folder)


def not_written(folder: Path, error: OSError) -> str:
    """Return why the reports cannot be written."""
    return f"--report-dir: {error.filename or folder} cannot be written: {error.strerror or error}"


def write_reports(events: Path, folder: Path) -> dict[str, Any]:
    """Write report.json, report.html, junit.xml and counterexamples there.

    Return the report.

    They are functions of the events, and report.html of the language: the same file gives the same bytes. Raises
    EventsError where the file holds no run, OSError where the folder cannot be written.
    """
    return _write(read_run(events), folder)


def _write(run: Run, folder: Path) -> dict[str, Any]:
    folder.mkdir(parents=True, exist_ok=True)
    as_json, as_html, as_xml = (folder / name for name in _REPORTS)
    json.write(run.report, as_json)
    html.write(run, as_html)
    counterexamples.write(run.report, folder)
    with speak("en"):  # programs read it
        junit.write(run, as_xml)
    return run.report


def _write_joined(parts: Sequence[Path], folder: Path) -> dict[str, Any]:
    """Write the joined events of all parts, and the reports of the run."""
    if any(file_of(path).resolve() == (folder / "events.jsonl").resolve() for path in parts):
        raise EventsError(
            f"--out: {folder} has one of the parts, which the joined run would replace; name another folder"
        )
    events = join_files(parts)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "events.jsonl").write_bytes(b"".join(orjson.dumps(event) + b"\n" for event in events))
    return _write(run_of(events), folder)


def report_main(argv: Sequence[str]) -> int:
    """Make the reports of a run, or of one in parts.

    Status 0: they are written, whatever they say; 2: a file holds no run, parts do not fit, or bad usage.
    """
    given = report_parser().parse_args(argv)
    files = [Path(name) for name in given.events]
    if given.out is None and len(files) > 1:
        return refuse("report", "parts of a run are joined into a folder of their own; name it: --out DIR")
    folder = file_of(files[0]).parent if given.out is None else Path(given.out)
    try:
        report = write_reports(files[0], folder) if len(files) == 1 else _write_joined(files, folder)
    except EventsError as error:
        return refuse("report", str(error))
    except OSError as error:
        return refuse("report", f"{error.filename or folder} cannot be written: {error.strerror or error}")
    with suppress(BrokenPipeError):  # the reports are written, whether anybody reads on or not
        _print(report, folder, quiet=given.quiet)
    return 0


def _print(report: dict[str, Any], folder: Path, *, quiet: bool) -> None:
    if find_spec("rich") is None:
        sys.stdout.writelines(f"{line}\n" for line in terminal.brief(report))
        return
    terminal.print_report(report, terminal.screen(sys.stdout), folder, quiet=quiet)
