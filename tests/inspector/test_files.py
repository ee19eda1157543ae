"""The files of the page over HTTP: who gets them, what they say of themselves, and that nothing is in them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from privnum import contracts
from privnum.mockserver.inspector.contract import contract_view
from privnum.mockserver.inspector.files import FOLDER
from tests.mockserver.http.test_command import serving
from tests.mockserver.http.test_gate import send

if TYPE_CHECKING:
    from privnum.mockserver.embed.handle import WorldHandle
    from privnum.mockserver.embed.live import LiveServer

PAGE = Path(__file__).resolve().parents[2] / "mockserver/inspector/page"
FILES = sorted(path.name for path in PAGE.iterdir())
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
TYPES = {
    ".html": "text/html;charset=utf-8",
    ".css": "text/css;charset=utf-8",
    ".js": "text/javascript;charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
LANGUAGES = ("en", "zh")
MOST_LINES = 400
#: Text and the ground under it.
PAIRS = [
    ("text", "ground"), ("text", "panel"), ("text", "raised"), ("text", "accent-ground"), ("text", "bad-ground"),
    ("text", "busy-ground"), ("soft", "ground"), ("soft", "panel"), ("soft", "raised"), ("soft", "accent-ground"),
    ("accent", "ground"), ("accent", "panel"), ("accent", "raised"), ("accent-text", "accent"), ("good", "good-ground"),
    ("bad", "bad-ground"), ("bad", "panel"), ("busy", "busy-ground"), ("json-name", "raised"),
    ("json-string", "raised"), ("json-value", "raised"),
]  # fmt: skip


def words(language: str) -> dict[str, str]:
    table: dict[str, str] = json.loads((PAGE / f"words.{language}.json").read_text(encoding="utf-8"))
    return table


def scripts() -> list[tuple[str, str]]:
    """Each script, by its name."""
    return [(path.name, path.read_text(encoding="utf-8")) for path in sorted(PAGE.glob("*.js"))]


def test_a_browser_gets_the_page_at_the_root(live: LiveServer) -> None:
    told = send(live.url, "GET", "/", **BROWSER)
    assert told.status == 200
    assert told.headers["content-type"] == "text/html;charset=utf-8"
    assert told.body == (PAGE / "index.html").read_bytes()


def test_other_programs_get_the_answer_of_the_platform_there(live: LiveServer) -> None:
    for method, headers in (("GET", {}), ("GET", {"Accept": "application/json"}), ("POST", BROWSER)):
        told = send(live.url, method, "/", **headers)
        assert told.status >= 400
        assert "resultcode" in told.json
    assert send(live.url, "GET", "/index.html", **BROWSER).status >= 400


@pytest.mark.parametrize("name", [*FILES, "contract.json", "rules.json"])
def test_each_file_has_its_type_and_the_policy(live: LiveServer, name: str) -> None:
    told = send(live.url, "GET", FOLDER + name)
    assert told.status == 200
    assert told.headers["content-type"] == TYPES[Path(name).suffix]
    assert told.headers["x-content-type-options"] == "nosniff"
    policy = dict(part.split(" ", 1) for part in told.headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert {policy[name] for name in ("script-src", "style-src", "img-src", "connect-src")} == {"'self'"}
    assert {policy[name] for name in ("base-uri", "form-action", "frame-ancestors")} == {"'none'"}
    if name in FILES:
        assert told.body == (PAGE / name).read_bytes()


@pytest.mark.parametrize(
    "name", ["", "nothing.js", "../files.py", "..%2Ffiles.py", "%2e%2e/files.py", "/etc/passwd", "."]
)
def test_nothing_else_is_a_file_of_it(live: LiveServer, name: str) -> None:
    told = send(live.url, "GET", FOLDER + name)
    assert (told.status, told.json["where"]) == (404, "path")
    assert send(live.url, "POST", FOLDER + "main.js", b"{}").status == 404


def test_without_the_token_there_is_the_page_but_nothing_of_a_world() -> None:
    with serving("--port", "0", "--json", "--control-token", "open-sesame") as (_, line):
        told = json.loads(line)
        names = [*FILES, "contract.json", "rules.json"]
        got = [send(told["url"], "GET", "/", **BROWSER), *(send(told["url"], "GET", FOLDER + name) for name in names)]
        assert {each.status for each in got} == {200}
        for app in told["applications"]:
            for secret in (app["app_key"], app["app_secret"], "open-sesame"):
                assert not any(secret.encode() in each.body for each in got)
        for path in ("/_privnum/worlds/default", "/_privnum/worlds", "/_privnum/worlds/default/journal"):
            assert send(told["url"], "GET", path).status == 401


def test_a_look_at_the_page_is_no_request_of_a_world(live: LiveServer, world: WorldHandle) -> None:
    before = len(world.journal())
    send(live.url, "GET", "/", **BROWSER)
    assert len(world.journal()) == before


def test_nothing_comes_from_elsewhere_and_nothing_is_inline() -> None:
    page = (PAGE / "index.html").read_text(encoding="utf-8")
    assert not re.search(r"<style|\son\w+=|style=|<script(?![^>]*\ssrc=)", page)
    for path in PAGE.iterdir():
        text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?://|//[a-z0-9-]+\.[a-z]", text), path.name
    for name in re.findall(r'(?:src|href)="_privnum/inspector/([^"]+)"', page):
        assert name in FILES


@pytest.mark.parametrize(("name", "script"), scripts())
def test_no_script_makes_markup_of_text(name: str, script: str) -> None:
    found = re.findall(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function|createContextual", script
    )
    assert not found, f"{name}: text goes in as text"


@pytest.mark.parametrize("path", sorted(PAGE.iterdir()), ids=lambda path: path.name)
def test_files_are_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


def test_each_module_says_what_it_is_for() -> None:
    assert [name for name, script in scripts() if not script.startswith("// ")] == []


def test_one_language_has_what_the_other_has() -> None:
    tables = [words(language) for language in LANGUAGES]
    assert [*tables[0]] == [*tables[1]]
    for name, text in tables[0].items():
        assert re.findall(r"\{\w+\}", text) == re.findall(r"\{\w+\}", tables[1][name]), name
        assert all(table[name].strip() for table in tables), name


def test_every_word_that_is_used_is_in_the_table() -> None:
    table = words("en")
    for name, script in scripts():
        missing = [word for word in re.findall(r'\bt\("([^"]+)"', script) if word not in table]
        assert not missing, name


def test_every_word_of_the_table_is_used() -> None:
    """By its name, or by a name that is put together."""
    everything = "\n".join(script for _, script in scripts())
    named = {*re.findall(r'"([a-z0-9_.A-Z]+)"', everything), *re.findall(r'\["(\w+)",', everything)}
    put_together = set(re.findall(r"`([a-z_]+(?:\.[a-z]+)?\.)\$\{", everything))
    unused = [word for word in words("en") if word not in named and not any(word.startswith(p) for p in put_together)]
    assert unused == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_of_the_contract_have_words_of_the_page(language: str) -> None:
    """States, behaviours, kinds and faults: none is shown as it is in a message."""
    table, view = words(language), contract_view()
    wanted = [
        *(f"behaviour.{word}" for word in view["behaviours"]),
        *(f"network.{word}" for word in view["networks"]),
        *(f"kind.{word}" for word in view["kinds"]),
        *(f"status.{word}" for word in view["statuses"]),
        *(f"state.{word}" for word in contracts.schema("driver/call")["properties"]["state"]["enum"]),
        *(f"state.{word}" for word in contracts.schema("driver/push")["properties"]["state"]["enum"]),
        *(f"state.{word}" for word in contracts.schema("driver/sms")["properties"]["state"]["enum"]),
        *(f"fault.word.{each['word']}" for each in view["faults"]),
        *(f"fault.text.{each['befalls']}.{each['word']}" for each in view["faults"]),
        *(f"fault.{need}" for each in view["faults"] for need in each["needs"]),
        "clock.frozen", "clock.running", "clock.jumping",
    ]  # fmt: skip
    assert [word for word in wanted if word not in table] == []


def test_the_texts_of_faults_are_those_of_the_contract() -> None:
    table = words("en")
    for key, fault in contracts.faults().items():
        assert table[f"fault.text.{key}"] == fault.text


def test_forms_are_made_of_the_contract() -> None:
    view = contract_view()
    assert set(view["binds"]) == {"AX", "AXB", "AXE", "AXYB"}
    for mode, form in view["binds"].items():
        schema = contracts.schema(f"{mode.lower()}/bind.body")
        assert {field["name"] for field in form["fields"]} == set(schema["properties"])
        assert [field["name"] for field in form["fields"] if field["required"]] == [
            name for name in schema["properties"] if name in schema["required"]
        ]
        assert all(field["text"] for field in form["fields"])
        assert form["operation"] in view["operations"]


def test_what_the_contract_says_of_a_field_is_there_in_chinese() -> None:
    """Each text stands with the English one that it was made of: where that changes, it is to be made anew."""
    table = json.loads((PAGE / "fields.zh.json").read_text(encoding="utf-8"))
    texts = {field["text"] for form in contract_view()["binds"].values() for field in form["fields"]}
    assert texts - table.keys() == set(), "translate these"
    assert table.keys() - texts == set(), "no field says so any more"
    for english, chinese in table.items():
        figures = r"[a-z_]{2,}\.[a-z_]{2,}|[a-z]+[A-Z]\w+|\d{2,}"
        assert sorted(re.findall(figures, english, re.ASCII)) == sorted(re.findall(figures, chinese, re.ASCII)), english


def themes() -> dict[str, dict[str, str]]:
    """The colours of each theme, by name."""
    style = (PAGE / "base.css").read_text(encoding="utf-8")
    blocks = re.findall(r"(:root[^{]*)\{([^}]*)\}", style)
    return {head.strip(): dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", body)) for head, body in blocks}


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_can_be_read_on_its_ground(text: str, ground: str) -> None:
    """WCAG 2.2 AA: 4.5 to 1 at least, in each theme."""
    assert len(themes()) == 3
    for name, colours in themes().items():
        high, low = sorted((luminance(colours[text]), luminance(colours[ground])), reverse=True)
        assert (high + 0.05) / (low + 0.05) >= 4.5, f"{text} on {ground} in {name}"


def test_dark_is_the_same_whether_chosen_or_of_the_system() -> None:
    _, chosen, system = themes().values()
    assert chosen == system
