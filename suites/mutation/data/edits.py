"""The family of data.

Every edit of the contract's tables and schemas, and which checks are near to each.

The edit holds for both sides, as when the file itself were edited: the server obeys it, and so do all suites that ask
the contract believes it. Only a check that has its values from the sources can notice. Where none is run that sees
the value on the wire, `suites/printed/compare.py` holds the file against what the sources print.
"""

from __future__ import annotations

import fnmatch
from functools import cache
from itertools import chain
from time import monotonic
from typing import TYPE_CHECKING

from privnum import contracts
from privnum.suites.mutation.data.model import apply_edit, table_of
from privnum.suites.mutation.data.schemas import of_schemas
from privnum.suites.mutation.data.tables import of_tables
from privnum.suites.mutation.runner import Outcome, Task
from privnum.suites.printed.compare import first_difference
from privnum.suites.target.modes import MODES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum.suites.mutation.data.model import Edit

__all__ = ["compared_with_print", "edits", "near_to", "task_of"]

_BOTH = ("AXB", "AXE")
"""Modes in which what is of all modes is looked at."""

_OF_TABLES: Mapping[str, tuple[str, ...]] = {
    "callbacks.toml": ("COM-PUSH-001", "AX?-EVENT-00[12]", "AXE-EVENT-101", "AX?-CDR-00[12]"),
    "q850.toml": (),
    "numbers.toml": ("AX?-BIND-001", "AX?-BIND-02[78]"),
    "area_codes.toml": ("AXB-BIND-013",),
}
"""Table to the rules whose checks could notice an edit of any row."""

_OF_OPERATIONS: Mapping[str, tuple[str, ...]] = {
    "ax.set_callee": ("AX-CALLEE-10[1-4]",),
    "axe.query_v2": ("AXE-QUERY-102", "AXE-QUERY-103"),
    "axe.query_count": ("AXE-QUERY-103",),
    "common.stop_call": ("COM-STOP-001",),
    "common.recording": ("COM-RECORD-001", "COM-RECORD-004"),
}
_OF_SCHEMAS: Mapping[str, tuple[str, ...]] = {
    "ax/bind.*": ("AX-BIND-001", "AX-BIND-10[12]"),
    "ax/modify.*": ("AX-MODIFY-002", "AX-MODIFY-10[12]"),
    "ax/query.*": ("AX-QUERY-00[12358]", "AX-QUERY-10[1-7]"),
    "ax/unbind.*": ("AX-UNBIND-00[14]", "AX-UNBIND-10[12]"),
    "ax/set_callee.*": ("AX-CALLEE-10[1-8]", "AX-CALLEE-113"),
    "ax/types.*": (
        *("AX-SMS-02[78]", "AX-SMS-03[12]", "AX-SMS-110"),
        "AX-BIND-001",
        "AX-QUERY-10[1-4]",
        "AX-CALLEE-10[1-8]",
    ),
    "ax/call_event.*": ("AX-EVENT-00[1-39]",),
    "ax/cdr.*": ("AX-CDR-00[1-4]",),
    "axb/bind.*": ("AXB-BIND-00[12]",),
    "axb/modify.*": ("AXB-MODIFY-00[12]",),
    "axb/query.*": ("AXB-QUERY-00[12358]", "AXB-QUERY-107"),
    "axb/unbind.*": ("AXB-UNBIND-00[14]",),
    "axe/bind.*": ("AXE-BIND-00[12]",),
    "axe/modify.*": ("AXE-MODIFY-002", "AXE-MODIFY-101"),
    "axe/query.*": ("AXE-QUERY-001", "AXE-QUERY-003", "AXE-QUERY-104"),
    "axe/query_v2.*": ("AXE-QUERY-102",),
    "axe/query_count.*": ("AXE-QUERY-103",),
    "axe/unbind.*": ("AXE-UNBIND-001",),
    "axe/types.*": ("AXE-BIND-001",),
    "axyb/bind.*": ("AXYB-BIND-10[129]",),
    "axyb/query.*": ("AXYB-QUERY-00[1358]", "AXYB-QUERY-10[1-4]"),
    "axyb/unbind.*": ("AXYB-UNBIND-00[146]", "AXYB-UNBIND-10[1-3]"),
    "axyb/types.*": ("AXYB-BIND-101", "AXYB-QUERY-00[13]"),
    "axyb/call_event.*": ("AXYB-EVENT-00[1-39]",),
    "axyb/cdr.*": ("AXYB-CDR-00[1-4]",),
    "x/callin.*": ("X-CALL-10[479]", "X-CALL-11[013]"),
    "x/types.*": ("X-CALL-10[479]", "X-CALL-11[0-3]", "X-SMS-02[78]", "X-SMS-03[12]", "X-SMS-101"),
    "x/sms_*": ("X-SMS-0*", "X-SMS-101"),
    "x/call_event.*": ("X-EVENT-00[1-39]", "X-EVENT-10[1-5]"),
    "x/cdr.*": ("X-CDR-00[1-3]", "X-CDR-10[12]"),
    "*/call_event.*": ("AX?-EVENT-00[1-39]", "AXE-EVENT-10[12]"),
    "*/cdr.*": ("AX?-CDR-00[1-4]", "AXE-CDR-101"),
    "*/sms_*": ("AX-SMS-00[1-9]", "AX-SMS-02[5-9]", "AX-SMS-03[0-2]", "AX-SMS-10[1-9]", "AXB-SMS-00[1-9]"),
    "common/number_status.*": ("COM-STATUS-00[1-8]",),
    "common/stop_call.*": ("COM-STOP-*",),
    "common/recording.*": ("COM-RECORD-00[146]",),
    "common/*": ("COM-ENV-001", "AXB-BIND-00[12]"),
}
"""Schema to the rules of the message as a whole; those of a field are named beside it (`x-rules`, `x-missing`)."""
_OF_PARTS: Mapping[str, tuple[str, ...]] = {
    "query_user": ("AXB-QUERY-107",),
    "query_subscription_id": ("AXB-QUERY-005", "AXB-UNBIND-004"),
    "subscription_id": ("AXB-MODIFY-002",),
    "area_code": ("AXB-BIND-019",),
    "bind_hours": ("AXE-BIND-108",),
    "callback_hours": ("AXE-BIND-111",),
}
"""Shared part to rules that no field names beside it."""
_DECIDE_NOTHING = frozenset({"codes", "headers", "digest", "application", "internal", "code_groups"})
_DECIDE_NOTHING |= frozenset({"tables", "meaning", "point"})
"""Columns that are there to be read: nobody on the wire acts by them."""
_NAMED = ("x-rules", "x-missing")


