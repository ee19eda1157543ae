"""The tables with their words in a language.

Ids, codes, levels and sources are those of the English ones; only what people read is another. A table is read when it
is asked for, so that who prints nothing in another language reads no file of it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from privnum.contracts import _load
from privnum.contracts._families import FAMILY_FILES, expand_family
from privnum.contracts._faults import faults
from privnum.contracts._harms import harms
from privnum.contracts._load import _toml
from privnum.contracts._plane import plane_operations
from privnum.contracts._receiver import receiver_requirements
from privnum.contracts._remarks import remarks
from privnum.contracts.errors import UnknownName
from privnum.contracts.i18n import LANGUAGES, TEXTS, sentences, worded_table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from dataclasses import Field
    from typing import ClassVar

    from privnum.contracts._model import (
        Assumption,
        Callback,
        ControlOperation,
        Fault,
        Harm,
        Operation,
        ReleaseCause,
        Remark,
        Requirement,
        Reserved,
        ResultCode,
        Untested,
        Variation,
    )

__all__ = ["Localized", "in_language"]


class _Row(Protocol):
    """An entry of a table: a dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


_RowT = TypeVar("_RowT", bound=_Row)
_KeyT = TypeVar("_KeyT")


@dataclass(frozen=True, slots=True)
class Localized:
    """The contract in one language. `contracts.in_language("zh")` makes it."""

    language: str

    def requirements(self) -> Mapping[str, Requirement]:
        """See contracts.requirements."""
        return _requirements(self.language)

    def receiver_requirements(self) -> Mapping[str, Requirement]:
        """See contracts.receiver_requirements."""
        return _worded_rows(self.language, "requirements/receiver.toml", receiver_requirements)

    def every_rule(self) -> Mapping[str, Requirement]:
        """See contracts.every_rule."""
        return _every_rule(self.language)

    def assumptions(self) -> Mapping[str, Assumption]:
        """See contracts.assumptions."""
        return _worded_rows(self.language, "assumptions.toml", _load.assumptions)

    def variations(self) -> Mapping[str, Variation]:
        """See contracts.variations."""
        return _worded_rows(self.language, "variations.toml", _load.variations)

    def untested(self) -> Mapping[str, Untested]:
        """See contracts.untested."""
        return _worded_rows(self.language, "untested.toml", _load.untested)

    def reserved(self) -> Mapping[str, Reserved]:
        """See contracts.reserved."""
        return _worded_rows(self.language, "reserved.toml", _load.reserved)

    def result_codes(self) -> Mapping[str, ResultCode]:
        """See contracts.result_codes. No answer has such a `text`."""
        return _worded_rows(self.language, "result_codes.toml", _load.result_codes)

    def release_causes(self) -> Mapping[int, ReleaseCause]:
        """See contracts.release_causes."""
        return _worded_rows(self.language, "release_causes.toml", _load.release_causes)

    def q850(self) -> Mapping[int, str]:
        """See contracts.q850."""
        causes = worded_table(self.language, "q850.toml")["causes"]
        return MappingProxyType({int(code): text for code, text in causes.items()})

    def harms(self) -> Mapping[str, Harm]:
        """See contracts.harms."""
        return _worded_rows(self.language, "harms.toml", harms)

    def remarks(self) -> Mapping[str, Remark]:
        """See contracts.remarks."""
        return _worded_rows(self.language, "remarks.toml", remarks)

    def faults(self) -> Mapping[str, Fault]:
        """See contracts.faults."""
        table = worded_table(self.language, "faults.toml")
        return MappingProxyType(
            {id_: replace(fault, text=table[fault.befalls][fault.word]["text"]) for id_, fault in faults().items()}
        )

    def operations(self) -> Mapping[str, Operation]:
        """See contracts.operations."""
        return _worded_rows(self.language, "operations.toml", _load.operations)

    def callbacks(self) -> Mapping[str, Callback]:
        """See contracts.callbacks."""
        return _worded_rows(self.language, "callbacks.toml", _load.callbacks)

    def control_operations(self) -> Mapping[str, ControlOperation]:
        """See contracts.control_operations."""
        table = worded_table(self.language, "driver.toml")["operations"]
        return MappingProxyType(
            {id_: replace(row, title=table[id_]["title"]) for id_, row in _load.control_operations().items()}
        )

    def control_rules(self) -> Mapping[str, str]:
        """See contracts.control_rules."""
        return MappingProxyType(worded_table(self.language, "driver.toml")["rules"])

    def plane_operations(self) -> Mapping[str, ControlOperation]:
        """See contracts.plane_operations."""
        table = {**worded_table(self.language, "driver.toml")["operations"], **self._control_table()["operations"]}
        return MappingProxyType(
            {id_: replace(row, title=table[id_]["title"]) for id_, row in plane_operations().items()}
        )

    def plane_rules(self) -> Mapping[str, str]:
        """See contracts.plane_rules."""
        return MappingProxyType({**self.control_rules(), **self._control_table()["rules"]})

    def _control_table(self) -> dict[str, Any]:
        return worded_table(self.language, "control.toml")

    def capabilities(self) -> Mapping[str, str]:
        """See contracts.capabilities."""
        return MappingProxyType(worded_table(self.language, "driver.toml")["capabilities"])


