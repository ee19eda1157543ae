"""The receiver with one fault each: what integrators get wrong, and the rule that each breaks."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from examples.receiver.receiver import Answer, Message, Receiver

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["FAULTS"]

_TOO_LATE: Final = 6.0


class _NoSignatureCheck(Receiver):
    """The digest is never compared."""

    def is_signed(self, word: str, token: Mapping[str, str]) -> bool:
        return True


class _NonceTakenAgain(Receiver):
    """Nobody remembers a Nonce."""

    def is_new(self, nonce: str) -> bool:
        return True


class _AnyCreated(Receiver):
    """A signature holds for ever."""

    def is_recent(self, created: str) -> bool:
        return True


class _NewHeadersOnly(Receiver):
    """X-WSSE is unknown."""

    def refusal(self, headers: Mapping[str, str]) -> str | None:
        return super().refusal({name: value for name, value in headers.items() if name != "x-wsse"})


class _SplitsAtCommas(Receiver):
    """The token is split at commas, and a blank stays."""

    def refusal(self, headers: Mapping[str, str]) -> str | None:
        parts = headers.get("x-aksk", "").removeprefix("UsernameToken ").split(",")
        return "a blank" if any(part.startswith(" ") for part in parts) else super().refusal(headers)


class _KnownFieldsOnly(Receiver):
    """A field that is in no table makes it fail: as a strict model does."""

    def take(self, path: str, message: Message) -> Answer:
        if "extInfo" in message:
            raise KeyError("extInfo")
        return super().take(path, message)


class _AllFieldsNeeded(Receiver):
    """An optional field is read as if it were always there."""

    def take_cdrs(self, cdrs: list[Message]) -> Answer:
        for cdr in cdrs:
            cdr["icid"].strip()
        return super().take_cdrs(cdrs)


class _ReadsJsonByPattern(Receiver):
    """JSON is searched for what it usually looks like."""

    def answer(self, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        if path == "/fee" and b'"feeLst":[{' not in body:
            return 400, b""
        return super().answer(path, headers, body)


class _ShortColumn(Receiver):
    """A column of the database is as wide as the first ids were."""

    def take_event(self, event_type: str, info: Message) -> Answer:
        if len(info["sessionId"]) > 200:
            raise ValueError("value too long for type character varying(200)")
        return super().take_event(event_type, info)


class _EmptyTimes(Receiver):
    """Each time that is there is parsed."""

    def take_cdrs(self, cdrs: list[Message]) -> Answer:
        for cdr in cdrs:
            if "fwdAnswerTime" in cdr:
                datetime.strptime(cdr["fwdAnswerTime"], "%Y-%m-%d %H:%M:%S")
        return super().take_cdrs(cdrs)


class _FewCdrs(Receiver):
    """More CDRs than a statement takes."""

    def take_cdrs(self, cdrs: list[Message]) -> Answer:
        if len(cdrs) > 20:
            raise ValueError("too many parameters")
        return super().take_cdrs(cdrs)


class _OneCdr(Receiver):
    """The list is read as one object."""

    def take_cdrs(self, cdrs: list[Message]) -> Answer:
        (cdr,) = cdrs
        return super().take_cdrs([cdr])


class _OneNumber(Receiver):
    """The list of numbers is read as one object."""

    def take_numbers(self, numbers: list[Message]) -> Answer:
        (number,) = numbers
        return super().take_numbers([number])


class _UniqueKey(Receiver):
    """A second row with the same key is an error."""

    def take_cdrs(self, cdrs: list[Message]) -> Answer:
        if any(cdr["sessionId"] in self.cdrs for cdr in cdrs):
            raise ValueError("duplicate key value violates unique constraint")
        return super().take_cdrs(cdrs)


class _TodayOnly(Receiver):
    """A call that is over for an hour is not looked at any more."""

    def take_cdrs(self, cdrs: list[Message]) -> Answer:
        now = datetime.fromtimestamp(self.now(), tz=None).astimezone()
        for cdr in cdrs:
            ended = datetime.fromisoformat(f"{cdr['callEndTime']}+00:00")
            if now - ended > timedelta(hours=1):
                return 410, b""
        return super().take_cdrs(cdrs)


class _EventsFirst(Receiver):
    """A CDR of a call of which nothing was heard is an error."""

    def take_cdrs(self, cdrs: list[Message]) -> Answer:
        known = {session for session, _ in self.events}
        if any(cdr["sessionId"] not in known for cdr in cdrs):
            raise LookupError("no such call")
        return super().take_cdrs(cdrs)


class _Redirects(Receiver):
    """The address moved."""

    def take_cdrs(self, cdrs: list[Message]) -> Answer:
        return 302, b""


class _NoContent(Receiver):
    """A framework answers 204 where there is nothing to say."""

    def take_notice(self, event: Message) -> Answer:
        super().take_notice(event)
        return 204, b""


class _UnknownEvents(Receiver):
    """An event that nobody thought of is an error."""

    def take_event(self, event_type: str, info: Message) -> Answer:
        return (404, b"") if event_type == "alerting" else super().take_event(event_type, info)


class _NoNotices(Receiver):
    """Nobody wrote the route."""

    def take_notice(self, event: Message) -> Answer:
        return 404, b""


class _NoNumbers(Receiver):
    """numStatus comes where call events come, and has no statusInfo."""

    def take_numbers(self, numbers: list[Message]) -> Answer:
        raise KeyError("statusInfo")


class _SlowDisconnect(Receiver):
    """The work is done before the answer is given."""

    def take_event(self, event_type: str, info: Message) -> Answer:
        if event_type == "disconnect":
            self.pause(_TOO_LATE)
        return super().take_event(event_type, info)


class _SlowVerdict(Receiver):
    """The agent is looked for while the caller waits."""

    def verdict_on_call(self, info: Message) -> Message:
        self.pause(_TOO_LATE)
        return super().verdict_on_call(info)


class _VerdictOfNoForm(Receiver):
    """connectInfo has another name."""

    def verdict_on_call(self, info: Message) -> Message:
        verdict = super().verdict_on_call(info)
        return {"operation": "connect", "connect_info": verdict["connectInfo"]}


class _MinutesAsText(Receiver):
    """A number as text."""

    def verdict_on_call(self, info: Message) -> Message:
        verdict = super().verdict_on_call(info)
        verdict["connectInfo"]["maxDuration"] = "60"
        return verdict


class _LocalNumber(Receiver):
    """The callee as people dial him."""

    def verdict_on_call(self, info: Message) -> Message:
        verdict = super().verdict_on_call(info)
        verdict["connectInfo"]["calleeNum"] = "13900000002"
        return verdict


class _ShowsCaller(Receiver):
    """The callee sees the real caller."""

    def verdict_on_call(self, info: Message) -> Message:
        verdict = super().verdict_on_call(info)
        verdict["connectInfo"]["displayCalleeNum"] = info["caller"]
        return verdict


class _WrongWord(Receiver):
    """An operation that there is not."""

    def verdict_on_sms(self, event: Message) -> Message:
        verdict = super().verdict_on_sms(event)
        verdict["actions"][0]["operation"] = "route"
        return verdict


class _NoReceiver(Receiver):
    """A sample has it so: nobody knows where the SMS shall go."""

    def verdict_on_sms(self, event: Message) -> Message:
        return {"actions": [{"operation": "vNumberRoute"}]}


FAULTS: Final[Mapping[str, tuple[type[Receiver], str]]] = {
    "no_signature_check": (_NoSignatureCheck, "RECEIVER-SIGN-001"),
    "nonce_taken_again": (_NonceTakenAgain, "RECEIVER-SIGN-002"),
    "any_created": (_AnyCreated, "RECEIVER-SIGN-003"),
    "new_headers_only": (_NewHeadersOnly, "RECEIVER-SIGN-004"),
    "splits_at_commas": (_SplitsAtCommas, "RECEIVER-SIGN-005"),
    "unknown_field": (_KnownFieldsOnly, "RECEIVER-FORM-001"),
    "all_fields_needed": (_AllFieldsNeeded, "RECEIVER-FORM-002"),
    "json_by_pattern": (_ReadsJsonByPattern, "RECEIVER-FORM-003"),
    "short_column": (_ShortColumn, "RECEIVER-FORM-004"),
    "empty_times": (_EmptyTimes, "RECEIVER-FORM-005"),
    "fails_at_50_cdrs": (_FewCdrs, "RECEIVER-BATCH-001"),
    "one_cdr": (_OneCdr, "RECEIVER-BATCH-001"),
    "one_number": (_OneNumber, "RECEIVER-BATCH-002"),
    "fails_at_duplicate": (_UniqueKey, "RECEIVER-REPEAT-001"),
    "today_only": (_TodayOnly, "RECEIVER-REPEAT-002"),
    "events_first": (_EventsFirst, "RECEIVER-ORDER-001"),
    "unknown_event": (_UnknownEvents, "RECEIVER-ANSWER-001"),
    "redirects": (_Redirects, "RECEIVER-ANSWER-002"),
    "no_notices": (_NoNotices, "RECEIVER-ANSWER-003"),
    "no_numbers": (_NoNumbers, "RECEIVER-ANSWER-004"),
    "no_content": (_NoContent, "RECEIVER-ANSWER-005"),
    "too_late": (_SlowDisconnect, "RECEIVER-TIME-001"),
    "slow_verdict": (_SlowVerdict, "RECEIVER-TIME-002"),
    "malformed_verdict": (_VerdictOfNoForm, "RECEIVER-CALLIN-001"),
    "minutes_as_text": (_MinutesAsText, "RECEIVER-CALLIN-001"),
    "local_number": (_LocalNumber, "RECEIVER-CALLIN-002"),
    "shows_caller": (_ShowsCaller, "RECEIVER-CALLIN-003"),
    "wrong_word": (_WrongWord, "RECEIVER-BLOCK-001"),
    "no_receiver": (_NoReceiver, "RECEIVER-BLOCK-002"),
}
"""Each fault by its name, and the rule that it breaks."""
