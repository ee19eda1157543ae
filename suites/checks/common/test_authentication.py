"""Authentication: good signatures of every form, one fault at a time."""

from __future__ import annotations

import secrets
import string
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.base.printing import plural
from privnum.suites.checks.any_mode import (
    any_app,
    any_mode,
    any_request,
    binds,
    claim_form_accepted,
    claim_served,
    requests_of_all_modes,
)
from privnum.suites.checks.assertions import choice_of, claim_refusal, claim_success, has_chosen
from privnum.suites.runner.check import NotExercised, check

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from privnum.suites.base.answer import Answer
    from privnum.suites.runner.context import CheckContext

Sign = dict[str, Any]
STAMP = "%Y-%m-%dT%H:%M:%SZ"
HEX, LETTERS = "0123456789abcdef", string.ascii_letters + string.digits
FEW = 2
"""A nonce of this many characters may have come by chance."""


def now() -> datetime:
    """Real time: signatures are checked by it, not by the time of the world."""
    return datetime.now(UTC)


# ── accepted ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def claim_accepted(context: CheckContext, requirement: str, sign: Sign, what: str) -> None:
    """Claim that requests with this signature are served.

    Bind, query, modify and unbind; where nothing is bound, the requests that every mode has.
    """
    if not binds(context):
        for name, answer in requests_of_all_modes(context, sign=sign).items():
            claim_form_accepted(context, requirement, answer, f"{name} with {what}")
        return
    api = any_mode(context)
    body = api.body()
    bind = api.ask("bind", body=body, sign=sign)
    claim_served(context, requirement, bind, f"bind with {what}")
    sub = api.read(body, bind).sub
    claim_success(context, requirement, api.query(subscriptionId=sub, sign=sign), f"query with {what}")
    if api.has("modify"):
        claim_success(context, requirement, api.modify(sub, sign=sign), f"modify with {what}")
    claim_success(context, requirement, api.unbind(subscriptionId=sub, sign=sign), f"unbind with {what}")


@check("COM-AUTH-001")
def test_aksk_is_accepted(context: CheckContext) -> None:
    """The current signature opens every operation."""
    claim_accepted(context, "COM-AUTH-001", {}, "an AKSK signature")


@check("COM-AUTH-002")
@pytest.mark.parametrize("separator", [",", ", "], ids=["comma", "comma-blank"])
def test_separators(context: CheckContext, separator: str) -> None:
    """Attributes may be separated by a comma with or without a blank."""
    claim_accepted(context, "COM-AUTH-002", {"separator": separator}, f"the separator {separator!r}")


@check("COM-AUTH-003")
@pytest.mark.parametrize(
    "names", [("authorization", "x-aksk"), ("AUTHORIZATION", "X-AKSK"), ("aUTHORIZATION", "x-AkSk")], ids=str
)
def test_header_names_in_any_case(context: CheckContext, names: tuple[str, str]) -> None:
    """Header names count in any case."""
    claim_accepted(context, "COM-AUTH-003", {"names": names}, f"headers named {names}")


def wsse() -> Sign:
    """The parts of a WSSE signature."""
    return {"scheme": "wsse"}


@check("COM-AUTH-004")
@pytest.mark.parametrize("separator", [",", ", "], ids=["comma", "comma-blank"])
def test_wsse_is_accepted(context: CheckContext, separator: str) -> None:
    """The older signature opens every operation."""
    claim_accepted(context, "COM-AUTH-004", wsse() | {"separator": separator}, "a WSSE signature")


@check("COM-AUTH-005")
def test_local_time_with_a_z_is_accepted(context: CheckContext) -> None:
    """A Created of Chinese local time with a Z behind it is accepted."""
    claim_accepted(context, "COM-AUTH-005", {"created": now() + timedelta(hours=8)}, "a Created eight hours ahead")


@check("COM-AUTH-006")
def test_a_repeated_nonce_is_accepted(context: CheckContext) -> None:
    """Headers that are built once serve several requests."""
    sign = {"nonce": "5f3a9c0e1b2d4", "created": now()}
    claim_accepted(context, "COM-AUTH-006", sign, "headers that were built once")


