from __future__ import annotations

import re
from typing import Any

import pytest

from privnum import contracts
from privnum.mockserver.core.timestamps import iso
from privnum.mockserver.worlds.setup import change_application
from tests.mockserver.axb_rig import AXB_PATH, AxbRig
from tests.mockserver.rig import AKSK, CLIENT, EDGE_MS, Headers, signed_headers

HOUR_MS = 3_600_000


def with_header(headers: Headers, name: bytes, value: bytes | None) -> Headers:
    kept = [(n, v) for n, v in headers if n != name]
    return kept if value is None else [*kept, (name, value)]


def with_token(headers: Headers, pattern: bytes, replacement: bytes) -> Headers:
    return [(n, re.sub(pattern, replacement, v) if n.startswith(b"x-") else v) for n, v in headers]


@pytest.mark.parametrize("scheme", ["aksk", "wsse"])
@pytest.mark.parametrize("separator", [b",", b", "])
def test_both_generations_and_both_spellings_are_accepted(scheme: str, separator: bytes) -> None:
    """COM-AUTH-001, COM-AUTH-002, COM-AUTH-004."""
    rig = AxbRig()
    headers = [(name, value.replace(b",", separator)) for name, value in signed_headers(rig.app, scheme=scheme)]
    assert rig.request("GET", query="relationNum=%2B8617000000001", headers=headers).key == "403/1012007"


@pytest.mark.parametrize("hours", [-11, 8, 11])
def test_local_time_with_a_z_is_accepted(hours: int) -> None:
    """COM-AUTH-005."""
    rig = AxbRig()
    headers = signed_headers(rig.app, created=iso(EDGE_MS + hours * HOUR_MS))
    assert rig.request("GET", query="relationNum=%2B8617000000001", headers=headers).key == "403/1012007"


def test_world_time_does_not_judge_signatures() -> None:
    """A client that signs with real time works in a world that is far ahead."""
    rig = AxbRig()
    rig.advance(40 * 86_400)
    rig.new_binding_id()


@pytest.mark.parametrize(
    ("authorization", "key"),
    [
        (None, "400/1023006"),
        (b'AKSK profile="UsernameToken",type="Appkey"', "400/1023007"),
        (b'AKSK realm="SDP",type="Appkey"', "400/1023008"),
        (b'AKSK realm="SPD",profile="UsernameToken",type="Appkey"', "400/1023009"),
        (b'AKSK realm="SDP",profile="Token",type="Appkey"', "400/1023010"),
        (b'AKSK realm="SDP",profile="UsernameToken",type="app_key"', "400/1023011"),
        (b'AKSK realm="SDP",profile="UsernameToken"', "400/1023012"),
        (b'Bearer realm="SDP",profile="UsernameToken",type="Appkey"', "400/1023006"),
        (b"AKSK", "400/1023007"),
        (b"", "400/1023006"),
        (b'WSSE realm="SDP",profile="UsernameToken",type="Appkey"', "400/1023026"),
    ],
)
def test_each_fault_of_authorization_has_its_code(authorization: bytes | None, key: str) -> None:
    """COM-AUTH-010 to COM-AUTH-016."""
    rig = AxbRig()
    assert rig.request("GET", headers=with_header(signed_headers(rig.app), b"authorization", authorization)).key == key


