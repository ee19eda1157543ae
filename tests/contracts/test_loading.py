"""The loader reads late, and its errors say what would be right."""

from __future__ import annotations

import subprocess
import sys

import pytest

from privnum import contracts


def test_unknown_assumption_names_the_near_miss() -> None:
    """And is both a ContractError and told apart from it."""
    with pytest.raises(
        contracts.UnknownName, match=r"unknown assumption 'axb\.a_equal_b'; did you mean axb\.a_equals_b"
    ):
        contracts.assumption_values(overrides={"axb.a_equal_b": "1012010"})


def test_illegal_value_names_the_legal_ones() -> None:
    """With the requirement that it is about."""
    with pytest.raises(contracts.IllegalValue, match=r"legal: '1010002', '1012010' \(AXB-OPEN-002\)"):
        contracts.assumption_values(overrides={"axb.a_equals_b": "1012009"})


@pytest.mark.parametrize("value", [-1, "-1", "many", True, 1.5, "٣", None])
def test_open_ended_values_are_whole_numbers(value: object) -> None:
    """A measure takes any whole number from 0 and nothing else."""
    with pytest.raises(contracts.IllegalValue, match="any whole number from 0"):
        contracts.assumption_values(overrides={"cdr.merge_seconds": value})  # type: ignore[dict-item]


def test_numbers_may_come_as_text() -> None:
    """As from a command line; what comes out has the register's type."""
    values = contracts.assumption_values(
        overrides={"call.reject_cause": "7504", "cdr.merge_seconds": "7", "axb.a_equals_b": 1012010}
    )
    assert (values["call.reject_cause"], values["cdr.merge_seconds"], values["axb.a_equals_b"]) == (7504, 7, "1012010")


def test_values_are_complete_and_ones_own() -> None:
    """Every assumption has a value, and changing the map changes nothing for others."""
    values = contracts.assumption_values()
    assert values.keys() == contracts.assumptions().keys()
    values.clear()
    assert contracts.assumption_values()


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda: contracts.assumption_values("2025"), r"unknown edition '2025'; did you mean 20"),
        (lambda: contracts.assumption_values(overrides={"gibberish": 1}), r"gibberish'; the nearest of \d+ are \w+\."),
        (lambda: contracts.assumption_values(overrides={"x" * 10**6: 1}), r"x{100}…'; the nearest of \d+ are "),
        (lambda: contracts.split_choice("axb.a_equals_b"), r"write axb\.a_equals_b=1010002 or axb\.a_equals_b=1012010"),
        (lambda: contracts.limits("x"), r"unknown edition 'x'; there are: 2026-01, 2019\."),
        (lambda: contracts.schema("axb/bind.bdy"), r"unknown schema 'axb/bind.bdy'; did you mean axb/bind\.body"),
        (lambda: contracts.validator("nothing"), "unknown schema"),
        (lambda: contracts.validate("axb.bnd"), r"unknown operation 'axb\.bnd'; did you mean axb\.bind"),
    ],
)
def test_unknown_names(ask: object, message: str) -> None:
    """Each names the available ones."""
    with pytest.raises(contracts.ContractError, match=message):
        ask()  # type: ignore[operator]


def test_tables_cannot_be_changed() -> None:
    """What is handed out is shared."""
    with pytest.raises(TypeError):
        contracts.operations()["x"] = contracts.operations()["axb.bind"]  # type: ignore[index]
    with pytest.raises(AttributeError):
        contracts.operations()["axb.bind"].path = "/"  # type: ignore[misc]


