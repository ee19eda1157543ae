"""What is promised: the contract of Huawei Cloud PrivateNumber as data.

Operations, callbacks, result codes, release causes, requirements, assumptions and JSON Schemas are files in this
folder; the functions here read them. The first that is called reads all files, each parses on first use and keeps what
it found; importing this package reads nothing and loads no validator. `read_files` reads them now.

    >>> from privnum import contracts
    >>> contracts.operations()["axb.bind"].path
    '/rest/caas/relationnumber/partners/v1.0'
    >>> [p.message for p in contracts.validate("axb.bind", body={"callerNum": "+8613800000001"})]
    ['calleeNum is missing; it must be text of 4 to 31 characters.']
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.contracts._faults import faults
from privnum.contracts._files import contents as _contents
from privnum.contracts._files import digest
from privnum.contracts._harms import harms
from privnum.contracts._load import (
    DEFAULT_EDITION,
    OPEN_ENDED,
    assumption_values,
    assumptions,
    callbacks,
    capabilities,
    chosen_variations,
    control_operations,
    control_rules,
    documents,
    editions,
    examples,
    flows,
    limits,
    operations,
    q850,
    release_causes,
    requirements,
    reserved,
    result_codes,
    sources,
    split_choice,
    untested,
    variations,
)
from privnum.contracts._mask import mask
from privnum.contracts._model import (
    Assumption,
    Basis,
    Callback,
    ControlOperation,
    Document,
    Edition,
    Examples,
    Fault,
    Flow,
    FlowStep,
    Harm,
    Level,
    Operation,
    Problem,
    ReleaseCause,
    Remark,
    Requirement,
    Reserved,
    ResultCode,
    Source,
    Untested,
    Value,
    Variation,
)
from privnum.contracts._near import nearest, nearest_choice
from privnum.contracts._numbers import area_codes, number_kinds
from privnum.contracts._plane import plane_operations, plane_rules
from privnum.contracts._receiver import every_rule, receiver_requirements
from privnum.contracts._remarks import remarks
from privnum.contracts._schemas import schema, schema_names
from privnum.contracts._validate import Validator, has_empty_text, is_documented, validate, validator
from privnum.contracts._validate import load_engines as _load_engines
from privnum.contracts._words import describe
from privnum.contracts.errors import ContractError, IllegalValue, UnknownName

if TYPE_CHECKING:
    from privnum.contracts._localized import Localized

__all__ = [
    "DEFAULT_EDITION",
    "OPEN_ENDED",
    "Assumption",
    "Basis",
    "Callback",
    "ContractError",
    "ControlOperation",
    "Document",
    "Edition",
    "Examples",
    "Fault",
    "Flow",
    "FlowStep",
    "Harm",
    "IllegalValue",
    "Level",
    "Operation",
    "Problem",
    "ReleaseCause",
    "Remark",
    "Requirement",
    "Reserved",
    "ResultCode",
    "Source",
    "UnknownName",
    "Untested",
    "Validator",
    "Value",
    "Variation",
    "area_codes",
    "assumption_values",
    "assumptions",
    "callbacks",
    "capabilities",
    "chosen_variations",
    "control_operations",
    "control_rules",
    "describe",
    "digest",
    "documents",
    "editions",
    "every_rule",
    "examples",
    "faults",
    "flows",
    "harms",
    "has_empty_text",
    "in_language",
    "is_documented",
    "limits",
    "mask",
    "nearest",
    "nearest_choice",
    "number_kinds",
    "operations",
    "plane_operations",
    "plane_rules",
    "q850",
    "read_files",
    "receiver_requirements",
    "release_causes",
    "remarks",
    "requirements",
    "reserved",
    "result_codes",
    "schema",
    "schema_names",
    "sources",
    "split_choice",
    "untested",
    "validate",
    "validator",
    "variations",
]


def read_files() -> None:
    """Read every file and load the validators now, so that no disk is needed.

    For who replaces the file system afterwards, as pyfakefs does.
    """
    _contents()
    _load_engines()


def in_language(language: str) -> Localized:
    """The contract in a language, "en" or "zh": its tables as functions.

    A text that has no translation, or an outdated one, is the English one. Raises UnknownName for another language.

        >>> in_language("zh").requirements()["AXB-BIND-003"].title
        'callerNum必选'
    """
    from privnum.contracts import _localized

    return _localized.in_language(language)
