from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from privnum import contracts
from privnum.mockserver.core.answers import Answer
from privnum.mockserver.pushes.variations import Variations
from tests.mockserver.ax_rig import AX_PATH, CALLEE_PATH, AxRig
from tests.mockserver.axb_rig import AXB_PATH, AxbRig
from tests.mockserver.axe_rig import AXE_PATH, COUNT_PATH, LIST_PATH, AxeRig
from tests.mockserver.rig import AKSK, CLIENT, EDGE_MS, STOP, A, B, C, D, Headers, Rig, X, signed_headers


def checked_answer(
    rig: Rig, method: str, path: str, query: str, headers: Headers, body: bytes
) -> tuple[int, dict[str, Any]]:
    """Send anything; whatever comes back is an answer with both fields, ASCII, and no failure of the server."""
    answer = rig.platform.handle(method, path, query, headers, body, client=CLIENT, edge_now_ms=EDGE_MS)
    told = orjson.loads(answer.body)
    assert answer.headers == ((b"content-type", b"application/json;charset=utf-8"),)
    assert isinstance(told["resultcode"], str)
    assert 1 <= len(told["resultcode"]) <= 32
    assert 1 <= len(told["resultdesc"]) <= (128 if path.endswith(STOP) and told["resultcode"] != "1010006" else 256)
    assert told["resultdesc"].isascii()
    return answer.status, told


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"", "body is empty"),
        (b"  ", "body is empty"),
        (b"{", "not JSON"),
        (b"null", "null"),
        (b"[1]", "array"),
        (b'"text"', "text"),
        (b"7", "number"),
        (b"true", "boolean"),
        (b"\xff\xfe{\x00}\x00", "not UTF-8 (at byte 1,"),
        (b'\xef\xbb\xbf{"callerNum":"+8613800000001"}', "not JSON"),
        (b'{"callerNum":"\xff"}', "not UTF-8 (at byte 15,"),
        (b'{"callerNum":"\\ud800"}', "not JSON"),
        (b'{"callerNum":NaN}', "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b'{"callerNum":"+8613800000001","callerNum":"+8613800000002"}', "callerNum stands twice"),
        (b'{"preVoice":{"callerHintTone":"a","callerHintTone":"b"}}', "callerHintTone stands twice"),
        (b'{"callerNum":' + b"[" * 900 + b"]" * 900 + b',"calleeNum":"+8613900000002"}', "callerNum"),
        (b'{"preVoice":' + b'{"a":' * 900 + b"1" + b"}" * 900 + b"}", ""),
        (b'{"x":' + b'{"a":' * 900 + b"1" + b"}" * 900 + b"}", "callerNum is missing"),
        (b'{"duration":1e400,"callerNum":"+8613800000001"}', ""),
    ],
)
def test_a_body_that_cannot_be_read_is_refused_with_a_reason(body: bytes, what: str) -> None:
    """COM-ENV-010."""
    rig = AxbRig()
    for method, path in (("POST", AXB_PATH), ("PUT", AXB_PATH)):
        status, told = checked_answer(rig, method, path, "", signed_headers(rig.app), body)
        assert (status, told["resultcode"]) == (403, "1010002")
        if method == "POST":
            assert what in told["resultdesc"]
    assert len(rig.world.bindings) == 0


@pytest.mark.parametrize(("choice", "key"), [("refuse", "403/1010002"), ("accept", "200/0")])
def test_a_byte_order_mark_is_taken_as_the_world_reads_it(choice: str, key: str) -> None:
    """COM-OPEN-043."""
    rig = AxbRig(assumptions={"http.byte_order_mark": choice})
    body = json.dumps({"callerNum": A, "calleeNum": B, "relationNum": X}).encode()
    assert rig.request("POST", body=b"\xef\xbb\xbf" + body).key == key


@pytest.mark.parametrize(("choice", "key"), [("accept", "200/0"), ("1010002", "403/1010002")])
@pytest.mark.parametrize("text", ["3.0", "3e0", "0.3e1"])
def test_an_integer_with_point_or_exponent_is_taken_as_the_world_reads_it(choice: str, key: str, text: str) -> None:
    """COM-OPEN-044: a fraction is refused in any case, digits alone are taken in any case."""
    rig = AxbRig(assumptions={"http.integer_as_decimal": choice})
    body = f'{{"callerNum":"{A}","calleeNum":"{B}","relationNum":"{X}","duration":%s}}'
    reply = rig.request("POST", body=(body % text).encode())
    assert reply.key == key
    assert reply.body.get("duration", 3) == 3
    assert ("duration" in reply.text) == (key != "200/0")
    assert rig.request("POST", body=(body % "3.5").encode()).key == "403/1010002"
    rig.unbind(relationNum=X)
    assert rig.request("POST", body=(body % "3").encode()).key == "200/0"