def in_language(language: str) -> Localized:
    """The contract in a language: "en" or "zh".

    A text that has no translation, or an outdated one, is the English one. Raises UnknownName for another language.
    """
    if language not in LANGUAGES:
        raise UnknownName("language", language, LANGUAGES)
    return Localized(language)


@cache
def _worded_rows(language: str, file: str, rows: Callable[[], Mapping[_KeyT, _RowT]]) -> Mapping[_KeyT, _RowT]:
    """The rows of a table with the words of the language."""
    if language == "en":
        return rows()
    table = worded_table(language, file)
    return MappingProxyType({key: _with_words(row, table[str(key)], TEXTS[file]) for key, row in rows().items()})


def _with_words(row: _RowT, words: Mapping[str, Any], fields: tuple[str, ...]) -> _RowT:
    changes = {field: words[field] for field in fields if field in words}
    return replace(row, **changes)


@cache
def _every_rule(language: str) -> Mapping[str, Requirement]:
    tables = in_language(language)
    return MappingProxyType({**tables.requirements(), **tables.receiver_requirements()})


@cache
def _requirements(language: str) -> Mapping[str, Requirement]:
    rules = _load.requirements()
    if language == "en":
        return rules
    tables, stop = _rule_tables(language), sentences(language)["stop"]
    found = {}
    for id_, rule in rules.items():
        if rule.assumption is not None:
            open_point = in_language(language).assumptions()[rule.assumption]
            found[id_] = _open_rule(rule, open_point, sentences(language))
        else:
            text = tables[id_]["text"].replace(f"{stop} ", stop)
            found[id_] = replace(rule, title=tables[id_]["title"], text=text)
    return MappingProxyType(found)


def _rule_tables(language: str) -> dict[str, dict[str, Any]]:
    """The tables of all rules by id, with the language's words."""
    found: dict[str, dict[str, Any]] = {}
    words = _toml("requirements/modes.toml")
    for file in TEXTS:
        if file in FAMILY_FILES:
            for family, table in worded_table(language, file).items():
                found |= expand_family(family, table, words)
        elif file.startswith("requirements/"):
            found |= worded_table(language, file)
    return found


def _open_rule(rule: Requirement, assumption: Assumption, words: Mapping[str, str]) -> Requirement:
    """The rule that stands for an open point."""
    others = words["between"].join(repr(choice) for choice in assumption.choices)
    values = {"id": assumption.id, "text": assumption.text, "value": assumption.value, "others": others}
    return replace(rule, title=words["open_title"].format_map(values), text=words["open_text"].format_map(values))
