"""Where a recording is, the file behind its address, and when none is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import orjson
import pytest

from privnum.mockserver.core.history import Kept
from tests.mockserver.ax_rig import AxRig
from tests.mockserver.axb_rig import AxbRig
from tests.mockserver.axe_rig import AxeRig
from tests.mockserver.rig import CLIENT, EDGE_MS, FOREIGN_X, A, B, Reply, X, signed_headers

if TYPE_CHECKING:
    from privnum.mockserver.core.answers import Answer
    from privnum.mockserver.core.applications import Application

RECORD = "/rest/provision/voice/record/v1.0"
DAY = 86_400
TONE: dict[str, Any] = {"recordFlag": "true", "recordHintTone": "hint.wav"}


def ask(rig: AxbRig, name: str, domain: str = "recordings.example.com", app: Application | None = None) -> Answer:
    """Ask where a recording is."""
    query = urlencode({"fileName": name, "recordDomain": domain})
    headers = signed_headers(app or rig.app)
    return rig.platform.handle("GET", RECORD, query, headers, b"", client=CLIENT, edge_now_ms=EDGE_MS)


def ask_in_vain(rig: AxbRig, query: dict[str, Any] | str, app: Application | None = None) -> Reply:
    """Ask in vain."""
    return rig.request("GET", path=RECORD, query=query, app=app)


def get(rig: AxbRig, address: str, method: str = "GET", headers: Any = ()) -> Answer:
    """Get what is at an address of the server."""
    assert address.startswith("http://127.0.0.1:8080/w/w1/recordings/")
    path = address.removeprefix("http://127.0.0.1:8080")
    return rig.platform.handle(method, path, "", headers, b"", client=CLIENT, edge_now_ms=EDGE_MS)


def recorded_cdr(rig: AxbRig, caller: str = A, talk: int = 20, **more: Any) -> dict[str, Any]:
    """Return the CDR of a call of that many seconds of talk."""
    rig.call(caller, hang_up_after=talk, **more)
    rig.advance(talk + 60)
    return rig.cdrs()[-1]


def recording_name(rig: AxbRig, **more: Any) -> str:
    """Return the name of a new recording."""
    if not len(rig.world.bindings):
        rig.new_binding_id(**TONE)
    cdr = recorded_cdr(rig, **more)
    assert cdr["recordDomain"] == "recordings.example.com"
    return str(cdr["recordObjectName"])


def location(answer: Answer) -> str:
    """Return the address in an answer."""
    assert answer.status == 301
    return dict(answer.headers)[b"location"].decode()


def test_the_name_in_a_cdr_leads_to_a_file_of_the_length_of_the_talk() -> None:
    """COM-RECORD-001, COM-RECORD-002, COM-OPEN-049."""
    rig = AxbRig()
    name = recording_name(rig)
    assert name.endswith(".wav")
    assert not any(number[3:] in name for number in (A, B, X))
    answer = ask(rig, name)
    address = location(answer)
    assert [key for key, _ in answer.headers] == [b"location", b"content-type"]
    assert orjson.loads(answer.body) == {"location": address}
    assert len(address) <= 512
    assert address.endswith(f"/{name}")
    file = get(rig, address)
    assert (file.status, dict(file.headers)[b"content-type"]) == (200, b"audio/x-wav")
    assert file.body[:4] == b"RIFF"
    assert len(file.body) == 58 + 20 * 8000
    assert location(ask(rig, name)) == address


@pytest.mark.parametrize("rig_of", [AxRig, AxeRig])
def test_every_mode_has_it(rig_of: type[AxbRig]) -> None:
    """Stop call need not be every mode's; this is."""
    rig = rig_of(assumptions={"stop_call.modes": "axyb"})
    digits = rig.bind(A, X, **TONE).body.get("extendNum")
    message = {"caller": B, "called": X, "callee": {"hang_up_after": 5}}
    rig.world.place_call(message | ({"digits": [digits]} if digits else {}))
    rig.advance(120)
    assert get(rig, location(ask(rig, rig.cdrs()[-1]["recordObjectName"]))).status == 200


def test_old_signature_headers_are_no_matter() -> None:
    """COM-RECORD-008."""
    rig = AxbRig()
    address = location(ask(rig, recording_name(rig)))
    plain, again = get(rig, address), get(rig, address, headers=signed_headers(rig.app, created="2020-01-01T00:00:00Z"))
    assert plain == again
    assert get(rig, address, headers=[(b"authorization", b"nonsense")]).status == 200
    assert not rig.world.failures
    assert get(rig, address, "HEAD") == plain
    assert get(rig, address, "DELETE").status == 405


def test_nobody_gets_a_file_by_its_name_alone() -> None:
    rig = AxbRig()
    address = location(ask(rig, recording_name(rig)))
    before, token, name = address.rsplit("/", 2)
    assert len(token) == 32
    for wrong in (
        f"{before}/{token[:-1]}0{name}",
        f"{before}/{'0' * 32}/{name}",
        f"{before}/{name}",
        f"{before}/é/{name}",
    ):
        assert get(rig, wrong).status == 404


def test_a_recording_is_gone_seven_days_after_the_push_of_its_cdr() -> None:
    """COM-RECORD-003."""
    rig = AxbRig(assumptions={"cdr.merge_seconds": 30})
    rig.new_binding_id(**TONE)
    rig.call(hang_up_after=20)
    rig.advance(25)
    ended = rig.world.now_ms
    rig.advance(30)
    assert rig.cdrs()
    name = rig.cdrs()[-1]["recordObjectName"]
    address = location(ask(rig, name))
    rig.advance(7 * DAY - 31)
    assert rig.world.now_ms < ended + 30_000 + 7 * DAY * 1000
    assert location(ask(rig, name)) == address
    assert get(rig, address).status == 200
    rig.advance(31)
    assert ask_in_vain(rig, {"fileName": name, "recordDomain": "recordings.example.com"}).key == "403/1012007"
    assert get(rig, address).status == 404
    assert len(rig.world.notifier.recordings) == 0