@check("COM-AUTH-007")
@pytest.mark.parametrize(("length", "alphabet"), [(13, HEX), (32, HEX), (128, LETTERS), (2, LETTERS)], ids=str)
def test_nonces_of_many_lengths(context: CheckContext, length: int, alphabet: str) -> None:
    """A nonce of many lengths is accepted.

    13 or 32 hex digits, 2 or 128 letters and digits.
    """
    ask = _asks_again_and_again(context)
    for _ in range(4):
        # new ones in each run, in case that a nonce may come once only
        nonce = "".join(secrets.choice(alphabet) for _ in range(length))
        answer = ask({"nonce": nonce})
        if length > FEW or not _may_have_come(context, answer):
            _claim_read(context, "COM-AUTH-007", answer, f"a nonce of {length} characters")


@check("COM-AUTH-007")
def test_a_nonce_of_one_character(context: CheckContext) -> None:
    """A nonce of 1 character is accepted, unless it may have come before."""
    answer = _asks_again_and_again(context)({"nonce": secrets.choice(LETTERS)})
    if _may_have_come(context, answer):
        raise NotExercised("the target takes each nonce once, and there are few of one character")
    _claim_read(context, "COM-AUTH-007", answer, "a nonce of 1 character")


def _asks_again_and_again(context: CheckContext) -> Callable[[Sign], Answer]:
    """Sends a request with these parts of a signature.

    The query of a binding, where there are any.
    """
    if not binds(context):
        return lambda sign: any_request(context, sign)
    api = any_mode(context)
    sub = api.bind_users().sub
    return lambda sign: api.query(subscriptionId=sub, sign=sign)


def _claim_read(context: CheckContext, requirement: str, answer: Answer, what: str) -> None:
    """Claim that such a request is served with that in its signature."""
    if binds(context):
        claim_success(context, requirement, answer, f"query with {what}")
    else:
        claim_form_accepted(context, requirement, answer, f"stop call with {what}")


def _may_have_come(context: CheckContext, answer: Answer) -> bool:
    """Whether a nonce may have been refused for having come before."""
    return (not answer.ok or not binds(context)) and not has_chosen(context, "auth.nonce_reuse", "accept")


# ── one fault at a time ──────────────────────────────────────────────────────────────────────────────────────────────


def turned_away(context: CheckContext, requirement: str, key: str, sign: Callable[[], Sign], what: str) -> None:
    """Claim that this signature gets `key`, and that nothing is bound.

    On bind and query; where nothing is bound, on the requests that every mode has.
    """
    if not binds(context):
        for name, answer in requests_of_all_modes(context, sign=sign()).items():
            ok = answer.key == key
            context.claim(requirement, ok, f"{name}, {what}: expected {key}, came {answer.key} {answer.desc}")
        return
    api = any_mode(context)
    tie = api.bind_users()
    answers: list[Answer] = [api.bind(sign=sign()), api.query(**tie.there, sign=sign())]
    for name, answer in zip(("bind", "query"), answers, strict=True):
        context.claim(
            requirement, answer.key == key, f"{name}, {what}: expected {key}, came {answer.key} {answer.desc}"
        )
        shown = any(number in answer.text for number in tie.users)
        context.claim(requirement, not shown, f"{name}, {what}: the refusal shows a binding")
    left = list(api.left(tie))
    context.claim(requirement, left == [api.key(tie)], f"{what}: expected the one binding on X, came {left}")


HEADER_FAULTS: list[tuple[str, str, str, Sign]] = [
    ("COM-AUTH-010", "1023006", "no Authorization", {"authorization": None}),
    ("COM-AUTH-011", "1023007", "no realm", {"realm": None}),
    ("COM-AUTH-012", "1023008", "no profile", {"profile": None}),
    ("COM-AUTH-013", "1023009", "realm SMS", {"realm": "SMS"}),
    ("COM-AUTH-014", "1023010", "profile Password", {"profile": "Password"}),
    ("COM-AUTH-015", "1023011", "type Userkey", {"type": "Userkey"}),
    ("COM-AUTH-016", "1023012", "no type", {"type": None}),
    ("COM-AUTH-017", "1023033", "no X-AKSK", {"token": None}),
    ("COM-AUTH-018", "1023034", "no Username", {"username": None}),
    ("COM-AUTH-019", "1023035", "no Nonce", {"nonce": None}),
    ("COM-AUTH-020", "1023036", "no Created", {"created": None}),
    ("COM-AUTH-021", "1023037", "no PasswordDigest", {"digest": None}),
]


