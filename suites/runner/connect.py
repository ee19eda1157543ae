"""How a run reaches its target: transport, driver, receiver."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from privnum.suites.callbacks.receiver import EmbeddedReceiver, HttpReceiver, Receiver
from privnum.suites.driver.protocol import Driver, DriverError
from privnum.suites.driver.python import load_driver
from privnum.suites.target.config import TargetError
from privnum.suites.transport.api import EmbeddedTransport, HttpTransport, Transport

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.suites.target.config import Target
    from privnum.suites.transport.deadline import Deadline

__all__ = ["connect", "connect_driver", "customer_transport", "embedded_transport", "live_server", "make_receiver"]


def make_receiver(target: Target) -> Receiver:
    """The customer's side, as the target reaches it.

    Raises TargetError where its port cannot be had.
    """
    return EmbeddedReceiver() if target.embedded else HttpReceiver(target.receiver)


def connect(target: Target, receiver: Receiver, deadline: Deadline) -> tuple[Transport, Driver | None]:
    """The way to the API, and the driver.

    Raises as `connect_driver` and `embedded_transport` do.
    """
    base = target.base_url
    if base is None:
        assert isinstance(receiver, EmbeddedReceiver)
        embedded = embedded_transport(receiver)
        return embedded, Driver(embedded)
    transport = HttpTransport(base, timeout=target.request_timeout, deadline=deadline, ca_file=target.ca_file)
    return transport, connect_driver(target, deadline, allowance=receiver.held_seconds)


def connect_driver(
    target: Target,
    deadline: Deadline | None = None,
    *,
    allowance: Callable[[], float] = lambda: 0.0,
    keeps: bool = True,
) -> Driver | None:
    """The driver that target.toml names.

    `allowance` and `keeps` are those of HttpTransport.

    TargetError where a Python driver cannot load.
    """
    if target.driver_place is not None:
        try:
            return load_driver(target.driver_place)
        except DriverError as error:
            raise TargetError(f"{target.name}: {error}") from None
    url = target.driver_url
    if url is None:
        return None
    transport = HttpTransport(
        url,
        timeout=target.request_timeout,
        deadline=deadline,
        allowance=allowance,
        keeps=keeps,
        ca_file=target.ca_file,
    )
    return Driver(transport, urlsplit(url).path.rstrip("/"), target.driver_token)


def embedded_transport(receiver: EmbeddedReceiver, now_ms: Callable[[], int] | None = None) -> EmbeddedTransport:
    """Our own server in this process; its pushes are calls of the receiver.

    `now_ms` is its real time.
    """
    return customer_transport(receiver, now_ms)


def customer_transport(
    customer: Callable[[str, list[tuple[str, str]], bytes], tuple[int, bytes]], now_ms: Callable[[], int] | None = None
) -> EmbeddedTransport:
    """The same, with any function as the customer.

    Raises TargetError where the server cannot be loaded.
    """
    try:
        from privnum.mockserver.embed.direct import DirectServer
    except ImportError as error:
        raise TargetError(
            f"the embedded server cannot be loaded ({error}); pip install '.[suites]' in privnum's checkout"
        ) from None
    timing: dict[str, Any] = {} if now_ms is None else {"edge_now_ms": now_ms}
    return EmbeddedTransport(DirectServer(customer=customer, **timing).request)


def live_server() -> Any:
    """Our own server on a port of this machine, started."""
    from privnum.mockserver.embed.live import LiveServer

    server = LiveServer(seed=0)
    server.start()
    return server