@pytest.mark.parametrize(
    ("pattern", "replacement", "key"),
    [
        (b'Username="[^"]*",', b"", "400/1023034"),
        (b',Nonce="[^"]*"', b"", "400/1023035"),
        (b',Created="[^"]*"', b"", "400/1023036"),
        (b'PasswordDigest="[^"]*",', b"", "400/1023037"),
        (b"UsernameToken ", b"", "400/1023038"),
        (b'PasswordDigest="[^"]*"', b'PasswordDigest="AAAA"', "401/1010010"),
        (b'PasswordDigest="[^"]*"', b'PasswordDigest="\xff\xfe"', "401/1010010"),
        (b'Username="[^"]*"', b'Username="nobody"', "403/1010003"),
        (b'Username="[^"]*"', b'Username="\xff"', "403/1010003"),
        (b'Created="[^"]*"', b'Created="yesterday"', "401/1010013"),
        (b'Created="[^"]*"', b'Created="2026-13-45T99:00:00Z"', "401/1010013"),
        (b'Created="[^"]*"', b'Created="2020-01-01T00:00:00Z"', "401/1010013"),
        (b'Created="[^"]*"', b'Created="9999-12-31T23:59:59Z"', "401/1010013"),
    ],
)
def test_each_fault_of_the_token_has_its_code(pattern: bytes, replacement: bytes, key: str) -> None:
    """COM-AUTH-018 to COM-AUTH-024."""
    rig = AxbRig()
    assert rig.request("GET", headers=with_token(signed_headers(rig.app), pattern, replacement)).key == key


@pytest.mark.parametrize(
    ("name", "wrong", "missing"),
    [
        ("realm", "400/1023009", "400/1023007"),
        ("profile", "400/1023010", "400/1023008"),
        ("type", "400/1023011", "400/1023012"),
        ("Username", "403/1010003", "400/1023034"),
        ("Nonce", "401/1010010", "400/1023035"),
        ("Created", "401/1010013", "400/1023036"),
        ("PasswordDigest", "401/1010010", "400/1023037"),
    ],
)
def test_an_empty_attribute_is_taken_as_the_world_reads_it(name: str, wrong: str, missing: str) -> None:
    """COM-OPEN-047."""
    for choice, key in (("wrong", wrong), ("missing", missing)):
        rig = AxbRig(assumptions={"auth.empty_attribute": choice})
        emptied = [
            (n, re.sub(rb'%b="[^"]*"' % name.encode(), b'%b=""' % name.encode(), v)) for n, v in signed_headers(rig.app)
        ]
        # No app_key names the world here; its path does.
        assert rig.request("GET", path=f"/w/{rig.world.id}{AXB_PATH}", headers=emptied).key == key


@pytest.mark.parametrize("choice", ["401/1010013", "400/1023031", "403/1010002"])
def test_a_malformed_created_of_wsse_has_a_code_of_its_own(choice: str) -> None:
    """COM-OPEN-046, beside COM-OPEN-012."""
    rig = AxbRig(assumptions={"auth.wsse_created_malformed": choice})
    assert rig.request("GET", headers=signed_headers(rig.app, created="now", scheme="wsse")).key == choice
    assert rig.request("GET", headers=signed_headers(rig.app, created="now")).key == "401/1010013"


def test_a_missing_token_has_its_code() -> None:
    """COM-AUTH-017."""
    rig = AxbRig()
    assert rig.request("GET", headers=[(b"authorization", AKSK)]).key == "400/1023033"


def test_the_first_of_two_equal_headers_counts() -> None:
    rig = AxbRig()
    headers = [*signed_headers(rig.app), (b"x-aksk", b"nonsense"), (b"authorization", b"nonsense")]
    assert rig.request("GET", query="relationNum=%2B8617000000001", headers=headers).key == "403/1012007"


def test_a_repeated_nonce_is_accepted_unless_the_world_reads_it_otherwise() -> None:
    """COM-AUTH-006, auth.nonce_reuse."""
    rig = AxbRig()
    headers = signed_headers(rig.app)
    assert {rig.request("GET", headers=headers).key for _ in range(3)} == {"403/1010002"}
    strict = AxbRig(assumptions={"auth.nonce_reuse": "401/1010010"})
    headers = signed_headers(strict.app)
    assert [strict.request("GET", headers=headers).key for _ in range(2)] == ["403/1010002", "401/1010010"]
    assert strict.request("GET", headers=signed_headers(strict.app, nonce="other")).key == "403/1010002"


