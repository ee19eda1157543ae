"""Signing, and reading what was signed."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime
from typing import Any

import pytest

from privnum.suites.transport import client
from privnum.suites.transport.api import make_answer
from privnum.suites.transport.client import digest_of, encode_query, sign, verify
from tests.suites import miniatures as mini

NOW = datetime(2026, 3, 1, 2, 3, 4, tzinfo=UTC)


def headers_of(**parts: Any) -> dict[str, str]:
    return dict(sign(mini.APP, now=NOW, **parts))


def test_aksk_as_the_documents_print_it() -> None:
    headers = headers_of(nonce="n1")
    digest = base64.b64encode(hmac.digest(b"secret", b"n12026-03-01T02:03:04Z", "sha256")).decode()
    assert headers["Authorization"] == 'AKSK realm="SDP",profile="UsernameToken",type="Appkey"'
    wanted = f'UsernameToken Username="key",PasswordDigest="{digest}",Nonce="n1",Created="2026-03-01T02:03:04Z"'
    assert headers["X-AKSK"] == wanted


def test_wsse_as_older_programs_send_it() -> None:
    headers = headers_of(scheme="wsse", nonce="n1")
    digest = base64.b64encode(hashlib.sha256(b"n12026-03-01T02:03:04Zsecret").digest()).decode()
    assert headers["Authorization"].startswith("WSSE realm=")
    assert f'PasswordDigest="{digest}"' in headers["X-WSSE"]


@pytest.mark.parametrize(
    ("parts", "header", "wanted"),
    [
        ({"realm": None}, "Authorization", 'AKSK profile="UsernameToken",type="Appkey"'),
        ({"type": "App"}, "Authorization", 'AKSK realm="SDP",profile="UsernameToken",type="App"'),
        ({"separator": ", "}, "Authorization", 'AKSK realm="SDP", profile="UsernameToken", type="Appkey"'),
        ({"authorization": "nonsense"}, "Authorization", "nonsense"),
        ({"token": "nonsense"}, "X-AKSK", "nonsense"),
        ({"names": ("aUTHORIZATION", "x-aksk"), "token": "t"}, "x-aksk", "t"),
        (
            {"word": None, "nonce": None, "username": None, "created": None, "digest": "d"},
            "X-AKSK",
            'PasswordDigest="d"',
        ),
    ],
)
def test_every_part_can_be_bent(parts: dict[str, Any], header: str, wanted: str) -> None:
    assert headers_of(**parts)[header] == wanted


def test_headers_can_be_left_out() -> None:
    assert list(headers_of(authorization=None)) == ["X-AKSK"]
    assert list(headers_of(token=None)) == ["Authorization"]


def test_created_may_be_a_time() -> None:
    assert 'Created="2026-03-01T02:03:04Z"' in headers_of(created=NOW)["X-AKSK"]


def test_a_part_that_there_is_not() -> None:
    with pytest.raises(TypeError, match="nonse"):
        headers_of(nonse="1")


@pytest.mark.parametrize("scheme", ["aksk", "wsse"])
def test_what_is_signed_verifies(scheme: Any) -> None:
    headers = {name.lower(): value for name, value in sign(mini.APP, scheme)}
    assert not any(verify(headers, mini.APP).values())


@pytest.mark.parametrize(
    ("parts", "rule"),
    [
        ({"digest": digest_of("aksk", "n", "c", "another")}, "COM-PUSH-002"),
        ({"username": "another"}, "COM-PUSH-002"),
        ({"authorization": "WSSE x"}, "COM-PUSH-002"),
        ({"token": None}, "COM-PUSH-002"),
        ({"nonce": "not!good"}, "COM-PUSH-003"),
        ({"created": "2026-03-01 02:03:04"}, "COM-PUSH-003"),
    ],
)
def test_each_fault_of_a_push_has_its_rule(parts: dict[str, Any], rule: str) -> None:
    headers = {name.lower(): value for name, value in sign(mini.APP, **parts)}
    assert [found for found, texts in verify(headers, mini.APP).items() if texts] == [rule]


def test_the_order_of_attributes() -> None:
    headers = {name.lower(): value for name, value in sign(mini.APP)}
    word, _, rest = headers["x-aksk"].partition(" ")
    headers["x-aksk"] = f"{word} {','.join(reversed(rest.split(',')))}"
    assert [found for found, texts in verify(headers, mini.APP).items() if texts] == ["COM-PUSH-007"]


def test_answers() -> None:
    good = make_answer(200, [("Content-Type", "x")], b'{"resultcode":"0","resultdesc":"Success","n":1}')
    assert (good.ok, good.key, good.desc, good["n"], good["m"]) == (True, "200/0", "Success", 1, None)
    assert good.header("content-TYPE") == "x"
    bad = make_answer(403, [], b"[1]")
    assert (bad.ok, bad.code, bad.key, bad.body) == (False, None, "403/None", None)
    assert make_answer(200, [], b'{"resultcode":0}').code is None
    assert make_answer(200, [], b"\xff").text == "�"


def test_queries() -> None:
    assert encode_query({"n": "+86 1", "m": None, "k": [1, 2]}) == "n=%2B86%201&k=1&k=2"


@pytest.mark.parametrize("scheme", ["aksk", "wsse"])
def test_the_short_way_signs_like_the_long_one(scheme: client.Scheme) -> None:
    """An unbent signature is built at less cost, and is the same."""
    app = mini.APP
    plain = client._plain(app, scheme, "abc", "2026-03-01T00:00:00Z")
    assert plain == client.Signature(app.key, app.secret, "abc", "2026-03-01T00:00:00Z", scheme).headers()
