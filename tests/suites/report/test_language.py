"""A report in Chinese: people read Chinese, programs read what they read before."""

from __future__ import annotations

import html as escaping
import io
import re
from typing import TYPE_CHECKING

import pytest

from privnum import contracts
from privnum.cli import main
from privnum.suites.report import terminal
from privnum.suites.report.html import page as html
from privnum.suites.report.text import WORDS
from privnum.words import say, speak
from tests.suites import recordings as rec

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture
def page(tmp_path: Path) -> str:
    with speak("zh"):
        return html.page(rec.run_of(tmp_path, rec.every_verdict()))


def texts(page: str) -> Iterator[str]:
    """What a reader of the page sees, but for the style and the script."""
    body = page[page.index("<body") : page.index("<script>")]
    yield from (escaping.unescape(text) for text in re.findall(r">([^<]+)<", body))


def screen_of(events: list[rec.Event], folder: Path, *, quiet: bool = False) -> str:
    """What a terminal shows."""
    output = io.StringIO()
    terminal.print_report(rec.run_of(folder, events).report, terminal.screen(output), folder, quiet=quiet)
    return output.getvalue()


def test_the_page_says_its_language(page: str) -> None:
    assert '<html lang="zh-CN">' in page


def test_every_rule_is_chinese(page: str) -> None:
    """With title and text of the contract."""
    seen = "\n".join(texts(page))
    for rule in contracts.in_language("zh").requirements().values():
        assert rule.text in seen, rule.id
        assert rule.assumption is not None or rule.title in seen, rule.id


def test_no_english_sentence_is_left(page: str) -> None:
    """But for what checks said, names of checks, values of choices and the titles of sources."""
    titles = {source.title for source in contracts.sources().values()}
    titles |= {str(value) for point in contracts.assumptions().values() for value in point.values}
    sentence = re.compile(r"[a-z]{3,} [a-z]{2,} [a-z]{2,}")
    printed = re.compile(r"'[^']*'")  # what the platform prints, and values
    left = {text for text in texts(page) if sentence.search(printed.sub("", text)) and text not in titles}
    known = {"a stranger was put through", "it is otherwise", "the binding is still there", "::", "privnum ", "curl "}
    assert [text for text in left if not any(part in text for part in known)] == []


def test_verdicts_are_words_of_the_language(page: str) -> None:
    with speak("zh"):
        words = {verdict: say(word) for verdict, word in WORDS.items()}
    assert words["passed"] == "通过"
    assert all(CHINESE.search(word) for word in words.values())
    assert all(f"</span>{word}</span>" in page for word in words.values())


def test_the_script_has_its_words(page: str) -> None:
    """On an attribute of the body, which an English page has not."""
    (found,) = re.findall(r'<body data-words="([^"]*)">', page)
    assert "全部展开" in escaping.unescape(found)


def test_an_english_page_is_as_ever(tmp_path: Path) -> None:
    english = html.page(rec.run_of(tmp_path, rec.every_verdict()))
    assert '<html lang="en">' in english
    assert "<body>" in english
    body = english[english.index("<body") : english.index("<script>")]
    assert not CHINESE.search(body)


def test_the_terminal_speaks_chinese(tmp_path: Path) -> None:
    with speak("zh"):
        text = screen_of(rec.every_verdict(), tmp_path)
        brief = screen_of(rec.every_verdict(), tmp_path, quiet=True)
    assert "失败 AXB-CALL-105 陌生人接不到任何人" in text
    assert "规则   在X号码上没有绑定的号码拨打该X号码，呼叫被拒绝，原因值为8014。" in text
    rules = len(contracts.requirements())
    told = f"不符合：1条规则失败；共{rules}条，通过2条；3条有差异而无错；1条以错误结束；{rules - 7}条未执行。"
    assert text.startswith(told)
    assert "失败 AXB-CALL-105 (陌生人接不到任何人)" in brief


@pytest.mark.parametrize("language", ["zh", "en"])
def test_programs_read_english(tmp_path: Path, language: str, capsys: pytest.CaptureFixture[str]) -> None:
    """report.json and junit.xml are the same bytes in every language."""
    events = rec.write(tmp_path / "events.jsonl", rec.every_verdict())
    for name in ("one", "other"):
        chosen = "en" if name == "one" else language
        assert main(["report", str(events), "--out", str(tmp_path / name), "--lang", chosen]) == 0
    for file in ("report.json", "junit.xml"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "other" / file).read_bytes()
    assert bool(CHINESE.search(capsys.readouterr().out)) == (language == "zh")


def test_a_rule_that_has_changed_since_is_told_as_it_was(tmp_path: Path) -> None:
    """The report has another text than the contract of today: it is shown as the report has it."""
    run = rec.run_of(tmp_path, rec.every_verdict())
    rule = next(rule for rule in run.report["requirements"] if rule["id"] == "AXB-CALL-105")
    rule["text"] = "An older text."
    with speak("zh"):
        assert "An older text." in html.page(run)


def test_the_coverage_is_counted_in_chinese(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    events = rec.write(tmp_path / "events.jsonl", [*rec.every_verdict()[:-1], _sighting(), rec.run_finished()])
    main(["coverage", "--lang", "zh", str(events)])
    out = capsys.readouterr().out
    assert "已覆盖" in out
    assert "未覆盖：没有检查对出现它的交互作过断言" in out


def _sighting() -> rec.Event:
    started = next(event for event in rec.every_verdict() if event["event"] == "check_started")
    sighting = {"requirement": started["requirements"][0], "items": ["axb.bind"]}
    return {"event": "seen", "check": started["check"], "seen": [sighting]}
