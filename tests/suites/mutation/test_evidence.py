"""The list of seeded bugs that reports read is that of the registry."""

from __future__ import annotations

from privnum.suites.mutation.evidence import FILE, table_of_bugs


def test_the_list_is_as_the_registry_has_it() -> None:
    assert FILE.read_text(encoding="utf-8") == table_of_bugs(), "python -m privnum.suites.mutation.evidence writes it"
