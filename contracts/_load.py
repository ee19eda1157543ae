"""The tables. Each is parsed on first use and kept.

Nothing is read at import.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from privnum.contracts._families import FAMILY_FILES, expand_family, in_order
from privnum.contracts._files import contents
from privnum.contracts._model import (
    Assumption,
    Callback,
    ControlOperation,
    Document,
    Edition,
    Examples,
    Flow,
    FlowStep,
    Operation,
    ReleaseCause,
    Requirement,
    Reserved,
    ResultCode,
    Source,
    Untested,
    Value,
    Variation,
)
from privnum.contracts.errors import ContractError, IllegalValue, UnknownName

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

DEFAULT_EDITION = "2026-01"

# Their values are measures, not choices: any whole number from 0 is legitimate.
OPEN_ENDED = frozenset(
    {
        "auth.created_window_seconds",
        "auth.lockout_failures",
        "axe.collection_seconds",
        "call.setup_seconds",
        "cdr.merge_seconds",
        "push.timeout_seconds",
        "sms.verdict_seconds",
        "x.answer_seconds",
    }
)

# A measure: any number that fits in a message beside others.
_MEASURE = re.compile("[0-9]{1,15}")

# The prefix of a requirement's id, and the mode it stands for.
_MODES = {"COM": "common", "AX": "AX", "AXB": "AXB", "AXE": "AXE", "AXYB": "AXYB", "X": "X"}


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads(contents()[name].decode())


def _tuples(table: Mapping[str, Any]) -> dict[str, Any]:
    """Lists made tuples, so that what is handed out cannot be changed."""
    return {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}


@cache
def operations() -> Mapping[str, Operation]:
    """Every operation by its id, e.g. "axb.bind"."""
    tables = _toml("operations.toml")
    groups: dict[str, list[str]] = tables.pop("code_groups")
    found = {}
    for id_, table in tables.items():
        fields = _tuples(table)
        grouped = [code for group in fields.pop("code_groups") for code in groups[group]]
        fields["own_codes"] = fields["codes"]
        fields["codes"] = _in_printed_order([*grouped, *fields["codes"]])
        found[id_] = Operation(id=id_, query=fields.pop("query", None), body=fields.pop("body", None), **fields)
    return MappingProxyType(found)


def _in_printed_order(codes: Iterable[str]) -> tuple[str, ...]:
    """By HTTP status, then by number.

    The order in which the platform's tables print them.
    """
    return tuple(sorted(codes))


@cache
def callbacks() -> Mapping[str, Callback]:
    """Every push by its id, e.g. "axb.cdr"."""
    return MappingProxyType({id_: Callback(id=id_, **_tuples(t)) for id_, t in _toml("callbacks.toml").items()})


@cache
def flows() -> Mapping[str, Flow]:
    """The main flow of each mode that has one described, by the mode."""
    return MappingProxyType(
        {
            mode: Flow(mode=mode, **{**_tuples(table), "steps": _flow_steps(table["steps"])})
            for mode, table in _toml("flows.toml").items()
        }
    )


def _flow_steps(tables: list[dict[str, Any]]) -> tuple[FlowStep, ...]:
    """The steps of a flow with their names.

    A name is that of the operation without its mode, "call" or "sms"; a second one of the same operation gets a number.
    """
    steps: list[FlowStep] = []
    for table in tables:
        operation = table.get("operation")
        word = operation.partition(".")[2] if operation else "sms" if "sms" in table else "call"
        before = sum(step.operation == operation for step in steps) if operation else 0
        name = f"{word}_{before + 1}" if before else word
        parts = {key: MappingProxyType(table.get(key, {})) for key in ("query", "body", "call", "sms")}
        steps.append(FlowStep(name=name, operation=operation, **parts))
    return tuple(steps)


@cache
def examples() -> Examples:
    """Made-up values for the examples of documents."""
    table = _toml("examples.toml")
    return Examples(apart=tuple(table.pop("apart")), **{key: MappingProxyType(part) for key, part in table.items()})


@cache
def control_operations() -> Mapping[str, ControlOperation]:
    """Every message of the driver protocol by its id, e.g. "worlds.create"."""
    return MappingProxyType(_messages_of("driver.toml"))


def _messages_of(file: str) -> dict[str, ControlOperation]:
    """The messages of a table of a control plane, by id."""
    optional = {"query": None, "body": None, "response": None, "capability": None}
    tables = _toml(file)["operations"]
    return {id_: ControlOperation(id=id_, **{**optional, **table}) for id_, table in tables.items()}


@cache
def capabilities() -> Mapping[str, str]:
    """What a driver may be able to do, and what that is in a sentence."""
    return MappingProxyType(_toml("driver.toml")["capabilities"])


@cache
def control_rules() -> Mapping[str, str]:
    """Rules of driver messages beyond their schemas by id ("clock.advance")."""
    return MappingProxyType(_toml("driver.toml")["rules"])


@cache
def documents() -> Mapping[str, Document]:
    """Our own files that have a schema, by id: "target", "report" and others."""
    return MappingProxyType({id_: Document(id=id_, **t) for id_, t in _toml("documents.toml").items()})


@cache
def result_codes() -> Mapping[str, ResultCode]:
    """Every result code by "http/code", e.g. "403/1012010".

    One code may stand under two statuses.
    """
    found = {}
    for key, table in _toml("result_codes.toml").items():
        http, _, code = key.partition("/")
        found[key] = ResultCode(code=code, http=int(http), **_tuples(table))
    return MappingProxyType(found)


@cache
def release_causes() -> Mapping[int, ReleaseCause]:
    """Every release cause by its number, from both tables.

    The platform's stateCode and ulFailReason.
    """
    tables = _toml("release_causes.toml")
    return MappingProxyType(
        {
            int(code): ReleaseCause(code=int(code), point=t.pop("point", None), **_tuples(t))
            for code, t in tables.items()
        }
    )


@cache
def q850() -> Mapping[int, str]:
    """The Q.850 causes that the CDR's fwdUnaswRsn takes its value from."""
    return MappingProxyType({int(code): text for code, text in _toml("q850.toml")["causes"].items()})


