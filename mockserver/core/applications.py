"""Applications, and the X numbers that each of them has ordered."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from privnum.mockserver.core.number_pool import NumberPool
from privnum.mockserver.core.signing import Signer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from privnum.mockserver.core.modes import Held, Settings

__all__ = ["FROZEN", "FROZEN_FOR_BINDING", "NORMAL", "NO_CALLS", "Allowed", "Application", "SmsRules", "XNumber"]

#: Status of an application whose tenant is frozen: no requests (COM-AUTH-027), no calls (CALL-002).
FROZEN: Final = "frozen"

#: Status of an X that is in order.
NORMAL: Final = "5"
#: Status of an X that takes no new binding but keeps its calls (CALL-004).
FROZEN_FOR_BINDING: Final = "11"
#: Status of an X that carries no calls (CALL-003): suspended, unavailable.
NO_CALLS: Final = frozenset({"9", "10"})


class XNumber:
    """One private number, its area and status, and the bindings it carries.

    `held` is what the application's mode keeps of the number: its bindings, in the order in which it wants to find
    them. It is None until the first bind. `taken` says that no other A can have it as his X (Application.take).
    """

    __slots__ = ("app", "area_code", "cause", "held", "number", "place", "sms", "status", "taken")

    def __init__(self, number: str, area_code: str | None, status: str, app: Application) -> None:
        self.number = number
        self.area_code = area_code
        self.status = status
        #: Why it has that status, as pushes say it (COM-STATUS-004).
        self.cause: str | None = None
        #: Whether it was ordered with SMS (AX-SMS-014).
        self.sms = True
        self.app = app
        self.held: Held | None = None
        self.taken = False
        #: Where it is among the free numbers of its area, as long as it is not taken (NumberPool).
        self.place = 0

    def forget(self) -> None:
        """Drop every binding and what was counted of them."""
        self.held = None
        self.taken = False

    def view(self) -> dict[str, Any]:
        """Return the number as the control plane shows it."""
        view: dict[str, Any] = {"number": self.number, "area_code": self.area_code, "status": self.status}
        if not self.sms:
            view["sms"] = False
        return view if self.cause is None else view | {"cause": self.cause}


class SmsRules(NamedTuple):
    """Which SMS of an application are not let through (AX-SMS-023).

    Those without the keyword, with a forbidden word, or of a sender on the blacklist; of a trial none is.
    """

    keyword: str | None = None
    forbidden: tuple[str, ...] = ()
    blacklist: frozenset[str] = frozenset()
    trial: bool = False

    @classmethod
    def of(cls, spec: Mapping[str, Any] | None) -> SmsRules:
        """Return those of a control message; null lets all through."""
        spec = spec or {}
        get = spec.get
        return cls(get("keyword"), tuple(get("forbidden", ())), frozenset(get("blacklist", ())), get("trial", False))

    def lacks_keyword(self, text: str) -> bool:
        """Return whether a text has not the keyword that it needs."""
        return self.keyword is not None and self.keyword not in text

    def forbids(self, text: str) -> bool:
        """Return whether a text has a forbidden word."""
        return any(word in text for word in self.forbidden)

    def view(self) -> dict[str, Any] | None:
        """Return them for the control plane; None where all are let through."""
        if self == SmsRules():
            return None
        keyword = {} if self.keyword is None else {"keyword": self.keyword}
        return {
            **keyword, "forbidden": list(self.forbidden), "blacklist": sorted(self.blacklist), "trial": self.trial,
        }  # fmt: skip


class Allowed(NamedTuple):
    """The addresses and networks that may send requests (COM-AUTH-028).

    As they were entered, and as networks.
    """

    entries: tuple[str, ...]
    networks: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]

    @classmethod
    def of(cls, entries: Iterable[str] | None) -> Allowed | None:
        """Return them, None where all may.

        Raises:
            ValueError: an entry that is neither an address nor a network.
        """
        if entries is None:
            return None
        wanted = tuple(entries)
        return cls(wanted, tuple(ipaddress.ip_network(entry, strict=False) for entry in wanted))

    def has(self, client: str) -> bool:
        """Return whether an address is among them."""
        if client in self.entries:
            return True
        try:
            address = ipaddress.ip_address(client)
        except ValueError:
            return False
        if address.version == 6 and address.ipv4_mapped:
            address = address.ipv4_mapped
        return any(address in network for network in self.networks)


class Application:
    """An application: mode, key and secret, numbers, settings in the console.

    `settings` are those that its mode alone has, `held` is what the mode keeps of the application's bindings beside
    what is on each X; each is None where there is nothing.
    """

    __slots__ = (
        "_pool",
        "_secret",
        "_signer",
        "allowed",
        "app_key",
        "callin_url",
        "event_url",
        "fee_url",
        "fees",
        "generation",
        "held",
        "key_bytes",
        "mode",
        "number_status_url",
        "numbers",
        "push_scheme",
        "recording",
        "requests_per_minute",
        "seen_nonces",
        "settings",
        "sms",
        "sms_content",
        "sms_control_url",
        "sms_notify_url",
        "sms_rules",
        "sms_verdict",
        "sp_id",
        "status",
        "tones",
        "window_count",
        "window_start_ms",
    )

    def __init__(self, mode: str, app_key: str, app_secret: str, sp_id: str, settings: Settings | None = None) -> None:
        self.mode = mode
        self.app_key = app_key
        self.key_bytes = app_key.encode()
        self.app_secret = app_secret
        self.sp_id = sp_id
        self.numbers: list[XNumber] = []
        self.recording = True
        self.sms = self.sms_content = True
        self.sms_rules = SmsRules()
        #: What the built-in inbox answers when it is asked about an SMS.
        self.sms_verdict: dict[str, Any] | None = None
        self.tones: frozenset[str] | None = None
        self.status = "normal"
        self.allowed: Allowed | None = None
        self.requests_per_minute: int | None = None
        self.settings = settings
        #: How pushes are signed, aksk or wsse; None: as the world's are (COM-PUSH-008).
        self.push_scheme: str | None = None
        self.event_url: str | None = None
        self.callin_url: str | None = None
        self.fee_url: str | None = None
        self.number_status_url: str | None = None
        self.sms_notify_url: str | None = None
        self.sms_control_url: str | None = None
        self.seen_nonces: dict[str, int] | None = None
        self.forget()

    @property
    def app_secret(self) -> str:
        """The secret with which requests and pushes are signed."""
        return self._secret

    @app_secret.setter
    def app_secret(self, secret: str) -> None:
        self._secret = secret
        self._signer: Signer | None = None

    @property
    def signer(self) -> Signer:
        """What signs with the secret; made when it is first needed."""
        if self._signer is None:
            self._signer = Signer(self._secret.encode())
        return self._signer

    def address_of(self, event_type: str) -> str | None:
        """Return where a call event goes, None: nowhere.

        COM-PUSH-006, COM-PUSH-009.
        """
        return self.callin_url or self.event_url if event_type == "callin" else self.event_url

    def forget(self) -> None:
        """Drop what the application has gathered since it was made.

        Waiting CDRs, nonces, flow control.
        """
        self.generation = 0
        self.held: Held | None = None
        self._pool: NumberPool | None = None
        self.fees: list[dict[str, Any]] = []
        self.seen_nonces = None
        self.count_requests_anew()
        for x in self.numbers:
            x.forget()

    @property
    def pool(self) -> NumberPool:
        """The numbers by area; made when a number is first looked for."""
        if self._pool is None:
            self._pool = NumberPool(self.numbers)
        return self._pool

    def add_number(self, x: XNumber) -> None:
        """Order one more X."""
        self.numbers.append(x)
        if self._pool is not None:
            self._pool.add(x)

    def move(self, x: XNumber, area_code: str) -> None:
        """Put an X of the application into another area."""
        x.area_code = area_code
        self._pool = None

    def take(self, x: XNumber) -> None:
        """Note that one A has an X alone, so that no other bind finds it."""
        x.taken = True
        if self._pool is not None:
            self._pool.take(x)

    def give_back(self, x: XNumber) -> None:
        """Note that an X is free again."""
        x.taken = False
        if self._pool is not None:
            self._pool.give_back(x)

    def allows(self, client: str) -> bool:
        """Return whether a request from this address may pass (COM-AUTH-028).

        Without a list any may.
        """
        return self.allowed is None or self.allowed.has(client)

    def count_requests_anew(self) -> None:
        """Forget the minute that is counted.

        A limit counts from when it is set, wherever the clock was put since.
        """
        self.window_start_ms = 0
        self.window_count = 0

    def within_flow(self, now_ms: int) -> bool:
        """Count one request; return whether it is within requests_per_minute.

        Minutes are those of world time (COM-AUTH-030).
        """
        if self.requests_per_minute is None:
            return True
        if not 0 <= now_ms - self.window_start_ms < 60_000:
            self.window_start_ms = now_ms
            self.window_count = 0
        if self.window_count >= self.requests_per_minute:
            return False
        self.window_count += 1
        return True

    def view(self) -> dict[str, Any]:
        """Return the application, with key and secret, for the control plane."""
        of_mode = {} if self.settings is None else self.settings.view()
        return {
            "mode": self.mode,
            "app_key": self.app_key,
            "app_secret": self.app_secret,
            "sp_id": self.sp_id,
            "numbers": [x.view() for x in self.numbers],
            "recording": self.recording,
            "sms": self.sms,
            "sms_content": self.sms_content,
            "sms_rules": self.sms_rules.view(),
            "sms_verdict": self.sms_verdict,
            "tones": None if self.tones is None else sorted(self.tones),
            "status": self.status,
            "allow_list": None if self.allowed is None else list(self.allowed.entries),
            "requests_per_minute": self.requests_per_minute,
            **of_mode,
            "push_scheme": self.push_scheme,
            "event_url": self.event_url,
            "callin_url": self.callin_url,
            "fee_url": self.fee_url,
            "number_status_url": self.number_status_url,
            "sms_notify_url": self.sms_notify_url,
            "sms_control_url": self.sms_control_url,
        }
