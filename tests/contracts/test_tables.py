"""The tables of the contract hold together."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from privnum import contracts

if TYPE_CHECKING:
    from collections.abc import Iterator

NEEDS = {
    "worlds", "reset", "clock", "calls", "receiver", "application_settings", "number_status", "home_areas",
    "unknown_path",
    "wire", "other_mode_application", "second_application", "two_x", "six_x", "area_x", "many_users", "some_users",
    "fixed_line_users", "lockout_count", "recording", "stop_call", "one_digit_extensions", "push_addresses",
    "three_x", "many_x", "sms", "callin_answer", "unregistered_callees",
}  # fmt: skip

#: Modes that have rules, and the prefix of an id.
MODES = {callback.mode for callback in contracts.callbacks().values()}
MODE = f"(?:COM|{'|'.join(sorted(MODES))})"
REQUIREMENTS = contracts.requirements()
ASSUMPTIONS = contracts.assumptions()
CODES = {code.code for code in contracts.result_codes().values()}


def cited_sources() -> Iterator[tuple[str, str]]:
    """Every source that any table names, with the entry that names it."""
    tables = (
        REQUIREMENTS, ASSUMPTIONS, contracts.operations(), contracts.callbacks(), contracts.result_codes(),
        contracts.release_causes(), contracts.editions(), contracts.untested(),
    )  # fmt: skip
    for table in tables:
        for key, entry in table.items():
            for source in entry.source:
                yield str(key), source


def test_every_source_is_known() -> None:
    """The part of a source before its date is a key of sources.toml."""
    unknown = {(key, source) for key, source in cited_sources() if source.partition("@")[0] not in contracts.sources()}
    assert not unknown


def test_every_entry_names_a_source() -> None:
    """Nothing stands without saying where it comes from."""
    assert not [id_ for id_, r in REQUIREMENTS.items() if not r.source]
    assert not [id_ for id_, a in ASSUMPTIONS.items() if not a.source]
    assert not [key for key, c in contracts.result_codes().items() if not c.source]
    assert not [id_ for id_, fact in contracts.untested().items() if not fact.source]


def test_sources_have_public_addresses() -> None:
    """An address is one that anybody can open, and only where one is known."""
    for source in contracts.sources().values():
        assert source.title
        assert source.url is None or re.match(r"https://(support|www)\.huaweicloud\.com/", source.url), source.key


@pytest.mark.parametrize("requirement", REQUIREMENTS.values(), ids=REQUIREMENTS.keys())
def test_requirement_is_well_formed(requirement: contracts.Requirement) -> None:
    """Id, level, basis, operations, codes, causes and needs are words that exist."""
    assert re.fullmatch(rf"{MODE}-[A-Z]+-[0-9]{{3}}", requirement.id)
    assert requirement.mode == requirement.id.partition("-")[0].replace("COM", "common")
    assert requirement.level in {"must", "should", "may"}
    assert requirement.basis in {"documented", "observed", "assumed"}
    assert requirement.title
    assert requirement.text.endswith((".", ".'"))
    assert set(requirement.operations) <= contracts.operations().keys()
    assert set(requirement.codes) <= CODES
    assert set(requirement.causes) <= contracts.release_causes().keys()
    assert set(requirement.needs) <= NEEDS
    assert (requirement.level == "may") == (requirement.assumption is not None)


@pytest.mark.parametrize("fact", contracts.untested().values(), ids=contracts.untested().keys())
def test_a_fact_without_a_check_has_a_reason(fact: contracts.Untested) -> None:
    """It says in a word and in sentences why no check can check it, names rules that there are, and is none itself."""
    assert re.fullmatch(rf"{MODE}-FACT-[0-9]{{3}}", fact.id)
    assert fact.id not in REQUIREMENTS
    assert fact.reason in {"reserved", "not visible", "beyond the driver", "advice", "real time"}
    assert fact.title
    assert fact.text.endswith(".")
    assert fact.why.endswith(".")
    assert fact.basis in {"documented", "observed", "assumed"}
    assert set(re.findall(rf"{MODE}-[A-Z]+-[0-9]{{3}}", f"{fact.text} {fact.why}")) <= REQUIREMENTS.keys()


def test_no_check_judges_a_fact_that_none_can() -> None:
    """No module of the suites names one."""
    modules = list((Path(__file__).resolve().parents[2] / "suites").rglob("*.py"))
    assert modules
    assert not [path.name for path in modules if "-FACT-" in path.read_text(encoding="utf-8")]


def test_codes_of_a_requirement_belong_to_its_operations() -> None:
    """A rule about an operation does not name a code which that operation's table lacks."""
    for requirement in REQUIREMENTS.values():
        for operation in requirement.operations:
            printed = {key.partition("/")[2] for key in contracts.operations()[operation].codes}
            assert set(requirement.codes) <= printed, requirement.id


