"""Pushes that nothing has made due: made up, or of given fields."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import TYPE_CHECKING, Any, Final

import orjson

from privnum import contracts
from privnum.contracts import samples
from privnum.mockserver.core.errors import ControlError
from privnum.mockserver.core.timestamps import milliseconds, parse_iso, stamp

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from privnum.contracts import Callback
    from privnum.mockserver.core.applications import Application
    from privnum.mockserver.pushes.push import Push
    from privnum.mockserver.worlds.world import World

__all__ = ["trigger"]

#: The part of a push that `fields` are about, by its kind.
_PARTS: Final = {
    "call_event": "statusInfo",
    "cdr": "feeLst",
    "number_status": "numInfo",
    "sms_notify": "smsEvent",
    "sms_block": "smsEvent",
}
_USUAL_EVENT: Final = "callin"
#: The end of the call of contracts/examples.toml: that is now.
_END: Final = "2026-03-01T08:00:20Z"
_TIME: Final = re.compile("2026-03-01([ T])(08:00:[0-9]{2})([.]000Z)?")


def trigger(world: World, message: Mapping[str, Any]) -> Push:
    """Push what a message says; it is the driver protocol's.

    Raises:
        ControlError: no application gets such pushes, it has no address for them, or what is given makes no push
            that is valid by its schema.
    """
    app = _application(world, message)
    callback = _callback_for(app.mode, message["kind"])
    if callback is None:
        kinds = ", ".join(kind for kind in _PARTS if _callback_for(app.mode, kind) is not None)
        raise ControlError(400, f"an application of mode {app.mode} gets no {message['kind']}; it gets {kinds}", "kind")
    if message.get("event") is not None and callback.kind != "call_event":
        raise ControlError(400, f"event is of a call_event, not of {callback.kind}; leave it out", "event")
    url = message.get("url") or _address(app, callback, message)
    body = _body(world, app, callback, message)
    return world.outbox.send(
        app, callback.kind, url, orjson.dumps(body), stream=f"trigger {app.app_key}", now_ms=world.now_ms
    )


def _application(world: World, message: Mapping[str, Any]) -> Application:
    key, mode, kind = message.get("app_key"), message.get("mode"), message["kind"]
    if key is not None:
        app = world.applications.get(key)
        if app is None:
            raise ControlError(404, f"world {world.id} has no application {key!r}", "app_key")
        if mode not in (None, app.mode):
            raise ControlError(400, f"application {key} is of mode {app.mode}, not {mode}", "mode")
        return app
    for app in world.applications.values():
        if mode == app.mode or (mode is None and _callback_for(app.mode, kind) is not None):
            return app
    there = ", ".join(dict.fromkeys(app.mode for app in world.applications.values())) or "no application"
    wanted = f"of mode {mode}" if mode else f"that gets {kind}"
    raise ControlError(404, f"world {world.id} has no application {wanted}; it has {there}", "mode" if mode else "kind")


def _callback_for(mode: str, kind: str) -> Callback | None:
    """Return the push of this kind that applications of a mode get."""
    fitting = (each for each in contracts.callbacks().values() if each.kind == kind)
    return next((each for each in fitting if each.mode in (mode, "common")), None)


def _address(app: Application, callback: Callback, message: Mapping[str, Any]) -> str:
    if callback.kind == "call_event":
        url = app.address_of(message.get("event", _USUAL_EVENT))
    else:
        url = getattr(app, callback.setting)
        if url is None and callback.kind == "number_status":
            url = app.event_url
    if url is None:
        text = f"application {app.app_key} has no {callback.setting}; set it, or give url"
        raise ControlError(409, text, callback.setting)
    return str(url)


def _body(world: World, app: Application, callback: Callback, message: Mapping[str, Any]) -> dict[str, Any]:
    """Return the body; ids are drawn once nothing can be refused any more."""
    sample = _sample(callback, message.get("event", _USUAL_EVENT))
    given = message.get("fields", {})
    _check_names(callback, given)
    _check_values(given)
    problem = contracts.validator(callback.schema).first_problem(_with_fields(sample, callback, given))
    if problem is not None:
        raise ControlError(400, f"this is no {callback.id} of the contract: {problem.message}", "fields")
    return _with_fields(_made_up_push(world, app, sample), callback, given)


def _check_names(callback: Callback, given: Mapping[str, Any]) -> None:
    part = _PARTS[callback.kind]
    schema = contracts.schema(callback.schema)["properties"][part]
    known = schema.get("items", schema)["properties"]
    for name in given:
        if name not in known:
            why = contracts.UnknownName(f"field of {part} in {callback.id}", name, known)
            raise ControlError(400, str(why), f"fields.{name}")


def _check_values(given: Mapping[str, Any]) -> None:
    """Refuse what JSON in a push cannot hold, before anything is drawn."""
    for name, value in given.items():
        try:
            orjson.dumps(value)
        except TypeError:
            text = f"{name} cannot be pushed; write text, or a whole number of at most 64 bits, as in 8102"
            raise ControlError(400, text, f"fields.{name}") from None


def _with_fields(sample: dict[str, Any], callback: Callback, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a push with the fields that are given; None leaves one out."""
    body = deepcopy(sample)
    part = body[_PARTS[callback.kind]]
    inner: dict[str, Any] = part[0] if isinstance(part, list) else part
    inner.update(given)
    for name in [name for name, value in given.items() if value is None]:
        del inner[name]
    return body


def _sample(callback: Callback, event: str) -> dict[str, Any]:
    """Return a made-up push."""
    if callback.kind != "call_event":
        sample = samples.push_sample(callback.schema)
        assert sample is not None  # a test makes every push
        return sample
    events = samples.event_samples(callback.schema)
    if event not in events:
        raise ControlError(400, str(contracts.UnknownName(f"event of {callback.id}", event, events)), "event")
    return events[event]


def _made_up_push(world: World, app: Application, sample: dict[str, Any]) -> dict[str, Any]:
    """Return a made-up push with ids, numbers and times of the world."""
    table = contracts.examples()
    fields, letters = table.fields, table.numbers
    numbers = [x.number for x in app.numbers[:2]]
    new: dict[Any, Any] = {
        fields["appKey"]: app.app_key,
        fields["spId"]: app.sp_id,
        fields["sessionId"]: world.identity.session_id(world.now_ms),
        fields["icid"]: world.identity.icid(),
        fields["smsIdentifier"]: world.identity.sms_ids()[1],
        fields["subscriptionId"]: world.identity.subscription_id(),
        **dict(zip((letters["x"], letters["y"]), numbers, strict=False)),
    }
    filled: dict[str, Any] = _each_text(sample, lambda text: new.get(text) or _moved_time(text, world.now_ms))
    return filled


def _moved_time(text: str, now_ms: int) -> str:
    """Return a time of the made-up call as one of a call that ends now."""
    found = _TIME.fullmatch(text)
    if found is None:
        return text
    at, end = parse_iso(f"2026-03-01T{found[2]}Z"), parse_iso(_END)
    assert at is not None
    assert end is not None
    ms = max(now_ms + at - end, 0)
    return milliseconds(ms) if found[3] else stamp(ms)


def _each_text(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, dict):
        return {name: _each_text(each, change) for name, each in value.items()}
    if isinstance(value, list):
        return [_each_text(each, change) for each in value]
    return change(value) if isinstance(value, str) else value
