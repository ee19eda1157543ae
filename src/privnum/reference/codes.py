"""Pages of tables: result codes, release causes, variations, sources."""

from __future__ import annotations

from privnum import contracts
from privnum.reference.markdown import anchor, code, contract, page, plain, rule_link, source_links, table
from privnum.words import say

__all__ = ["causes_page", "codes_page", "editions_page", "sources_page", "variations_page"]


def codes_page() -> str:
    """Return the page of result codes, each with the rules that ask for it."""
    rules: dict[str, list[str]] = {}
    for rule in contract().requirements().values():
        for key in rule.codes:
            rules.setdefault(key.rpartition("/")[2], []).append(rule.id)
    seen: set[str] = set()
    rows = []
    for result in contract().result_codes().values():
        place = "" if result.code in seen else f'<a id="{anchor(result.code)}"></a>'  # one code may have two statuses
        seen.add(result.code)
        words = [plain(result.text), plain(result.meaning), _few(rules.get(result.code, []))]
        rows.append([f"{place}{code(result.code)}", str(result.http), *words])
    return page(say("Result codes"), table(("code", "HTTP", "text", "means", "rules"), rows))


def causes_page() -> str:
    """Return the page of release causes."""
    rules: dict[int, list[str]] = {}
    for rule in contract().requirements().values():
        for each in rule.causes:
            rules.setdefault(each, []).append(rule.id)
    rows = [
        [
            f'<a id="{each.code}"></a>{code(each.code)}',
            plain(each.meaning),
            plain(each.state_desc),
            ", ".join(map(code, each.tables)),
            _few(rules.get(each.code, [])),
        ]
        for each in contract().release_causes().values()
    ]
    return page(say("Release causes"), table(("cause", "means", "stateDesc", "stands in", "rules"), rows))


def _few(rules: list[str], most: int = 6) -> str:
    more = say(" and {count} more", count=len(rules) - most) if len(rules) > most else ""
    return ", ".join(map(rule_link, rules[:most])) + more


def variations_page() -> str:
    """Return the page of what a platform may do otherwise."""
    rows = [
        [f'<a id="{anchor(id_)}"></a>{code(id_)}', plain(each.text), plain(each.why)]
        for id_, each in contract().variations().items()
    ]
    about = say("What an implementation may do otherwise within the contract. `privnum serve --vary ID` does it.")
    return page(say("Variations"), about, table(("id", "what is otherwise", "why it is allowed"), rows))


def editions_page() -> str:
    """Return the page of dated states of the contract."""
    parts = [
        f"## {plain(each.title)} {{#{anchor(id_)}}}\n\n{code(id_)}: {plain(each.text)}\n\n"
        + say("Source: {links}", links=source_links(each.source))
        for id_, each in contracts.editions().items()
    ]
    return page(say("Editions"), say("`privnum serve --edition ID` keeps the contract as it was then."), *parts)


def sources_page() -> str:
    """Return the page of everything that the contract was taken from."""
    rows = [
        [
            f'<a id="{anchor(key)}"></a>{code(key)}',
            f"[{plain(each.title)}]({each.url})" if each.url else plain(each.title),
        ]
        for key, each in contracts.sources().items()
    ]
    return page(say("Sources"), table(("name", "source"), rows))
