"""Files of the user's: the place of what is wrong, the nearest word, and no secret."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privnum.toml_files import FileError, read_toml
from privnum.toml_lines import join_key, places_of

ROOT = Path(__file__).parents[2]
TEXT = '''\
base_url = "http://127.0.0.1:1" # = [
text = """
[not.a.table]
key = 1
"""
[driver]
kind = "none"

[assumptions]
"auth.lockout_failures" = 3
'quoted' = 'it''s'
a.b = {c = 1, "d e" = [
  1, 2,
  { f = 2 }]}

[[applications]]
app_key = "one"
[[applications]]
numbers = [
  "+8617000000001",  # ]
  "+8617000000002",
]
[applications.more]
x = 2026-03-01T00:00:00Z
[[applications.deep]]
y = inf
[[applications.deep]]
y = 1
'''.replace("'it''s'", "'its'")


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("base_url", 1),
        ("text", 2),
        ("driver.kind", 7),
        ("assumptions.auth.lockout_failures", 10),
        ("assumptions.quoted", 11),
        ("assumptions.a.b.c", 12),
        ("assumptions.a.b.d e[1]", 13),
        ("assumptions.a.b.d e[2].f", 14),
        ("applications", 16),
        ("applications[0].app_key", 17),
        ("applications[1]", 18),
        ("applications[1].numbers[1]", 21),
        ("applications[1].more.x", 24),
        ("applications[1].deep[1].y", 28),
        ("applications[0].app_secret", 16),
        ("applications[1].numbers[9].area_code", 19),
        ("nothing", None),
        ("not.a.table", None),
    ],
)
def test_the_line_of_a_key(name: str, line: int | None) -> None:
    """What is missing is missing in its table."""
    tomllib.loads(TEXT)
    assert places_of(TEXT).line(name) == line


def _names(value: Any, name: str) -> set[str]:
    if isinstance(value, dict):
        return {name}.union(*(_names(inner, join_key(name, key)) for key, inner in value.items()))
    if isinstance(value, list):
        return {name}.union(*(_names(inner, f"{name}[{i}]") for i, inner in enumerate(value)))
    return {name}


@pytest.mark.parametrize(
    "path", sorted(p for folder in ("contracts", "examples") for p in (ROOT / folder).rglob("*.toml")), ids=str
)
def test_every_key_of_our_own_files_has_a_line(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    missing = _names(tomllib.loads(text), "") - places_of(text).lines.keys() - {""}
    assert not missing


@given(st.text(alphabet="[]{}=\"'.,#ab \n\\", max_size=60))
def test_what_is_no_toml_ends(text: str) -> None:
    places_of(text)


BASE = 'base_url = "http://127.0.0.1:1"\n'


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (BASE + "\nbase_url = 'x'", ":3: is no TOML: base_url stands here again, first in line 1"),
        (BASE + "[driver]\n[driver]", ":3: is no TOML: driver stands here again, first in line 2"),
        (BASE + "\n= 2", ":3: is no TOML: "),
        (BASE + "base_urll = 1", ":2: base_urll is no field here; did you mean base_url?"),
        (BASE + 'modes = [\n"AXC"]', ':3: modes[0] must be "AX", "AXB", "AXE", "AXYB" or "X", not "AXC"; did you mean'),
        (BASE + '[[applications]]\nmode = "AXB"', ":2: applications[0].app_key is missing"),
        (BASE + "name = 2026-03-01", ":2: name is a date or a time without quotes"),
        (BASE + "[[applications]]\ntones = [\n10:00:00]", ":4: applications[0].tones[0] is a date or a time"),
        (BASE + "request_timeout = nan", ":2: request_timeout is no finite number"),
        (BASE + "request_timeout = true", ":2: request_timeout must be a number from 0.1 to 3600, not true"),
    ],
)
def test_what_is_wrong_is_told_with_file_line_and_key(text: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "target.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FileError) as caught:
        read_toml(path, "target/target", "docs/target.md")
    assert str(caught.value).startswith(f"{path}{told}")


@pytest.mark.parametrize(
    "text",
    [
        BASE + "[[applications]]\nmode = 'AXB'\napp_key = 'k'\napp_secret = ['hush-1234']",
        BASE + "[[applications]]\nmode = 'AXB'\napp_key = 'k'\napp_secret = 'hush-1234 hush'" * 20,
        BASE + "[applications]\nmode = 'AXB'\napp_key = 'k'\napp_secret = 'hush-1234'",
        BASE + "applications = [['hush-1234']]",
        BASE + "[driver]\nkind = 'http'\nurl = 'http://x'\ntoken = {hush-1234 = 'hush-1234'}",
    ],
)
def test_no_secret_is_told(text: str, tmp_path: Path) -> None:
    path = tmp_path / "target.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FileError) as caught:
        read_toml(path, "target/target", "docs/target.md")
    assert "hush" not in str(caught.value)
