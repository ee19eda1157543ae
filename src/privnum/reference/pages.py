"""Every page of the reference, and the folder that they are written to."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from privnum.reference import codes, commands, files, messages, rules
from privnum.reference.markdown import page
from privnum.words import say

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["every_page", "write_pages"]


def every_page() -> dict[str, str]:
    """Return the pages by file name. The same contract gives the same pages."""
    found = {
        "operations.md": messages.operations_page(),
        "pushes.md": messages.pushes_page(),
        "codes.md": codes.codes_page(),
        "causes.md": codes.causes_page(),
        **rules.rule_pages(),
        "open-points.md": rules.open_points_page(),
        "untested.md": rules.untested_page(),
        "variations.md": codes.variations_page(),
        "editions.md": codes.editions_page(),
        "control-plane.md": messages.control_page(),
        "commands.md": commands.commands_page(),
        "settings.md": files.settings_page(),
        "files.md": files.files_page(),
        "sources.md": codes.sources_page(),
    }
    return {"index.md": _contents(found), **found}


def _is_ours(index: Path, text: str) -> bool:
    """Whether an index.md begins as ours does."""
    head = "\n".join(text.splitlines()[:3])
    return index.is_file() and index.read_text(encoding="utf-8", errors="replace").startswith(head)


def _contents(pages: dict[str, str]) -> str:
    lines = [f"- [{text.partition(chr(10))[0].removeprefix('# ')}]({name})" for name, text in pages.items()]
    return page(
        say("Reference"),
        say("Made from `contracts/`, which is the contract as data, and from what the commands print."),
        "\n".join(lines),
    )


def write_pages(folder: Path) -> list[Path]:
    """Write the pages into a folder, which is made; return their paths.

    Pages of before are replaced. Raises OSError, also where the folder has other files.
    """
    pages = every_page()
    if folder.exists() and any(folder.iterdir()) and not _is_ours(folder / "index.md", pages["index.md"]):
        raise FileExistsError(errno.EEXIST, "there are other files in it; name a new folder", str(folder))
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
        written.append(folder / name)
    return written
