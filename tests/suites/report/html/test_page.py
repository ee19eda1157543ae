"""report.html: everything is shown, nothing is loaded, nothing of a target's is taken for markup."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from privnum import contracts
from privnum.suites.commands.report import report_main, write_reports
from privnum.suites.report import model
from privnum.suites.report.html import page as html
from privnum.suites.report.text import (
    LATTICE,
    MARKS,
    SHOWN,
    WORDS,
    again,
    duration,
)
from privnum.suites.runner.pytest_hooks import modes
from tests.suites import recordings as rec

VOID = {"br", "hr", "input", "link", "meta"}


class Page(HTMLParser):
    """Reads a page strictly: each element is closed in its place. Keeps elements, ids, and the text below each id."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.open: list[tuple[str, str | None]] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, str] = {}
        self.source = source
        self.feed(source)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        assert len(found) == len(attrs), "an attribute stands twice"
        self.elements.append((tag, found))
        if found.get("id"):
            assert found["id"] not in self.texts, "an id stands twice"
            self.texts[str(found["id"])] = ""
        if tag not in VOID:
            self.open.append((tag, found.get("id")))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        for _, id_ in self.open:
            if id_ is not None:
                self.texts[id_] += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def page_of(folder: Path, events: list[rec.Event], tail: str = "") -> Page:
    return Page(html.page(rec.run_of(folder, events, tail)))


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Page:
    """One for all tests, which only read it."""
    return page_of(tmp_path_factory.mktemp("page"), rec.every_verdict())


# ── nothing is loaded, nothing is markup that should not be ──────────────────────────────────────────────────────────


def test_nothing_is_loaded(page: Page) -> None:
    """Addresses of others stand in source links only, and are pages that the contract names."""
    known = {source.url for source in contracts.sources().values()}
    loading = ("src", "srcset", "data", "action", "poster", "background", "formaction")
    for tag, attributes in page.elements:
        assert not attributes.keys() & set(loading), tag
        for name in ("href", "xlink:href"):
            address = attributes.get(name)
            if address is not None and not address.startswith("#"):
                assert (tag, address) == ("link", "data:,") or (tag == "a" and address in known)
    style = re.search(r"<style>(.*?)</style>", page.source, re.DOTALL)
    assert style
    assert "url(" not in style[1]
    assert "@import" not in style[1]


def test_links_within_the_page_lead_somewhere(page: Page) -> None:
    inner = {str(link["href"])[1:] for link in page.all("a") if str(link.get("href")).startswith("#")}
    assert inner <= page.texts.keys()
    assert {"failed", "error", "differs", "not_exercised", "all"} <= inner


def test_the_policy_allows_our_script_and_no_other(page: Page) -> None:
    [script] = re.findall(r"<script>(.*?)</script>", page.source, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    [policy] = [meta for meta in page.all("meta") if meta.get("http-equiv") == "Content-Security-Policy"]
    assert f"script-src 'sha256-{digest}'" in str(policy["content"])
    assert str(policy["content"]).startswith("default-src 'none'")


def hostile_events() -> list[rec.Event]:
    steps = [
        rec.HOSTILE,
        f"axb.bind {{{rec.HOSTILE} -> {rec.HOSTILE}",
        f"    pushed: {rec.HOSTILE}",
        {"odd": rec.HOSTILE},
        f"broken: {rec.HOSTILE}",
    ]
    events = rec.every_verdict(rec.HOSTILE, steps)
    events[0]["target"] |= {"name": rec.HOSTILE, "base_url": f"javascript:{rec.HOSTILE}", "driver": rec.HOSTILE}
    events[0]["target"]["declared"] = {rec.HOSTILE: rec.HOSTILE}
    events[0]["run"] |= dict.fromkeys(("edition", "profile", "seed", "platform", "assumed"), rec.HOSTILE)
    return events


def test_what_a_target_says_is_text(tmp_path: Path) -> None:
    page = page_of(tmp_path, hostile_events())
    tags = {tag for tag, _ in page.elements}
    assert "img" not in tags
    assert len(page.all("script")) == len(page.all("style")) == 1
    assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]
    assert "<script>alert(1)</script>" in page.texts["finding-AXB-CALL-105"], "it is shown, as text"
    assert "\x00" not in page.source
    assert "\u202e" not in page.source
    assert "\\u202e" in page.source
    assert "隐私" in page.source


# ── everything is shown ──────────────────────────────────────────────────────────────────────────────────────────────


def test_every_rule_has_a_row_with_all_that_is_known(page: Page) -> None:
    rows = [row for row in page.all("details") if row.get("class") == "rule"]
    known = contracts.requirements()
    assert len(rows) == len(known)
    for rule in known.values():
        text = page.texts[rule.id]
        assert rule.text in text
        assert f"{rule.level}, {rule.basis}" in text
        assert all(key.partition("@")[0] in text for key in rule.source)
    assert "held 2 times" in page.texts["AXB-BIND-001"]


