"""The CDR of AXB as it was captured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.checks.axb.call_profile import AxbCalls
from privnum.suites.runner.check import check

if TYPE_CHECKING:
    from privnum.suites.runner.context import CheckContext

CAPTURED = (
    "direction",
    "spId",
    "appKey",
    "icid",
    "bindNum",
    "sessionId",
    "subscriptionId",
    "callerNum",
    "calleeNum",
    "fwdDisplayNum",
    "fwdDstNum",
    "callInTime",
    "fwdStartTime",
    "fwdAlertingTime",
    "fwdAnswerTime",
    "callEndTime",
    "fwdUnaswRsn",
    "ulFailReason",
    "sipStatusCode",
    "callOutUnaswRsn",
    "recordFlag",
    "recordStartTime",
    "recordDomain",
    "recordBucketName",
    "recordObjectName",
    "ttsPlayTimes",
    "ttsTransDuration",
    "mptyId",
    "serviceType",
    "hostName",
    "voiceCheckType",
)
"""Keys of the captured push of 2022, in its order."""


@check("AXB-CDR-101", needs=("calls", "receiver", "clock"))
def test_order_of_the_keys(context: CheckContext) -> None:
    """The keys of a CDR are in the order of the captured push."""
    calls = AxbCalls(context)
    cdr = calls.cdr(calls.completed_call(calls.ways(calls.bind_users())[0]))
    came = [key for key in cdr if key in CAPTURED]
    order = [key for key in CAPTURED if key in cdr]
    wrong = next(((own, other) for own, other in zip(order, came, strict=True) if own != other), None)
    difference = f"where {wrong[0]} was expected, {wrong[1]} came; the keys came as {', '.join(came)}" if wrong else ""
    context.claim("AXB-CDR-101", wrong is None, difference)
