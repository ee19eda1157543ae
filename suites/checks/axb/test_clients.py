"""Whole conversations as real programs hold them.

Their headers, their spellings, their leftovers.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from privnum.suites.checks.any_mode import claim_served
from privnum.suites.checks.assertions import claim_success
from privnum.suites.runner.check import check

if TYPE_CHECKING:
    from privnum.suites.runner.context import CheckContext

JSON = [("Accept", "application/json"), ("Content-Type", "application/json;charset=UTF-8")]


def _conversation(context: CheckContext, requirement: str, settings: dict[str, Any], sign: dict[str, Any]) -> None:
    """Bind, query, modify and unbind as such programs send them.

    With JSON headers and a stale body on each request.
    """
    bind = {"callerNum": context.user(), "calleeNum": context.user(), "relationNum": context.axb.x()} | settings
    stale = orjson.dumps(bind)
    answer = context.request("axb.bind", body=bind, headers=JSON, sign=sign)
    claim_served(context, requirement, answer, "bind")
    sub = str(answer["subscriptionId"])
    selectors = {"subscriptionId": sub, "relationNum": bind["relationNum"]}
    answer = context.request("axb.query", query=selectors, body=stale, headers=JSON, sign=sign)
    claim_success(context, requirement, answer, "query with both selectors and the body of the bind")
    shown = [info.get("subscriptionId") for info in answer.items("relationNumList")]
    context.claim(requirement, shown == [sub], f"query: expected {sub}, came {shown}")
    change = {"subscriptionId": sub, "callDirection": 0, "privateSms": settings.get("privateSms", "true")}
    claim_success(context, requirement, context.request("axb.modify", body=change, headers=JSON, sign=sign), "modify")
    selectors["relationNum"] = ""
    answer = context.request("axb.unbind", query=selectors, body=stale, headers=JSON, sign=sign)
    claim_success(context, requirement, answer, "unbind with an empty relationNum and the body of the bind")


@check("COM-ENV-008")
@pytest.mark.parametrize("separator", [",", ", "], ids=["comma", "comma-blank"])
def test_a_program_of_2023(context: CheckContext, separator: str) -> None:
    """AKSK, header names in lower case, a nonce of 32 hex digits."""
    sign = {"separator": separator, "names": ("authorization", "x-aksk")}
    _conversation(context, "COM-ENV-008", {"callDirection": 0, "duration": 0, "maxDuration": 0}, sign)


@check("COM-AUTH-004")
@pytest.mark.parametrize("separator", [",", ", "], ids=["comma", "comma-blank"])
def test_a_php_program_of_2019(context: CheckContext, separator: str) -> None:
    """WSSE with one nonce of 13 hex digits, X and areaCode together."""
    settings = {"areaCode": "0755", "callDirection": 0, "duration": 86400, "recordFlag": "false"}
    _conversation(context, "COM-AUTH-004", settings, {"scheme": "wsse", "separator": separator})


@check("COM-AUTH-005")
def test_a_java_program_in_china(context: CheckContext) -> None:
    """Created of local time, flags as booleans, null for what is not set."""
    settings = {"recordFlag": False, "privateSms": True, "preVoice": None, "userData": None, "lastMinVoice": None}
    created = datetime.now(UTC) + timedelta(hours=8)
    _conversation(context, "COM-AUTH-005", settings, {"created": created})


@check("COM-AUTH-006")
def test_a_program_that_builds_its_headers_once(context: CheckContext) -> None:
    """One nonce and one Created for the whole conversation."""
    sign = {"nonce": "5f3a9c0e1b2d4", "created": datetime.now(UTC)}
    _conversation(context, "COM-AUTH-006", {"privateSms": "false"}, sign)