def loaded_after(code: str) -> set[str]:
    """The modules and contract files that a fresh interpreter has after running the code."""
    script = (
        "import sys\n"
        "opened = []\n"
        "sys.addaudithook(lambda event, args: event == 'open' and opened.append(str(args[0])))\n"
        f"{code}\n"
        "print(*sys.modules, *(p.rpartition('/contracts/')[2] for p in opened if p.endswith(('.toml', '.json'))))"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


def test_import_is_light() -> None:
    """Importing loads no validator and reads no file of the contract."""
    loaded = loaded_after("import privnum.contracts")
    assert not loaded & {"jsonschema", "jsonschema_rs", "orjson", "referencing", "httpx", "hypothesis"}
    assert not {name for name in loaded if name.endswith((".toml", ".json"))}


def test_a_server_parses_only_what_it_needs() -> None:
    """Requirements, sources and release causes are not parsed, and the explaining engine stays out."""
    loaded = loaded_after(
        "from privnum import contracts as c\n"
        "import tomllib\n"
        "parsed, loads = [], tomllib.loads\n"
        "tomllib.loads = lambda text: parsed.append(text) or loads(text)\n"
        "c.operations(), c.result_codes(), c.assumption_values(), c.limits(), c.number_kinds()\n"
        "c.validator('axb/bind.body').is_valid({})\n"
        "print('parsed', len(parsed))"
    )
    assert "jsonschema" not in loaded
    assert loaded >= {"parsed", "5"}


def test_all_files_are_read_when_the_first_is_needed() -> None:
    """Later the folder may be hidden (pyfakefs), updated or gone; every table and schema is there all the same."""
    loaded = loaded_after(
        "from privnum import contracts as c\n"
        "c.read_files()\n"
        "opened.clear()\n"
        "def refuse(event, args):\n"
        "    path = str(args[0]) if args else ''\n"
        "    hidden = '/contracts' in path or '/jsonschema' in path\n"
        "    if hidden and event in ('open', 'os.listdir', 'os.scandir'): raise OSError(path)\n"
        "sys.addaudithook(refuse)\n"
        "tables = [getattr(c, name) for name in c.__all__ if name[0].islower()]\n"
        "tables = [table for table in tables if hasattr(table, '__wrapped__')]\n"
        "tables = [table for table in tables if not table.__wrapped__.__code__.co_argcount]\n"
        "schemas = [c.validator(name, strict=strict) for name in c.schema_names() for strict in (0, 1)]\n"
        "assert any(schema.problems(5) for schema in schemas)\n"
        "assert schemas and len(tables) > 10, len(tables)\n"
        "[table() for table in tables]\n"
        "print('all-there')"
    )
    assert "all-there" in loaded
    assert not {name for name in loaded if name.endswith((".toml", ".schema.json"))}


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("+8613800000021", "+86138****0021"),
        ("%2B8613800000021", "%2B86138****0021"),
        ("8613800000021", "86138****0021"),
        ("13800000021", "138****0021"),
        ("+8675526660001", "+86755****0001"),
        ("075526660001", "0755****0001"),
        ("008613800000021", "0086138****0021"),
        ("+86 138 0000 0021", "+86 138****0021"),
        ("86-138-0000-0021", "86-138****0021"),
        ("138 0000 0021", "138****0021"),
        ("0755-26660001", "0755****0001"),
        ("2026-03-01 00:00:00, 139-0000-1", "2026-03-01 00:00:00, 139-0000-1"),
        ('{"callerNum":"+8613800000021","duration":7776000}', '{"callerNum":"+86138****0021","duration":7776000}'),
        ("1200_1827_4294967295_20260301023003@c.com", "1200_1827_4294967295_20260301023003@c.com"),
        ("resultcode 1012010", "resultcode 1012010"),
        ('PasswordDigest="abc+/=",Nonce="x"', 'PasswordDigest="****",Nonce="x"'),
        ('{"app_secret": "s3cret"}', '{"app_secret": "****"}'),
        ("secret=abc&x=1", "secret=****&x=1"),
        ("+8613800000021+8613800000022", "+86138****0021+86138****0022"),
    ],
)
def test_mask(text: str, masked: str) -> None:
    """Numbers keep head and tail, secrets keep nothing, everything else stays."""
    assert contracts.mask(text) == masked


def test_public_names() -> None:
    """`__all__` is what the package offers, in order, and every name is there."""
    assert sorted(contracts.__all__) == sorted(set(contracts.__all__))
    assert all(hasattr(contracts, name) for name in contracts.__all__)
