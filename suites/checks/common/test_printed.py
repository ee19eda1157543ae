"""Refusals, by the texts that the code tables print."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.checks.any_mode import any_mode
from privnum.suites.checks.assertions import UNKNOWN
from privnum.suites.printed.codes import OTHER_TEXTS, TEXTS
from privnum.suites.runner.check import check

if TYPE_CHECKING:
    from collections.abc import Iterable

    from privnum.suites.base.answer import Answer
    from privnum.suites.runner.context import CheckContext

HEADERS = ("authorization", "realm", "profile", "type", "token", "username", "nonce", "created", "digest")
"""Parts of the two headers; without one of them there is a code of its own."""
WRONG_HEADERS = (
    *({"realm": "SMS"}, {"profile": "Password"}, {"type": "Userkey"}, {"digest": "bm90IGl0"}),
    *({"username": "nobodyknowsme"}, {"created": "2000-01-01T00:00:00Z"}),
)


def explain_their_code(context: CheckContext, answers: Iterable[Answer]) -> None:
    """Claim that each refusal contains the English text of its code.

    One that is not printed may have any.
    """
    for answer in answers:
        texts = [table[answer.key] for table in (TEXTS, OTHER_TEXTS) if answer.key in table]
        found = any(text.rstrip(".").lower() in str(answer.desc).lower() for text in texts)
        message = f"resultdesc of {answer.key}: expected {texts} in it, came {answer.desc!r}"
        context.claim("COM-ENV-022", found or answer.ok or not texts, message)


@check("COM-ENV-022")
def test_texts_of_refused_headers(context: CheckContext) -> None:
    """A header that is missing or wrong is named by the text of its code."""
    api = any_mode(context)
    signs = [*({name: None} for name in HEADERS), *WRONG_HEADERS]
    explain_their_code(context, [api.query(subscriptionId=UNKNOWN, sign=sign) for sign in signs])


@check("COM-ENV-022")
def test_texts_of_refused_requests(context: CheckContext) -> None:
    """The text of a refusal says which it is.

    A missing binding, a second bind, a wrong value, an X that is not ours.
    """
    api = any_mode(context)
    tie = api.bind_users()
    answers = [api.query(subscriptionId=UNKNOWN), api.again(tie), api.bind(**api.misfits[0]), api.unbind()]
    answers.append(api.bind(**{api.x_field: context.user()}))
    answers.append(api.bind(**{api.x_field: None}, areaCode="0999"))
    explain_their_code(context, answers)


@check("COM-ENV-022", needs=("application_settings",))
def test_texts_of_a_closed_application(context: CheckContext) -> None:
    """The text of a refusal says how an application is closed.

    Unavailable, frozen, or asked from outside its allow-list.
    """
    api = any_mode(context)
    usual = {"status": "normal", "allow_list": None}
    for setting in ({"status": "unavailable"}, {"status": "frozen"}, {"allow_list": ["192.0.2.1"]}):
        context.set_application(api.app, **setting)
        answer = api.query(subscriptionId=UNKNOWN)
        context.set_application(api.app, **usual)
        explain_their_code(context, [answer])


@check("COM-ENV-022", needs=("other_mode_application",))
def test_text_of_another_mode(context: CheckContext) -> None:
    """The text says so to an application of another mode."""
    api = any_mode(context)
    explain_their_code(context, [api.query(subscriptionId=UNKNOWN, app=api.side.other_mode_app)])
