"""Sends the pushes of calls: each push is POSTed once, in the order in which they were made, by a thread."""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any

from examples.platform.signing import headers_of_push

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Pushes"]

TIMEOUT = 5.0
"""Seconds that a customer has for his answer."""


class Pushes:
    """The pushes that were made, and a thread that sends them. `now` gives the platform's time."""

    def __init__(self, now: Callable[[], int]) -> None:
        self._now = now
        self._changed = threading.Condition()
        self._waiting: list[dict[str, Any]] = []
        self.made: list[dict[str, Any]] = []
        threading.Thread(target=self._send_all, daemon=True).start()

    def push(self, app: dict[str, Any], kind: str, body: dict[str, Any]) -> None:
        """Send it to the customer's address of that kind, if he has set one."""
        url = app["event_url"] if kind == "call_event" else app["fee_url"]
        if url is None:
            return
        with self._changed:
            push = {"id": f"p{len(self.made) + 1}", "kind": kind, "app": app, "url": url, "body": body}
            push |= {"state": "pending", "attempts": []}
            self.made.append(push)
            self._waiting.append(push)
            self._changed.notify_all()

    def wait_until_sent(self) -> None:
        """Return when every push was sent, or could not be."""
        with self._changed:
            self._changed.wait_for(lambda: not self._waiting)

    def _send_all(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: bool(self._waiting))
                push = self._waiting[0]
            outcome = self._send(push)
            with self._changed:
                push["attempts"].append((self._now(), outcome))
                push["state"] = "delivered" if outcome == "200" else "given_up"
                self._waiting.pop(0)
                self._changed.notify_all()

    @staticmethod
    def _send(push: dict[str, Any]) -> str:
        """The HTTP status that came back, or what kept it from coming."""
        content = json.dumps(push["body"]).encode()
        request = urllib.request.Request(push["url"], content, headers_of_push(push["app"]), method="POST")  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310
                return str(answer.status)
        except urllib.error.HTTPError as error:
            return str(error.code)
        except TimeoutError:
            return "timeout"
        except OSError:
            return "refused"