def test_verdicts_are_words_and_signs_before_they_are_colours(page: Page) -> None:
    assert set(WORDS) == set(MARKS) == set(LATTICE) == set(SHOWN)
    assert len(set(MARKS.values())) == len(MARKS)
    for verdict in LATTICE:
        badge = f'<span class="badge {verdict}"><span class="mark" aria-hidden="true">{MARKS[verdict]}</span>'
        assert badge + WORDS[verdict] in page.source


def test_the_table_adds_up(page: Page, tmp_path: Path) -> None:
    report = rec.run_of(tmp_path, rec.every_verdict()).report
    cells = re.findall(
        r'<td class="\w+" data-mode="(\w+)" data-basis="(\w+)" data-verdict="(\w+)">([\d,]+)', page.source
    )
    assert len(cells) == (1 + len(modes())) * 3 * 5
    for verdict in LATTICE:
        assert sum(int(cell[3].replace(",", "")) for cell in cells if cell[2] == verdict) == report["summary"][verdict]
    rows = re.findall(r"<tr><th scope=\"row\">\w+</th>(.*?)</tr>", page.source)
    found = [[int(number.replace(",", "")) for number in re.findall(r">([\d,]+)</td>", row)] for row in rows]
    matrix = [row for row in found if len(row) == 6]
    assert len(matrix) == (1 + len(modes())) * 3 + 1
    assert all(sum(row[:5]) == row[5] for row in matrix)
    assert matrix[-1][5] == report["summary"]["rules"] == len(report["requirements"])
    assert f"= {len(report['requirements']):,}" in page.texts["numbers"]


def test_failures_are_above_all_figures(page: Page) -> None:
    source = page.source
    assert source.index('id="worst"') < source.index('id="numbers"') < source.index('id="failed"')


def test_without_a_failure_there_is_no_list_of_them(tmp_path: Path) -> None:
    assert 'id="worst"' not in html.page(rec.run_of(tmp_path, rec.all_passed()))


def test_the_print_ends_behind_the_failures(page: Page) -> None:
    """What stands behind the line that says so is not printed, and nothing but failures before it."""
    style = re.search(r"@media print \{(.*)\}\s*</style>", page.source, re.DOTALL)
    assert style
    assert re.search(r"\.paper ~ :not\(#open-points:target\), footer[^{]*\{ display: none !important; \}", style[1])
    before, after = page.source.split('<p class="paper">')
    assert re.findall(r'<section id="(\w+)"', before.replace(' class="findings"', "")) == ["numbers", "failed"]
    others = ("error", "differs", "not_exercised", "choices", "open-points", "all", "run")
    assert all(f'id="{id_}"' in after for id_ in others)


def test_a_failure_is_told_from_rule_to_replay(page: Page) -> None:
    text = page.texts["finding-AXB-CALL-105"]
    for part in (
        contracts.requirements()["AXB-CALL-105"].text,
        "a stranger was put through (cause = 0)",
        "call::stranger",
        "Yes: it failed again on a fresh start.",
        "POST /rest/caas/relationnumber/partners/v1.0",
        '"calleeNum": "+86138****0002"',
        "200/0 Success",
        "59 seconds pass",
        "callin",
        "answered 200",
        "7501",
        *rec.CURL,
    ):
        assert part in text


def test_a_difference_tells_both_readings_and_how_to_have_it_so(page: Page) -> None:
    text = page.texts["finding-COM-OPEN-002"]
    assert "1010002" in text
    assert "privnum serve --assume http.bad_json=1020001" in text
    unknown = page.texts["finding-AXB-OPEN-002"]
    assert "No choice that the contract knows; it knows 1010002, 1012010." in unknown
    assert "--assume" not in unknown
    assert "and more" in page.texts["finding-AXB-BIND-106"]
    assert "Code when callerNum and calleeNum are the same number" in page.texts["open-points"]


def test_what_was_not_exercised_is_grouped_by_what_was_missing(page: Page) -> None:
    assert "no recording it is otherwise" in page.texts["not_exercised"]
    assert "AXB-CDR-011" in page.texts["not_exercised"]


def test_many_checks_of_a_rule_are_a_number(tmp_path: Path) -> None:
    """The worst first, then those that are about the rule."""
    events = [rec.run_started()]
    for number in range(30):
        events += rec.whole_check(f"touch::{number}", [], "passed", {"COM-ENV-001": ("passed", "held")})
    events += rec.whole_check("env::it", ["COM-ENV-001"], "passed", {"COM-ENV-001": ("passed", "held 9 times")})
    text = page_of(tmp_path, [*events, rec.run_finished()]).texts["COM-ENV-001"]
    assert text.index("env::it") < text.index("touch::0")
    assert "and 23 checks more: 23 passed" in text