@pytest.mark.parametrize(
    ("choice", "key"), [("accept", "200/0"), ("1010002", "403/1010002"), ("415/1010002", "415/1010002")]
)
def test_a_request_without_content_type_is_taken_as_the_world_reads_it(choice: str, key: str) -> None:
    """COM-OPEN-045, COM-ENV-021: on a GET too."""
    rig = AxbRig(assumptions={"http.content_type_missing": choice})
    with_type = [*signed_headers(rig.app), (b"content-type", b"application/json;charset=UTF-8")]
    body = json.dumps({"callerNum": A, "calleeNum": B, "relationNum": X}).encode()
    assert rig.request("POST", body=body, headers=with_type).key == "200/0"
    for other in ([], [(b"content-type", b"text/plain")]):
        assert rig.request("GET", query={"relationNum": X}, headers=[*signed_headers(rig.app), *other]).key == key
    assert rig.request("GET", query={"relationNum": X}, headers=with_type).key == "200/0"


def test_a_wrong_method_may_be_a_plain_404() -> None:
    """COM-OPEN-001: no JSON in it; variations leave it alone."""
    rig = AxbRig(assumptions={"http.wrong_method": "404"})
    answer = rig.platform.handle(
        "PATCH", AXB_PATH, "", signed_headers(rig.app), b"{}", client=CLIENT, edge_now_ms=EDGE_MS
    )
    assert answer == Answer(404, b"", ())
    assert Variations(["answers.extra_fields", "answers.long_text"]).answer("PATCH", AXB_PATH, answer) == answer


@pytest.mark.parametrize(
    ("choice", "body", "key"),
    [
        ("last", b'{"callerNum":"bad","callerNum":"%s","calleeNum":"%s"}', "200/0"),
        ("first", b'{"callerNum":"%s","callerNum":"bad","calleeNum":"%s"}', "200/0"),
        ("1010002", b'{"callerNum":"%s","callerNum":"bad","calleeNum":"%s"}', "403/1010002"),
        ("1010002", b'{"callerNum":"%s","userData":"a:b::","calleeNum":"%s"}', "200/0"),
    ],
)
def test_a_member_that_stands_twice_is_judged_as_the_world_reads_it(choice: str, body: bytes, key: str) -> None:
    """COM-OPEN-033."""
    rig = AxbRig(assumptions={"http.repeated_member": choice})
    assert rig.request("POST", body=body % (A.encode(), B.encode())).key == key


@pytest.mark.parametrize(
    ("query", "what"),
    [
        ("relationNum=%", "relationNum"),
        ("relationNum=%2", "relationNum"),
        ("relationNum=%zz8617000000001", "relationNum"),
        ("relationNum=%ff%fe", "relationNum"),
        ("relationNum=\xff\xfe", "relationNum"),
        ("%zz=1", "%zz"),
        ("foo=%zz&relationNum=%2B8617000000001", "foo"),
        ("subscriptionId=" + "x" * 65, "subscriptionId"),
        ("subscriptionId=%00" * 3, ""),
        ("&&&=&==", ""),
        ("relationNum=%E8%AE%A2%E5%8D%95%E8%AE%A2%E5%8D%95", "relationNum"),
    ],
)
def test_a_query_that_cannot_be_read_is_refused_with_a_reason(query: str, what: str) -> None:
    """COM-ENV-010."""
    rig = AxbRig()
    rig.new_binding_id()
    before = rig.state()
    for method in ("GET", "DELETE"):
        status, told = checked_answer(rig, method, AXB_PATH, query, signed_headers(rig.app), b"")
        assert status == 403
        assert what in told["resultdesc"]
    assert rig.state() == before


@pytest.mark.parametrize(("choice", "key"), [("first", "200/0"), ("last", "403/1012007"), ("1010002", "403/1010002")])
def test_a_repeated_parameter_is_judged_as_the_world_reads_it(choice: str, key: str) -> None:
    """COM-OPEN-004."""
    rig = AxbRig(assumptions={"http.repeated_parameter": choice})
    sub = rig.new_binding_id()
    assert rig.request("GET", query=f"subscriptionId={sub}&subscriptionId=other&foo=1&foo=2").key == key


