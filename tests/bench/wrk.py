"""The closed-loop load generator: wrk, driven by small Lua scripts that are written here.

wrk and each server under test have one core of their own, so that neither slows the other.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SERVER_CORE, LOAD_CORE = "0", "1"

#: Binds pairs that never repeat, spread over the X numbers. FIRST keeps runs on one server apart.
BIND = """
local n = FIRST
request = function()
  n = n + 1
  local body = string.format(
    '{"callerNum":"+86138%%08d","calleeNum":"+86139%%08d","relationNum":"+86170%%08d","duration":0,"maxDuration":60}',
    n, n, n %% XCOUNT)
  return wrk.format("POST", PATH, nil, body)
end
"""

#: Binds of AX: an A and an X each that never repeat.
BIND_AX = """
local n = FIRST
request = function()
  local body = string.format('{"origNum":"+86138%%08d","privateNum":"+86170%%08d","maxDuration":60}', n, n)
  n = n + 1
  return wrk.format("POST", PATH, nil, body)
end
"""

#: A temporary callee for each binding of the file in turn.
CALLEE = """
local ids = {}
for line in io.lines("IDS") do ids[#ids + 1] = line end
local n = 0
request = function()
  n = n % #ids + 1
  local body = string.format('{"subscriptionId":"%s","calleeNum":"+86139%08d","duration":60}', ids[n], n)
  return wrk.format("PUT", PATH, nil, body)
end
"""

#: Writes the subscriptionIds of the answers to a file, for the runs that need bindings.
COLLECT = """
local out = io.open("IDS", "a")
response = function(status, headers, body)
  local id = string.match(body, '"subscriptionId":"([^"]+)"')
  if id then out:write(id, "\\n") end
end
"""

#: One request for each line of the file, METHOD with the id as selector; PATH ends with ? or &.
BY_ID = """
local ids = {}
for line in io.lines("IDS") do ids[#ids + 1] = line end
local n = 0
request = function()
  n = n % #ids + 1
  return wrk.format("METHOD", PATH .. "subscriptionId=" .. ids[n], nil, nil)
end
"""

COUNT_ERRORS = """
done = function(summary, latency, requests)
  io.write(string.format("privnum %d %d %d %d\\n", summary.requests, summary.duration, summary.errors.status,
    latency:percentile(99)))
end
"""


@dataclass(frozen=True, slots=True)
class Capacity:
    """What a closed loop got through: requests per second, answers other than 2xx/3xx, p99 in seconds."""

    per_second: float
    errors: int
    p99: float


def available() -> bool:
    """Whether wrk and taskset are on this machine."""
    return shutil.which("wrk") is not None and shutil.which("taskset") is not None


def run(
    port: int, script: str, headers: Mapping[str, str], folder: Path, seconds: float, connections: int = 32
) -> Capacity:
    """One closed-loop run against 127.0.0.1:`port`."""
    path = folder / "load.lua"
    lines = [f'wrk.headers["{name}"] = {_lua_text(value)}' for name, value in headers.items()]
    path.write_text("\n".join(lines) + "\n" + script + COUNT_ERRORS, encoding="utf-8")
    done = subprocess.run(
        [
            "taskset",
            "-c",
            LOAD_CORE,
            "wrk",
            "-t1",
            f"-c{connections}",
            f"-d{int(seconds)}s",
            "-s",
            str(path),
            f"http://127.0.0.1:{port}/",
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=seconds + 30,
    )
    found = re.search(r"^privnum (\d+) (\d+) (\d+) (\d+)$", done.stdout, re.MULTILINE)
    assert found, done.stdout + done.stderr
    requests, micros, errors, p99 = (int(part) for part in found.groups())
    return Capacity(requests / (micros / 1e6), errors, p99 / 1e6)


def fill(script: str, **values: object) -> str:
    """A script with its upper-case words replaced."""
    for name, value in values.items():
        script = script.replace(name, str(value))
    return script.replace("%%", "%")


def _lua_text(value: str) -> str:
    return "[[" + value + "]]"