def test_no_requirement_is_hidden_by_an_assumption() -> None:
    """The id of an assumption's rule is its own, and every assumption has one."""
    derived = [a.requirement for a in ASSUMPTIONS.values()]
    assert len(set(derived)) == len(derived)
    assert all(REQUIREMENTS[id_].assumption for id_ in derived)
    assert all("-OPEN-" in id_ for id_ in derived)


def test_rules_of_a_mode_are_about_its_operations() -> None:
    """A rule of a mode names operations of that mode, and an assumption's rule begins with the mode of its id."""
    for requirement in REQUIREMENTS.values():
        if requirement.mode != "common":
            modes = {id_.partition(".")[0] for id_ in requirement.operations}
            assert modes <= {requirement.mode.lower()}, requirement.id
    for assumption in ASSUMPTIONS.values():
        mode, _, _ = assumption.id.partition(".")
        if mode.upper() in MODES:
            assert assumption.requirement.startswith(f"{mode.upper()}-OPEN-"), assumption.id


def test_open_rules_of_axe() -> None:
    """An assumption of AXE has its rule, which says how open it is."""
    rule = REQUIREMENTS["AXE-OPEN-001"]
    assert (rule.mode, rule.level, rule.basis, rule.assumption) == ("AXE", "may", "assumed", "axe.bind_expired_default")


def test_codes_that_only_an_assumption_names_are_in_no_documented_rule() -> None:
    """What no page says by a code is left to the register: no rule of AXE claims one of these."""
    undetermined = {"1013102", "1012001", "1012008", "1011002", "1011004", "1012010", "1012012", "1012102", "1020178"}
    for requirement in REQUIREMENTS.values():
        if requirement.mode == "AXE":
            assert not set(requirement.codes) & undetermined, requirement.id


@pytest.mark.parametrize("assumption", ASSUMPTIONS.values(), ids=ASSUMPTIONS.keys())
def test_assumption_is_well_formed(assumption: contracts.Assumption) -> None:
    """It has at least one other reading, each different and of one type, and codes are known."""
    assert re.fullmatch(r"[a-z]+[a-z_]*\.[a-z0-9_]+", assumption.id)
    assert assumption.choices
    assert len({str(value) for value in assumption.values}) == len(assumption.values)
    assert len({type(value) for value in assumption.values}) == 1
    assert assumption.settled in {"probe", "declared"}
    assert assumption.text.endswith(".")
    assert assumption.why.endswith(".")
    for value in assumption.values:
        if isinstance(value, str) and (code := re.fullmatch(r"(?:[0-9]{3}/)?(1[0-9]{6})", value)):
            assert code[1] in CODES


@pytest.mark.parametrize("operation", contracts.operations().values(), ids=contracts.operations().keys())
def test_operation_is_well_formed(operation: contracts.Operation) -> None:
    """Its codes are in the table, its schemas have files, its id begins with its mode."""
    assert set(operation.codes) <= contracts.result_codes().keys()
    assert len(set(operation.codes)) == len(operation.codes)
    assert operation.id.partition(".")[0] == operation.mode.lower()
    assert operation.method in {"GET", "POST", "PUT", "DELETE"}
    assert operation.path.startswith("/rest/")
    assert (operation.body is None) == (operation.method in {"GET", "DELETE"})
    for name in (operation.query, operation.body, operation.response):
        assert name is None or name in contracts.schema_names()


def test_result_codes_are_told_apart() -> None:
    """1010010 means two things under two statuses; every key is made of status and code."""
    codes = contracts.result_codes()
    assert codes["401/1010010"].text == "Invalid digest."
    assert "flow control" in codes["403/1010010"].text
    assert all(key == code.key and code.http in {200, 400, 401, 403, 500} for key, code in codes.items())
    assert all(len(code.text) <= 128 and code.text.isascii() for code in codes.values())


def test_release_causes_speak() -> None:
    """Every cause has an English stateDesc of the allowed length and says where it is listed."""
    causes = contracts.release_causes()
    assert causes[0].state_desc == "The user releases the call."
    assert causes[8014].tables == ("stateCode", "ulFailReason")
    assert causes[7503].point == "Callee hung up"
    for cause in causes.values():
        assert 0 < len(cause.state_desc) <= 128
        assert cause.state_desc.isascii()
        assert cause.group in {
            "none", "binding", "caller", "callee", "number", "tenant", "control", "platform", "network",
        }  # fmt: skip
        assert cause.tables
        assert cause.q850 in contracts.q850()
        assert cause.sip == 0 or (cause.q850 and 400 <= cause.sip < 700)
    assert contracts.q850()[17] == "User busy"
    assert (causes[8102].q850, causes[8102].sip) == (17, 486)


