"""The README is one screen, what it says is true, and the Chinese one says the same."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

from privnum import contracts
from tests.docs.in_order import run_in_order
from tests.docs.shown import ROOT, blocks, page, session
from tests.house.test_citations import WITHOUT_A_CHECK

if TYPE_CHECKING:
    from pathlib import Path

ENGLISH, CHINESE = page("README.md"), page("README.zh-CN.md")
BOTH = pytest.mark.parametrize("text", [ENGLISH, CHINESE], ids=["en", "zh"])
SCREEN = 90
LARGEST_PICTURE = 200_000

pytest_plugins = ["pytester"]


@BOTH
def test_it_is_one_screen(text: str) -> None:
    assert len(text.splitlines()) <= SCREEN


def test_the_example_passes(pytester: pytest.Pytester) -> None:
    (example,) = blocks(ENGLISH, "python")
    pytester.makepyfile(example)
    pytester.runpytest_subprocess("-q").assert_outcomes(passed=1)


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_the_commands_run_in_their_order(tmp_path: Path) -> None:
    done = run_in_order(session(ENGLISH).commands, tmp_path)
    assert "delivered" in done.stdout


def test_the_number_of_rules_is_true() -> None:
    words = ["none", "one", "two", "three", "four", "five", "six"]
    chinese = ["零", "一", "两", "三", "四", "五", "六"]
    total = len(contracts.requirements())
    for text in (ENGLISH, page("docs/check.md")):
        found = re.search(r"([\d,]+) rules with their verdicts, of which (\w+)\ncannot be tried", text)
        assert found is not None
        assert found[1] == f"{total:,}"
        assert words.index(found[2]) == len(WITHOUT_A_CHECK)
    for text in (CHINESE, page("docs/zh/guide.md")):
        assert f"{total}条规则及其结论，其中{chinese[len(WITHOUT_A_CHECK)]}条无法尝试" in text


def test_both_languages_have_the_same() -> None:
    """Sections, commands, examples and links; the Chinese one has pages in Chinese, and one about Chinese, besides."""
    shapes = [re.findall(r"^(#+|```\w*|\|)", text, re.MULTILINE) for text in (ENGLISH, CHINESE)]
    assert shapes[0] == shapes[1]
    assert session(ENGLISH) == session(CHINESE)
    assert blocks(ENGLISH, "python") == blocks(CHINESE, "python")
    english, chinese = ({*re.findall(r"\]\(([^)]+)\)", text)} for text in (ENGLISH, CHINESE))
    assert english - chinese == {"README.zh-CN.md", "docs/tutorial.md"}
    assert chinese - english == {
        "README.md",
        "docs/zh/tutorial.md",
        "docs/zh/guide.md",
        "docs/language.md",
        "contracts/i18n/zh",
    }


@BOTH
def test_every_link_leads_somewhere(text: str) -> None:
    links = [link for link in re.findall(r"\]\(([^)]+)\)", text) if not link.startswith("http")]
    assert len(links) > 20
    for link in links:
        assert (ROOT / link).exists(), link


def test_pictures_are_small() -> None:
    """And made for a page: each is shown in one."""
    shown = "".join(path.read_text(encoding="utf-8") for path in [ROOT / "README.md", *ROOT.glob("docs/**/*.md")])
    pictures = sorted((ROOT / "docs/pictures").iterdir())
    assert pictures
    for picture in pictures:
        assert picture.stat().st_size < LARGEST_PICTURE, picture
        assert f"pictures/{picture.name})" in shown, picture
