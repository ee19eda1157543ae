"""AXYB: the forms in which real programs send their requests."""

from __future__ import annotations

import pytest

from tests.mockserver.axyb_rig import AXYB_PATH, NUMBERS, AxybRig, read_bound
from tests.mockserver.rig import A, B, Headers, signed_headers

KEY = {"app_key": "axyb-key"}
TYPE = [(b"content-type", b"application/json;charset=UTF-8"), (b"accept", b"application/json")]


def headers(rig: AxybRig, scheme: str = "wsse") -> Headers:
    return [*TYPE, *signed_headers(rig.app, scheme=scheme)]


@pytest.mark.parametrize("scheme", ["wsse", "aksk"])
def test_a_program_binds_a_then_b(scheme: str) -> None:
    """areaCode without its 0, no areaCode at the second bind, app_key in the query string of every request."""
    rig = AxybRig()
    signature = headers(rig, scheme)
    body = {"origNum": A, "areaCode": "755", "duration": 7200, "recordFlag": False}
    binding = read_bound(rig.request("POST", path=AXYB_PATH, query=KEY, body=body, headers=signature))
    assert binding.number in NUMBERS
    body = {"origNum": B, "subscriptionId": binding.id}
    y = read_bound(rig.request("POST", path=AXYB_PATH, query=KEY, body=body, headers=signature))
    assert y.number in set(NUMBERS) - {binding.number}
    for query in ({"relationNum": binding.number}, {"subscriptionId": binding.id}):
        assert rig.request("GET", path=AXYB_PATH, query={**KEY, **query}, headers=signature).key == "200/0"
    query = {**KEY, "subscriptionId": binding.id, "yNum": y.number}
    assert rig.request("DELETE", path=AXYB_PATH, query=query, headers=signature).key == "200/0"
    query = {**KEY, "subscriptionId": binding.id}
    assert rig.request("DELETE", path=AXYB_PATH, query=query, headers=signature).key == "200/0"


def test_every_field_that_the_samples_carry() -> None:
    """Booleans for flags, integers for lifetimes; the second bind names an area too."""
    rig = AxybRig()
    binding = rig.ax(
        areaMatchMode="1", callDirection=0, duration=86400, ybDuration=3600, recordFlag=True, recordHintTone="hint.wav",
        preVoiceX="wait.wav", userData="order",
    )  # fmt: skip
    y = rig.yb(binding, areaCode="0755", areaMatchMode="0", ybDuration=3600, preVoiceY="wait.wav")
    assert rig.shown_relations(binding) == {(y.number, B)}


def test_lifetimes_as_text() -> None:
    """They are decimal text in the query's table."""
    rig = AxybRig()
    binding = rig.ax(duration="7200", ybDuration="3600", callDirection="0")
    rig.yb(binding, ybDuration="60")
    (shown,) = rig.relations(subscriptionId=binding.id)
    assert (shown["duration"], shown["ybDuration"], shown["callDirection"]) == ("7200", "60", 0)


@pytest.mark.parametrize(
    "body", [b"app_key=axyb-key", b"{}", b'{"origNum":"+8613800000001","areaCode":"0755"}', b"\xff"]
)
def test_bodies_of_get_and_delete_do_not_count(body: bytes) -> None:
    """COM-ENV-008: the query text again, an object, or the stale body of the bind."""
    rig = AxybRig()
    binding, _ = rig.pair()
    query = {**KEY, "subscriptionId": binding.id}
    assert rig.request("GET", path=AXYB_PATH, query=query, body=body).key == "200/0"
    assert rig.request("DELETE", path=AXYB_PATH, query=query, body=body).key == "200/0"


def test_null_and_empty_mean_absent() -> None:
    """COM-ENV-009: null in a body, an empty value in a query string."""
    rig = AxybRig()
    binding = rig.ax(callDirection=None, duration=None, recordFlag=None, preVoiceX=None, userData=None)
    rig.yb(binding, areaCode=None, ybDuration=None, preVoiceY=None)
    assert rig.query(subscriptionId="", relationNum=binding.number).key == "200/0"
    assert rig.query(subscriptionId=binding.id, relationNum="").key == "200/0"
    assert rig.unbind(subscriptionId=binding.id, yNum="", bNum=B).key == "200/0"
    assert rig.shown_relations(binding) == {(None, None)}


def test_a_subscription_id_of_null_is_the_bind_of_a() -> None:
    """One body for both binds, with null where it does not apply."""
    rig = AxybRig()
    assert rig.bind_a(subscriptionId=None, preVoiceY=None).key == "200/0"
    assert rig.bind_a("+8613800000003", subscriptionId="").key == "200/0"


def test_more_selectors_than_are_needed() -> None:
    """The id beside X, and yNum beside bNum."""
    rig = AxybRig()
    binding, y = rig.pair()
    assert rig.query(subscriptionId=binding.id, relationNum=binding.number).key == "200/0"
    assert rig.unbind(subscriptionId=binding.id, yNum=y.number, bNum=B).key == "200/0"


def test_user_data_with_braces() -> None:
    """COM-OPEN-022."""
    rig = AxybRig()
    binding = rig.ax(userData='{"order":1}')
    rig.call_result(B, binding.number)
    assert rig.cdrs()[0]["userData"] == '{"order":1}'


def test_an_unencoded_plus_is_a_blank() -> None:
    """COM-ENV-006: a query by such an X is refused, and one Y is not dissolved."""
    rig = AxybRig()
    binding, y = rig.pair()
    assert (
        rig.request("GET", path=AXYB_PATH, query=f"app_key=axyb-key&relationNum={binding.number}").key == "403/1010002"
    )
    query = f"app_key=axyb-key&subscriptionId={binding.id}&yNum={y.number}"
    assert rig.request("DELETE", path=AXYB_PATH, query=query).key == "403/1016001"
    assert rig.shown_relations(binding) == {(y.number, B)}