@pytest.mark.parametrize("nonce", ["", "a-b", "é", "x" * 129])
@pytest.mark.parametrize(
    ("choice", "key"),
    [("403/1010002", "403/1010002"), ("401/1010010", "401/1010010"), ("accept", "403/1012007")],
)
def test_a_malformed_nonce_is_judged_as_the_world_reads_it(nonce: str, choice: str, key: str) -> None:
    """auth.nonce_malformed."""
    rig = AxbRig(assumptions={"auth.nonce_malformed": choice})
    headers = signed_headers(rig.app, nonce=nonce)
    reply = rig.request("GET", query="relationNum=%2B8617000000001", headers=headers)
    assert reply.key == key
    assert key != "403/1010002" or reply.text.startswith("Invalid request. Nonce")


@pytest.mark.parametrize(
    ("assumption", "choice", "pattern", "replacement", "key"),
    [
        ("auth.created_malformed", "403/1010002", b'Created="[^"]*"', b'Created="now"', "403/1010002"),
        ("auth.created_malformed", "400/1023036", b'Created="[^"]*"', b'Created="now"', "400/1023036"),
        ("auth.username_token_missing", "400/1023034", b"UsernameToken ", b"", "400/1023034"),
        ("auth.username_token_missing", "accept", b"UsernameToken ", b"", "403/1010002"),
        ("auth.time_and_digest", "digest", b'Created="[^"]*"', b'Created="2020-01-01T00:00:00Z"', "401/1010010"),
    ],
)
def test_a_token_is_judged_as_the_world_reads_it(
    assumption: str, choice: str, pattern: bytes, replacement: bytes, key: str
) -> None:
    rig = AxbRig(assumptions={assumption: choice})
    assert rig.request("GET", headers=with_token(signed_headers(rig.app), pattern, replacement)).key == key


@pytest.mark.parametrize(("choice", "key"), [("application", "403/1010003"), ("time", "401/1010013")])
def test_unknown_application_and_time_are_judged_as_the_world_reads_it(choice: str, key: str) -> None:
    """auth.unknown_app_and_time."""
    rig = AxbRig(assumptions={"auth.unknown_app_and_time": choice})
    headers = with_token(
        signed_headers(rig.app, created="2020-01-01T00:00:00Z"), b'Username="[^"]*"', b'Username="nobody"'
    )
    assert rig.request("GET", path=f"/w/{rig.world.id}{AXB_PATH}", headers=headers).key == key


@pytest.mark.parametrize(
    ("choice", "key"), [("400/1023006", "400/1023006"), ("400/1023013", "400/1023013"), ("accept", "403/1010002")]
)
def test_another_first_word_is_judged_as_the_world_reads_it(choice: str, key: str) -> None:
    """auth.unknown_scheme."""
    rig = AxbRig(assumptions={"auth.unknown_scheme": choice})
    headers = with_header(signed_headers(rig.app), b"authorization", AKSK.replace(b"AKSK", b"Basic"))
    assert rig.request("GET", path=f"/w/{rig.world.id}{AXB_PATH}", headers=headers).key == key


def test_wsse_is_refused_where_only_aksk_is_read() -> None:
    """auth.schemes."""
    rig = AxbRig(assumptions={"auth.schemes": "aksk"})
    path = f"/w/{rig.world.id}{AXB_PATH}"
    assert rig.request("GET", path=path, headers=signed_headers(rig.app, scheme="wsse")).key == "400/1023033"
    assert rig.request("GET", path=path, headers=signed_headers(rig.app)).key == "403/1010002"


def test_repeated_failures_lock_the_address_out_for_thirty_minutes_of_edge_time() -> None:
    """COM-AUTH-029."""
    rig = AxbRig(assumptions={"auth.lockout_failures": 3})
    bad = with_token(signed_headers(rig.app), b'PasswordDigest="[^"]*"', b'PasswordDigest="AAAA"')
    assert [rig.request("GET", headers=bad).key for _ in range(3)] == ["401/1010010"] * 3
    assert rig.bind().key == "403/1020176"
    assert rig.request("GET", headers=[]).key == "400/1023006", "who it is for is not known"
    assert rig.request("GET", client="10.0.0.2").key == "403/1010002", "another address is free"
    rig.advance(3600)
    assert rig.bind().key == "403/1020176", "world time does not count"
    assert rig.request("GET", edge_ms=EDGE_MS + 29 * 60_000).key == "403/1020176"
    assert rig.request("GET", edge_ms=EDGE_MS + 30 * 60_000).key == "403/1010002"


