"""A PostgreSQL cluster of one's own: made, started, killed, started again, and gone without a trace."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from tests.postgres.needs import server_programs

if TYPE_CHECKING:
    from collections.abc import Callable

DATABASE = "privnum"
#: Seconds in which the database is to be there, or gone.
_PATIENCE = 30.0
_USERS = ("postgres", "nobody")

#: Lets each table of the database refuse what is written, as a full disk does; for who may not mount a small disk.
_REFUSE = """
CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN RAISE EXCEPTION 'No space left on device' USING ERRCODE = 'disk_full'; END $$;
DO $$ DECLARE t regclass; BEGIN
  FOR t IN SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace LOOP
    EXECUTE format('CREATE TRIGGER no_room BEFORE INSERT OR UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION no_room()', t);
  END LOOP;
END $$
"""


class Cluster:
    """PostgreSQL in a folder of its own, reached by a socket in it alone.

    Root may not run it, so it belongs to another user then. `with` starts it, and removes it in the end.

    Args:
        small_disk_mb: the database is on a disk of that size, so that it can be filled; None: where all is.
    """

    def __init__(self, small_disk_mb: int | None = None) -> None:
        programs = server_programs()
        assert programs, "there is no PostgreSQL"
        self._programs = programs
        self.folder = Path(tempfile.mkdtemp(prefix="pg-"))
        self._data = self.folder / "data"
        self._disk = self.folder / "disk"
        self._environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        self._as_user: dict[str, Any] = {}
        self._process: subprocess.Popen[bytes] | None = None
        if os.geteuid() == 0:
            user = next(each for each in map(_user_named, _USERS) if each)
            self._as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        self.has_small_disk = small_disk_mb is not None and self._mount(small_disk_mb)
        self._give(self.folder)
        self._run("initdb", "-D", str(self._data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C")

    # ── its life ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def __enter__(self) -> Self:
        try:
            self.start()
            place = ""
            if self.has_small_disk:
                self.query(f"CREATE TABLESPACE small LOCATION '{self._disk}'", "postgres")
                place = " TABLESPACE small"
            self.query(f"CREATE ROLE {DATABASE} LOGIN", "postgres")
            self.query(f"CREATE DATABASE {DATABASE} OWNER {DATABASE}{place}", "postgres")
        except BaseException:
            self.drop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.drop()

    def start(self) -> None:
        """Start it, and return when it answers."""
        command = [str(self._programs / "postgres"), "-D", str(self._data), "-k", str(self.folder)]
        settings = ("listen_addresses=", "max_connections=60", "timezone=UTC", "log_line_prefix=%m [%p] %u ")
        for setting in settings:
            command += ["-c", setting]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                command, stdout=log, stderr=log, cwd=self.folder, env=self._environment, **self._as_user
            )
        _wait_until(self._answers, "the database does not answer", lambda: self.log()[-2000:])

    def kill(self) -> None:
        """kill -9 of all its processes."""
        assert self._process
        children = _children_of(self._process.pid)
        self._process.kill()
        for child in children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        self._process.wait(_PATIENCE)
        self._process = None
        _wait_until(lambda: not any(map(_is_alive, children)), "processes of the database do not end")

    def stop(self, by: signal.Signals = signal.SIGINT) -> None:
        """End it as its user does: connections are cut, what was committed is on the disk."""
        if self._process is not None:
            self._process.send_signal(by)
            self._process.wait(_PATIENCE)
            self._process = None

    def drop(self) -> None:
        """End it at once, and remove what is left of it.

        What nobody reads again need not be written: a busy disk takes half a minute for it.
        """
        try:
            self.stop(signal.SIGQUIT)
        finally:
            if self.has_small_disk:
                subprocess.run(["umount", str(self._disk)], check=True)
                self.has_small_disk = False
            shutil.rmtree(self.folder)

    def log(self) -> str:
        """What it has written into its log."""
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")

    # ── its users ────────────────────────────────────────────────────────────────────────────────────────────────────

    def url_for(self, role: str) -> str:
        """The address for a user of its own, by whose name its connections are known; all own the same tables."""
        if not self.query(f"SELECT 1 FROM pg_roles WHERE rolname = '{role}'"):
            self.query(f"CREATE ROLE {role} LOGIN IN ROLE {DATABASE}; ALTER ROLE {role} SET role = '{DATABASE}'")
        return f"postgresql://{role}@/{DATABASE}?host={self.folder}"

    def query(self, sql: str, database: str = DATABASE) -> list[str]:
        """Carry something out as its administrator; return the rows as `a|b`.

        Raises:
            CalledProcessError: it was refused, or the database is away.
        """
        command = ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", str(self.folder), "-U", "postgres", "-d", database]
        done = subprocess.run(
            [*command, "-c", sql], check=True, capture_output=True, text=True, env=self._environment, timeout=_PATIENCE
        )
        return done.stdout.splitlines()

    def cut_connections(self, role: str) -> int:
        """End all connections of a user; return how many there were."""
        cut = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{role}'"
        return len(self.query(cut, "postgres"))

    # ── its disk ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def fill_disk(self) -> None:
        """Leave no room for what is written from now on."""
        if not self.has_small_disk:
            self.query(_REFUSE)
            return
        with contextlib.suppress(OSError), (self._disk / "ballast").open("wb", buffering=0) as ballast:
            while ballast.write(bytes(65536)):
                pass

    def free_disk(self) -> None:
        """Make room again."""
        if self.has_small_disk:
            (self._disk / "ballast").unlink()
        else:
            self.query("DROP FUNCTION no_room CASCADE")

    def _mount(self, megabytes: int) -> bool:
        """Mount a small disk in memory where this user may; return whether there is one."""
        self._disk.mkdir()
        if os.geteuid():
            return False
        command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0700", "none", str(self._disk)]
        return subprocess.run(command, check=False, capture_output=True).returncode == 0

    def _give(self, folder: Path) -> None:
        if self._as_user:
            for each in (folder, self._disk):
                if each.exists():
                    os.chown(each, self._as_user["user"], self._as_user["group"])
        folder.chmod(0o755)

    def _answers(self) -> bool:
        assert self._process
        assert self._process.poll() is None, self.log()[-2000:]
        with contextlib.suppress(subprocess.CalledProcessError):
            return self.query("SELECT 1", "postgres") == ["1"]
        return False

    def _run(self, program: str, *options: str) -> None:
        command = [str(self._programs / program), *options]
        surroundings = {"cwd": self.folder, "env": self._environment, **self._as_user}
        done = subprocess.run(command, capture_output=True, text=True, check=False, **surroundings)
        assert not done.returncode, done.stderr


def _user_named(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _status_of(pid: int) -> tuple[str, int] | None:
    """State and parent of a process, as /proc says them."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="latin-1")
    except OSError:
        return None
    state, parent, *_ = text.rpartition(")")[2].split()
    return state, int(parent)


def _children_of(parent: int) -> list[int]:
    pids = [int(each.name) for each in Path("/proc").iterdir() if each.name.isdigit()]
    return [pid for pid in pids if (found := _status_of(pid)) and found[1] == parent]


def _is_alive(pid: int) -> bool:
    """Whether a process runs; one that has ended and waits for its parent does not."""
    found = _status_of(pid)
    return found is not None and found[0] != "Z"


def _wait_until(holds: Callable[[], bool], what: str, more: Callable[[], str] = lambda: "") -> None:
    deadline = time.monotonic() + _PATIENCE
    while not holds():
        assert time.monotonic() < deadline, f"{what}\n{more()}"
        time.sleep(0.02)