@cache
def edits() -> Mapping[str, Edit]:
    """All edits by id, in the order of the files.

    Raises ValueError where two have one id.
    """
    found: dict[str, Edit] = {}
    for edit in chain(of_tables(), of_schemas()):
        if edit.id in found:
            raise ValueError(f"two edits are called {edit.id}")
        found[edit.id] = edit
    return found


def task_of(edit: Edit) -> Task:
    """How an edit is checked: by the checks that are near to it."""
    near = near_to(edit)
    named = {rule.partition("-")[0] for rule in near}
    wanted = {mode for mode in MODES if mode in named}
    wanted |= {*_BOTH} if not wanted or "AX?" in named else set()
    return Task("+".join(mode for mode in MODES if mode in wanted), "quick", edit=edit, near=near)


def compared_with_print(edit: Edit) -> Outcome:
    """An edit held against what the sources print, without any check."""
    begin = monotonic()
    with apply_edit(edit):
        printed = first_difference(edit.file)
    return Outcome(task_of(edit), monotonic() - begin, printed=printed)


def near_to(edit: Edit) -> tuple[str, ...]:
    """The rules whose checks could notice an edit, `*` allowed; RULE/word.

    Its checks whose names have the word.
    """
    if edit.keyword in _DECIDE_NOTHING:
        return ()
    if edit.file in _OF_TABLES:
        return _OF_TABLES[edit.file]
    if edit.file == "operations.toml":
        return _OF_OPERATIONS.get(edit.part, _first_rules(edit.part))
    if edit.file == "editions.toml":
        return ("AXB-BIND-103",) if edit.settled else ()
    rules = contracts.requirements().values()
    if edit.file == "result_codes.toml":
        return ("COM-ENV-004", "COM-ENV-022", *(rule.id for rule in rules if edit.part[4:] in rule.codes))
    if edit.file == "release_causes.toml":
        return tuple(rule.id for rule in rules if int(edit.part) in rule.causes)
    whole = next(rules for pattern, rules in _OF_SCHEMAS.items() if fnmatch.fnmatchcase(edit.file, pattern))
    return (*_OF_PARTS.get(edit.part, ()), *_rules_of(edit.file, edit.part), *whole)


def _first_rules(operation: str) -> tuple[str, ...]:
    """Those that modes share, and those of the mode."""
    about = operation.replace(".", "-").upper()
    return f"{about}-00[1-4]", f"{about}-10[1-4]"


@cache
def _rules_of(file: str, part: str) -> tuple[str, ...]:
    """The rules of a field; of a part that fields share, those of all of them."""
    found: dict[str, None] = {}
    for name in contracts.schema_names() if part else ():
        content = table_of(f"{name}.schema.json")
        for field, schema in content.get("properties", {}).items():
            own = file == f"{name}.schema.json" and part == field
            if own or str(schema.get("$ref", "")).endswith(f"/{part}"):
                found |= dict.fromkeys(content[key][field] for key in _NAMED if field in content.get(key, {}))
                found[f"COM-ENV-009/{field}"] = found[f"COM-ENV-010/{field}"] = None
    return tuple(found)
