"""What a refusal says: the official text as a sentence, what was wrong, and the rule of the very operation."""

from __future__ import annotations

from typing import Any

import pytest

from privnum import contracts
from privnum.mockserver.core.errors import Refusal, as_sentence
from tests.mockserver.axb_rig import AxbRig
from tests.mockserver.axe_rig import AxeRig
from tests.mockserver.core.test_auth import with_token
from tests.mockserver.rig import FOREIGN_X, Reply, X, signed_headers

GONE = "no-such-id"


def rule(reply: Reply) -> str:
    return str(reply.body["resultdesc"]).rpartition("[")[2].rstrip("]")


@pytest.mark.parametrize("key", contracts.result_codes())
def test_an_official_text_ends_before_ours_begins(key: str) -> None:
    """Of a text that the table prints without a full stop ours makes a sentence; alone it stays as it is printed."""
    printed = contracts.result_codes()[key].text
    assert Refusal(key, "More.").body().decode().count(f"{as_sentence(printed)} More.") == 1
    assert f'"{printed}"' in Refusal(key).body().decode()
    assert as_sentence(printed).endswith(".")


def test_each_axb_operation_names_its_own_rule() -> None:
    rig = AxbRig()
    rig.new_binding_id()
    assert rule(rig.unbind(subscriptionId=GONE)) == "AXB-UNBIND-004"
    assert rule(rig.modify(GONE, callDirection=1)) == "AXB-MODIFY-002"
    assert rule(rig.query(subscriptionId=GONE)) == "AXB-QUERY-005"
    assert rule(rig.unbind(relationNum=FOREIGN_X)) == "AXB-UNBIND-005"
    assert rule(rig.query(relationNum=FOREIGN_X)) == "AXB-QUERY-006"
    assert rule(rig.bind("+8613800000031", "+8613800000032", FOREIGN_X)) == "AXB-BIND-010"


def test_each_axe_operation_names_its_own_rule() -> None:
    rig = AxeRig()
    assert rule(rig.unbind(subscriptionId=GONE)) == "AXE-UNBIND-004"
    assert rule(rig.modify(GONE, recordFlag="false")) == "AXE-MODIFY-002"
    assert rule(rig.query(subscriptionId=GONE)) == "AXE-QUERY-005"
    assert rule(rig.list_bindings(subscriptionId=GONE)) == "AXE-QUERY-102"
    there: dict[str, Any] = {"virtualNum": X, "extendNum": "0001"}
    assert rule(rig.unbind(**there)) == "AXE-UNBIND-004"
    assert rule(rig.modify(**there, recordFlag="false")) == "AXE-MODIFY-002"
    assert rule(rig.query(**there)) == "AXE-QUERY-005"
    assert rule(rig.unbind()) == "AXE-UNBIND-002"
    assert rule(rig.modify(recordFlag="false")) == "AXE-MODIFY-001"
    assert rule(rig.query()) == "AXE-QUERY-105"
    assert rule(rig.list_bindings()) == "AXE-OPEN-016"


@pytest.mark.parametrize("missing", ["UsernameToken ", 'Username="[^"]*",', 'Nonce="[^"]*",', ',Created="[^"]*"'])
@pytest.mark.parametrize("scheme", ["aksk", "wsse"])
def test_a_fault_of_a_token_names_the_header_that_was_sent(scheme: str, missing: str) -> None:
    rig = AxbRig()
    token = with_token(signed_headers(rig.app, scheme=scheme), missing.encode(), b"")
    told = rig.request("GET", headers=token).body["resultdesc"]
    other = "X-WSSE" if scheme == "aksk" else "X-AKSK"
    assert f"X-{scheme.upper()}" in told
    assert other not in told