def test_unknown_fields_and_parameters_are_refused_where_the_world_reads_it_so() -> None:
    """COM-OPEN-003."""
    rig = AxbRig(assumptions={"http.unknown_field": "1010002"})
    sub = rig.new_binding_id()
    assert rig.query(subscriptionId=sub, foo="1").key == "403/1010002"
    assert AxbRig().request("GET", query="relationNum=%2B8617000000001&foo=1").key == "403/1012007"


def test_bodies_of_get_and_delete_are_ignored() -> None:
    """COM-ENV-008."""
    rig = AxbRig()
    sub = rig.new_binding_id()
    for body in (b"{", b'{"subscriptionId":"other"}', b"\xff" * 1000):
        assert rig.request("GET", query={"subscriptionId": sub}, body=body).key == "200/0"
    assert rig.request("DELETE", query={"subscriptionId": sub}, body=b"[").key == "200/0"


def test_an_unknown_address_is_404_and_a_wrong_method_as_the_world_reads_it() -> None:
    """COM-ENV-005, COM-OPEN-001."""
    rig = AxbRig()
    for path in ("/", "", "/rest", AXB_PATH + "/", "/w/", f"/w/{rig.world.id}", f"/w/{rig.world.id}/x", "/\xff", "*"):
        assert rig.request("POST", path=path).key == "404/1010006"
    assert rig.request("PATCH").key == "403/1010006"
    assert rig.request("GET", path=STOP).key == "403/1010006"
    assert AxbRig(assumptions={"http.wrong_method": "405/1010006"}).request("HEAD").key == "405/1010006"


def test_bad_json_has_the_code_that_the_world_reads() -> None:
    """COM-OPEN-002."""
    assert AxbRig(assumptions={"http.bad_json": "1020001"}).request("POST", body=b"{").key == "500/1020001"


def test_the_explainer_is_never_the_judge() -> None:
    """Whatever the deciding engine refuses is refused, also where the explaining one finds nothing."""
    rig = AxbRig()
    odd = {"callerNum": A, "calleeNum": B, "relationNum": X, "duration": "5\n"}
    assert rig.request("POST", body=odd).status == 403


# ── garbage ──

numbers = st.sampled_from([A, B, C, X, "+8617000000002", "+861", "4001234567", "\x00", "", " " + A])
scalars = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text() | numbers
)
garbage = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner), max_leaves=6
)
NAMES = [*contracts.schema("axb/bind.body")["properties"], "subscriptionId", "pageIndex", "sessionid", "signal"]
objects = st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=5), garbage | numbers, max_size=6)
bodies = st.binary(max_size=60) | objects.map(lambda o: json.dumps(o).encode())
parts = st.tuples(st.sampled_from(NAMES), st.text(st.characters(max_codepoint=255), max_size=20) | numbers)
queries = st.text(st.characters(max_codepoint=255), max_size=60) | st.lists(parts, max_size=4).map(
    lambda pairs: "&".join(f"{name}={value}" for name, value in pairs)
)
methods = st.sampled_from(["GET", "POST", "PUT", "DELETE", "PATCH", "", "get"])
paths = st.sampled_from([AXB_PATH, STOP]) | st.text(max_size=10).map("/".__add__)
token_values = st.binary(max_size=60) | st.just(b'UsernameToken Username="a",PasswordDigest="b",Nonce="c",Created="d"')


@settings(max_examples=400, deadline=None)
@given(methods, paths, queries, bodies, st.none() | token_values, st.just(AKSK) | st.binary(max_size=60))
def test_garbage_never_fails_the_server_nor_changes_state(
    method: str, path: str, query: str, body: bytes, token: bytes | None, authorization: bytes
) -> None:
    """COM-ENV-010: only an answer of 200 may have changed anything."""
    rig = AxbRig()
    rig.new_binding_id()
    rig.new_binding_id(C, "+8613900000005", duration=60)
    headers = signed_headers(rig.app) if token is None else [(b"authorization", authorization), (b"x-aksk", token)]
    before = rig.state()
    status, told = checked_answer(rig, method, path, query, headers, body)
    # stop call answers its refusals with 500, as its own table prints them
    assert status < 500 or (path == STOP and told["resultcode"] in ("1020001", "1020152"))
    assert (status == 200) == (told["resultcode"] == "0")
    if status != 200:
        assert rig.state() == before
        assert status == 404 or f"{status}/{told['resultcode']}" in contracts.result_codes()


