"""The checks of what a receiver makes of signatures."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum.suites.commands.check_receiver.bench import Bench
    from privnum.suites.commands.check_receiver.findings import Findings
    from privnum.suites.commands.check_receiver.sending import Sent

__all__ = ["blank_between", "created_far_off", "nonce_again", "older_generation", "wrong"]

_NO_DIGEST: Final = base64.b64encode(bytes(32)).decode()
_WRONG: Final[Mapping[str, Mapping[str, Any]]] = {
    "with a wrong digest (AKSK)": {"digest": _NO_DIGEST},
    "signed with another secret (AKSK)": {"secret": "another-secret"},
    "with an unknown Username (AKSK)": {"username": "unknown-app-key"},
    "without a token (AKSK)": {"token": None},
    "without any signature": {"token": None, "authorization": None},
    "with a wrong digest (WSSE)": {"scheme": "wsse", "digest": _NO_DIGEST},
    "signed with another secret (WSSE)": {"scheme": "wsse", "secret": "another-secret"},
    "with an unknown Username (WSSE)": {"scheme": "wsse", "username": "unknown-app-key"},
    "without a token (WSSE)": {"scheme": "wsse", "token": None},
}
"""How a push is signed wrongly, and the parts that are bent for it."""
_DAY: Final = timedelta(days=1)


def _claim_refusal(findings: Findings, rule: str, sent: Sent, *before: Sent) -> None:
    text = f"{sent.message.name}, {sent.note}, was {sent.outcome}; right is a refusal such as 401"
    findings.claim(rule, sent.refused, text, *before, sent)


def wrong(bench: Bench, findings: Findings) -> None:
    """Each kind of push, signed wrongly in each way."""
    for note, parts in _WRONG.items():
        for mode in bench.settings.modes:
            for message in bench.first_of_each_kind(mode):
                sent = bench.sender.send(message, bench.sender.signed_headers(**parts), note)
                _claim_refusal(findings, "RECEIVER-SIGN-001", sent)
    bench.need(findings)


def nonce_again(bench: Bench, findings: Findings) -> None:
    """The headers of one push, sent with the body of another."""
    for mode in bench.settings.modes:
        for first, other in zip(bench.first_of_each_kind(mode), bench.first_of_each_kind(mode), strict=True):
            headers = bench.sender.signed_headers()
            before = bench.sender.send(first, headers)
            if before.succeeded:
                sent = bench.sender.send(other, headers, "with the signature of the push before")
                _claim_refusal(findings, "RECEIVER-SIGN-002", sent, before)
    bench.need(findings)


def created_far_off(bench: Bench, findings: Findings) -> None:
    """Signed right, a day ago and a day ahead."""
    for note, ago in (("signed a day ago", _DAY), ("signed a day ahead", -_DAY)):
        for mode in bench.settings.modes:
            for message in bench.first_of_each_kind(mode):
                sent = bench.sender.send(message, bench.sender.signed_headers(ago=ago), note)
                _claim_refusal(findings, "RECEIVER-SIGN-003", sent)
    bench.need(findings)


def older_generation(bench: Bench, findings: Findings) -> None:
    """Signed by WSSE, as until November 2024."""
    _claim_taken(bench, findings, "RECEIVER-SIGN-004", "signed by WSSE", scheme="wsse")


def blank_between(bench: Bench, findings: Findings) -> None:
    """A blank behind each comma of the headers."""
    _claim_taken(bench, findings, "RECEIVER-SIGN-005", "with blanks behind the commas", separator=", ")


def _claim_taken(bench: Bench, findings: Findings, rule: str, note: str, **parts: Any) -> None:
    for mode in bench.settings.modes:
        for message in bench.first_of_each_kind(mode):
            sent = bench.sender.send(message, bench.sender.signed_headers(**parts), note)
            bench.claim_success(findings, rule, sent)
    bench.need(findings)
