"""Whether the data of `contracts/` say what the sources print.

Its tables and schemas.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, Any

from privnum import contracts
from privnum.suites.printed import areas, causes, codes, numbers, operations, q850
from privnum.suites.printed.messages import ANSWERS, EXAMPLES, REQUESTS, SELECTORS
from privnum.suites.printed.pushes import PUSHES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

__all__ = ["differences", "first_difference"]

_LONGEST = 120


def differences(file: str | None = None) -> Iterator[str]:
    """What differs, each in a sentence: where, what is printed, what is there.

    With `file`, in that file alone.
    """
    for name, validator in _TABLES.items():
        if file in (None, name):
            yield from validator()
    if file is None or file.endswith(".json"):
        only = None if file is None or "types" in file else file.removesuffix(".schema.json")
        for compare_messages in (_messages, _mandatory, _examples):
            yield from compare_messages(only)
        yield from _selectors()


def first_difference(file: str) -> str | None:
    """What differs first in a file.

    A file that cannot be read any more differs.
    """
    try:
        return next(differences(file), None)
    except (LookupError, ValueError, contracts.ContractError) as error:
        return f"{file} cannot be read: {error!r}"


def _same(where: str, printed: object, found: object) -> Iterator[str]:
    if printed != found:
        yield f"{where}: the sources print {printed!r}, not {found!r}"


def _operations() -> Iterator[str]:
    found = contracts.operations()
    yield from _same("ids of operations.toml", set(operations.OPERATIONS), set(found))
    for id_ in operations.OPERATIONS.keys() & found.keys():
        entry, printed = found[id_], operations.OPERATIONS[id_]
        place = "body" if entry.body is not None else "query"
        came = operations.Address(entry.mode, entry.method, entry.path, place)
        yield from _same(id_, printed, came)
        name = id_.replace(".", "/")
        yield from _same(f"request of {id_}", f"{name}.{printed.place}", entry.body or entry.query)
        yield from _same(f"answer of {id_}", f"{name}.response", entry.response)
        yield from _same(f"status of {id_}", operations.STATUSES.get(id_, 200), entry.success)
        own = operations.OWN_CODES.get(id_, ())
        stops = id_ == "common.stop_call"
        wanted = {*operations.HEADER_CODES, *(operations.STOP_CODES if stops else operations.MODE_CODES)}
        wanted |= {f"403/{code}" for code in own}
        missing = sorted(wanted - set(entry.codes))
        if missing:
            yield f"codes of {id_}: the sources print {' '.join(missing)} too"
        beyond = sorted(set(entry.codes) - wanted - codes.OPEN_TEXTS) if own else []
        if beyond:
            yield f"codes of {id_}: no source prints {' '.join(beyond)}"


def _pushes() -> Iterator[str]:
    found = contracts.callbacks()
    yield from _same("ids of callbacks.toml", set(operations.PUSHES), set(found))
    for id_ in operations.PUSHES.keys() & found.keys():
        entry = found[id_]
        came = operations.Sent(entry.mode, entry.method, entry.kind, entry.setting)
        yield from _same(id_, operations.PUSHES[id_], came)
        yield from _same(f"schema of {id_}", id_.replace(".", "/"), entry.schema)


def _codes() -> Iterator[str]:
    found = contracts.result_codes()
    printed = {*codes.TEXTS, *codes.OPEN_TEXTS}
    documented = {key for key, row in found.items() if row.basis == "documented"}
    for key in sorted(printed ^ documented):
        yield f"{key} is {'no documented row of result_codes.toml' if key in printed else 'not printed anywhere'}"
    for key in codes.TEXTS.keys() & found.keys():
        yield from _same(f"text of {key}", codes.TEXTS[key], found[key].text)
    later = {key for key in documented if found[key].limit}
    yield from _same("codes that ask to try again", set(codes.ASK_LATER), later)


def _causes() -> Iterator[str]:
    found = contracts.release_causes()
    states, points = causes.STATE_CODES, causes.RELEASE_POINTS
    listed = {code for code, row in found.items() if "stateCode" in row.tables}
    for code in sorted(listed ^ states.keys()):
        yield f"{code} is {'printed as no' if code in listed else 'no'} stateCode in release_causes.toml"
    listed = {code for code, row in found.items() if "ulFailReason" in row.tables and row.basis == "documented"}
    for code in sorted(listed ^ points.keys() ^ causes.OPEN_POINTS):
        yield f"{code} is {'printed as no' if code in listed else 'no'} ulFailReason in release_causes.toml"
    for code in states.keys() & found.keys():
        yield from _same(f"meaning of {code}", states[code], found[code].meaning)
    for code in points.keys() & found.keys():
        yield from _same(f"release point {code}", points[code], found[code].point or found[code].meaning)
    number, text = causes.NORMAL
    if number in found:
        yield from _same(f"stateDesc of {number}", text, found[number].state_desc)
    limits = {code for code, row in found.items() if row.limit}
    yield from _same("causes that are limits of the platform's own", set(causes.LIMITS), limits)


def _q850() -> Iterator[str]:
    yield from _table("Q.850 cause", q850.CAUSES, contracts.q850())


def _numbers() -> Iterator[str]:
    for kind, good in numbers.KINDS.items():
        for number in good:
            yield from _same(f"kind of {number}", kind, _kind_of(number))
    for code in areas.AREA_CODES:
        for local in numbers.LOCAL_PARTS:
            yield from _same(f"kind of a fixed line in {code}", "fixed_line", _kind_of(f"+86{code[1:]}{local}"))
    for number in numbers.MALFORMED:
        yield from _same(f"kind of {number!r}", None, _kind_of(number))


def _kind_of(number: str) -> str | None:
    return next((kind for kind, regex in contracts.number_kinds().items() if re.fullmatch(regex, number)), None)


def _areas() -> Iterator[str]:
    yield from _table("area code", areas.AREA_CODES, contracts.area_codes())


def _table(what: str, printed: Any, found: Any) -> Iterator[str]:
    for key in sorted(printed.keys() | found.keys()):
        yield from _same(f"{what} {key}", printed.get(key), found.get(key))


def _limits() -> Iterator[str]:
    yield from _same("pairs on an X", operations.PAIRS_PER_X, contracts.limits().get("pairs_per_x"))
    yield from _same("X of an A", operations.X_PER_A, contracts.limits().get("x_per_a"))
    yield from _same("bindings on a Y", operations.BINDINGS_PER_Y, contracts.limits().get("bindings_per_y"))


def _messages(only: str | None) -> Iterator[str]:
    groups = chain(
        ((name, (group,)) for name, group in chain(REQUESTS.items(), PUSHES.items())),
        ANSWERS.items(),
    )
    for name, alternatives in groups:
        if only not in (None, name):
            continue
        validator = contracts.validator(name, strict=True)
        for group in alternatives:
            yield from _misjudged_instances(name, validator, group.fits(), fits=True)
            yield from _misjudged_instances(name, validator, group.unfit(), fits=False)
        if name not in REQUESTS and not validator.is_valid({**alternatives[0].least(), "notYetKnown": {"x": [1]}}):
            yield f"{name}: an answer or push may have more fields than are printed"


def _mandatory(only: str | None) -> Iterator[str]:
    """Null is no value of a field that must be there.

    Also where clients' forms are taken.
    """
    for name, group in REQUESTS.items():
        if only in (None, name):
            nulls = ({**group.least(), field: None} for field in group.must)
            yield from _misjudged_instances(name, contracts.validator(name), nulls, fits=False)


def _misjudged_instances(
    name: str, validator: contracts.Validator, instances: Iterable[Any], *, fits: bool
) -> Iterator[str]:
    for instance in instances:
        if validator.is_valid(instance) != fits:
            yield f"{name}: the sources {'allow' if fits else 'forbid'} {_short_repr(instance)}"


def _short_repr(instance: object) -> str:
    text = repr(instance)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST // 2]}…{text[-_LONGEST // 2 :]}"


def _examples(only: str | None) -> Iterator[str]:
    for example in EXAMPLES:
        if only in (None, example.message):
            validator = contracts.validator(example.message, strict=True)
            yield from _misjudged_instances(example.message, validator, [dict(example.content)], fits=example.fits)


def _selectors() -> Iterator[str]:
    for id_, groups in SELECTORS.items():
        place = operations.OPERATIONS[id_].place
        for chosen in (*groups, {}, *({k: v} for group in groups if len(group) > 1 for k, v in group.items())):
            given: Any = {place: dict(chosen)}
            if (not contracts.validate(id_, **given)) != (chosen in groups):
                yield f"{id_}: the sources {'allow' if chosen in groups else 'forbid'} the selectors {dict(chosen)}"


_TABLES: Mapping[str, Callable[[], Iterator[str]]] = {
    "operations.toml": _operations,
    "callbacks.toml": _pushes,
    "result_codes.toml": _codes,
    "release_causes.toml": _causes,
    "q850.toml": _q850,
    "numbers.toml": _numbers,
    "area_codes.toml": _areas,
    "editions.toml": _limits,
}
