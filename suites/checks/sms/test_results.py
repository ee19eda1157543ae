"""SMS that are not forwarded, and the reason that Notify gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import pytest

from privnum.suites.checks.assertions import PATIENCE
from privnum.suites.checks.sms.notices import extra
from privnum.suites.checks.sms.profiles import check

if TYPE_CHECKING:
    from privnum.suites.checks.sms.profile import SmsProfile, SmsWay

LONG = "x" * 400


def has_private_sms(profile: type[SmsProfile]) -> bool:
    """Whether a binding says if it has SMS."""
    return profile.binds


@check("SMS-009")
def test_a_failed_sms(sms: SmsProfile) -> None:
    """The Notify of an SMS that reaches nobody has no receiver and no parts."""
    event = sms.notify_of(sms.failed_sms(), "SMS-009")
    came = event.get("called"), extra(event, "splitNum")
    sms.claim("SMS-009", came == (None, "0"), f"expected no called and splitNum 0, came {came}")
    result = event.get("sendResult")
    sms.claim("SMS-009", bool(result), f"sendResult must say why it failed, came {result!r}")


@check("SMS-010")
def test_no_binding(sms: SmsProfile) -> None:
    """An SMS by which nobody is reached has 2."""
    sms.claim_failed("SMS-010", sms.context.sms(*sms.in_vain(), "hello"), 2)


@check("SMS-011")
@pytest.mark.parametrize("status", ["9", "10"])
def test_a_suspended_x_carries_no_sms(sms: SmsProfile, status: str) -> None:
    """While X is suspended or unavailable nothing is forwarded.

    Afterwards SMS go again.
    """
    ways = sms.ways(sms.bind_users())
    sms.context.set_number(ways[0].x, status)
    for way in ways:
        sent = sms.write(way)
        if status == "9":
            sms.claim_failed("SMS-011", sent, 3)
        else:
            sms.stays("SMS-011", sent)
    sms.context.set_number(ways[0].x, "5")
    for way in ways:
        sms.reaches("SMS-011", way)


@check("SMS-012")
def test_an_x_frozen_for_binding_keeps_its_sms(sms: SmsProfile) -> None:
    """While X is frozen for binding SMS go in every way."""
    ways = sms.ways(sms.bind_users())
    sms.context.set_number(ways[0].x, "11")
    for way in ways:
        sms.reaches("SMS-012", way)


@check("SMS-013")
def test_a_frozen_tenant_has_no_sms(sms: SmsProfile) -> None:
    """While the tenant is frozen SMS fail with 1; afterwards they go."""
    ways = sms.ways(sms.bind_users())
    sms.set(status="frozen")
    for way in ways:
        sms.claim_failed("SMS-013", sms.write(way), 1)
    sms.set(status="normal")
    for way in ways:
        sms.reaches("SMS-013", way)


@check("SMS-014")
def test_a_number_without_sms(sms: SmsProfile) -> None:
    """SMS to an X that was ordered without them fail with 11."""
    ways = sms.ways(sms.bind_users())
    sms.context.set_number_sms(ways[0].x, False)
    for way in ways:
        sms.claim_failed("SMS-014", sms.write(way), 11)
    sms.context.set_number_sms(ways[0].x, True)
    for way in ways:
        sms.reaches("SMS-014", way)


@check("SMS-015", where=has_private_sms)
@pytest.mark.parametrize("flag", [None, "true", "false"])
def test_private_sms(sms: SmsProfile, flag: str | None) -> None:
    """SMS go by a binding unless its privateSms is false."""
    for way in sms.ways(sms.bind_users(**({} if flag is None else {"privateSms": flag}))):
        _goes(sms, way, goes=flag != "false")


@check("SMS-015", where=has_private_sms)
def test_private_sms_of_a_modify(sms: SmsProfile) -> None:
    """A modify of privateSms holds for the next SMS."""
    binding = sms.bind_users()
    ways = sms.ways(binding)
    for flag in ("false", "true"):
        sms.calls.succeeds("MODIFY-001", sms.calls.modify(binding, privateSms=flag), f"modify of privateSms to {flag}")
        for way in ways:
            _goes(sms, way, goes=flag == "true")


@check("SMS-015")
def test_an_application_without_sms(sms: SmsProfile) -> None:
    """Without SMS of the application none goes, whatever privateSms says."""
    ways = sms.ways(sms.bind_users(**({"privateSms": "true"} if sms.binds else {})))
    for has in (False, True):
        sms.set(sms=has)
        for way in ways:
            _goes(sms, way, goes=has)


def _goes(sms: SmsProfile, way: SmsWay, *, goes: bool) -> None:
    if goes:
        sms.reaches("SMS-015", way)
    else:
        sms.stays("SMS-015", sms.write(way))


@check("SMS-022")
@pytest.mark.parametrize(("network", "result"), [("partly", 9), ("fails", 10), ("breaks", 5)])
def test_the_network_fails(sms: SmsProfile, network: Literal["partly", "fails", "breaks"], result: int) -> None:
    """An SMS that is not sent whole is reported with the result for that."""
    for way in sms.ways(sms.bind_users()):
        event = sms.notify_of(sms.write(way, LONG, network=network), "SMS-022")
        came = event.get("sendResult")
        sms.claim("SMS-022", came == result, f"{way.name}, {network}: expected {result}, came {came!r}")


@check("SMS-023")
@pytest.mark.parametrize("result", [4, 8, 12, 13])
def test_what_is_not_let_through(sms: SmsProfile, result: int) -> None:
    """Each thing that stops an SMS has its result; without it the SMS goes."""
    for way in sms.ways(sms.bind_users()):
        bad, rules = _stopping_case(result, way.sender)
        sms.set(sms_rules=rules)
        sms.claim_failed("SMS-023", sms.write(way, bad), result)
        if result in (12, 13):
            sms.reaches("SMS-023", way, "good [demo]")
        sms.set(sms_rules=None)
        sms.reaches("SMS-023", way, bad)


def _stopping_case(result: int, sender: str) -> tuple[str, dict[str, Any]]:
    """A text, and what stops it with that result."""
    if result == 4:
        return "hello", {"trial": True}
    if result == 8:
        return "hello", {"blacklist": [sender]}
    if result == 12:
        return "hello", {"keyword": "[demo]"}
    return "a bad word", {"forbidden": ["worse", "bad"]}


@check("SMS-024")
def test_fixed_lines_have_no_sms(sms: SmsProfile) -> None:
    """Neither an SMS to a fixed line reaches anybody, nor one of it."""
    for way in (sms.to_fixed_line(), sms.from_fixed_line()):
        sms.stays("SMS-024", sms.write(way))
    sms.context.advance(PATIENCE)
