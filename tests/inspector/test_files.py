"""The files of the page over HTTP: who gets them, what they say of themselves, and that nothing is in them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from privnum import contracts
from privnum.contracts.i18n import terms
from privnum.mockserver.http.feed import EVENTS
from privnum.mockserver.inspector.contract import contract_view
from privnum.mockserver.inspector.files import FOLDER
from tests.mockserver.http.test_command import serving
from tests.mockserver.http.test_gate import send
from tests.mockserver.support import Wire

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
    ".md": "text/markdown;charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain;charset=utf-8",
}
#: Texts for programs that read; no browser takes anything from an address in them.
TEXTS = {".md", ".txt"}
LANGUAGES = ("en", "zh")
#: What is made of the contract.
MADE = [f"{name}.{language}.json" for name in ("contract", "rules") for language in LANGUAGES]
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


@pytest.mark.parametrize("name", [*FILES, *MADE])
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
    "name",
    [
        "",
        "nothing.js",
        "contract.json",
        "rules.fr.json",
        "../files.py",
        "..%2Ffiles.py",
        "%2e%2e/files.py",
        "/etc/passwd",
        ".",
    ],
)
def test_nothing_else_is_a_file_of_it(live: LiveServer, name: str) -> None:
    told = send(live.url, "GET", FOLDER + name)
    assert (told.status, told.json["where"]) == (404, "path")
    assert send(live.url, "POST", FOLDER + name, b"{}").status == 404


@pytest.mark.parametrize("method", ["POST", "HEAD", "DELETE"])
@pytest.mark.parametrize("path", [FOLDER + "main.js", FOLDER + "rules.en.json", EVENTS, "/_privnum/health"])
def test_what_is_there_is_only_looked_at(live: LiveServer, method: str, path: str) -> None:
    """As at every address of the control plane: another method is 405, and what is right is said."""
    with Wire(live.url) as wire:
        wire.send(f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        if method == "HEAD":
            assert wire.read_head().status == 405
            return
        told = wire.read()
    assert (told.status, told.json) == (405, {"error": f"{path} has GET, not {method}", "where": "method"})


def test_without_the_token_there_is_the_page_but_nothing_of_a_world() -> None:
    with serving("--port", "0", "--json", "--control-token", "open-sesame") as (_, line):
        told = json.loads(line)
        names = [*FILES, *MADE]
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
    for path in (each for each in PAGE.iterdir() if each.suffix not in TEXTS):
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
    table, view = words(language), contract_view("en")
    wanted = [
        *(f"behaviour.{word}" for word in view["behaviours"]),
        *(f"network.{word}" for word in view["networks"]),
        *(f"kind.{word}" for word in view["kinds"]),
        *(f"status.{word}" for word in view["statuses"]),
        *(f"state.{word}" for word in contracts.schema("driver/call")["properties"]["state"]["enum"]),
        *(f"state.{word}" for word in contracts.schema("driver/push")["properties"]["state"]["enum"]),
        *(f"state.{word}" for word in contracts.schema("driver/sms")["properties"]["state"]["enum"]),
        *(f"fault.word.{each['word']}" for each in view["faults"]),
        *(f"fault.{need}" for each in view["faults"] for need in each["needs"]),
        "clock.frozen", "clock.running", "clock.jumping",
    ]  # fmt: skip
    assert [word for word in wanted if word not in table] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_contract_says_is_in_the_language_of_the_page(live: LiveServer, language: str) -> None:
    """Rules, operations, faults and release causes, in the words of the contract."""
    own = contracts.in_language(language)
    view = send(live.url, "GET", f"{FOLDER}contract.{language}.json").json
    rules = send(live.url, "GET", f"{FOLDER}rules.{language}.json").json
    assert [each["text"] for each in view["faults"]] == [fault.text for fault in own.faults().values()]
    assert {id_: each["title"] for id_, each in view["operations"].items()} == {
        id_: each.title for id_, each in own.operations().items()
    }
    assert view["causes"] == {str(code): cause.meaning for code, cause in own.release_causes().items()}
    assert rules == {id_: [rule.title, rule.text] for id_, rule in own.requirements().items()}
    is_chinese = bool(re.search("[一-鿿]", rules["AXB-BIND-003"][0]))
    assert is_chinese == (language == "zh")


def test_the_page_has_the_terms_of_the_glossary() -> None:
    """World and world time are what the Chinese contract calls them, and nothing else."""
    (term,) = terms("zh")["world time"]
    assert words("zh")["clock"] == term
    assert words("zh")["world"] == terms("zh")["world"][0]
    assert "世界" not in "".join(words("zh").values())


def test_forms_are_made_of_the_contract() -> None:
    view = contract_view("en")
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
    texts = {field["text"] for form in contract_view("en")["binds"].values() for field in form["fields"]}
    assert texts - table.keys() == set(), "translate these"
    assert table.keys() - texts == set(), "no field says so any more"
    for english, chinese in table.items():
        figures = r"[a-z_]{2,}\.[a-z_]{2,}|[a-z]+[A-Z]\w+|\d{2,}"
        assert sorted(re.findall(figures, english, re.ASCII)) == sorted(re.findall(figures, chinese, re.ASCII)), english


def themes() -> dict[str, dict[str, str]]:
    """The colours of each theme, by name: each is said once, for light and dark."""
    style = (PAGE / "base.css").read_text(encoding="utf-8")
    pairs = re.findall(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", style)
    return {
        "light": {name: light for name, light, _ in pairs},
        "dark": {name: dark for name, _, dark in pairs},
    }


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_can_be_read_on_its_ground(text: str, ground: str) -> None:
    """WCAG 2.2 AA: 4.5 to 1 at least, in each theme."""
    for name, colours in themes().items():
        high, low = sorted((luminance(colours[text]), luminance(colours[ground])), reverse=True)
        assert (high + 0.05) / (low + 0.05) >= 4.5, f"{text} on {ground} in {name}"


def test_a_colour_is_said_in_one_place() -> None:
    """No style has one of its own, so that none is forgotten in one of the themes."""
    for path in PAGE.glob("*.css"):
        rest = re.sub(r"--[\w-]+: light-dark\([^)]*\);", "", path.read_text(encoding="utf-8"))
        assert not re.search(r"#[0-9a-f]{3,8}\b", rest), path.name
