"""Result codes with HTTP status and English text.

As the tables of the API pages print them.

Sources: the code tables of 02_0011 (2025-02-12) and of the AXB and AXE pages, read in fragments. Rows of the older
generation, and rows of which no page shows the HTTP status, are not among them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ASK_LATER", "OPEN_TEXTS", "OTHER_TEXTS", "TEXTS", "status_of"]

TEXTS: Mapping[str, str] = {
    "200/0": "Success.",
    "400/1023006": "Authorization not contained in the HTTP header.",
    "400/1023007": "realm not contained in Authorization.",
    "400/1023008": "profile not contained in Authorization.",
    "400/1023009": "The value of realm in Authorization must be SDP.",
    "400/1023010": "The value of profile in Authorization must be UsernameToken.",
    "400/1023011": "The value of type in Authorization must be app_key.",
    "400/1023012": "type not contained in Authorization.",
    "400/1023033": "HTTP header not found X-AKSK field.",
    "400/1023034": "UserName not contained in X-AKSK.",
    "400/1023035": "Nonce not contained in X-AKSK.",
    "400/1023036": "Created not contained in X-AKSK.",
    "400/1023037": "PasswordDigest not contained in X-AKSK.",
    "401/1010010": "Invalid digest.",
    "401/1010013": "Time out limit.",
    "403/1010002": "Invalid request.",
    "403/1010003": "Invalid app_key.",
    "403/1010004": "The status of the app_key is unavailable.",
    "403/1010008": "The status of the app_key is unavailable.",
    "403/1010010": "The flow control upper limit is reached on the platform.",
    "403/1010029": "The subscriber status is frozen.",
    "403/1010040": "The app_key is not allowed to invoke the API.",
    "403/1011001": "The account does not exist.",
    "403/1011002": "Insufficient number resources.",
    "403/1011003": "Exceeded the upper limit of resources that can be applied for.",
    "403/1011004": "The number is not applied for binding application.",
    "403/1011005": "Resources have been allocated.",
    "403/1012001": "Resource of number is not to be applied.",
    "403/1012007": "The record does not exist.",
    "403/1012008": "Insufficient number of resources",
    "403/1012009": "Maximum number of resources has been exceeded",
    "403/1012010": "The relation number has been bound.",
    "403/1012012": "Application does not open recording function.",
    "403/1012102": "The number status is abnormal.",
    "403/1016001": "The record does not exist.",
    "403/1016002": "The record already exists.",
    "403/1020166": "The app client ip is not in ip white list.",
    "403/1020167": "No idle extend Number.",
    "403/1020176": "Authentication failed, try again later",
    "403/1020178": "The transparent mode is not allowed.",
    "403/1020182": "The number succeeds the max bind times per day",
    "500/1010001": "Internal system error.",
    "500/1023001": "Internal error.",
    "500/1023002": "Response timeout.",
}
"""English text by "http/code"; resultdesc contains it."""

OTHER_TEXTS: Mapping[str, str] = {
    "403/1011001": "Account does not exist.",
    "403/1012010": "has been bound.",
    "403/1012102": "The number is contained in the blacklist.",
}
"""How another page, or the page of another mode, prints the text ("The number $ has been bound.")."""

OPEN_TEXTS = frozenset({"400/1023038"})
"""Printed with a Chinese text only."""

ASK_LATER = frozenset({"403/1010010", "403/1020176", "403/1020182", "500/1023002"})
"""Codes whose row says to try again: after a minute, after half an hour, another day, at once."""


def status_of(code: str) -> tuple[int, ...]:
    """The HTTP statuses under which a code is printed.

    None for one that is not here.
    """
    return tuple(int(key[:3]) for key in (*TEXTS, *OPEN_TEXTS) if key[4:] == code)
