"""The values that the contract hands out.

Frozen, and made only by the loader.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "Assumption",
    "Basis",
    "Callback",
    "ControlOperation",
    "Document",
    "Edition",
    "Examples",
    "Fault",
    "Flow",
    "FlowStep",
    "Harm",
    "Level",
    "Operation",
    "Problem",
    "ReleaseCause",
    "Remark",
    "Requirement",
    "Reserved",
    "ResultCode",
    "Source",
    "Untested",
    "Value",
    "Variation",
]

Basis = Literal["documented", "observed", "assumed"]
HarmKind = Literal["person", "number", "call", "money", "form"]
Level = Literal["must", "should", "may"]
Value = str | int
Reason = Literal["reserved", "not visible", "beyond the driver", "advice", "real time"]
Unseen = Literal["reserved", "not visible", "beyond the driver", "another choice", "older edition"]


@dataclass(frozen=True, slots=True)
class Operation:
    """A request of the customer to the platform, and its answer.

    `query`, `body` and `response` are names for `schema()`, or None where there is none.
    `codes` are keys of `result_codes()`, in the order in which the platform's table prints them; `own_codes` are those
    among them that do not stand on the page of every API.
    `success` is the HTTP status of a request that is carried out; 301: what was asked for is in the header Location.
    """

    id: str
    mode: str
    name: str
    title: str
    method: str
    path: str
    query: str | None
    body: str | None
    response: str
    codes: tuple[str, ...]
    source: tuple[str, ...]
    basis: Basis
    success: int = 200
    own_codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Callback:
    """A push of the platform to the customer.

    `schema` names its body, `setting` the application's address for it, `answer` what the customer answers where it is
    a question.
    """

    id: str
    mode: str
    kind: str
    title: str
    method: str
    schema: str
    setting: str
    source: tuple[str, ...]
    basis: Basis
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class ControlOperation:
    """A message of the driver protocol under `/_privnum`.

    `capability` is what a driver must offer to have it.
    """

    id: str
    title: str
    method: str
    path: str
    query: str | None
    body: str | None
    response: str | None
    status: int
    capability: str | None


@dataclass(frozen=True, slots=True)
class Document:
    """A file of ours that has a schema.

    target.toml, a line of events.jsonl, report.json.
    """

    id: str
    title: str
    schema: str


@dataclass(frozen=True, slots=True)
class ResultCode:
    """A result code under one HTTP status.

    `text` begins the resultdesc, `meaning` is ours.

    `limit` says that it is a limit of the platform's own, of which no page gives a figure.
    """

    code: str
    http: int
    text: str
    meaning: str
    source: tuple[str, ...]
    basis: Basis
    limit: bool = False

    @property
    def key(self) -> str:
        """The name of the code in the contract: "403/1012010"."""
        return f"{self.http}/{self.code}"


@dataclass(frozen=True, slots=True)
class ReleaseCause:
    """Why a call ended.

    `tables` says where the platform lists the code: "stateCode" (disconnect event) or "ulFailReason" (CDR).
    `point` is the wording of the second table where it has its own. `state_desc` is the stateDesc of the event;
    that of 0 is documented, that of 8023 was seen, the others are ours. `limit` is as in ResultCode. `q850` and `sip`
    are what the callee's network said, fwdUnaswRsn and sipStatusCode of the CDR; 0: nothing.
    """

    code: int
    group: str
    meaning: str
    point: str | None
    state_desc: str
    tables: tuple[str, ...]
    source: tuple[str, ...]
    basis: Basis
    limit: bool = False
    q850: int = 0
    sip: int = 0


@dataclass(frozen=True, slots=True)
class Requirement:
    """A testable rule.

    One that was derived from an assumption has level "may" and names it in `assumption`. `harm` is the worst that its
    breach can do.
    """

    id: str
    mode: str
    title: str
    text: str
    level: Level
    basis: Basis
    harm: HarmKind
    source: tuple[str, ...]
    operations: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    causes: tuple[int, ...] = ()
    needs: tuple[str, ...] = ()
    disruptive: bool = False
    assumption: str | None = None


@dataclass(frozen=True, slots=True)
class Harm:
    """A kind of harm that the breach of a rule can do."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Untested:
    """A fact that a source states and no check can decide.

    `reason` in a word, `why` in this case.
    """

    id: str
    mode: str
    title: str
    text: str
    reason: Reason
    why: str
    basis: Basis
    source: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reserved:
    """Items of the contract that no run can see.

    `reason` in a word, `why` in this case. `items` are ids of suites/coverage/items.py. With `assumptions` it holds as
    long as a target makes our choice at each of them.
    """

    id: str
    reason: Unseen
    why: str
    items: tuple[str, ...]
    assumptions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Assumption:
    """A choice where the public record is silent or disagrees with itself.

    `choices` are the other legitimate ones.
    """

    id: str
    requirement: str
    text: str
    value: Value
    choices: tuple[Value, ...]
    why: str
    source: tuple[str, ...]
    settled: Literal["probe", "declared"]

    @property
    def values(self) -> tuple[Value, ...]:
        """Every choice, ours first."""
        return (self.value, *self.choices)


