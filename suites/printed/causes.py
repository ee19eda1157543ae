"""Release causes by number, as the API reference's appendix lists them.

Sources: the table of hang-up causes (stateCode of the disconnect event), that of release points (ulFailReason of the
CDR, page 02_0019); 8019 by the newer copy. The tables are Chinese: the words here are the translation that was taken
down beside each number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["KNOWN", "LIMITS", "NORMAL", "OPEN_POINTS", "RELEASE_POINTS", "STATE_CODES"]

NORMAL = (0, "The user releases the call.")
"""Cause of a call that was answered and hung up, and the only stateDesc that an example prints."""

STATE_CODES: Mapping[int, str] = {
    0: "Hung up normally after the call was answered",
    522: "Platform voice ports insufficient",
    7001: "Developer-level call frequency control",
    7002: "Application-level call frequency control",
    7003: "Display-number call frequency control",
    7004: "Callee blacklist control",
    7005: "Caller blacklist control",
    7100: "Application information does not exist",
    7101: "Application has no private-number resource",
    7102: "Other abnormal behaviour",
    7105: "Service type mismatch",
    7106: "Application has no PrivateNumber capability",
    7107: "Playing the security-control prompt failed",
    7108: "User account is frozen",
    7109: "Tenant voice ports insufficient",
    7500: "Call prefix restricted",
    7501: "Caller hung up before the callee rang",
    7502: "Caller hung up after the callee started ringing",
    7503: "Callee rejected the call",
    7504: "Call refused: callee rejected, or has do-not-disturb/blacklist service, or "
    "interception software/blacklist on the callee's system",
    7505: "Caller-side network abnormal",
    7506: "Callee-side network abnormal (e.g. bound number has a wrong format)",
    7507: "No announcement (voice) file",
    7508: "Routing failed",
    7516: "Caller hung up before the call was forwarded (e.g. AXE: before entering the extension)",
    8006: "X mode: announcement file does not exist",
    8007: "Last-minute announcement failed",
    8008: "Play-and-collect (digits) failed",
    8010: "Hung up because the maximum call duration was reached",
    8011: "Other abnormal behaviour",
    8013: "Invalid AX call: an AX binding exists but no temporary callee is set",
    8014: "Invalid AXB/X call: binding does not exist, number format wrong, etc.",
    8015: "Recording failed",
    8016: "Call direction not allowed (AX/AXB)",
    8018: "No service permission (includes: AX binding does not exist)",
    8019: "No call-back record (AXE: A calls X; AX: A calls X back)",
    8020: "Other abnormal behaviour",
    8022: "Binding does not exist or has expired (AXE, B calls X)",
    8023: "Fixed-line numbers not allowed as caller",
    8024: "Showing the real caller number is not allowed",
    8025: "The called X number does not exist (AXE)",
    8030: "AXYB binding does not exist",
    8031: "Allocating the Y number failed during an AXYB call",
    8032: "AXYB: the original number dialled the private number bound to itself, call failed",
    8033: "Collected extension number is empty",
    8035: "Platform connection timeout, about 90 s after the call was forwarded",
    8040: "Other abnormal behaviour",
    8041: "Recording failed",
    8042: "International inbound call restricted",
    8043: "International outbound call restricted",
    8044: "Abnormal call duration control",
    8046: "Abnormal connection-rate control",
    8047: "Caller call-frequency control",
    8048: "Callee call-frequency control",
    8049: "Service-number call-frequency control",
    8050: "Calling-period restriction",
    8051: "Sub-enterprise is suspended",
    8055: "X number unavailable: calls and SMS do not work",
    8056: "Dial-test number control",
    8057: "Call direction control",
    8100: "Callee number does not exist",
    8101: "No answer after ringing (carrier network; the timeout is decided by the carrier)",
    8102: "Callee busy (in a call, ringing, etc.)",
    8103: "Callee signal abnormal, carrier could not reach the callee",
    8104: "Callee powered off (off, flight mode, no network)",
    8105: "Callee out of service (suspended)",
    8139: "Other abnormal behaviour",
}
"""stateCode of a disconnect event."""

RELEASE_POINTS: Mapping[int, str] = {
    0: "Hung up normally after the call was answered",
    522: "Voice ports insufficient",
    7001: "Developer call frequency control",
    7002: "Application call frequency control",
    7003: "Display-number call frequency control",
    7004: "Callee blacklist control",
    7005: "Caller blacklist control",
    7100: "Application information does not exist",
    7101: "Application has no private-number resource",
    7102: "Internal service error",
    7103: "Caller number information does not exist",
    7104: "AX binding does not exist",
    7105: "Service type mismatch",
    7106: "Application has no PrivateNumber capability",
    7107: "Playing the security-control prompt failed",
    7108: "User account is frozen",
    7109: "Voice ports insufficient",
    7500: "Call prefix restricted",
    7501: "Caller hung up before the callee rang",
    7502: "Caller hung up after the callee started ringing",
    7503: "Callee hung up",
    7504: "Call refused",
    7505: "Caller-side network abnormal",
    7506: "Callee-side network abnormal (e.g. bound number has a wrong format)",
    7507: "No announcement file",
    7508: "Routing failed",
    7516: "Caller hung up before forwarding (e.g. AXE: no extension entered and caller hung up; "
    "not a platform-issued terminate)",
    8002: "Peer returned a failure announcement while connecting the user",
    8003: "Ringing timeout",
    8004: "User hung up while ringing",
    8005: "TTS conversion failed",
    8006: "Announcement file does not exist",
    8007: "Playing announcement failed",
    8008: "Play-and-collect failed",
    8009: "Caller hung up before the call was answered",
    8010: "Hung up because the maximum call duration was reached",
    8011: "Internal error",
    8012: "Invalid app_key",
    8013: "Invalid AX call (AX binding exists but no temporary callee)",
    8014: "Invalid AXB call",
    8015: "Recording failed",
    8016: "Call direction not allowed (AX/AXB)",
    8018: "No service permission (includes: AX binding does not exist)",
    8019: "No call-back record (AXE/AX, A calls X)",
    8020: "Service abnormal",
    8022: "Binding does not exist or has expired (AXE, B calls X)",
    8023: "Fixed-line numbers not allowed as caller",
    8024: "Showing the real caller number is not allowed",
    8025: "The called X number does not exist (AXE)",
    8030: "AXYB binding does not exist",
    8033: "Collected extension number is empty",
    8035: "Callee did not answer: ringing timed out",
    8040: "Internal error",
    8041: "Recording failed",
    8042: "International inbound restricted",
    8043: "International outbound restricted",
    8044: "Abnormal call duration control",
    8046: "Abnormal connection-rate control",
    8047: "Caller call-frequency control",
    8048: "Callee call-frequency control",
    8049: "Service-number call-frequency control",
    8050: "Calling-period restriction",
    8051: "Sub-enterprise suspended",
    8055: "X number has no call/SMS permission, check the X number status",
    8056: "Dial-test number control",
    8057: "Call direction control",
    8058: "Practitioner (user of the number) has no real-name registration",
    8059: "Intercepted by the carrier",
    8100: "Callee number does not exist",
    8101: "Callee did not answer",
    8102: "Callee busy (in a call, ringing, etc.)",
}
"""ulFailReason of a CDR."""

OPEN_POINTS = frozenset({8031})
"""Release points that are listed with a text that is cut in every copy."""

LIMITS = frozenset({522, 7109, 8044, 8056, *range(7001, 7006), *range(8046, 8051)})
"""Those that stand for a limit of the platform's own on the number, length or hours of calls, by their words."""

KNOWN = frozenset({*STATE_CODES, *RELEASE_POINTS, *OPEN_POINTS, 8000, 8001, 8017, *range(8106, 8112)})
"""Every number that is a cause anywhere, those among them that only client programs know."""
