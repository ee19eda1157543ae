"""Tools that act on a world: its API, calls, SMS, time and pushes."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from privnum import contracts
from privnum.mcp.failing import in_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.mcp.worlds import Worlds

__all__ = ["WorldTools"]

_USUAL: Final = 20
_MOST: Final = 200


class WorldTools:
    """The tools, each a method.

    Args:
        worlds: where what they make is kept.
    """

    def __init__(self, worlds: Worlds) -> None:
        self._worlds = worlds

    def tools(self) -> list[Callable[..., Any]]:
        """Return every tool, in the order in which they are listed."""
        methods = (
            *(self.make_world, self.drop_world, self.send_request, self.place_call, self.hang_up, self.look_at_call),
            *(self.send_sms, self.advance, self.set_number_status, self.set_application, self.list_pushes),
            *(self.list_journal, self.list_bindings, self.send_control),
        )
        return [in_words(method) for method in methods]

    # ── worlds ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def make_world(self, spec: dict[str, Any] | None = None) -> dict[str, Any]:
        """Make a world of your own on the stand-in server.

        Nothing of it is seen in another. Returns its id, the base address of its API (what a client program takes for
        the platform's), and its applications with key, secret and private numbers. Its clock stands still until
        `advance`.

        Args:
            spec: what driver/world.create takes (describe "worlds.create"), as in {"applications": [{"mode": "AXB",
                "numbers": [{"number": "+8617000000001"}], "event_url": "http://127.0.0.1:9000/events", "fee_url":
                "http://127.0.0.1:9000/fee"}], "assumptions": {"axb.a_equals_b": 1012010}}; without it the world has an
                application of each mode, whose pushes stay in the built-in inbox.
        """
        world = self._worlds.make(spec or {})
        apps = [
            {"mode": app.mode, "app_key": app.app_key, "app_secret": app.app_secret, "numbers": list(app.numbers)}
            for app in world.applications
        ]
        return {"world": world.id, "url": world.url, "applications": apps}

    def drop_world(self, world: str) -> str:
        """Drop a world that you have made, with all that is in it."""
        self._worlds.drop(world)
        return f"{world} is dropped"

    # ── what a client program does ───────────────────────────────────────────────────────────────────────────────────

    def send_request(
        self,
        operation: str,
        body: dict[str, Any] | None = None,
        query: dict[str, Any] | None = None,
        world: str | None = None,
        app_key: str | None = None,
    ) -> dict[str, Any]:
        """Send a signed request to the API, as a client program does.

        Returns the answer, also of a request that is refused.

        Args:
            operation: its id: ax.bind, axb.bind, axb.unbind, axe.query, common.stop_call (describe lists all).
            body: of a POST or PUT, as in {"callerNum": "+8613800000001", "calleeNum": "+8613900000002", "relationNum":
                "+8617000000001"} for axb.bind.
            query: of a GET or DELETE, as in {"subscriptionId": "…"}.
            world: its id; without it the world that was made last.
            app_key: of which application; without it the first of the operation's mode.
        """
        found = self._worlds.find(world)
        app = None
        if app_key is not None:
            app = next((each for each in found.applications if each.app_key == app_key), None)
            if app is None:
                raise LookupError(f"this world has no application {app_key!r}; it has {_keys(found.applications)}")
        return found.request(operation, body=body, query=query, app=app)

    # ── what people do ───────────────────────────────────────────────────────────────────────────────────────────────

    def place_call(
        self,
        caller: str,
        called: str,
        behaviour: str = "answer",
        hang_up_after: int | None = None,
        caller_hangs_up_after: int | None = None,
        digits: str | None = None,
        world: str | None = None,
    ) -> dict[str, Any]:
        """Let a number dial a private number X; `advance` lets the call go on.

        Args:
            caller: any number, as in +8613800000001.
            called: a private number of the world.
            behaviour: of the callee: answer, busy, reject, no_answer, powered_off, out_of_service, not_exist,
                unreachable, unregistered or silent. He rings after 2 seconds and answers 3 seconds later.
            hang_up_after: seconds from the answer to the callee's hang-up; without it he stays.
            caller_hangs_up_after: seconds from the start to the caller's hang-up; without it he stays.
            digits: the extension that the caller enters (AXE).
            world: its id; without it the world that was made last.
        """
        call = self._worlds.find(world).call(
            caller,
            called,
            behaviour=behaviour,
            hang_up_after=hang_up_after,
            caller_hangs_up_after=caller_hangs_up_after,
            digits=digits,
        )
        return asdict(call)

    def hang_up(self, call: str, by: str = "caller", world: str | None = None) -> dict[str, Any]:
        """Let the "caller" or the "callee" of a call hang up."""
        return asdict(self._worlds.find(world).hang_up(call, by))

    def look_at_call(self, call: str, world: str | None = None) -> dict[str, Any]:
        """Look at a call: state, times, whom it reached, release cause."""
        return asdict(self._worlds.find(world).look(call))

    def send_sms(self, sender: str, to: str, text: str, world: str | None = None) -> dict[str, Any]:
        """Let a number write an SMS to a private number X (AX, AXB and X)."""
        return asdict(self._worlds.find(world).send_sms(sender, to, text))

    def advance(self, seconds: int, world: str | None = None) -> str:
        """Let world time pass; return the time then.

        What falls due meanwhile happens, and its pushes have been sent.
        """
        return self._worlds.find(world).advance(seconds).isoformat()

    # ── settings ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def set_number_status(self, number: str, status: str, world: str | None = None) -> dict[str, Any]:
        """Set the status of a private number.

        "9" is suspended, "10" blocked; describe "numbers.update" has all of them.
        """
        return self.send_control("numbers.update", {"number": number}, {"status": status}, world=world)

    def set_application(self, app_key: str, settings: dict[str, Any], world: str | None = None) -> dict[str, Any]:
        """Change settings of an application.

        As in {"event_url": "http://127.0.0.1:9000/events"}; describe "applications.update" has all of them.
        """
        return self.send_control("applications.update", {"app_key": app_key}, settings, world=world)

    # ── what came of it ──────────────────────────────────────────────────────────────────────────────────────────────

    def list_pushes(
        self, kind: str | None = None, most: int = _USUAL, world: str | None = None
    ) -> list[dict[str, Any]]:
        """List what the customer's server was sent, the last ones.

        Each with body, state, and the outcome of each attempt.

        Args:
            kind: call_event, cdr, number_status, sms_notify or sms_block alone.
            most: this many, 200 at most.
            world: its id; without it the world that was made last.
        """
        kinds = sorted({id_.partition(".")[2] for id_ in contracts.callbacks()})
        if kind is not None and kind not in kinds:
            raise ValueError(f"kind must be one of {', '.join(kinds)}, not {kind!r:.80}")
        pushes = [push for push in self._worlds.find(world).pushes if kind in (None, push.kind)]
        return [asdict(push) for push in pushes[-_within_bounds(most) :]]

    def list_journal(
        self, accepted: bool | None = None, kind: str | None = None, most: int = _USUAL, world: str | None = None
    ) -> list[dict[str, Any]]:
        """List requests with their answers, and attempts to push.

        Of a refused one the rule is there, of each what the real platform may not take.

        Args:
            accepted: false: what was refused or not accepted alone.
            kind: request, push, or a kind of push.
            most: this many of the last, 200 at most.
            world: its id; without it the world that was made last.
        """
        entries = self._worlds.find(world).journal(accepted=accepted, kind=kind)
        return [dict(entry.view) for entry in entries[-_within_bounds(most) :]]

    def list_bindings(self, world: str | None = None) -> dict[str, Any]:
        """List every binding of the world, with when it ends."""
        return self.send_control("bindings.list", {}, None, world=world)

    def send_control(
        self,
        message: str,
        parameters: dict[str, str] | None = None,
        body: dict[str, Any] | None = None,
        query: dict[str, Any] | None = None,
        world: str | None = None,
    ) -> dict[str, Any]:
        """Send any other control message to a world.

        Such as faults.set, pushes.resend, trigger, snapshots.create or clock.set.

        Args:
            message: its id (describe lists all, and has the schema of each).
            parameters: the parts of its path besides the world, as in {"push": "push-1001"}.
            body: what it says.
            query: behind the path.
            world: its id; without it the world that was made last.
        """
        return self._worlds.control(message, parameters or {}, body, query, world)


def _within_bounds(most: int) -> int:
    return max(1, min(most, _MOST))


def _keys(applications: Any) -> str:
    return ", ".join(f"{app.app_key} ({app.mode})" for app in applications) or "none"