def test_the_commands_repeat_the_run(tmp_path: Path) -> None:
    events = rec.every_verdict()
    assert again(rec.run_of(tmp_path, events).report) == ("privnum check --target target.toml --profile quick --seed 1")
    events[0]["target"]["base_url"] = None
    events[0]["run"]["assumed"] = {"http.unknown_field": "it's"}
    assert again(rec.run_of(tmp_path, events).report) == (
        "privnum check --profile quick --seed 1 --assume 'http.unknown_field=it'\"'\"'s'"
    )


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.0, "0 ms"), (0.25, "250 ms"), (1.25, "1.2 s"), (142.4, "2 min 22 s")]
)
def test_durations(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_light_and_dark_can_be_read() -> None:
    """Every ink on every paper has a contrast of 4.5 to 1 (WCAG AA)."""
    style = Path(html.__file__).with_name("page.css").read_text(encoding="utf-8")
    palettes = [
        dict(re.findall(r"--([\w-]+): (#\w+)", block)) for block in re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    ]
    assert len(palettes) == 3
    for palette in palettes:
        for ink in ("ink", "quiet", "link", *LATTICE):
            for paper in ("paper", "sheet"):
                light, dark = sorted((luminance(palette[ink]), luminance(palette[paper])), reverse=True)
                assert (light + 0.05) / (dark + 0.05) >= 4.5, (ink, paper, palette)


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


# ── a file that was cut, or is none ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("keep", "tail", "words"),
    [
        (12, "", "The run was cut off: the file of its events has no end."),
        (12, '{"event":"check_fin', "has no end, and its last line is broken."),
        (12, '{"event":"check_fin\n', "has no end, and its last line is broken."),
        (1, "", "The run was cut off"),
        (1, json.dumps(rec.run_finished(interrupted=True)) + "\n", "The run was interrupted before its end."),
    ],
)
def test_a_cut_off_run_says_so(tmp_path: Path, keep: int, tail: str, words: str) -> None:
    page = page_of(tmp_path, rec.every_verdict()[:keep], tail)
    assert words in page.source
    assert "What was checked until then is below" in page.source
    assert "the run ended before it was checked" in page.texts["not_exercised"]


def test_a_whole_run_says_nothing_of_the_kind(page: Page) -> None:
    assert "cut off" not in page.source
    assert "interrupted" not in page.source


GOOD = json.dumps(rec.run_started())
BAD_FILES = {
    "is empty": b"",
    "line 1 is no JSON": b"\x89PNG\r\n\x1a\n",
    "line 1 is no event of a run": b"[1, 2]\n",
    "line 1 is run_finished": json.dumps(rec.run_finished()).encode(),
    "line 2 is no JSON": f"{GOOD}\n{{oops\n{GOOD}\n".encode(),
    "line 2 is run_started": f"{GOOD}\n{GOOD}\n".encode(),
    "line 2 is about the check": (
        f"{GOOD}\n" + json.dumps({"event": "check_finished", "check": "nobody", "outcome": "passed"}) + "\n"
    ).encode(),
    "line 1 has the time 'yesterday'": json.dumps(rec.run_started() | {"time": "yesterday"}).encode(),
    "line 1 has the time '2026-03-01T00:00:00'": json.dumps(
        rec.run_started() | {"time": "2026-03-01T00:00:00"}
    ).encode(),
}


@pytest.mark.parametrize("problem", BAD_FILES)
def test_a_file_that_holds_no_run_is_refused_in_a_line(
    problem: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(BAD_FILES[problem])
    assert report_main([str(path)]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(f"privnum report: {path}: {problem}")
    assert printed.err.count("\n") == 1
    assert [file.name for file in tmp_path.iterdir()] == ["events.jsonl"]


def test_a_file_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert report_main([str(tmp_path / "none.jsonl")]) == 2
    assert capsys.readouterr().err.endswith("none.jsonl: cannot be read: No such file or directory\n")


def test_a_folder_that_cannot_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    events = rec.write(tmp_path / "events.jsonl", rec.every_verdict())
    assert report_main([str(events), "--out", str(events)]) == 2
    assert "cannot be written" in capsys.readouterr().err


# ── the command ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_reports_are_a_function_of_the_events(tmp_path: Path) -> None:
    events = rec.write(tmp_path / "events.jsonl", hostile_events())
    one, two = tmp_path / "one", tmp_path / "two"
    assert write_reports(events, one) == write_reports(events, two) == model.build(rec.read(events))
    names = sorted(str(file.relative_to(one)) for file in one.rglob("*.*"))
    assert names == ["counterexamples/AXB-CALL-105.svg", "junit.xml", "report.html", "report.json"]
    for name in names:
        assert (one / name).read_bytes() == (two / name).read_bytes()


@pytest.mark.parametrize("quiet", [True, False])
def test_the_command_writes_beside_the_events(quiet: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    events = rec.write(tmp_path / "events.jsonl", rec.every_verdict())
    assert report_main([str(events), *["--quiet"] * quiet]) == 0, "the verdict is in the reports, not in the status"
    assert {"junit.xml", "report.html", "report.json"} <= {file.name for file in tmp_path.iterdir()}
    assert "AXB-CALL-105" in capsys.readouterr().out
