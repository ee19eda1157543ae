"""Seeded bugs of recordings: where, what, whose, and for how long."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from privnum.mockserver.core import recordings
from privnum.mockserver.core.answers import Answer
from privnum.mockserver.core.recordings import DOMAIN, FILES, Recordings
from privnum.mockserver.worlds import files
from privnum.mockserver.worlds.platform import Platform
from privnum.suites.mutation.model import Bug, mode_operator
from privnum.suites.mutation.operators.code import replace, together, wrap
from privnum.suites.mutation.operators.requests import (
    change_answer,
    change_code,
    change_response,
    change_schema,
    fill_param,
    serve_by,
)

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import Application
    from privnum.mockserver.core.modes import Params
    from privnum.mockserver.worlds.world import World
    from privnum.suites.mutation.model import Fields, Operator, Patch, ServerPart

__all__ = ["BUGS"]

ASK = "recording"
MOVED = 301
DAY_MS = 86_400_000


@mode_operator
def _do_not_redirect(part: ServerPart) -> Patch:
    """Answer 200 with the address in the body alone."""
    return part.with_handler(ASK, redirects=False)


def _change_redirect(change: Any) -> Operator:
    """Change the redirects to recordings."""
    return change_response(lambda answer: change(answer) if answer.status == MOVED else answer)


def _drop_location(answer: Answer) -> Answer:
    return answer._replace(headers=tuple(header for header in answer.headers if header[0] != b"location"))


def _name_path_alone(answer: Answer) -> Answer:
    address = dict(answer.headers)[b"location"]
    return answer._replace(headers=((b"location", b"/w/" + address.partition(b"/w/")[2]), *answer.headers[1:]))


def _add_code(answer: Answer) -> Answer:
    return answer._replace(body=orjson.dumps({"resultcode": "0", "resultdesc": "Success"}))


def _lengthen(fields: Fields) -> None:
    fields["location"] += "?" + "x" * 512


def _find_nothing(*_: object) -> Answer:
    return Answer(404, b"", ())


def _only_begin(right: Any, talk_ms: int, coding: str) -> bytes:
    sound: bytes = right(talk_ms, coding)
    return sound[:44]


def _redirect_anyway(_right: Any, world: World, _app: Application, params: Params) -> Fields:
    """Have an address for whatever name."""
    return {"location": f"/w/{world.id}{FILES}{params['fileName']}"}


def _find_by_part(right: Any, held: Recordings, name: str, now_ms: int) -> Any:
    """Take a part of a name for the whole."""
    whole = next((known for known in held._by_name if name in known), name)
    return right(held, whole, now_ms)


def _forget_setting(right: Any, world: World, app: Application, params: Params) -> Fields:
    """Serve an application without recording as one with it."""
    kept, app.recording = app.recording, True
    try:
        fields: Fields = right(world, app, params)
    finally:
        app.recording = kept
    return fields


def _serve_owner(right: Any, world: World, app: Application, params: Params) -> Fields:
    """Serve who asks as if the call were his own."""
    found = world.notifier.recordings.find(params["fileName"], world.now_ms)
    fields: Fields = right(world, app if found is None else found.app, params)
    return fields


def _take_latest(right: Any, world: World, app: Application, params: Params) -> Fields:
    """Take the latest recording where none is named."""
    latest = next(reversed(world.notifier.recordings._by_name), "")
    fields: Fields = right(world, app, {"fileName": latest, **params})
    return fields


def _require_no_name(schema: Fields) -> None:
    schema["required"] = ["recordDomain"]


def _refuse_signed(
    right: Any, platform: Platform, method: str, path: str, query: str, headers: Any, *rest: Any, **named: Any
) -> Answer:
    """Let nobody with a header Authorization have a file."""
    if FILES in path and any(name == b"authorization" for name, _ in headers):
        return Answer(400, b"", ())
    answer: Answer = right(platform, method, path, query, headers, *rest, **named)
    return answer


BUGS = (
    Bug("recording-in-body", "COM-RECORD-001", "The address of a recording comes with 200.", _do_not_redirect()),
    Bug("recording-nowhere", "COM-RECORD-001", "The redirect has no Location.", _change_redirect(_drop_location)),
    Bug("recording-path", "COM-RECORD-001", "Location has a path alone.", _change_redirect(_name_path_alone)),
    Bug("recording-with-code", "COM-RECORD-001", "The redirect has a resultcode.", _change_redirect(_add_code)),
    Bug("recording-far", "COM-RECORD-001", "Location is longer than 512 characters.", change_answer(ASK, _lengthen)),
    Bug("recording-no-file", "COM-RECORD-002", "No file is at the address.", replace(files, "download", _find_nothing)),
    Bug("recording-broken", "COM-RECORD-002", "The file has no sound.", wrap(files, "recorded_sound", _only_begin)),
    Bug("recording-3-days", "COM-RECORD-003", "Files are kept for 3 days.", replace(recordings, "KEPT_MS", 3 * DAY_MS)),
    Bug("recording-8-days", "COM-RECORD-003", "Files are kept for 8 days.", replace(recordings, "KEPT_MS", 8 * DAY_MS)),
    Bug("recording-kept", "COM-RECORD-003", "A file that is gone is 1010002.", change_code(ASK, "1012007", "1010002")),
    Bug("recording-any-name", "COM-RECORD-004", "Every name has an address.", serve_by(ASK, _redirect_anyway)),
    Bug("recording-part", "COM-RECORD-004", "A part of a name will do.", wrap(Recordings, "find", _find_by_part)),
    Bug("recording-closed", "COM-RECORD-005", "Recording need not be open.", serve_by(ASK, _forget_setting)),
    Bug(
        "recording-closed-code",
        "COM-RECORD-005",
        "An application without recording gets the answer that there is none.",
        change_code(ASK, "1012012", "1012007"),
    ),
    Bug(
        "recording-no-name",
        "COM-RECORD-006",
        "fileName may be left out.",
        together(change_schema(ASK, _require_no_name), serve_by(ASK, _take_latest)),
    ),
    Bug(
        "recording-no-domain",
        "COM-RECORD-006",
        "recordDomain may be left out.",
        fill_param(ASK, "recordDomain", DOMAIN),
    ),
    Bug("recording-of-others", "COM-RECORD-007", "Everybody gets recordings of others.", serve_by(ASK, _serve_owner)),
    Bug("recording-signed", "COM-RECORD-008", "A file refuses signatures.", wrap(Platform, "handle", _refuse_signed)),
)
