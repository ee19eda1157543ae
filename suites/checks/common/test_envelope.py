"""What every answer looks like, and how odd requests are answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.checks.any_mode import any_mode
from privnum.suites.checks.assertions import UNKNOWN, claim_refusal, claim_success
from privnum.suites.runner.check import check
from privnum.suites.transport.client import encode_query

if TYPE_CHECKING:
    from privnum.suites.base.answer import Answer
    from privnum.suites.runner.context import CheckContext


def some_answers(context: CheckContext) -> list[Answer]:
    """A success and a refusal of each operation."""
    api = any_mode(context)
    tie = api.bind_users()
    modified = [api.modify(tie.sub), api.modify(UNKNOWN)] if api.has("modify") else []
    return [
        tie.answer,
        api.again(tie),
        api.query(subscriptionId=tie.sub),
        api.query(subscriptionId=UNKNOWN),
        *modified,
        api.unbind(subscriptionId=tie.sub),
        api.unbind(subscriptionId=tie.sub),
        api.query(subscriptionId=tie.sub, sign=False),
    ]


@check("COM-ENV-001", "COM-ENV-002")
def test_every_answer_is_an_envelope(context: CheckContext) -> None:
    """Each answer is a JSON object with resultcode and resultdesc.

    200 goes with "0", a text.
    """
    for answer in some_answers(context):
        code, desc = answer["resultcode"], answer["resultdesc"]
        ok = isinstance(code, str) and 1 <= len(code) <= 32
        context.claim("COM-ENV-001", ok, f"resultcode: expected text of 1 to 32 characters, came {code!r}")
        ok = isinstance(desc, str) and 1 <= len(desc) <= 256
        context.claim("COM-ENV-001", ok, f"resultdesc: expected text of 1 to 256 characters, came {desc!r}")
        ok = (answer.status == 200) == (code == "0")
        context.claim("COM-ENV-002", ok, f"200 goes with '0' and nothing else: came {answer.status} with {code!r}")


@check("COM-ENV-003")
def test_answers_are_json_in_utf_8(context: CheckContext) -> None:
    """Answers are application/json in UTF-8 without a byte order mark."""
    for answer in some_answers(context):
        kind = (answer.header("Content-Type") or "").replace(" ", "").lower()
        ok = kind == "application/json;charset=utf-8"
        context.claim("COM-ENV-003", ok, f"Content-Type: expected application/json;charset=utf-8, came {kind!r}")
        context.claim("COM-ENV-003", not answer.content.startswith(b"\xef\xbb\xbf"), "the body begins with a BOM")


@check("COM-ENV-004")
def test_a_failure_has_the_status_of_its_code(context: CheckContext) -> None:
    """Refusals of header, digest and content come with 400, 401 and 403."""
    api = any_mode(context)
    tie = api.bind_users()
    missing = api.query(subscriptionId=UNKNOWN)
    cases = [
        (api.again(tie), 403, "1012010"),
        (missing, 403, api.not_found or missing.code),
        (api.query(subscriptionId=tie.sub, sign=False), 400, "1023006"),
        (api.query(subscriptionId=tie.sub, sign={"digest": "bm90IGl0"}), 401, "1010010"),
    ]
    for answer, status, code in cases:
        ok = answer.status == status or answer.code != code
        context.claim("COM-ENV-004", ok, f"{code} belongs under HTTP {status}, came {answer.key}")


@check("COM-ENV-005")
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_unknown_address(context: CheckContext, method: str) -> None:
    """An address that is no API of the platform gives HTTP 404."""
    for path in ("/rest/caas/nothing/v1.0", any_mode(context).path.replace("v1.0", "v9.9"), "/rest"):
        answer = context.send(method, path, content=b"{}" if method == "POST" else b"")
        context.claim("COM-ENV-005", answer.status == 404, f"{method} {path}: expected 404, came {answer.status}")


@check("COM-ENV-006")
def test_a_bare_plus_is_a_blank(context: CheckContext) -> None:
    """A + that is not sent as %2B is a blank, and an unbind fails."""
    api = any_mode(context)
    tie = api.bind_users()
    by_number, encoded = (api.raw_query(encode_query(by)) for by in (api.unbind_by_number(tie), tie.there))
    answer = api.ask("unbind", raw_query=by_number.replace("%2B", "+"))
    claim_refusal(context, "COM-ENV-006", answer, "unbind with a bare + before the number")
    left = list(api.left(tie))
    context.claim("COM-ENV-006", left == [api.key(tie)], f"expected the binding to stay, came {left}")
    claim_success(context, "COM-ENV-006", api.ask("query", raw_query=encoded), "query with %2B before the number")


@check("COM-ENV-007")
def test_the_text_of_1010002(context: CheckContext) -> None:
    """The resultdesc of 1010002 begins with "Invalid request."."""
    api = any_mode(context)
    for fields in ({"userData": "中文"}, *api.misfits):
        answer = api.bind(**fields)
        if answer.code == "1010002":
            ok = answer.desc.startswith("Invalid request.")
            context.claim("COM-ENV-007", ok, f"1010002: expected 'Invalid request.' in front, came {answer.desc!r}")


@check("COM-ENV-021")
@pytest.mark.parametrize("kind", ["application/json;charset=UTF-8", "application/json; charset=utf-8"])
def test_content_type_on_every_request(context: CheckContext, kind: str) -> None:
    """Requests with the Content-Type that each must have are served.

    Bind, query, modify and unbind.
    """
    api = any_mode(context)
    api.bind_users()  # a target that serves no bind at all breaks another rule
    headers = [("Content-Type", kind)]
    body = api.body()
    answer = api.ask("bind", body=body, headers=headers)
    claim_success(context, "COM-ENV-021", answer, f"POST with Content-Type {kind}")
    sub = str(answer["subscriptionId"])
    api.read(body, answer)  # what has no B need not be shown
    served = [("query", "GET"), ("modify", "PUT"), ("unbind", "DELETE")]
    for operation, method in [(name, method) for name, method in served if api.has(name)]:
        chosen = {"subscriptionId": sub}
        sent = {"body": chosen | api.change()} if operation == "modify" else {"query": chosen}
        answer = api.ask(operation, headers=headers, **sent)
        claim_success(context, "COM-ENV-021", answer, f"{method} with Content-Type {kind}")


@check("COM-ENV-008")
def test_bodies_of_get_and_delete_are_ignored(context: CheckContext) -> None:
    """A body on GET or DELETE changes nothing.

    The query again, another query, or nonsense.
    """
    api = any_mode(context)
    tie, other = api.bind_users(), api.bind_users()
    query = api.raw_query(encode_query({"subscriptionId": tie.sub}))
    stale = b'{"callerNum": "+8613800000001", "subscriptionId": "' + other.sub.encode() + b'"}'
    for body in (query.encode(), stale, b"{", encode_query({"subscriptionId": other.sub}).encode()):
        answer = api.ask("query", raw_query=query, body=body)
        claim_success(context, "COM-ENV-008", answer, f"query with the body {body[:20]!r}")
        shown = api.shown_keys(answer)
        context.claim("COM-ENV-008", shown == [api.key(tie)], f"expected {tie.sub}, came {shown}")
    claim_success(context, "COM-ENV-008", api.ask("unbind", raw_query=query, body=stale), "unbind with a stale body")
    left = list(api.left(other))
    context.claim("COM-ENV-008", left == [api.key(other)], f"expected the other binding to stay, came {left}")


@check("COM-ENV-009")
def test_null_means_absent(context: CheckContext) -> None:
    """JSON null means that an optional field is absent.

    On bind and on modify.
    """
    api = any_mode(context)
    tie = api.bind_users(by="COM-ENV-009", **dict.fromkeys(api.optional + api.at_bind))
    if not api.has("modify"):
        api.is_there("COM-ENV-009", tie, "bound with nulls")
        return
    change = api.change()
    for numbers in ((), api.modifiable_users):
        fields: dict[str, Any] = dict.fromkeys(api.optional + numbers) | change
        claim_success(context, "COM-ENV-009", api.modify(tie.sub, **fields), "modify with nulls")
    expected = {name: tie.body[name] for name in api.users} | change
    info = api.left(tie).get(tie.sub, {})
    shown = {name: info.get(name) for name in expected}
    context.claim("COM-ENV-009", shown == expected, f"after a modify with nulls: expected {expected}, came {shown}")


@check("COM-ENV-009")
def test_an_empty_query_value_means_absent(context: CheckContext) -> None:
    """An empty value in the query is as if the parameter were not there."""
    api = any_mode(context)
    tie = api.bind_users()
    nothing = dict.fromkeys(api.narrowing, "")
    for query in (
        {"subscriptionId": "", **tie.there},
        {"subscriptionId": tie.sub, **dict.fromkeys(tie.there, ""), **nothing},
        {"subscriptionId": "", **nothing, **tie.there},
    ):
        answer = api.query(**query)
        claim_success(context, "COM-ENV-009", answer, f"query with empty {[k for k, v in query.items() if not v]}")
        shown = api.shown_keys(answer)
        context.claim("COM-ENV-009", shown == [api.key(tie)], f"expected {tie.sub}, came {shown}")
    answer = api.unbind(**api.with_empty(tie))
    claim_success(context, "COM-ENV-009", answer, "unbind with an empty parameter")


@check("COM-ENV-011")
def test_a_garbage_request_line(context: CheckContext) -> None:
    """Bytes that are no HTTP get 400 with both result fields.

    Others are still served.
    """
    for garbage in (b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", b"hello\r\n\r\n", b"GET\r\n\r\n"):
        answers = context.wire.exchange(garbage)
        statuses = [answer.status for answer in answers]
        context.claim("COM-ENV-011", statuses == [400], f"{garbage!r}: expected one answer 400, came {statuses}")
        explained = bool(answers and answers[0].code and answers[0].desc)
        context.claim("COM-ENV-011", explained, f"{garbage!r}: the answer has no resultcode and resultdesc")
    any_mode(context).bind_users(by="COM-ENV-011")