def test_editions() -> None:
    """The default edition is there; what an edition sets is legal; all have the same limits."""
    editions = contracts.editions()
    assert contracts.DEFAULT_EDITION in editions
    for id_, edition in editions.items():
        assert contracts.assumption_values(id_) == {**contracts.assumption_values(), **edition.assumptions}
        assert contracts.assumption_values(overrides=edition.assumptions)
        assert edition.limits.keys() == editions[contracts.DEFAULT_EDITION].limits.keys()
        for operation, codes in edition.codes.items():
            assert {*codes} <= {*contracts.operations()[operation].codes}
            assert {*codes.values()} <= contracts.result_codes().keys()
    assert not editions[contracts.DEFAULT_EDITION].codes
    assert contracts.limits()["pairs_per_x"] == 5000
    assert contracts.limits("2019")["pairs_per_x"] == 1000
    assert contracts.assumption_values("2019")["push.scheme"] == "wsse"


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("+8613800000021", "mobile"),
        ("+8619900000021", "mobile"),
        ("+8675526660001", "fixed_line"),
        ("+867556660001", "fixed_line"),
        ("+861026660001", "fixed_line"),
        ("+862026660001", "fixed_line"),
        ("+864001234567", "service"),
        ("4001234567", "service"),
        ("+8695588", "service"),
        ("95588", "service"),
        ("+868001234567", "service"),
        ("13800000021", None),
        ("+8612800000021", "mobile"),
        ("+861280000021", None),
        ("+86138000000211", None),
        ("+85212345678", None),
        ("+8613800000021\n", None),
        ("", None),
    ],
)
def test_a_number_is_of_one_kind_at_most(number: str, kind: str | None) -> None:
    """The kinds do not overlap."""
    kinds = [name for name, pattern in contracts.number_kinds().items() if re.fullmatch(pattern, number)]
    # Python's $ also stands before a last newline; fullmatch does not care for it.
    assert kinds == ([kind] if kind else [])


def test_area_codes() -> None:
    """Every code is written with its 0, stands once, and fits the pattern of fixed lines."""
    areas = contracts.area_codes()
    assert (areas["0755"], areas["020"], areas["010"], areas["0898"]) == ("Guangdong", "Guangdong", "Beijing", "Hainan")
    assert len(set(areas.values())) == 31
    fixed = contracts.number_kinds()["fixed_line"]
    for code in areas:
        assert re.fullmatch(r"010|02[0-9]|0[3-9][0-9]{2}", code)
        assert re.fullmatch(fixed, f"+86{code[1:]}26660001"), code


def test_an_area_code_stands_once() -> None:
    """The table by province has no code twice."""
    import tomllib

    text = (Path(contracts.__file__).parent / "area_codes.toml").read_text(encoding="utf-8")
    codes = [code for codes in tomllib.loads(text)["provinces"].values() for code in codes]
    assert sorted(codes) == sorted(contracts.area_codes())


def test_driver_capabilities_are_known() -> None:
    """A message of the driver protocol needs a capability that has a name."""
    needed = {operation.capability for operation in contracts.control_operations().values()} - {None}
    assert needed <= contracts.capabilities().keys()


def test_the_control_plane_has_messages_of_its_own() -> None:
    """They have other ids than the driver protocol, which no driver needs to offer: no capability names them."""
    own = contracts.plane_operations().keys() - contracts.control_operations().keys()
    assert len(own) == len(contracts.plane_operations()) - len(contracts.control_operations())
    assert own
    assert all(contracts.plane_operations()[id_].capability is None for id_ in own)
    assert contracts.control_rules().items() < contracts.plane_rules().items()


def test_remarks_rest_on_a_rule_and_have_a_code() -> None:
    """What --strict refuses cites what is there, and takes the code that a choice of its assumption has."""
    open_points = {assumption.requirement for assumption in ASSUMPTIONS.values()}
    for remark in contracts.remarks().values():
        assert remark.rule in REQUIREMENTS.keys() | open_points, remark.id
        assert remark.code in contracts.result_codes(), remark.id
        if remark.assumption is not None:
            assert ASSUMPTIONS[remark.assumption].requirement == remark.rule, remark.id
