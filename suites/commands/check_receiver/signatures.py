"""The checks of what a receiver makes of signatures."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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


def _sent_samples(bench: Bench, note: str, **parts: Any) -> Iterator[Sent]:
    """One push of each kind of every mode, signed in one way."""
    for message in bench.samples():
        yield bench.sender.send(message, bench.sender.signed_headers(**parts), note)


def _claim_refusals(bench: Bench, findings: Findings, rule: str, note: str, **parts: Any) -> None:
    for sent in _sent_samples(bench, note, **parts):
        _claim_refusal(findings, rule, sent)


def wrong(bench: Bench, findings: Findings) -> None:
    """Each kind of push, signed wrongly in each way."""
    for note, parts in _WRONG.items():
        _claim_refusals(bench, findings, "RECEIVER-SIGN-001", note, **parts)
    bench.need(findings)


def nonce_again(bench: Bench, findings: Findings) -> None:
    """The headers of one push, sent with the body of another."""
    for first, other in zip(bench.samples(), bench.samples(), strict=True):
        headers = bench.sender.signed_headers()
        before = bench.sender.send(first, headers)
        if before.succeeded:
            sent = bench.sender.send(other, headers, "with the signature of the push before")
            _claim_refusal(findings, "RECEIVER-SIGN-002", sent, before)
    bench.need(findings)


def created_far_off(bench: Bench, findings: Findings) -> None:
    """Signed right, a day ago and a day ahead."""
    for note, ago in (("signed a day ago", _DAY), ("signed a day ahead", -_DAY)):
        _claim_refusals(bench, findings, "RECEIVER-SIGN-003", note, ago=ago)
    bench.need(findings)


def older_generation(bench: Bench, findings: Findings) -> None:
    """Signed by WSSE, as until November 2024."""
    _claim_taken(bench, findings, "RECEIVER-SIGN-004", "signed by WSSE", scheme="wsse")


def blank_between(bench: Bench, findings: Findings) -> None:
    """A blank behind each comma of the headers."""
    _claim_taken(bench, findings, "RECEIVER-SIGN-005", "with blanks behind the commas", separator=", ")


def _claim_taken(bench: Bench, findings: Findings, rule: str, note: str, **parts: Any) -> None:
    for sent in _sent_samples(bench, note, **parts):
        bench.claim_success(findings, rule, sent)
    bench.need(findings)
