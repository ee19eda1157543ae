"""SMS that go by a binding: whom they reach, and their notices."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from privnum.suites.checks.assertions import CLOCKS_APART
from privnum.suites.checks.sms.notices import about, count_notices, extra
from privnum.suites.checks.sms.profiles import check
from privnum.suites.oracle.sms import parts

if TYPE_CHECKING:
    from privnum.suites.checks.sms.profile import SmsProfile

ENGLISH, CHINESE = "x", "中"
LENGTHS = {ENGLISH: (160, 161, 308, 309, 462, 463), CHINESE: (70, 71, 134, 135, 201, 202)}
"""The most characters of one part, of two and of three, and one more."""
STAMP = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z")


@check("SMS-001", "SMS-002", "SMS-003", "SMS-008", "COM-PUSH-001", "COM-PUSH-002", "COM-PUSH-003")
@pytest.mark.parametrize("length", [1, 400])
def test_an_sms_is_told_of(sms: SmsProfile, length: int) -> None:
    """Of a short and of a long SMS one Notify comes: who wrote to whom."""
    for way in sms.ways(sms.bind_users()):
        sent = sms.reaches("SMS-001", way, ENGLISH * length)
        event = sms.notify_of(sent)
        for name, right in (("calling", way.sender), ("called", way.receiver), ("virtualNumber", way.x)):
            came = event.get(name)
            if came is not None:
                sms.claim("SMS-003", came == right, f"{way.name}: {name} must be {right}, came {came}")
        came = event.get("sendResult")
        sms.claim("SMS-008", came == 0, f"{way.name}: the SMS was sent; sendResult must be 0, came {came!r}")
        count = count_notices(sms.context, sent)
        sms.claim("SMS-001", count == 1, f"{way.name}: expected one Notify, came {count}")


@check("SMS-001", "SMS-003")
def test_a_notify_names_the_receiver(sms: SmsProfile) -> None:
    """The receiver of an SMS that was forwarded stands in called."""
    for way in sms.ways(sms.bind_users()):
        event = sms.notify_of(sms.reaches("SMS-001", way))
        came = event.get("called")
        sms.claim("SMS-003", came == way.receiver, f"{way.name}: called must be {way.receiver}, came {came}")


@check("SMS-004", "AXB-SMS-101", "AX-SMS-101", "AX-SMS-102", "X-SMS-101")
@pytest.mark.parametrize("text", ["hello", "it costs 5 @ home", "你好，我在楼下", "x" * 400])
def test_who_gets_an_sms(sms: SmsProfile, text: str) -> None:
    """It reaches the other side with its text; he sees X."""
    for way in sms.ways(sms.bind_users()):
        sent = sms.reaches(way.rule, way, text)
        sms.claim("SMS-004", sent.displayed == way.x, f"{way.name}: the receiver sees {sent.displayed}, not {way.x}")
        right = way.arrives(text)
        sms.claim(
            way.rule, sent.delivered_text == right, f"{way.name}: expected {right!r}, came {sent.delivered_text!r}"
        )


@check("SMS-005")
def test_when_an_sms_came(sms: SmsProfile) -> None:
    """TimeStamp is world time in UTC, with milliseconds."""
    for way in sms.ways(sms.bind_users()):
        now = sms.context.now()
        came = str(sms.notify_of(sms.reaches("SMS-001", way)).get("timeStamp"))
        sms.claim("SMS-005", bool(STAMP.fullmatch(came)), f"timeStamp {came!r}: 2026-03-01T09:06:16.450Z is its form")
        apart = abs((datetime.fromisoformat(came).astimezone(UTC) - now).total_seconds())
        most = 1 if sms.context.controls_clock else CLOCKS_APART
        sms.claim("SMS-005", apart <= most, f"timeStamp {came}; the SMS was written at {now.isoformat()}")
        sms.context.advance(7)


@check("SMS-006")
@pytest.mark.parametrize(
    ("sign", "length"),
    [(sign, length) for sign, lengths in LENGTHS.items() for length in lengths],
)
def test_how_many_parts_are_sent(sms: SmsProfile, sign: str, length: int) -> None:
    """SplitNum counts what is sent, at the limits of each number of parts."""
    for way in sms.ways(sms.bind_users()):
        text = sign * way.room(length)
        right = str(parts(way.text_to_write(text) + way.added))
        came = extra(sms.notify_of(sms.reaches("SMS-001", way, text)), "splitNum")
        sms.claim("SMS-006", came == right, f"{way.name}: {length} characters are {right} parts, splitNum is {came}")


@check("SMS-007")
def test_the_direction_of_an_sms(sms: SmsProfile) -> None:
    """Direction says whether A wrote."""
    for way in sms.ways(sms.bind_users()):
        came = extra(sms.notify_of(sms.reaches("SMS-001", way)), "direction")
        sms.claim("SMS-007", came == way.direction, f"{way.name}: direction must be {way.direction}, came {came}")


@check("SMS-016")
def test_which_binding(sms: SmsProfile) -> None:
    """The subscriptionId, if any, is that of the binding."""
    for way in sms.ways(sms.bind_users()):
        event = sms.notify_of(sms.reaches("SMS-001", way))
        came = event.get("subscriptionId")
        if came:
            sms.claim("SMS-016", came == way.sub, f"{way.name}: subscriptionId must be {way.sub}, came {came}")


@check("SMS-018")
def test_what_was_written(sms: SmsProfile) -> None:
    """SmsContent, if any, is the text of the SMS."""
    for way in sms.ways(sms.bind_users()):
        text = f"see you, {way.name}"
        event = sms.notify_of(sms.reaches("SMS-001", way, text))
        came, written = event.get("smsContent"), way.text_to_write(text)
        if came is not None:
            sms.claim("SMS-018", came == written, f"{way.name}: {written!r} was written, came {came!r}")


@check("SMS-017")
def test_the_customers_own_text(sms: SmsProfile) -> None:
    """UserData of the bind is in the Notify."""
    for way in sms.ways(sms.bind_users(userData="order-42")):
        came = sms.notify_of(sms.reaches("SMS-001", way)).get("userData")
        sms.claim("SMS-017", came == "order-42", f"{way.name}: userData must be order-42, came {came!r}")


@check("SMS-019")
def test_each_sms_has_an_id_of_its_own(sms: SmsProfile) -> None:
    """Four SMS have four ids, also where they say the same."""
    sent = [sms.reaches("SMS-001", way) for way in sms.ways(sms.bind_users()) for _ in range(2)]
    for one in sent:
        sms.notify_of(one, "SMS-019")
    identifiers = {one.identifier for one in sent}
    sms.claim("SMS-019", len(identifiers) == len(sent), f"{len(sent)} SMS have {len(identifiers)} ids")


# ── repeats and addresses ────────────────────────────────────────────────────────────────────────────────────────────

REPEATS = 6
DAY = 86400


@check("SMS-020")
def test_a_failed_notify_is_repeated(sms: SmsProfile) -> None:
    """It is sent again, six times at most, whenever that is."""
    way = sms.ways(sms.bind_users())[0]
    sms.context.receiver.answer(500, kind="sms_notify")
    sent = sms.reaches("SMS-001", way)
    sms.notify_of(sent)
    first = len(about(sms.context, sent))
    sms.context.advance(2 * DAY)
    repeats = len(about(sms.context, sent)) / first - 1
    sms.claim("SMS-020", 1 <= repeats <= REPEATS, f"a Notify that failed was repeated {repeats:g} times in two days")


@check("SMS-020")
def test_a_notify_that_succeeded_is_not_repeated(sms: SmsProfile) -> None:
    """After 200 it does not come again."""
    sent = sms.reaches("SMS-001", sms.ways(sms.bind_users())[0])
    sms.notify_of(sent)
    first = len(about(sms.context, sent))
    sms.context.advance(2 * DAY)
    more = len(about(sms.context, sent)) - first
    sms.claim("SMS-020", not more, f"a Notify that was answered with 200 came {more} times more")


@check("SMS-021")
def test_the_address_for_sms(sms: SmsProfile) -> None:
    """A Notify goes to the address for it, and nowhere where there is none."""
    way, box = sms.ways(sms.bind_users())[0], sms.context.receiver
    sent = sms.reaches("SMS-001", way)
    sms.notify_of(sent, "SMS-021")
    paths = {push.path for push in about(sms.context, sent)}
    ok = all(box.came_to(box.sms_notify_url, path) for path in paths)
    sms.claim("SMS-021", ok, f"a Notify must go to {box.sms_notify_url}; came to {sorted(paths)}")
    sms.set(sms_notify_url=None)
    sent = sms.reaches("SMS-001", way)
    sms.context.advance(DAY)
    count = len(about(sms.context, sent))
    sms.claim("SMS-021", not count, f"the application has no address for SMS; {count} notices came")
