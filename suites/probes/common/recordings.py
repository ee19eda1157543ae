"""Recordings: body of the redirect, coding of the sound, the domain."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from privnum.suites.checks.calls.profiles import PROFILES
from privnum.suites.oracle.recordings import ALAW, PCM, wav_format
from privnum.suites.probes.fixtures import cdr_of, key_or
from privnum.suites.runner.check import CannotSettle, probe
from privnum.suites.runner.download import download, is_address

if TYPE_CHECKING:
    from privnum.suites.base.answer import Answer
    from privnum.suites.checks.calls.profile import CallProfile
    from privnum.suites.runner.context import CheckContext

__all__: list[str] = []

NEEDS = ("calls", "receiver", "clock", "recording")
MOVED = 301


class Found(NamedTuple):
    """A recording, and the answer to the question where it is."""

    calls: CallProfile
    name: str
    domain: str
    answer: Answer


def _ask(calls: CallProfile, name: str, domain: str) -> Answer:
    query = {"fileName": name, "recordDomain": domain}
    return calls.context.request("common.recording", query=query, app=calls.side.app)


def new_recording(context: CheckContext) -> Found:
    """The recording of a new call.

    Raises CannotSettle where there is none, or no answer says where.
    """
    calls = PROFILES[context.session.plain_mode](context)
    way = calls.ways(calls.bind_users(**calls.recording()))[0]
    cdr = cdr_of(context, calls.completed_call(way, hang_up_after=10))
    name, domain = str(cdr.get("recordObjectName") or ""), str(cdr.get("recordDomain") or "")
    answer = _ask(calls, name, domain)
    if answer.status != MOVED:
        raise CannotSettle(f"the question where the recording of a CDR is was answered with {answer.summary}")
    return Found(calls, name, domain, answer)


@probe("recording.redirect_body", needs=NEEDS)
def redirect_body(context: CheckContext) -> str:
    """The body of a redirect to a recording."""
    answer = new_recording(context).answer
    if not answer.content:
        return "empty"
    return "note" if answer.body is None else "location"


@probe("recording.other_domain", needs=NEEDS)
def other_domain(context: CheckContext) -> str:
    """The name of a recording with another domain than that of its CDR."""
    recording = new_recording(context)
    answer = _ask(recording.calls, recording.name, "elsewhere.example.com")
    return "accept" if answer.status == MOVED else key_or(answer, "accept")


@probe("recording.coding", needs=NEEDS)
def coding(context: CheckContext) -> str:
    """The format of the sound of a recording."""
    address = new_recording(context).answer.header("location") or ""
    if not is_address(address):
        raise CannotSettle(f"Location has no address of a file: {address[:80]!r}")
    form = wav_format(download(context, address).content)
    words = {ALAW: "alaw", PCM: "pcm"}
    if form not in words:
        raise CannotSettle(f"the file is no .wav of A-law or PCM; its format is {form}")
    return words[form]
