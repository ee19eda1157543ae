"""Questions to the vendor: the open points as a page of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum import contracts
from privnum.suites.report.html.elements import Child, Html, join, tag
from privnum.suites.report.html.rules import link, sources
from privnum.words import count_of, join_words, language, retell, say

if TYPE_CHECKING:
    from privnum.suites.report.load import Run

__all__ = ["link_to_page", "page"]

PLACE = "open-points"
_SETTLED = {"probe": "found out by a probe", "target.toml": "declared in target.toml", "unknown": "not known"}


def link_to_page(run: Run) -> Html | None:
    """The way there, for the report itself."""
    points = run.report["open_points"]
    if not points:
        return None
    told = say("{questions} to the vendor", questions=count_of(len(points), "question"))
    lead = say(
        "Where the documents leave a choice no target is right or wrong. Each question has the choices, and what this "
        "target does."
    )
    return tag("section", tag("h2", say("Open points")), tag("p", lead, class_="lead"), _button(told), id="choices")


def _button(told: str) -> Html:
    return tag("p", tag("a", told, " →", href=f"#{PLACE}"), class_="way")


def page(run: Run) -> Html | None:
    """Every question; shown alone when somebody goes there, also on paper."""
    points = run.report["open_points"]
    if not points:
        return None
    settled = sum(point["settled"] != "unknown" for point in points)
    lead = say(
        "Questions that the public documents leave open. Ask the vendor's support, and name the page. What the target "
        "does is known of {settled}, not of {unknown}: together {points}.",
        settled=settled,
        unknown=len(points) - settled,
        points=len(points),
    )
    groups = dict.fromkeys(point["mode"] for point in points)
    return tag(
        "section",
        tag("p", tag("a", "← ", say("back to the report"), href="#main"), class_="way"),
        tag("h2", say("{questions} to the vendor", questions=count_of(len(points), "question"))),
        tag("p", lead, class_="lead"),
        [_group(mode, [point for point in points if point["mode"] == mode]) for mode in groups],
        id=PLACE,
    )


def _group(mode: str, points: list[dict[str, Any]]) -> Html:
    name = say("Common") if mode == "common" else mode
    head = tag("h3", name, " ", tag("span", count_of(len(points), "question"), class_="aside"))
    return tag("div", head, tag("ol", map(_question, points)), class_="questions")


def _question(point: dict[str, Any]) -> Html:
    known = contracts.in_language(language()).assumptions().get(point["id"])
    text, why = (known.text, known.why) if known else (point["question"], point["why"])
    return tag(
        "li",
        tag("p", tag("b", text), " ", link(point["requirement"], point["id"])),
        tag("ul", [_choice(value, point) for value in _choices(point)], class_="values"),
        tag(
            "dl",
            _pair(say("The target"), _target(point)),
            _pair(say("Our reason"), why),
            _pair(say("Silent or unclear"), sources(point["source"])),
            _pair(say("Name this page"), _pages(point["ask"])) if not _has_link(point) else None,
            class_="facts",
        ),
        class_=point["settled"].replace(".", "-"),
    )


def _has_link(point: dict[str, Any]) -> bool:
    """Whether its sources are the pages to name, which stand there already."""
    known = contracts.sources()
    own = {source.url for key in point["source"] if (source := known.get(key.partition("@")[0]))}
    return not point["ask"] or set(point["ask"]) <= own


def _pages(addresses: list[str]) -> Html:
    known = {source.url: source.title for source in contracts.sources().values()}
    return join(
        *(
            tag("a", known.get(url, url), href=url, rel="noreferrer noopener")
            for url in addresses
            if url.startswith("https://")
        )
    )


def _choices(point: dict[str, Any]) -> list[Any]:
    """The choices that the contract knows, and the target's if it is none."""
    extra = [] if point["target"] is None or _among(point) else [point["target"]]
    return [*point["choices"], *extra]


def _among(point: dict[str, Any]) -> bool:
    return str(point["target"]) in map(str, point["choices"])


def _choice(value: Any, point: dict[str, Any]) -> Html:
    taken = point["target"] is not None and str(value) == str(point["target"])
    marks = [say("ours")] if str(value) == str(point["ours"]) else []
    marks += [say("the target")] if taken else []
    mark = tag("span", " ", join_words(marks), class_="aside") if marks else None
    return tag("li", tag("code", str(value)), mark, class_="taken" if taken else None)


def _target(point: dict[str, Any]) -> Child:
    told = say(_SETTLED[point["settled"]])
    reason = tag("span", retell(point["reason"]), class_="aside") if point["reason"] else None
    value = tag("code", str(point["target"])) if point["target"] is not None else None
    return join(value, " " if value else None, told, " " if reason else None, reason)


def _pair(term: str, *content: Child) -> Html:
    return tag("div", tag("dt", term), tag("dd", *content))
