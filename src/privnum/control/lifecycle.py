"""`privnum start`, `wait`, `env`, `status` and `stop`: for shells and CI."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from privnum.control import state
from privnum.control.client import Client, CommandError, add_target_options
from privnum.control.tables import facts
from privnum.ends import report_problem
from privnum.options import BAD_USAGE, OptionParser, add_language
from privnum.words import retell, say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = ["COMMANDS"]

#: Seconds between two looks at a process or a server.
_LOOK: Final = 0.05
_FORMS: Final = ("shell", "dotenv", "json")
#: Lines of the log that are shown where the server did not start.
_LAST_LINES: Final = 20


def _parser(command: str, text: str, status: str, example: str) -> OptionParser:
    parser = OptionParser(
        prog=f"privnum {command}",
        description=text,
        epilog=f"status: {status}",
        examples=(example,),
        allow_abbrev=False,
    )
    add_language(parser)
    return parser


def _fails(command: str, text: str, status: int = 1) -> int:
    report_problem(f"privnum {command}", text)
    return status


def _add_timeout(parser: argparse._ActionsContainer, usual: float) -> None:
    parser.add_argument(
        "--timeout", type=float, default=usual, metavar="SECONDS", help=f"give up then (default: {usual:g})"
    )


# ── start ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _start(args: Sequence[str]) -> int:
    _whole_start_parser().parse_args(args)  # prints the help, or what is wrong with an option of the server
    given, rest = _own_start_parser().parse_known_args(args)
    if "--print-config" in rest:
        from privnum.serving.command import serve_main

        return serve_main(rest)
    if not given.detach:
        return _fails("start", "say --detach, or run privnum serve, which stays in the foreground", BAD_USAGE)
    folder = Path(given.state_dir)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with state.lock(folder) as ours:
            _check_free(folder, ours)
            state.forget(folder)
            noted = _start_server(folder, rest, given.timeout)
    except CommandError as error:
        return _fails("start", str(error), error.status)
    sentence = say("privnum runs at {url} (pid {pid}); privnum stop ends it", url=noted["url"], pid=noted["pid"])
    _print(given.form, folder, noted, sentence)
    return 0


def _whole_start_parser() -> OptionParser:
    """Return what takes the options of the server and those of the start."""
    from privnum.serving.options import add_options

    parser = OptionParser(
        prog="privnum start",
        description="Start a server in the background, and answer when it is ready. Its options are those of privnum "
        "serve, and those that are said last.",
        epilog="status: 0 it is ready; 1 it did not start, or one runs already; 2 bad usage",
        examples=("privnum start --detach --port 0 --clock frozen",),
        allow_abbrev=False,
        argument_default=argparse.SUPPRESS,
    )
    add_options(parser)
    _add_start_options(parser)
    return parser


def _own_start_parser() -> OptionParser:
    """Return what takes the options of the start and leaves the others alone."""
    parser = OptionParser(prog="privnum start", add_help=False, allow_abbrev=False)
    form = _add_start_options(parser)
    form.add_argument("--json", dest="form", action="store_const", const="json")
    return parser


def _add_start_options(parser: argparse.ArgumentParser) -> argparse._MutuallyExclusiveGroup:
    """Add what privnum serve does not have; return the group of its forms."""
    group = parser.add_argument_group("of the start")
    group.add_argument("--detach", action="store_true", help="in the background; without it use privnum serve")
    form = group.add_mutually_exclusive_group()
    form.add_argument("--env", dest="form", action="store_const", const="shell", help="print exports for a shell")
    _add_timeout(group, 30)
    state.add_option(group)
    return form


def _check_free(folder: Path, ours: bool) -> None:
    """Refuse a second server of a folder, and a second start."""
    if not ours:
        raise CommandError(
            f"a privnum start of {folder} runs already; wait for it, or --state-dir names another folder"
        )
    running = state.read(folder)
    if running is not None and state.is_alive(running):
        there = f"a server of {folder} runs already at {running['url']} (pid {running['pid']})"
        raise CommandError(f"{there}; privnum stop ends it, --state-dir names another folder")


def _start_server(folder: Path, options: Sequence[str], timeout: float) -> dict[str, Any]:
    """Start the server, wait until it is ready and note it.

    Whatever goes wrong once its process runs ends that process.

    Raises:
        CommandError: it did not start.
    """
    deadline = time.monotonic() + timeout
    command = [sys.executable, "-m", "privnum.cli", "serve", *options, "--json"]
    line = folder / f"started-{os.getpid()}.json"
    with _private(line) as out, _private(state.log_of(folder)) as log:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=log, start_new_session=True)
    try:
        while not (text := line.read_text(encoding="utf-8")).endswith("\n"):
            if process.poll() is not None:
                raise CommandError(f"the server did not start; it said:\n{_end_of(state.log_of(folder))}")
            if time.monotonic() > deadline:
                raise CommandError(f"the server was not ready in {timeout:g} s; see {state.log_of(folder)}")
            time.sleep(_LOOK)
        noted: dict[str, Any] = {**json.loads(text), "pid": process.pid, "began": state.began(process.pid)}
        _client_of(noted).health()
        line.replace(folder / "started.json")
        state.keep(folder, noted)
    except BaseException:
        process.kill()
        process.wait()
        raise
    finally:
        line.unlink(missing_ok=True)
    return noted


def _client_of(noted: Mapping[str, Any]) -> Client:
    """Return a client of a server of this machine.

    What stands before its public address need not be there yet.
    """
    return Client(noted.get("local_url", noted["url"]), token=noted.get("control_token", ""))


def _private(path: Path) -> Any:
    """Open a file of ours anew; it has secrets, or may have."""
    path.unlink(missing_ok=True)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _end_of(log: Path) -> str:
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-_LAST_LINES:])


# ── env ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _variables(folder: Path, noted: Mapping[str, Any]) -> dict[str, str]:
    """Return what programs need, by the names of variables.

    Of several applications of a mode, the first.
    """
    found = {
        "PRIVNUM_SERVER": noted["url"],
        "PRIVNUM_URL": noted["url"],
        "PRIVNUM_CONTROL_URL": noted["control_url"],
        "PRIVNUM_STATE_DIR": str(folder.resolve()),
    }
    if noted.get("control_token"):
        found["PRIVNUM_TOKEN"] = noted["control_token"]
    for app in noted.get("applications", ()):
        head = f"PRIVNUM_{app['mode']}"
        if f"{head}_APP_KEY" not in found:
            found |= {f"{head}_APP_KEY": app["app_key"], f"{head}_APP_SECRET": app["app_secret"]}
            found |= {f"{head}_NUMBER": number for number in app["numbers"][:1]}
    return found


def _print(form: str | None, folder: Path, noted: Mapping[str, Any], sentence: str) -> None:
    if form == "json":
        sys.stdout.write(json.dumps(noted) + "\n")
    elif form is None:
        sys.stdout.write(sentence + "\n")
    else:
        word = "export " if form == "shell" else ""
        for name, value in _variables(folder, noted).items():
            sys.stdout.write(f"{word}{name}={shlex.quote(value)}\n")


def _env(args: Sequence[str]) -> int:
    parser = _parser(
        "env",
        "Print where the started server is, and of each mode key, secret and a number of its first application.",
        "0 they are printed; 1 no server runs; 2 bad usage",
        'eval "$(privnum env)"',
    )
    parser.add_argument(
        "--format", choices=_FORMS, default="shell", help="exports, NAME=value, or JSON (default: shell)"
    )
    state.add_option(parser)
    given = parser.parse_args(args)
    folder = Path(given.state_dir)
    noted = state.read(folder)
    if noted is None or not state.is_alive(noted):
        return _fails("env", f"no server of {folder} runs; privnum start --detach starts one")
    _print(given.format, folder, noted, "")
    return 0


# ── wait, status ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _wait(args: Sequence[str]) -> int:
    parser = _parser(
        "wait",
        "Wait until a server answers; with --world until it has that world, too.",
        "0 it answers; 1 it did not in time; 2 bad usage",
        "privnum wait --server http://localhost:8080 --timeout 60",
    )
    _add_timeout(parser, 30)
    add_target_options(parser)
    given = parser.parse_args(args)
    deadline = time.monotonic() + given.timeout
    while True:
        try:
            client = Client.of(given)
        except CommandError as error:
            return _fails("wait", str(error), error.status)  # waiting does not mend an address
        try:
            client.health()
            if given.world:
                client.of_world("GET", "")
        except CommandError as error:
            if time.monotonic() > deadline:
                return _fails("wait", f"{error} (waited for {given.timeout:g} s)")
            time.sleep(_LOOK)
        else:
            sys.stdout.write(say("{server} answers", server=client.server) + "\n")
            return 0


def _status(args: Sequence[str]) -> int:
    parser = _parser(
        "status",
        "Say whether the server that privnum start has started runs, and answers.",
        "0 it runs and answers; 1 it does not; 2 bad usage",
        "privnum status --json",
    )
    parser.add_argument("--json", action="store_true", help="print it as JSON")
    state.add_option(parser)
    given = parser.parse_args(args)
    folder = Path(given.state_dir)
    noted = state.read(folder)
    if noted is None:
        said: dict[str, Any] = {"state": "none", "why": f"nothing was started in {folder}"}
    elif not state.is_alive(noted):
        why = f"its process has ended; see {state.log_of(folder)}"
        said = {"state": "ended", "url": noted["url"], "pid": noted["pid"], "why": why}
    else:
        said = {"state": "running", "url": noted["url"], "pid": noted["pid"]}
        try:
            said["version"] = _client_of(noted).health()["version"]
        except CommandError as error:
            said |= {"state": "silent", "why": f"{error}; see {state.log_of(folder)}"}
    sys.stdout.write((json.dumps(said) if given.json else facts(_in_words(said))) + "\n")
    return 0 if said["state"] == "running" else 1


def _in_words(said: Mapping[str, Any]) -> dict[str, Any]:
    """What is said of the server, for people."""
    why = {"why": retell(said["why"])} if "why" in said else {}
    return {**said, "state": say(said["state"]), **why}


# ── stop ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _stop(args: Sequence[str]) -> int:
    parser = _parser(
        "stop",
        "End the server that privnum start has started, and no other process.",
        "0 it has ended, or none ran; 1 it does not end; 2 bad usage",
        "privnum stop",
    )
    _add_timeout(parser, 15)
    state.add_option(parser)
    given = parser.parse_args(args)
    folder = Path(given.state_dir)
    noted = state.read(folder)
    if noted is None or not state.is_alive(noted):
        state.forget(folder)
        sys.stdout.write(say("no server of {folder} runs", folder=folder) + "\n")
        return 0
    try:
        os.kill(noted["pid"], signal.SIGTERM)
    except ProcessLookupError:
        pass  # it has ended this moment
    except PermissionError:
        return _fails("stop", f"process {noted['pid']} is another user's; only that user can stop it")
    deadline = time.monotonic() + given.timeout
    while state.is_alive(noted):
        if time.monotonic() > deadline:
            return _fails(
                "stop", f"process {noted['pid']} has not ended in {given.timeout:g} s; see {state.log_of(folder)}"
            )
        time.sleep(_LOOK)
    if state.read(folder) == noted:  # else another start has noted its own
        state.forget(folder)
    sys.stdout.write(say("stopped the server at {url}", url=noted["url"]) + "\n")
    return 0


COMMANDS: Final[Mapping[str, Callable[[Sequence[str]], int]]] = {
    "start": _start,
    "env": _env,
    "wait": _wait,
    "status": _status,
    "stop": _stop,
}