def _turns_away(requirement: str, code: str, what: str, sign: Sign) -> Callable[..., None]:
    @check(requirement)
    @pytest.mark.parametrize("separator", [",", ", "], ids=["comma", "comma-blank"])
    def turns_away(context: CheckContext, separator: str) -> None:
        """One fault in the headers is answered with its own code."""
        turned_away(context, requirement, f"400/{code}", lambda: sign | {"separator": separator}, what)

    return turns_away


for _row in HEADER_FAULTS:
    globals()[f"test_{_row[2].replace(' ', '_').replace('-', '_').lower()}"] = _turns_away(*_row)


@check("COM-AUTH-022")
@pytest.mark.parametrize("how", ["other secret", "hex", "other text", "wsse digest"])
def test_wrong_digest(context: CheckContext, how: str) -> None:
    """A digest that does not match, of any kind, gets 401/1010010."""
    from privnum.suites.transport.client import digest_of

    nonce, created, app = "1d2c3b4a", now().strftime(STAMP), any_app(context)
    digests = {
        "other secret": digest_of("aksk", nonce, created, app.secret + "x"),
        "hex": "00" * 32,
        "other text": digest_of("aksk", created, nonce, app.secret),
        "wsse digest": digest_of("wsse", nonce, created, app.secret),
    }
    sign = {"nonce": nonce, "created": created, "digest": digests[how]}
    turned_away(context, "COM-AUTH-022", "401/1010010", lambda: sign, f"digest: {how}")


@check("COM-AUTH-023")
@pytest.mark.parametrize("days", [-4000, -400, 400, 4000])
def test_created_out_of_limit(context: CheckContext, days: int) -> None:
    """A Created a year and more off is answered with 401/1010013."""
    sign = {"created": now() + timedelta(days=days)}
    turned_away(context, "COM-AUTH-023", "401/1010013", lambda: sign, f"Created {days} days off")


@check("COM-AUTH-024")
def test_unknown_app_key(context: CheckContext) -> None:
    """A Username that is no application is answered with 403/1010003."""
    turned_away(context, "COM-AUTH-024", "403/1010003", lambda: {"username": "nobodyknowsme"}, "unknown app_key")


@check("COM-AUTH-025")
def test_application_of_another_mode(context: CheckContext) -> None:
    """The application of another mode is answered with 403/1010040."""
    api = any_mode(context)
    theirs = api.side.other_mode_app
    if not theirs.numbers:
        raise NotExercised("the application of another mode has no X of its own")
    answer = api.bind(app=theirs)  # on an X of its own: with a foreign one there would be another fault
    ok = answer.key == "403/1010040"
    context.claim("COM-AUTH-025", ok, f"application of mode {theirs.mode}: expected 403/1010040, came {answer.key}")
    answer = api.query(**api.there(theirs.numbers[0].number), app=theirs)
    claim_refusal(context, "COM-AUTH-025", answer, f"query by one of mode {theirs.mode}")


@check("COM-AUTH-026")
def test_application_not_available(context: CheckContext) -> None:
    """An abnormal application gets 403/1010008 or 1010004.

    Until it is normal again.
    """
    keys = ("403/1010008", "403/1010004")
    _while_set(context, "COM-AUTH-026", keys, {"status": "unavailable"}, {"status": "normal"})


@check("COM-AUTH-027")
def test_frozen_subscriber(context: CheckContext) -> None:
    """Requests of a frozen tenant get 403/1010029.

    Or 1012001, which names arrears too.
    """
    keys = ("403/1010029", "403/1012001")
    _while_set(context, "COM-AUTH-027", keys, {"status": "frozen"}, {"status": "normal"})


@check("COM-AUTH-028")
def test_address_not_in_the_allow_list(context: CheckContext) -> None:
    """A request from outside the allow-list is answered with 403/1020166."""
    _while_set(context, "COM-AUTH-028", ("403/1020166",), {"allow_list": ["192.0.2.1"]}, {"allow_list": None})


