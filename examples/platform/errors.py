"""How a request is refused."""

from __future__ import annotations

__all__ = ["Refused"]

TEXTS = {
    "1010001": "Internal system error",
    "1010002": "Invalid request.",
    "1010003": "Unknown app_key",
    "1010006": "No such API",
    "1010008": "The app_key is out of use",
    "1010010": "Wrong digest",
    "1010013": "Created is too far from our time",
    "1010029": "The subscriber is frozen",
    "1012001": "This X is not yours",
    "1012007": "No such record",
    "1012008": "No X left to give",
    "1012009": "This X is full",
    "1012010": "Bound on this X already",
    "1012012": "Recording is not open",
    "1020166": "Your address is not on the list",
    "1023006": "Authorization is missing",
    "1023007": "realm is missing",
    "1023008": "profile is missing",
    "1023009": "realm must be SDP",
    "1023010": "profile must be UsernameToken",
    "1023011": "type must be Appkey",
    "1023012": "type is missing",
    "1023033": "X-AKSK is missing",
    "1023034": "Username is missing",
    "1023035": "Nonce is missing",
    "1023036": "Created is missing",
    "1023037": "PasswordDigest is missing",
}


class Refused(Exception):
    """The answer to a request that is not served: HTTP status, code, and a text that may name what was wrong."""

    def __init__(self, code: str, more: str = "", status: int = 403) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.text = f"{TEXTS[code]} {more}".strip()
