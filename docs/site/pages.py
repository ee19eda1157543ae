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
DOCS: Final = ROOT / "docs"
#: Folders of docs/ that have no pages of the site: how it is made, and what coding agents take.
_NO_PAGES: Final = ("site", "skills")
#: Pages outside of docs/, and where the site has them.
_OUTSIDE: Final = {ROOT / "README.md": "index.md", ROOT / "README.zh-CN.md": "zh/index.md"}
_LINK: Final = re.compile(r"\[(?P<text>[^\]]+)\]\((?P<place>[^)#\s]+)(?P<anchor>#[^)\s]*)?\)")


def gather(site: Path) -> None:
    """Write every page, and how the site is built, into a folder, which is emptied before."""
    shutil.rmtree(site, ignore_errors=True)
    folder = site / "pages"
    folder.mkdir(parents=True)
    shutil.copy(Path(__file__).with_name("mkdocs.yml"), site)
    shutil.copy(Path(__file__).with_name("site.css"), folder)
    for source, name in _OUTSIDE.items():
        _copy(source, folder / name)
    for path in sorted(DOCS.rglob("*.md")):
        if path.relative_to(DOCS).parts[0] not in _NO_PAGES:
            _copy(path, folder / path.relative_to(DOCS))
    for path in (*DOCS.glob("*.svg"), *DOCS.glob("pictures/*.png")):
        place = folder / path.relative_to(DOCS)
        place.parent.mkdir(exist_ok=True)
        shutil.copy(path, place)
    write_pages(folder / "reference")


def _copy(source: Path, target: Path) -> None:
    """Copy a page; links to files that the site has not become their names, as code."""
    target.parent.mkdir(parents=True, exist_ok=True)
    up = "../" * str(_place(source)).count("/")

    def linked(match: re.Match[str]) -> str:
        place = match["place"]
        if re.match(r"[a-z]+:", place):
            return match[0]
        file = (source.parent / place).resolve()
        if (name := _place(file)) is not None:
            return f"[{match['text']}]({up}{name}{match['anchor'] or ''})"
        text = match["text"]
        return text if "`" in text else f"{text} (`{file.relative_to(ROOT)}`)"

    target.write_text(_LINK.sub(linked, source.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")


def _place(file: Path) -> str | None:
    """Return where the site has a file of ours; None: it has it not."""
    if file in _OUTSIDE:
        return _OUTSIDE[file]
    if file == DOCS:
        return "index.md"
    if file.suffix not in (".md", ".svg", ".png") or not file.is_relative_to(DOCS):
        return None
    place = file.relative_to(DOCS)
    return None if place.parts[0] in _NO_PAGES else place.as_posix()


if __name__ == "__main__":
    gather(Path(sys.argv[1]))
