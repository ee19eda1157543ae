"""The tutorial, in both languages: it runs, and prints what it shows."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.docs.shown import files, page, run_in_shell, session, steady, write_files

if TYPE_CHECKING:
    from pathlib import Path

ENGLISH, CHINESE = page("docs/tutorial.md"), page("docs/zh/tutorial.md")
NEEDED = shutil.which("openssl") is not None and shutil.which("curl") is not None


@pytest.mark.skipif(not NEEDED, reason="needs curl and openssl")
def test_the_session_prints_what_the_page_shows(tmp_path: Path) -> None:
    """But for the installing."""
    write_files(ENGLISH, tmp_path)
    commands, shown = session(ENGLISH, but=["pip install"])
    assert len(commands) > 12
    script = "\n".join(commands).replace("start --detach", "start --detach --port 0")
    done = run_in_shell(script, tmp_path)
    assert steady(done.stdout) == shown, done.stderr


def test_both_languages_have_the_same_steps() -> None:
    """The same sections by number, commands with what they print, files and links."""
    assert session(CHINESE) == session(ENGLISH)
    assert files(CHINESE) == files(ENGLISH)
    assert len(files(ENGLISH)) == 2
    sections = [re.findall(r"^## ([0-9.]*)", text, re.MULTILINE) for text in (ENGLISH, CHINESE)]
    assert sections[0] == sections[1]
    english = set(re.findall(r"\]\(([^)]+)\)", ENGLISH)) - {"zh/tutorial.md"}
    chinese = {link.removeprefix("../") for link in re.findall(r"\]\(([^)]+)\)", CHINESE)}
    assert english <= chinese
    assert chinese - english == {"tutorial.md", "language.md", "guide.md"}
