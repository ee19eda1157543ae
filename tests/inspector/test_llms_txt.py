"""/llms.txt: what a program reads of a server first."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from privnum.mockserver.embed.live import LiveServer


def test_it_names_addresses_that_are_there(live: LiveServer) -> None:
    found = httpx.get(f"{live.url}/llms.txt")
    assert found.status_code == 200
    assert found.headers["content-type"] == "text/plain;charset=utf-8"
    assert found.text.startswith("# privnum\n\n> ")
    links = re.findall(r"^- \[[^]]+\]\((/[^)]*)\)", found.text, re.MULTILINE)
    assert len(links) > 4
    for link in links:
        answer = httpx.get(live.url + link, headers={"Accept": "text/html"})
        assert answer.status_code == 200, link


def test_the_guide_is_markdown(live: LiveServer) -> None:
    found = httpx.get(f"{live.url}/_privnum/inspector/guide.md")
    assert found.headers["content-type"] == "text/markdown;charset=utf-8"
    assert found.text.startswith("# How to use this server")


def test_another_method_or_address_is_the_platforms_matter(live: LiveServer) -> None:
    assert httpx.post(f"{live.url}/llms.txt").json()["resultcode"] != "0"
    assert httpx.get(f"{live.url}/llms.tx").json()["resultcode"] != "0"
