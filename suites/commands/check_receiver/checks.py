"""The checks of a receiver: every push, in every form that it may have."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from privnum.suites.commands.check_receiver import signatures
from privnum.suites.commands.check_receiver.verdicts import claims_of

if TYPE_CHECKING:
    from privnum.suites.commands.check_receiver.bench import Bench
    from privnum.suites.commands.check_receiver.findings import Findings
    from privnum.suites.commands.check_receiver.options import Kind

__all__ = ["CHECKS", "VARIATIONS", "Check"]

Run = Callable[["Bench", "Findings"], None]

VARIATIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "RECEIVER-FORM-001": ("pushes.extra_fields",),
    "RECEIVER-FORM-002": ("pushes.optional_left_out",),
    "RECEIVER-FORM-003": ("pushes.other_spelling",),
    "RECEIVER-FORM-004": (
        "ids.subscription_short",
        "ids.subscription_long",
        "ids.session_short",
        "ids.session_long",
        "ids.session_of_2022",
        "ids.nonce_long",
        "ids.nonce_short",
    ),
    "RECEIVER-FORM-005": ("pushes.empty_times",),
    "RECEIVER-REPEAT-001": ("pushes.duplicated",),
    "RECEIVER-REPEAT-002": ("pushes.late",),
    "RECEIVER-ORDER-001": ("pushes.any_order", "pushes.cdr_first", "pushes.events_in_any_order"),
}
"""Which variations of the contract a rule is about."""
_NONCES: Final[Mapping[str, Callable[[], str]]] = {
    "ids.nonce_long": partial(secrets.token_hex, 64),
    "ids.nonce_short": lambda: str(secrets.randbits(62)),
}
_OF_CDRS: Final = "RECEIVER-FORM-005"
_LAST_REPEAT: Final = timedelta(minutes=300)
_BATCH, _NUMBERS = 50, 100


@dataclass(frozen=True, slots=True)
class Check:
    """One check: its id, the rules that it is about, and what it does."""

    id: str
    rules: tuple[str, ...]
    run: Run


# ── every push as it usually comes ───────────────────────────────────────────────────────────────────────────────────


def _check_answers(kind: Kind, rule: str, bench: Bench, findings: Findings) -> None:
    bench.settings.url(kind)
    for sent in bench.plain:
        if sent.message.kind == kind and not sent.message.asks:
            bench.claim_success(findings, rule, sent)
    bench.need(findings, "pushes")


def _check_questions(kind: Kind, bench: Bench, findings: Findings) -> None:
    bench.settings.url(kind)
    for sent in bench.plain:
        if sent.message.kind == kind and sent.message.asks:
            for rule, ok, text in claims_of(sent):
                findings.claim(rule, ok, text, sent)
            bench.claim_time(findings, sent)
    bench.need(findings, "questions")


# ── the forms of a push ──────────────────────────────────────────────────────────────────────────────────────────────


def _check_forms(rule: str, bench: Bench, findings: Findings) -> None:
    """Pushes of worlds that do otherwise within the contract."""
    for mode in bench.settings.modes:
        for variation in VARIATIONS[rule]:
            nonce = _NONCES.get(variation, str)
            for message in bench.new_pushes(mode, variations=[variation]):
                sent = bench.sender.send(message, bench.sender.signed_headers(nonce=nonce()), f"with {variation}")
                if rule != _OF_CDRS or message.kind == "cdr":
                    bench.claim_success(findings, rule, sent)
    bench.need(findings)


def _check_batches(bench: Bench, findings: Findings) -> None:
    for mode in bench.settings.modes:
        if (mode, "cdr") in {sent.message.sort for sent in bench.plain}:
            events, message = bench.scene(mode).cdrs(_BATCH)
            if bench.takes(message):
                for event in filter(bench.takes, events):
                    bench.sender.send(event)  # who wants to know of a call before its CDR comes may
                sent = bench.sender.send(message, note=f"with {_BATCH} CDRs")
                bench.claim_success(findings, "RECEIVER-BATCH-001", sent)
    bench.need(findings)


def _many_numbers(bench: Bench, findings: Findings) -> None:
    bench.settings.url("number_status")
    for mode in bench.settings.modes:
        message = bench.scene(mode, numbers=_NUMBERS).statuses()
        if bench.takes(message):
            sent = bench.sender.send(message, note=f"with {_NUMBERS} X numbers")
            bench.claim_success(findings, "RECEIVER-BATCH-002", sent)
    bench.need(findings)


# ── again, late, in another order ────────────────────────────────────────────────────────────────────────────────────


def _check_repeats(bench: Bench, findings: Findings) -> None:
    rule = "RECEIVER-REPEAT-001"
    for message in bench.every_new_push():
        first = bench.sender.send(message)
        if message.asks or not first.succeeded:
            continue  # who is asked twice may answer otherwise
        headers = bench.sender.signed_headers()
        again = bench.sender.send(message, headers, "again, signed anew")
        bench.claim_success(findings, rule, again)
        if again.succeeded:
            copy = bench.sender.send(message, headers, "again, an exact copy")
            text = f"{message.name}, {copy.note}, was {copy.outcome}; right is 200, or a refusal such as 401"
            findings.claim(rule, copy.succeeded or copy.refused, text, first, again, copy)
    bench.need(findings)


def _late(bench: Bench, findings: Findings) -> None:
    for message in bench.every_new_push(ago=_LAST_REPEAT):
        sent = bench.sender.send(message, note="300 minutes late")
        if not message.asks:  # a caller does not wait that long
            bench.claim_success(findings, "RECEIVER-REPEAT-002", sent)
    bench.need(findings)


def _check_other_order(bench: Bench, findings: Findings) -> None:
    """Questions, without which no call goes on; CDRs; the last event first."""
    for mode in bench.settings.modes:
        messages = bench.new_pushes(mode)
        for message in messages:
            if message.asks:
                bench.sender.send(message)
        others = [message for message in reversed(messages) if not message.asks]
        others.sort(key=lambda each: each.kind != "cdr")
        for message in others:
            sent = bench.sender.send(message, note="in another order")
            bench.claim_success(findings, "RECEIVER-ORDER-001", sent)
    bench.need(findings)


_PLAIN = ("RECEIVER-TIME-001", "RECEIVER-ANSWER-005")
_CALLIN = ("RECEIVER-CALLIN-001", "RECEIVER-CALLIN-002", "RECEIVER-CALLIN-003", "RECEIVER-TIME-002")
_BLOCK = ("RECEIVER-BLOCK-001", "RECEIVER-BLOCK-002")
CHECKS: Final = (
    Check(
        "answers::call_events",
        ("RECEIVER-ANSWER-001", *_PLAIN),
        partial(_check_answers, "call_event", "RECEIVER-ANSWER-001"),
    ),
    Check("answers::cdrs", ("RECEIVER-ANSWER-002",), partial(_check_answers, "cdr", "RECEIVER-ANSWER-002")),
    Check(
        "answers::sms_notices", ("RECEIVER-ANSWER-003",), partial(_check_answers, "sms_notify", "RECEIVER-ANSWER-003")
    ),
    Check(
        "answers::number_status",
        ("RECEIVER-ANSWER-004",),
        partial(_check_answers, "number_status", "RECEIVER-ANSWER-004"),
    ),
    Check("verdicts::calls", _CALLIN, partial(_check_questions, "call_event")),
    Check("verdicts::sms", _BLOCK, partial(_check_questions, "sms_block")),
    *(
        Check(f"forms::{name}", (rule,), partial(_check_forms, rule))
        for name, rule in (
            ("unknown_fields", "RECEIVER-FORM-001"),
            ("optional_fields_absent", "RECEIVER-FORM-002"),
            ("other_spelling_of_json", "RECEIVER-FORM-003"),
            ("other_forms_of_ids", "RECEIVER-FORM-004"),
            ("empty_times", "RECEIVER-FORM-005"),
        )
    ),
    Check("forms::fifty_cdrs", ("RECEIVER-BATCH-001",), _check_batches),
    Check("forms::hundred_numbers", ("RECEIVER-BATCH-002",), _many_numbers),
    Check("order::twice", ("RECEIVER-REPEAT-001",), _check_repeats),
    Check("order::hours_late", ("RECEIVER-REPEAT-002",), _late),
    Check("order::any_order", ("RECEIVER-ORDER-001",), _check_other_order),
    Check("signatures::wrong_ones", ("RECEIVER-SIGN-001",), signatures.wrong),
    Check("signatures::nonce_again", ("RECEIVER-SIGN-002",), signatures.nonce_again),
    Check("signatures::created_far_off", ("RECEIVER-SIGN-003",), signatures.created_far_off),
    Check("signatures::older_generation", ("RECEIVER-SIGN-004",), signatures.older_generation),
    Check("signatures::blank_between", ("RECEIVER-SIGN-005",), signatures.blank_between),
)
"""In the order in which they are run: what others build on first."""