@cache
def assumptions() -> Mapping[str, Assumption]:
    """Every choice where the record is open, by its id, e.g. "axb.a_equals_b"."""
    return MappingProxyType({id_: Assumption(id=id_, **_tuples(t)) for id_, t in _toml("assumptions.toml").items()})


@cache
def variations() -> Mapping[str, Variation]:
    """What an implementation may do otherwise within the contract, by id.

    E.g. "pushes.duplicated".
    """
    found = {}
    for id_, table in _toml("variations.toml").items():
        fields = MappingProxyType(_tuples(table.pop("fields", {})))
        found[id_] = Variation(id=id_, group=table.pop("group", None), fields=fields, **_tuples(table))
    return MappingProxyType(found)


def chosen_variations(ids: Iterable[str]) -> tuple[Variation, ...]:
    """The variations of these ids, each once, in the order of the table.

    Raises UnknownName for an id that is not there (it names the nearest) and ContractError for two of one group.
    """
    wanted = set(ids)
    for id_ in sorted(wanted):
        if id_ not in variations():
            raise UnknownName("variation", id_, variations())
    chosen = tuple(variation for variation in variations().values() if variation.id in wanted)
    grouped: dict[str, str] = {}
    for variation in chosen:
        if variation.group is not None and variation.group in grouped:
            other = grouped[variation.group]
            raise ContractError(f"variations {other} and {variation.id} exclude each other; take one of them")
        if variation.group is not None:
            grouped[variation.group] = variation.id
    return chosen


@cache
def editions() -> Mapping[str, Edition]:
    """The dated states of the contract."""
    found = {}
    for id_, table in _toml("editions.toml").items():
        fields = _tuples(table)
        fields["assumptions"] = MappingProxyType(fields["assumptions"])
        fields["limits"] = MappingProxyType(fields["limits"])
        fields["codes"] = MappingProxyType({op: MappingProxyType(codes) for op, codes in fields["codes"].items()})
        found[id_] = Edition(id=id_, **fields)
    return MappingProxyType(found)


def _edition(name: str) -> Edition:
    try:
        return editions()[name]
    except KeyError:
        raise UnknownName("edition", name, editions()) from None


def limits(edition: str = DEFAULT_EDITION) -> Mapping[str, int]:
    """Counts that an edition sets, e.g. "pairs_per_x".

    Raises UnknownName for an edition that is not in editions.toml.
    """
    return _edition(edition).limits