@pytest.mark.parametrize("why", ["short", "unanswered", "not recorded", "application"])
def test_calls_without_a_recording(why: str) -> None:
    """CDR-011, CDR-015."""
    rig = AxbRig()
    rig.new_binding_id(**({} if why == "not recorded" else TONE))
    rig.app.recording = why != "application"
    cdr = recorded_cdr(rig, talk=2 if why == "short" else 20, **({"behaviour": "busy"} if why == "unanswered" else {}))
    assert cdr["recordFlag"] == 0
    assert "recordObjectName" not in cdr
    assert len(rig.world.notifier.recordings) == 0


def test_each_refusal_has_its_code() -> None:
    """COM-RECORD-004 to COM-RECORD-007, COM-OPEN-050."""
    rig = AxbRig()
    name = recording_name(rig)
    good = {"fileName": name, "recordDomain": "recordings.example.com"}
    for query, rule in (
        ({"recordDomain": "d"}, "COM-RECORD-006"),
        ({"fileName": name}, "COM-RECORD-006"),
        ({**good, "fileName": ""}, "COM-RECORD-006"),
        ({**good, "fileName": "n" * 129}, "COM-RECORD-006"),
        ({**good, "recordDomain": "d" * 129}, "COM-RECORD-006"),
        ("fileName=%ff&recordDomain=d", "COM-ENV-010"),
    ):
        reply = ask_in_vain(rig, query)
        assert (reply.key, reply.text.endswith(f"[{rule}]")) == ("403/1010002", True), reply
    assert ask_in_vain(rig, {**good, "fileName": "none.wav"}).key == "403/1012007"
    assert ask_in_vain(rig, {**good, "fileName": quote("录.wav")}).key == "403/1012007"
    assert ask_in_vain(rig, good, rig.other_app).text.endswith("[COM-RECORD-004]")
    assert ask_in_vain(rig, {**good, "recordDomain": "elsewhere.example.com"}).text.endswith("[COM-OPEN-050]")
    rig.app.recording = False
    assert ask_in_vain(rig, good).key == "403/1012012"
    assert ask_in_vain(rig, {**good, "fileName": "none.wav"}).key == "403/1012012"
    rig.app.recording = True
    location(ask(rig, name))


def test_the_body_of_the_redirect_is_a_choice() -> None:
    """COM-OPEN-049."""
    rig = AxbRig(assumptions={"recording.redirect_body": "note"})
    answer = ask(rig, recording_name(rig))
    assert f'<a href="{location(answer)}">here</a>'.encode() in answer.body
    assert dict(answer.headers)[b"content-type"] == b"text/html;charset=utf-8"
    rig = AxbRig(assumptions={"recording.redirect_body": "empty"})
    answer = ask(rig, recording_name(rig))
    assert (answer.body, len(answer.headers)) == (b"", 1)


def test_other_choices() -> None:
    """COM-OPEN-050, COM-OPEN-051, COM-OPEN-052."""
    rig = AxbRig(
        assumptions={
            "recording.other_domain": "accept", "recording.coding": "pcm", "recording.flow_control": "403/1011006",
        }
    )  # fmt: skip
    name = recording_name(rig)
    file = get(rig, location(ask(rig, name, "elsewhere")))
    assert len(file.body) == 44 + 20 * 16_000
    rig = AxbRig(assumptions={"recording.other_domain": "403/1010002"})
    assert ask_in_vain(rig, {"fileName": recording_name(rig), "recordDomain": "d"}).key == "403/1010002"


@pytest.mark.parametrize("code", ["403/1010010", "403/1011006"])
def test_who_asks_too_often_is_told_so(code: str) -> None:
    """COM-AUTH-030, COM-OPEN-052."""
    rig = AxbRig(assumptions={"recording.flow_control": code}, requests_per_minute=2)
    query = {"fileName": "n", "recordDomain": "d"}
    assert [ask_in_vain(rig, query).key for _ in range(3)] == ["403/1012007", "403/1012007", code]
    assert rig.query(relationNum=X).key == "403/1010010"


def test_recordings_go_with_the_calls_that_are_kept() -> None:
    """There are never more of them than ended calls."""
    rig = AxbRig()
    rig.world.call_engine.kept = Kept("calls", 2)
    names = [recording_name(rig) for _ in range(3)]
    assert len(rig.world.notifier.recordings) == 2
    assert ask(rig, names[0]).status == 403
    assert [ask(rig, name).status for name in names[1:]] == [301, 301]
    rig.world.reset()
    assert [ask(rig, name).status for name in names] == [403, 403, 403]
    assert len(rig.world.notifier.recordings) == 0


def test_a_call_to_a_foreign_x_is_its_owners() -> None:
    """COM-RECORD-007."""
    rig = AxbRig()
    recording_name(rig)
    rig.other_app.fee_url = "http://c/other"
    rig.bind(A, B, FOREIGN_X, app=rig.other_app, **TONE)
    rig.call(A, FOREIGN_X, hang_up_after=5)
    rig.advance(60)
    name = rig.cdrs()[-1]["recordObjectName"]
    assert ask(rig, name).status == 403
    assert ask(rig, name, app=rig.other_app).status == 301
