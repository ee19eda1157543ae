"""AXYB over loopback: bind, query and unbind beside the static reply."""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path
from typing import Any

from . import wrk
from .http_load import by_id, collect_ids, keep
from .servers import BIND_PATH, control, privnum_server, signed_headers, static_server

PATH = "/rest/omp/xyrelationnumber/v1.0"
#: Private numbers that one second of binds may use up: each binding of an A keeps one for itself while a round lasts.
NUMBERS_A_SECOND = 40_000
#: Numbers that one control message holds.
CHUNK = 20_000

#: Binds of A, who never comes twice.
BIND = """
local n = FIRST
request = function()
  n = n + 1
  return wrk.format("POST", PATH, nil,
    string.format('{"origNum":"+86138%%08d","areaCode":"0755","areaMatchMode":"1","duration":0}', n))
end
"""

#: Binds of AXB that name no X either, so that one is picked for them too.
BIND_AXB = """
local n = FIRST
request = function()
  n = n + 1
  return wrk.format("POST", PATH, nil, string.format(
    '{"callerNum":"+86138%%08d","calleeNum":"+86139%%08d","areaCode":"0755","areaMatchMode":"1","duration":0}', n, n))
end
"""
#: X numbers of AXB, each of which carries many pairs.
AXB_NUMBERS = 400


def capacity(rounds: int, seconds: float) -> dict[str, Any]:
    """Requests per second of the bind of A, query and unbind, interleaved with those of the static reply.

    Beside them binds of AXB by area: for a bind of AXYB a number is picked, which the usual one of AXB names.
    """
    figures: dict[str, list[float]] = {name: [] for name in ("static", "bind", "axb_by_area", "query", "unbind")}
    with tempfile.TemporaryDirectory() as folder, static_server() as static, privnum_server() as server:
        place = Path(folder)
        for number in range(rounds):
            world = f"axyb-{number}"
            app = _new_application(server.port, world, int(NUMBERS_A_SECOND * (1 + 3.5 * seconds)))
            headers, path = signed_headers(app["app_key"], app["app_secret"]), f"{PATH}?app_key={app['app_key']}"
            axb = _new_application(server.port, f"axb-{number}", AXB_NUMBERS, "AXB")
            signed = signed_headers(axb["app_key"], axb["app_secret"])
            for first, length in ((1, 1.0), (10_000_000, seconds)):
                script = wrk.fill(BIND, FIRST=first, PATH=f'"{path}"')
                by_area = wrk.fill(BIND_AXB, FIRST=first, PATH=f'"{BIND_PATH}"')
                runs = {
                    "static": wrk.run(static.port, script, signed_headers("static", "static"), place, length),
                    "bind": wrk.run(server.port, script, headers, place, length),
                    "axb_by_area": wrk.run(server.port, by_area, signed, place, length),
                }
            keep(figures, runs)
            binds = wrk.fill(BIND, FIRST=20_000_000, PATH=f'"{path}"')
            ids = place / f"ids-{number}"
            collect_ids(server, headers, ids, binds, seconds)
            keep(figures, by_id(server, headers, ids, path + "&", seconds))
            control(server.port, "DELETE", f"/worlds/{world}")
            control(server.port, "DELETE", f"/worlds/axb-{number}")
    medians = {name: statistics.median(values) for name, values in figures.items()}
    ratios = {name: medians[name] / medians["static"] for name in ("bind", "query", "unbind")}
    beside = medians["bind"] / medians["axb_by_area"]
    return {"per_second": medians, "ratio_to_static": ratios, "bind_to_axb_by_area": beside, "runs": figures}


def _new_application(port: int, world: str, count: int, mode: str = "AXYB") -> dict[str, Any]:
    """Make a world with one application of this many numbers, all of the area that is asked for."""
    spec = {"mode": mode, "app_key": f"key-of-{world}", "event_url": "inbox:", "fee_url": "inbox:"}
    made = control(port, "POST", "/worlds", {"id": world, "clock": {"mode": "running"}, "applications": [spec]})
    app: dict[str, Any] = made["applications"][0]
    for start in range(0, count, CHUNK):
        numbers = [{"number": f"+86170{i:08d}", "area_code": "0755"} for i in range(start, min(start + CHUNK, count))]
        control(port, "POST", f"/worlds/{world}/applications/{app['app_key']}/numbers", {"numbers": numbers})
    return app