def test_a_good_request_ends_the_row_of_failures() -> None:
    rig = AxbRig(assumptions={"auth.lockout_failures": 2})
    bad = with_token(signed_headers(rig.app), b'PasswordDigest="[^"]*"', b'PasswordDigest="AAAA"')
    for _ in range(3):
        rig.request("GET", headers=bad)
        assert rig.request("GET").key == "403/1010002"


def test_nobody_is_locked_out_where_the_count_is_zero() -> None:
    rig = AxbRig(assumptions={"auth.lockout_failures": 0})
    bad = with_token(signed_headers(rig.app), b'PasswordDigest="[^"]*"', b'PasswordDigest="AAAA"')
    assert {rig.request("GET", headers=bad).key for _ in range(300)} == {"401/1010010"}


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        ({"status": "unavailable"}, "403/1010008"),
        ({"status": "frozen"}, "403/1010029"),
        ({"allow_list": ["192.0.2.1", "198.51.100.0/24"]}, "403/1020166"),
        ({"allow_list": []}, "403/1020166"),
        ({"allow_list": [CLIENT]}, "200/0"),
        ({"allow_list": ["10.0.0.0/8"]}, "200/0"),
        ({"requests_per_minute": 0}, "403/1010010"),
    ],
)
def test_settings_of_the_application_decide_who_may_ask(settings: dict[str, Any], key: str) -> None:
    """COM-AUTH-026 to COM-AUTH-028."""
    rig = AxbRig(**settings)
    before = rig.state()
    assert rig.bind().key == key
    assert key == "200/0" or rig.state() == before


def test_flow_control_counts_requests_by_the_minute_of_world_time() -> None:
    """COM-AUTH-030."""
    rig = AxbRig(requests_per_minute=2)
    assert [rig.query(relationNum=X2).key for X2 in ["+8617000000002"] * 3] == ["403/1012007"] * 2 + ["403/1010010"]
    rig.advance(60)
    assert rig.query(relationNum="+8617000000002").key == "403/1012007"


def test_a_limit_counts_from_when_it_is_set() -> None:
    """Who sets it again, or puts the clock back, finds nothing used up."""
    rig = AxbRig()
    for _ in range(2):
        change_application(rig.app, {"requests_per_minute": 1})
        assert [rig.query(relationNum="+8617000000002").key for _ in range(2)] == ["403/1012007", "403/1010010"]


def test_an_application_of_another_mode_is_refused() -> None:
    """COM-AUTH-025."""
    rig = AxbRig()
    assert rig.bind(app=rig.other_mode_app).key == "403/1010040"


@pytest.mark.parametrize(("order", "key"), [("authentication", "401/1010010"), ("parameters", "403/1010002")])
def test_authentication_and_parameters_speak_in_the_order_the_world_reads(order: str, key: str) -> None:
    """pipeline.order."""
    rig = AxbRig(assumptions={"pipeline.order": order})
    bad = with_token(signed_headers(rig.app), b'PasswordDigest="[^"]*"', b'PasswordDigest="AAAA"')
    assert rig.request("POST", body={"callerNum": "+8613800000001"}, headers=bad).key == key


def test_every_code_that_authentication_can_give_stands_in_the_table() -> None:
    codes = set(contracts.result_codes())
    for scheme in ("aksk", "wsse"):
        rig = AxbRig()
        token = with_token(signed_headers(rig.app, scheme=scheme), b"UsernameToken.*", b"UsernameToken")
        assert rig.request("GET", headers=token).key in codes
