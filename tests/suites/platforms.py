"""Our own server as a stranger: given applications, a clock that a test winds, a driver or none."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from privnum.mockserver.control.edge import wall_clock_ms
from privnum.mockserver.embed.direct import DirectServer
from privnum.suites.callbacks.receiver import EmbeddedReceiver
from privnum.suites.driver.protocol import Driver
from privnum.suites.runner.session import Session
from privnum.suites.target.config import App, Target, XNumber
from privnum.suites.target.number_pool import Pool
from privnum.suites.transport.api import EmbeddedTransport

AXB = App("axb-key", "axb-secret", "AXB", (XNumber("+8617000000001", "0755"), XNumber("+8617000000002", "0755")))
AXE = App("axe-key", "axe-secret", "AXE", (XNumber("+8617000000011", "0755"), XNumber("+8617000000012", "010")))
AX = App("ax-key", "ax-secret", "AX", tuple(XNumber(f"+861700000002{n}", "0755") for n in range(1, 4)))
AXYB = App("axyb-key", "axyb-secret", "AXYB", tuple(XNumber(f"+861700000003{n}", "0755") for n in range(1, 5)))
X = App("x-key", "x-secret", "X", (XNumber("+8617000000041", "0755"), XNumber("+8617000000042", "0755")))
#: An application of each mode, by its name.
OF_MODE = {app.mode: app for app in (AX, AXB, AXE, AXYB, X)}
POOLS = {
    "mobile": Pool(prefix="+86138000", width=5, count=1000),
    "fixed_line": Pool(listed=tuple(f"+867552666000{n}" for n in range(1, 5)), count=4),
}


class Platform:
    """The server, with real time that passes only when `sleep` says so."""

    def __init__(self, *apps: App, clock: str = "running", **world: Any) -> None:
        self.slept = 0.0
        self.receiver = EmbeddedReceiver()
        self.began = wall_clock_ms()
        self.server = DirectServer(customer=self.receiver, edge_now_ms=self.now_ms)
        self.transport = EmbeddedTransport(self.server.request)
        self.driver = Driver(self.transport)
        self.apps = apps or (AXB, AXE)
        now = datetime.fromtimestamp(self.began // 1000, UTC).isoformat().replace("+00:00", "Z")
        told = [_app_spec(app) for app in self.apps]
        spec = {"id": "there", "clock": {"mode": clock, "now": now}, "applications": told, **world}
        self.driver.send("worlds.create", spec)

    def now_ms(self) -> int:
        return self.began + int(self.slept * 1000)

    def sleep(self, seconds: float) -> None:
        self.slept += seconds

    def target(self, *, driver: bool = False, apps: tuple[App, ...] | None = None, pools: Any = None) -> Target:
        """The world as it stands."""
        return Target(
            name="given",
            base_url="http://privnum.localhost",
            driver_url="http://privnum.localhost" if driver else None,
            world="there",
            applications=apps or self.apps,
            pools=pools or POOLS,
        )

    def session(self, *, driver: bool = True, apps: tuple[App, ...] | None = None, **options: Any) -> Session:
        """A run against it."""
        return self.session_on(self.target(driver=driver, apps=apps, pools=options.pop("pools", None)), **options)

    def session_on(self, target: Target, **options: Any) -> Session:
        """A run against it, as that target describes it."""
        session = Session(
            target,
            transport=self.transport,
            driver=self.driver if target.has_driver else None,
            receiver=self.receiver,
            **options,
        )
        session.journal.run_started(target.describe(), {"profile": "quick", "seed": 0})
        return session


def _app_spec(app: App) -> dict[str, Any]:
    numbers = [{"number": x.number, "area_code": x.area_code or "0755"} for x in app.numbers]
    told: dict[str, Any] = {"mode": app.mode, "app_key": app.key, "app_secret": app.secret, "numbers": numbers}
    return told | {"recording": app.recording}
