"""Gathers the pages of the site: README, docs/ and the reference.

python docs/site/pages.py build/site
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path
from typing import Final

from privnum.reference import write_pages

ROOT: Final = Path(__file__).resolve().parents[2]
_LINK: Final = re.compile(r"\[(?P<text>[^\]]+)\]\((?P<place>[^)#\s]+)(?P<anchor>#[^)\s]*)?\)")


def gather(site: Path) -> None:
    """Write every page, and how the site is built, into a folder, which is emptied before."""
    shutil.rmtree(site, ignore_errors=True)
    folder = site / "pages"
    folder.mkdir(parents=True)
    shutil.copy(Path(__file__).with_name("mkdocs.yml"), site)
    shutil.copy(Path(__file__).with_name("site.css"), folder)
    _copy(ROOT / "README.md", folder / "index.md")
    for path in sorted((ROOT / "docs").glob("*.md")):
        _copy(path, folder / path.name)
    for path in (ROOT / "docs").glob("*.svg"):
        shutil.copy(path, folder)
    write_pages(folder / "reference")


def _copy(source: Path, target: Path) -> None:
    """Copy a page; links to files that the site has not become their names, as code."""

    def linked(match: re.Match[str]) -> str:
        place = match["place"]
        if re.match(r"[a-z]+:", place):
            return match[0]
        file = (source.parent / place).resolve()
        if file == ROOT / "README.md":
            return f"[{match['text']}](index.md{match['anchor'] or ''})"
        if file.parent == ROOT / "docs" and file.suffix in (".md", ".svg"):
            return f"[{match['text']}]({file.name}{match['anchor'] or ''})"
        text = match["text"]
        return text if "`" in text else f"{text} (`{file.relative_to(ROOT)}`)"

    target.write_text(_LINK.sub(linked, source.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    gather(Path(sys.argv[1]))