def assumption_values(edition: str = DEFAULT_EDITION, overrides: Mapping[str, Value] | None = None) -> dict[str, Value]:
    """The complete map of assumptions.

    The register's values, then the edition's, then `overrides`.

    A number may be given as text, as a command line does. Raises UnknownName for an id or edition that is not there
    (it names the nearest) and IllegalValue for a value that the assumption does not take.
    """
    values = {id_: assumption.value for id_, assumption in assumptions().items()}
    values.update(_edition(edition).assumptions)
    for id_, value in (overrides or {}).items():
        if id_ not in values:
            raise UnknownName("assumption", id_, values)
        values[id_] = _legal(assumptions()[id_], value)
    return values


def split_choice(text: str) -> tuple[str, str]:
    """The id and the value of a choice that a command line has as ID=VALUE.

    Raises ContractError for another form, UnknownName where that is not an id either.
    """
    name, sign, value = text.partition("=")
    if sign:
        return name, value
    assumption = assumptions().get(name)
    if assumption is None:
        raise UnknownName("assumption", name, assumptions())
    raise ContractError(f"{text!r} is not ID=VALUE; write {' or '.join(f'{name}={v}' for v in assumption.values)}")


def _legal(assumption: Assumption, value: object) -> Value:
    open_ended = assumption.id in OPEN_ENDED
    if isinstance(value, str | int) and not isinstance(value, bool):
        for legal in assumption.values:
            if str(legal) == str(value):
                return legal
        if open_ended and _MEASURE.fullmatch(str(value)):
            return int(value)
    raise IllegalValue(
        assumption.id, value, assumption.values, open_ended=open_ended, requirement=assumption.requirement
    )


@cache
def requirements() -> Mapping[str, Requirement]:
    """Every rule by its id.

    Those of every mode, those of each mode by topic, and a "may" per assumption.

    Raises ContractError where two files have one id.
    """
    tables = _rules_of_modes()
    tables = {**_toml("requirements/common.toml"), **{id_: tables[id_] for id_ in in_order(tables)}}
    found = {id_: Requirement(id=id_, mode=_mode(id_), **_tuples(table)) for id_, table in tables.items()}
    for assumption in assumptions().values():
        found[assumption.requirement] = _open_rule(assumption)
    return MappingProxyType(found)


def _rules_of_modes() -> dict[str, Any]:
    """Families expanded to the rules of their modes, and single rules.

    The latter are those that one mode has alone.
    """
    others = {f"requirements/{name}.toml" for name in ("common", "modes", "receiver")} | set(FAMILY_FILES)
    parts = [_toml(name) for name in contents() if name.startswith("requirements/") and name not in others]
    words = _toml("requirements/modes.toml")
    parts += [expand_family(id_, table, words) for name in FAMILY_FILES for id_, table in _toml(name).items()]
    found: dict[str, Any] = {}
    for part in parts:
        if twice := found.keys() & part.keys():
            raise ContractError(f"the rule {min(twice)} is there twice, as a family's and as a mode's own")
        found |= part
    return found


def _mode(requirement: str) -> str:
    prefix = requirement.partition("-")[0]
    try:
        return _MODES[prefix]
    except KeyError:
        raise UnknownName("requirement prefix", prefix, _MODES) from None


def _open_rule(assumption: Assumption) -> Requirement:
    others = ", ".join(repr(choice) for choice in assumption.choices)
    return Requirement(
        id=assumption.requirement,
        mode=_mode(assumption.requirement),
        title=f"Open: {assumption.id}",
        text=f"{assumption.text} Ours: {assumption.value!r}; also legitimate: {others}.",
        level="may",
        basis="assumed",
        harm="form",  # no target fails because of it
        source=assumption.source,
        assumption=assumption.id,
    )


@cache
def untested() -> Mapping[str, Untested]:
    """Every fact that no check can decide, by its id, e.g. "COM-FACT-001"."""
    return MappingProxyType(
        {id_: Untested(id=id_, mode=_mode(id_), **_tuples(t)) for id_, t in _toml("untested.toml").items()}
    )


@cache
def reserved() -> Mapping[str, Reserved]:
    """What the platform reserves or nobody can provoke.

    By a name of ours, e.g. "codes.platform_fails".
    """
    return MappingProxyType({id_: Reserved(id=id_, **_tuples(t)) for id_, t in _toml("reserved.toml").items()})


@cache
def sources() -> Mapping[str, Source]:
    """Where the facts stand, by the part of a source before its "@"."""
    tables = _toml("sources.toml")
    return MappingProxyType({key: Source(key=key, url=t.pop("url", None), **t) for key, t in tables.items()})
