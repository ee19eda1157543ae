"""The catalogue of seeded bugs: which rules have one, in which modes, and that none leaves anything behind."""

from __future__ import annotations

import hmac
import sys
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from privnum import contracts
from privnum.suites.mutation import axb, axe
from privnum.suites.mutation.model import Bug
from privnum.suites.mutation.registry import MODES, UNBREAKABLE, family_bugs, mutants

if TYPE_CHECKING:
    from collections.abc import Iterator

    from privnum.suites.mutation.model import ServerMode

SERVERS = [mode.SERVER for mode in MODES]
PARTS = ["common", *(mode.name for mode in SERVERS)]
ENVELOPE = {"resultcode", "resultdesc"}
each_mode = pytest.mark.parametrize("mode", SERVERS, ids=lambda mode: mode.checks)


def server() -> list[dict[str, object]]:
    """All that a bug may change: what the server's modules, classes and tables hold, each of them once."""
    modules = [module for name, module in sorted(sys.modules.items()) if name.startswith("privnum.mockserver")]
    places = {id(place): place for module in modules for place in _places(module)}
    return [dict(vars(hmac)), *(dict(place if isinstance(place, dict) else vars(place)) for place in places.values())]


def _places(module: object) -> Iterator[object]:
    own = vars(module)
    yield module
    for value in own.values():
        if isinstance(value, type) or (isinstance(value, dict) and value is not own.get("__builtins__")):
            yield value


@pytest.mark.parametrize("part", PARTS)
def test_a_bug_is_in_the_server_for_a_while(part: str) -> None:
    """Each bug changes something, and puts it back."""
    before = server()
    found = [mutant for mutant in mutants().values() if mutant.part.name == part]
    for mutant in found:
        with mutant.apply():
            assert server() != before, mutant.id
        assert server() == before, mutant.id
    assert found


def test_every_bug_is_of_one_of_these_parts() -> None:
    """None is passed over by what is done part by part."""
    assert {mutant.part.name for mutant in mutants().values()} == set(PARTS)


def test_every_mutant_breaks_a_rule_of_its_mode() -> None:
    """`rule_id` is a requirement whose checks are run in the mutant's mode."""
    for mutant in mutants().values():
        assert contracts.requirements()[mutant.rule_id].mode in (*mutant.mode.split("+"), "common"), mutant.id


def test_every_documented_rule_has_a_bug_made_by_hand() -> None:
    """Whatever a source says, somebody got it wrong on purpose, but for what no server can get wrong noticeably."""
    broken = {mutant.rule_id for mutant in mutants().values() if mutant.made == "hand"}
    documented = {rule.id for rule in contracts.requirements().values() if rule.basis == "documented"}
    assert documented - broken == set(UNBREAKABLE)


def test_a_bug_of_a_family_is_one_of_every_mode_that_has_the_rule() -> None:
    """The same entry breaks AXB-CDR-014 in AXB and AXE-CDR-014 in AXE; a rule of AXB alone, only that."""
    found = mutants()
    assert {found[f"{mode.name}-cdr-fail-time"].rule_id for mode in SERVERS} == {
        f"{mode.checks}-CDR-014" for mode in SERVERS
    }
    assert found["axb-old-user-data"].rule_id == "AXB-EVENT-010"
    assert "axe-old-user-data" not in found


def test_every_bug_of_a_family_is_one_of_some_mode() -> None:
    """No entry is idle."""
    wanted = {bug.name for mode in SERVERS for bug in family_bugs(mode) if bug.name not in mode.cannot_have}
    made = {mutant.id.partition("-")[2] for mutant in mutants().values()}
    assert wanted <= made


@each_mode
def test_what_a_mode_cannot_have_is_a_bug_of_others(mode: ServerMode) -> None:
    """An exception names a bug of the family, once."""
    names = Counter(bug.name for bug in family_bugs(mode))
    assert all(names[name] == 1 for name in (*mode.cannot_have, *mode.noticed_by))


@each_mode
def test_a_rule_that_another_says_is_none_of_the_mode(mode: ServerMode) -> None:
    """What stands for a rule of the family is a rule of the mode; the other is none of it."""
    rules = contracts.requirements()
    for rule, other in mode.said_by.items():
        assert f"{mode.checks}-{rule}" not in rules
        assert f"{mode.checks}-{other}" in rules


@pytest.mark.parametrize("mode", [mode for mode in SERVERS if mode.users], ids=lambda mode: mode.checks)
def test_every_field_of_an_answer_is_left_out_once(mode: ServerMode) -> None:
    """The fields that a profile reports are those of the schema of the answer."""
    told = [name for names in mode.bind_answer.values() for name in names]
    assert set(contracts.schema(f"{mode.name}/bind.response")["properties"]) - ENVELOPE == set(told)
    assert len(set(told)) == len(told)


def test_axe_shows_each_field_of_a_query() -> None:
    """What a query of AXE may show is left out once."""
    told = {name for names in axe.SERVER.shown_fields.values() for name in names}
    assert set(contracts.schema("axe/query.response")["properties"]) - ENVELOPE == told


def test_two_bugs_of_one_name_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ids are unique."""
    twice = [next(axb.bugs())] * 2
    monkeypatch.setattr(axb, "bugs", lambda: iter(twice))
    with pytest.raises(ValueError, match=f"two mutants are called axb-{twice[0].name}"):
        mutants.__wrapped__()


def test_a_bug_without_a_rule_in_the_contract_is_none() -> None:
    """A mode whose contract has no such rule has no such mutant."""
    bug = Bug("unheard-of", "CDR-999", "It breaks nothing.", next(axb.bugs()).edit)
    assert bug.of(axb.SERVER) is None