def _while_set(context: CheckContext, requirement: str, keys: tuple[str, ...], setting: Sign, normal: Sign) -> None:
    """Claim one of `keys` while the application is set so.

    On bind, query and unbind; nothing changes. Where nothing is bound, on the requests that every mode has.
    """
    if not binds(context):
        context.set_application(any_app(context), **setting)
        answers = list(requests_of_all_modes(context).values())
        context.set_application(any_app(context), **normal)
        _claim_keys(context, requirement, keys, setting, answers)
        return
    api = any_mode(context)
    tie, change = api.bind_users(), api.change()
    before = api.left(tie)
    context.set_application(api.app, **setting)
    answers = [
        api.bind(),
        api.query(**tie.there),
        *([api.modify(tie.sub, **change)] if api.has("modify") else []),
        api.unbind(subscriptionId=tie.sub),
    ]
    context.set_application(api.app, **normal)
    _claim_keys(context, requirement, keys, setting, answers)
    (was, came) = (
        {sub: [info.get(name) for name in change] for sub, info in there.items()} for there in (before, api.left(tie))
    )
    context.claim(requirement, came == was, f"{setting}: {sorted(change)} of the binding was {was}, came {came}")


def _claim_keys(
    context: CheckContext, requirement: str, keys: tuple[str, ...], setting: Sign, answers: Iterable[Answer]
) -> None:
    """Claim that each of the answers has one of `keys`."""
    for answer in answers:
        ok = answer.key in keys
        context.claim(requirement, ok, f"{setting}: expected {' or '.join(keys)}, came {answer.key} {answer.desc}")


@check("COM-AUTH-029")
def test_lock_out(context: CheckContext) -> None:
    """A good request after the declared count of failures gets 403/1020176."""
    count = int(context.assumptions["auth.lockout_failures"])
    context.asks_for_limits = True
    for _ in range(count):  # nothing is bound: it could not be dissolved while the lock-out lasts
        any_request(context, {"digest": "bm90IGl0"})
    answer = any_request(context)
    message = f"good request after {plural(count, 'failure')}: expected 403/1020176, came {answer.key}"
    context.claim("COM-AUTH-029", answer.key == "403/1020176", message)


@check("COM-OPEN-016", needs=("lockout_count", "worlds"), disruptive=True)
def test_no_lock_out_before_the_count(context: CheckContext) -> None:
    """One failure less than declared does not lock out."""
    count = int(context.assumptions["auth.lockout_failures"])
    context.asks_for_limits = True
    api = any_mode(context)
    tie = api.bind_users()
    for _ in range(count - 1):
        api.query(subscriptionId=tie.sub, sign={"digest": "bm90IGl0"})
    answer = api.query(subscriptionId=tie.sub)
    claim_success(context, "COM-OPEN-016", answer, f"good query after {plural(count - 1, 'failure')}")


@check("COM-OPEN-009")
def test_the_window_of_created(context: CheckContext) -> None:
    """Created is taken in the declared window, and refused a minute outside."""
    window = int(choice_of(context, "auth.created_window_seconds"))
    api = any_mode(context)
    tie = api.bind_users()
    for sign in (-1, 1):
        inside = {"created": now() + timedelta(seconds=sign * (window - 60))}
        answer = api.query(subscriptionId=tie.sub, sign=inside)
        claim_success(context, "COM-OPEN-009", answer, f"Created a minute within {window} s")
        outside = {"created": now() + timedelta(seconds=sign * (window + 60))}
        answer = api.query(subscriptionId=tie.sub, sign=outside)
        ok = answer.key == "401/1010013"
        context.claim(
            "COM-OPEN-009", ok, f"Created a minute outside {window} s: expected 401/1010013, came {answer.key}"
        )


@check("COM-AUTH-030", disruptive=True)
def test_flow_control(context: CheckContext) -> None:
    """A request far below the limit is served.

    Of many at a low limit the last is answered with 403/1010010.

    How many of these are served is not asked: a platform may count what came in the same minute before.
    """
    context.asks_for_limits = True
    context.set_application(any_app(context), requests_per_minute=1_000_000)
    below = any_request(context).key
    context.claim("COM-AUTH-030", below != "403/1010010", f"a request at 1,000,000 a minute came to {below}")
    context.set_application(any_app(context), requests_per_minute=5)
    keys = [any_request(context).key for _ in range(12)]
    ok = keys[-1] == "403/1010010"
    context.claim("COM-AUTH-030", ok, f"12 requests at 5 a minute: expected 403/1010010 in the end, came {keys}")


@check("COM-AUTH-022", needs=("second_application",))
def test_applications_do_not_share_secrets(context: CheckContext) -> None:
    """A signature with the secret of another application does not match."""
    other = context.of(context.session.plain_mode).second_app
    if other.secret == any_app(context).secret:
        raise NotExercised("both applications have one secret")
    turned_away(
        context, "COM-AUTH-022", "401/1010010", lambda: {"secret": other.secret}, "another application's secret"
    )
