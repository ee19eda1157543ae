"""Q.850 causes, the values of fwdUnaswRsn in CDRs.

As page 02_0018 of the API reference lists them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["CAUSES"]

CAUSES: Mapping[int, str] = {
    0: "Not applicable",
    1: "Number cannot be found",
    2: "No route to network",
    3: "No route to destination",
    4: "Send special information",
    5: "Trunk prefix wrong",
    6: "Channel unacceptable",
    7: "Channel already established",
    8: "Pre-emption",
    9: "Pre-emption, reserved",
    16: "Normal call clearing",
    17: "User busy",
    18: "No response",
    19: "No answer from the user",
    20: "User unreachable",
    21: "Call rejected",
    22: "Number changed",
    23: "Redirection",
    25: "Exchange routing error",
    26: "Not permitted by user (ITU: non-selected user clearing)",
    27: "Destination out of order",
    28: "Invalid number format",
    29: "Facility rejected",
    30: "Status enquiry",
    31: "Normal",
    34: "Route not reachable (ITU: no circuit available)",
    38: "Network in bad state",
    39: "Service connection not reachable",
    40: "Connection in progress",
    41: "Temporary failure",
    42: "Equipment congestion",
    43: "Information discarded",
    44: "Channel unavailable",
    46: "Call blocked",
    47: "No resource available",
    49: "Quality not available",
    50: "Facility not subscribed",
    53: "Outgoing calls barred within CUG (OCB)",
    55: "Incoming calls barred within CUG (ICB)",
    57: "Not authorised to send (bearer)",
    58: "Sending (bearer) not available",
    62: "Inconsistent class",
    63: "Service not available",
    65: "Sending (bearer) not implemented",
    66: "Channel type not implemented",
    69: "Facility not available",
    70: "Only (restricted) sending available",
    79: "Service not provisioned (doc: CV service not set)",
    81: "Invalid reference value",
    82: "Channel does not exist",
    83: "ID does not exist",
    84: "Call ID does not exist",
    85: "No call waiting (suspended)",
    86: "Hidden-number call (doc wording)",
    87: "Not a member of the CUG",
    88: "Incompatible destination",
    90: "CUG does not exist",
    91: "Invalid network",
    95: "Invalid message",
    96: "Mandatory element missing (doc wording: unmanaged element)",
    97: "Message type does not exist",
    98: "Message not executed",
    99: "Information element does not exist",
    100: "Invalid information element",
    101: "Call state inconsistent",
    102: "Timer expired",
    103: "Parameter does not exist",
    110: "Message carries an unrecognised parameter",
    111: "Protocol error",
    127: "Unspecified interworking",
}
"""Cause by number."""
