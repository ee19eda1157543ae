"""Every id, nonce and key of a world, drawn from one seeded generator.

Same inputs, same ids.
"""

from __future__ import annotations

import hashlib
import random
from typing import TYPE_CHECKING, TypeVar

from privnum.mockserver.core.timestamps import stamp

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Ids"]

_HOST = "callenabler001.huaweicaas.com"
_T = TypeVar("_T")


class Ids:
    """The generator of one world's names.

    Args:
        seed: any text; equal seeds give equal sequences.
    """

    __slots__ = ("_bits", "_calls", "_order", "_pushes", "_seed", "_sms")

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._bits = random.Random(seed)
        #: Apart from the rest: how often it is drawn from depends on who answers when.
        self._order = random.Random(f"{seed}/order")
        self._calls = 1000 + self._bits.getrandbits(12)
        self._pushes = 0
        self._sms = 0

    @property
    def host_name(self) -> str:
        """Host that a CDR and a sessionId name."""
        return _HOST

    def subscription_id(self) -> str:
        """Return the text of a version 4 UUID, as in captured data (BIND-001)."""
        h = self._bits.randbytes(16).hex()
        return f"{h[:8]}-{h[8:12]}-4{h[13:16]}-a{h[17:20]}-{h[20:]}"

    def session_id(self, now_ms: int) -> str:
        """Return a sessionId (EVENT-004).

        Its form is node_sequence_4294967295_yyyyMMddHHmmss@host.
        """
        self._calls += 1
        digits = stamp(now_ms).replace("-", "").replace(":", "").replace(" ", "")
        return f"1200_{self._calls}_4294967295_{digits}@{_HOST}"

    def icid(self) -> str:
        """Return the id of a CDR.

        32 hex digits and three groups of decimal digits.
        """
        bits = self._bits.getrandbits(192)
        return f"{bits >> 64:032x}.{3_000_000_000 + (bits & 0x3FFFFFFF)}.{bits >> 32 & 0xFFFFFF}.{bits >> 58 & 0x3F}"

    def call_id(self) -> str:
        """Return a name for a call on the control plane."""
        return f"call-{self._calls}"

    def sms_ids(self) -> tuple[str, str]:
        """Return an SMS's name on the control plane, and its smsIdentifier.

        AX-SMS-019.
        """
        self._sms += 1
        digest = hashlib.blake2b(f"{self._seed} sms {self._sms}".encode(), digest_size=16).hexdigest()
        return f"sms-{self._sms}", digest

    def push_id(self) -> str:
        """Return a name for a push on the control plane."""
        self._pushes += 1
        return f"push-{self._pushes}"

    def nonce(self, push_id: str, attempt: int) -> str:
        """Return 32 hex digits, as a captured push has them (COM-PUSH-003).

        The same whenever it is asked for.
        """
        return hashlib.blake2b(f"{self._seed} {push_id} {attempt}".encode(), digest_size=16).hexdigest()

    def app_key(self) -> str:
        """Return an app_key of 32 hex digits."""
        return self._bits.randbytes(16).hex()

    def app_secret(self) -> str:
        """Return an app_secret of 32 hex digits."""
        return self._bits.randbytes(16).hex()

    def recording_number(self) -> int:
        """Return the part of a recording's file name behind its time."""
        return 50_000_000_000 + self._bits.getrandbits(32)

    def recording_token(self, name: str) -> str:
        """Return the part of a recording's address that nobody can guess.

        The same whenever it is asked for.
        """
        return hashlib.blake2b(f"{self._seed} recording {name}".encode(), digest_size=16).hexdigest()

    def shuffled_copy(self, things: Iterable[_T]) -> list[_T]:
        """Return things in another order."""
        left = list(things)
        self._order.shuffle(left)
        return left

    def draws(self, name: str) -> random.Random:
        """Return a generator apart, of which no other name hears.

        The same one for the same name.
        """
        return random.Random(f"{self._seed}/{name}")

    def below(self, limit: int) -> int:
        """Return an int from 0 to limit - 1.

        It is the one that random.Random.randrange draws, in three quarters of its time: many binds draw one.
        """
        if limit < 1:
            raise ValueError(f"nothing is below {limit}")
        draw, width = self._bits.getrandbits, limit.bit_length()
        drawn = draw(width)
        while drawn >= limit:
            drawn = draw(width)
        return drawn
