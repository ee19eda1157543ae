"""The tests of the service: `pytest examples/fastapi`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from examples.fastapi.platform_client import Credentials

if TYPE_CHECKING:
    from examples.fastapi.conftest import Service
    from privnum.mockserver.embed.handle import WorldHandle

PASSENGER, DRIVER = "+8613800000001", "+8613900000002"


def begin(service: Service) -> str:
    """Begin a ride; return the number that the passenger is to call."""
    answer = service.client.post("/rides/7", json={"passenger": PASSENGER, "driver": DRIVER})
    assert answer.status_code == 200, answer.text
    number: str = answer.json()["number"]
    return number


def test_passenger_and_driver_talk_through_x(service: Service, private_number: WorldHandle) -> None:
    x = begin(service)
    call = private_number.call(PASSENGER, x, ring_after=2, answer_after=3)
    private_number.advance(65)
    private_number.hang_up(call)
    assert private_number.look(call).forwarded_to == DRIVER
    assert service.rides.states[call.session_id] == ["callin", "callout", "alerting", "answer", "disconnect"]
    assert service.rides.seconds == {call.session_id: 60}


def test_after_the_ride_nobody_is_reached(service: Service, private_number: WorldHandle) -> None:
    x = begin(service)
    assert service.client.delete("/rides/7").status_code == 204
    call = private_number.call(PASSENGER, x)
    assert private_number.look(call).forwarded_to is None
    assert service.rides.seconds == {call.session_id: 0}


def test_a_refusal_of_the_platform_is_told(service: Service) -> None:
    answer = service.client.post("/rides/7", json={"passenger": PASSENGER, "driver": "110"})
    assert answer.status_code == 502
    assert answer.json()["detail"].startswith("1010002: ")


def test_the_desk_says_whom_a_caller_reaches(service: Service, private_number: WorldHandle) -> None:
    service.rides.desk[PASSENGER] = DRIVER
    x = private_number.x.numbers[0]
    assert private_number.call(PASSENGER, x).forwarded_to == DRIVER
    assert private_number.call("+8613800000009", x).forwarded_to is None


def test_every_push_was_taken(service: Service, private_number: WorldHandle) -> None:
    call = private_number.call(PASSENGER, begin(service), hang_up_after=20)
    private_number.advance(60)
    assert [push.state for push in private_number.pushes] == ["delivered"] * 6
    assert set(service.rides.seconds) == {call.session_id}


@pytest.mark.parametrize("secret", ["another-secret", None])
def test_a_push_of_somebody_else_changes_nothing(
    service: Service, private_number: WorldHandle, secret: str | None
) -> None:
    nonce, created = "a" * 32, datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    key = private_number.axb.app_key
    digest = "" if secret is None else Credentials(key, secret).digest(nonce, created)
    token = f'UsernameToken Username="{key}",PasswordDigest="{digest}",Nonce="{nonce}",Created="{created}"'
    push = {"eventType": "disconnect", "statusInfo": {"sessionId": "1"}}
    assert service.client.post("/pushes", json=push, headers={"X-AKSK": token}).status_code == 401
    assert service.client.post("/pushes", json=push).status_code == 401
    assert service.rides.states == {}


def test_a_push_that_somebody_has_recorded_is_taken_once(service: Service, private_number: WorldHandle) -> None:
    key, secret = private_number.axb.app_key, private_number.axb.app_secret
    nonce, created = "b" * 32, datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    digest = Credentials(key, secret).digest(nonce, created)
    token = f'UsernameToken Username="{key}",PasswordDigest="{digest}",Nonce="{nonce}",Created="{created}"'
    push = {"eventType": "fee", "feeLst": []}
    answers = [service.client.post("/pushes", json=push, headers={"X-AKSK": token}).status_code for _ in range(2)]
    assert answers == [200, 401]
