"""A badge: how many rules a run has checked, and how many failed."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, Final

from privnum.suites.report.model import gives_no_verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["badge_text", "svg"]

_LABEL: Final = "privnum"
_GREEN, _RED, _GREY = "#2e7d32", "#c62828", "#616161"
#: Width of a letter, in units of the picture; the text is set to the width that it is given.
_LETTER: Final = 6.6


def badge_text(report: Mapping[str, Any]) -> tuple[str, str]:
    """Return the words and the colour: "12 failed, 900 passed", red.

    What differs is no fault: such a rule conforms, but has not passed.
    """
    counts = report["summary"]
    if counts["failed"]:
        return f"{counts['failed']:,} failed, {counts['passed']:,} passed", _RED
    if counts["error"] or gives_no_verdict(report):
        return "no verdict", _GREY
    conform = counts["passed"] + counts["differs"]
    return f"{conform:,} of {conform + counts['not_exercised']:,} rules conform", _GREEN


def svg(report: Mapping[str, Any]) -> str:
    """Return the badge as a picture, readable by screen readers too."""
    text, colour = badge_text(report)
    left, right = (round(len(words) * _LETTER) + 12 for words in (_LABEL, text))
    title = escape(f"{_LABEL}: {text}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="20" role="img" aria-label="{title}">'
        f"<title>{title}</title>"
        f'<rect width="{left + right}" height="20" rx="3" fill="{colour}"/>'
        f'<path d="M3 0h{left - 3}v20H3a3 3 0 0 1-3-3V3a3 3 0 0 1 3-3z" fill="#333"/>'
        '<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle">'
        f'<text x="{left / 2}" y="14" textLength="{left - 12}">{_LABEL}</text>'
        f'<text x="{left + right / 2}" y="14" textLength="{right - 12}">{escape(text)}</text>'
        "</g></svg>\n"
    )