@dataclass(frozen=True, slots=True)
class Variation:
    """What an implementation may do otherwise where no assumption says it.

    `why` the contract allows it.

    Of several in one `group` a server does one. `fields` are those it is about, as paths ("feeLst[].icid"), by message:
    an operation, a callback, or one event of it ("axb.call_event.answer").
    """

    id: str
    text: str
    why: str
    source: tuple[str, ...]
    group: str | None
    fields: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Edition:
    """A dated state of the contract.

    `assumptions` differ from the register's values, `limits` are counts.

    `codes` are result codes that had another number then, by operation: that of today, and that of the edition.
    """

    id: str
    title: str
    text: str
    assumptions: Mapping[str, Value]
    limits: Mapping[str, int]
    codes: Mapping[str, Mapping[str, str]]
    source: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FlowStep:
    """A step of a flow: an operation with query or body, a call, or an SMS.

    A value "{a}" is a number of the examples, "{bind.extendNum}" a field of the answer to the step of that name.
    """

    name: str
    operation: str | None
    query: Mapping[str, str]
    body: Mapping[str, str]
    call: Mapping[str, str]
    sms: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Flow:
    """The main flow of a mode: its steps, and the events of its call."""

    mode: str
    title: str
    text: str
    events: tuple[str, ...]
    steps: tuple[FlowStep, ...]
    source: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Examples:
    """Made-up values for examples of messages.

    They are by field, by message and field, and by call event and field; `numbers` by letter.
    `apart` are fields that an example of all fields leaves out.
    """

    numbers: Mapping[str, str]
    apart: tuple[str, ...]
    fields: Mapping[str, Any]
    messages: Mapping[str, Mapping[str, Any]]
    events: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Remark:
    """A form of a request that the real platform may not take.

    `rule` is the requirement or assumption by which it is questionable, `code` what --strict answers, `most` the bound
    beyond which it is so.
    """

    id: str
    title: str
    advice: str
    rule: str
    code: str
    assumption: str | None = None
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """A word for what a stand-in can be told to do wrong.

    It befalls a "request" or a "push". A message must have the fields that it `needs`, and may have those that it
    `takes`. `codes` are result codes, or assumptions that hold one, by operation; "any" is that of all others.
    `carried_out`: whether the request is carried out, though its answer does not come or comes late, unless the message
    says otherwise.
    """

    befalls: str
    word: str
    text: str
    codes: Mapping[str, str]
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    carried_out: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact stands; `url` is the public page, where one is known."""

    key: str
    title: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one parameter of an instance.

    `got` is masked, and None where the parameter is missing.

    `requirement` is the id of the rule that it breaks; empty where the contract has none for it.
    """

    parameter: str
    message: str
    expected: str
    got: str | None
    requirement: str = ""