AXE_NAMES = [
    *contracts.schema("axe/modify.body")["properties"],
    *("bindNum", "areaCode", "areaMatchMode", "cursor", "limit", "number"),
]
digits = st.text("0123456789#", max_size=6)
times = st.integers(-2, 50_000) | st.integers(-2, 50_000).map(str)
axe_values = garbage | numbers | digits | times
axe_objects = st.dictionaries(st.sampled_from(AXE_NAMES), axe_values, max_size=6)
axe_binds = axe_objects.map(lambda o: {"bindNum": B, "virtualNum": X, **o})
axe_changes = axe_objects.map(lambda o: {"virtualNum": X, "extendNum": "0001", **o})
axe_bodies = (axe_objects | axe_binds | axe_changes).map(lambda o: json.dumps(o).encode())
axe_parts = st.tuples(st.sampled_from(AXE_NAMES), (numbers | digits).map(quote))
axe_queries = st.lists(axe_parts, max_size=4).map(lambda pairs: "&".join(f"{name}={value}" for name, value in pairs))
axe_readings = st.dictionaries(
    st.sampled_from([name for name in contracts.assumptions() if name.startswith("axe.")]),
    st.integers(0, 1),
    max_size=8,
)


@settings(max_examples=400, deadline=None)
@given(methods, st.sampled_from([AXE_PATH, LIST_PATH, COUNT_PATH]), axe_queries, axe_bodies, axe_readings)
def test_garbage_never_fails_axe_nor_changes_state(
    method: str, path: str, query: str, body: bytes, assumptions: dict[str, int]
) -> None:
    """COM-ENV-010: whatever the world reads, only an answer of 200 may have changed anything."""
    chosen = {name: contracts.assumptions()[name].choices[i % 2 - 1] for name, i in assumptions.items()}
    rig = AxeRig(assumptions=chosen)
    rig.new_binding_id(extendNum="0001")
    rig.new_binding_id(C, timeUnit=1, bindExpiredTime=60, callbackExpiredTime=5)
    rig.call_result(D, "0001")
    before = rig.state()
    status, told = checked_answer(rig, method, path, query, signed_headers(rig.app), body)
    assert status < 500
    assert (status == 200) == (told["resultcode"] == "0")
    if status != 200 or method == "GET":
        assert rig.state() == before


AX_NAMES = [*contracts.schema("ax/bind.body")["properties"], "subscriptionId", "calleeNum", "duration"]
ax_objects = st.dictionaries(st.sampled_from(AX_NAMES), garbage | numbers | times, max_size=6)
ax_binds = ax_objects.map(lambda o: {"origNum": B, "privateNum": "+8617000000101", **o})
ax_changes = ax_objects.map(lambda o: {"privateNum": X, "calleeNum": C, **o})
ax_bodies = (ax_objects | ax_binds | ax_changes).map(lambda o: json.dumps(o).encode())
ax_parts = st.tuples(st.sampled_from(AX_NAMES), numbers.map(quote))
ax_queries = st.lists(ax_parts, max_size=4).map(lambda pairs: "&".join(f"{name}={value}" for name, value in pairs))
ax_choices = st.dictionaries(
    st.sampled_from([name for name in contracts.assumptions() if name.startswith("ax.")]), st.integers(0, 1), max_size=8
)


@settings(max_examples=200, deadline=None)
@given(methods, st.sampled_from([AX_PATH, CALLEE_PATH]), ax_queries, ax_bodies, ax_choices)
def test_garbage_never_fails_ax_nor_changes_state(
    method: str, path: str, query: str, body: bytes, assumptions: dict[str, int]
) -> None:
    """COM-ENV-010: whatever the world chose, only an answer of 200 may have changed anything."""
    chosen = {name: contracts.assumptions()[name].choices[i % 2 - 1] for name, i in assumptions.items()}
    rig = AxRig(assumptions=chosen)
    rig.new_binding_id()
    rig.set_callee(D)
    before = rig.state()
    status, told = checked_answer(rig, method, path, query, signed_headers(rig.app), body)
    assert status < 500
    assert (status == 200) == (told["resultcode"] == "0")
    if status != 200 or method == "GET":
        assert rig.state() == before


def test_a_bug_is_answered_and_logged(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    rig = AxbRig()

    def raise_bug(*_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(type(rig.world.identity), "subscription_id", raise_bug)
    assert rig.bind().key == "500/1010001"
    assert "internal error" in caplog.text
