"""Words of ours, in the language of who reads them.

What commands print, and what reports say.

English stands in the code; zh.toml has what it is in Chinese. A text without an entry is English, and a test finds it.
What programs read (report.json, junit.xml, events.jsonl, --json) is English in every language: nothing here is
used for it.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = [
    "LANGUAGES",
    "LanguageError",
    "count_of",
    "figure",
    "join_words",
    "language",
    "language_of",
    "retell",
    "say",
    "set_language",
    "speak",
]

LANGUAGES: Final = ("en", "zh")
VARIABLE: Final = "PRIVNUM_LANG"
_LOCALES: Final = ("LC_ALL", "LC_MESSAGES", "LANG")
"""Variables of the system that name a language; the first that is set counts."""

_language: ContextVar[str] = ContextVar("privnum_language", default="en")
_PLACE: Final = re.compile(r"\\\{([a-z_]+)\\\}")


class LanguageError(Exception):
    """There are no words of a language. The text is one line."""


class _Words(NamedTuple):
    """What a language has.

    Texts, things that are counted, and sentences with something in them.
    """

    texts: Mapping[str, str]
    counts: Mapping[str, str]
    sentences: tuple[tuple[re.Pattern[str], str], ...]


def language() -> str:
    """The language that is spoken now."""
    return _language.get()


def set_language(name: str) -> None:
    """Speak a language from now on, until what `speak` began is over."""
    _language.set(name)


@contextmanager
def speak(name: str) -> Iterator[None]:
    """Speak a language inside."""
    token = _language.set(name)
    try:
        yield
    finally:
        _language.reset(token)


def language_of(environment: Mapping[str, str]) -> str:
    """The language that the environment asks for.

    English where it asks for none. Raises LanguageError where PRIVNUM_LANG names one that there is not.
    """
    asked = environment.get(VARIABLE)
    if asked:
        if (name := _name(asked)) not in LANGUAGES:
            raise LanguageError(f"{VARIABLE}: there is no language {asked[:64]!r}; there are {', '.join(LANGUAGES)}")
        return name
    found = next((environment[name] for name in _LOCALES if environment.get(name)), "")
    return "zh" if _name(found) == "zh" else "en"


def _name(locale: str) -> str:
    """The language of a locale: zh of zh_CN.UTF-8."""
    return re.split(r"[_.@-]", locale, maxsplit=1)[0].lower()


def say(text: str, /, **values: object) -> str:
    """A text in the language that is spoken, with values in its braces."""
    words = _words(language())
    template = text if words is None else words.texts.get(text, text)
    return template.format_map(values) if values else template


def figure(number: int) -> str:
    """A number of things as people read it: 1,058 in English, 1058 in Chinese."""
    return f"{number:,}" if language() == "en" else str(number)


def count_of(count: int, one: str, many: str = "") -> str:
    """1 rule, 1,058 rules, 1058条规则."""
    words = _words(language())
    if words is not None and one in words.counts:
        return words.counts[one].format(count=figure(count))
    return f"{figure(count)} {one if count == 1 else many or one + 's'}"


def join_words(parts: list[str]) -> str:
    """Parts with commas between them."""
    return ("，" if language() == "zh" else ", ").join(parts)


def retell(text: str) -> str:
    """What was written down in English, in the language that is spoken.

    As it is, where nothing fits it. Of sentences with "; " between them, those that have words together stay together.
    """
    words = _words(language())
    if words is None:
        return text
    parts = text.strip().split("; ")
    told = list(_retold_parts(words, parts))
    return ("；" if told != parts else "; ").join(told)


def _retold_parts(words: _Words, parts: list[str]) -> Iterator[str]:
    while parts:
        together = len(parts)
        while (told := _words_for(words, "; ".join(parts[:together]))) is None and together > 1:
            together -= 1
        yield parts[0] if told is None else told
        parts = parts[together:]


def _words_for(words: _Words, text: str) -> str | None:
    return words.texts.get(text) or _told_by_pattern(words, text)


def _told_by_pattern(words: _Words, text: str) -> str | None:
    for pattern, template in words.sentences:
        found = pattern.fullmatch(text)
        if found:
            return template.format_map({name: retell(value) for name, value in found.groupdict().items()})
    return None


@cache
def _words(name: str) -> _Words | None:
    """The words of a language; None of English, which stands in the code."""
    if name == "en":
        return None
    import tomllib

    content = tomllib.loads(Path(__file__).with_name(f"{name}.toml").read_text(encoding="utf-8"))
    texts = {**_of_contract(name), **content["words"], **content["options"]}
    return _Words(texts, content["counts"], tuple(map(_sentence, content["sentences"].items())))


def _of_contract(name: str) -> dict[str, str]:
    """Texts of the contract that stand in reasons and breaches.

    What a driver can do, open points, titles of rules.
    """
    from privnum import contracts

    own = contracts.in_language(name)
    capabilities, assumptions = own.capabilities(), own.assumptions()
    found = {english: capabilities[word] for word, english in contracts.capabilities().items()}
    found |= {each.text: assumptions[id_].text for id_, each in contracts.assumptions().items()}
    titles = {id_: rule.title for id_, rule in own.requirements().items()}
    for id_, rule in contracts.requirements().items():
        begin = f"{rule.title[:1].lower()}{rule.title[1:]}"  # as it stands behind a colon
        found |= dict.fromkeys((rule.title, begin), titles[id_])
    return found


def _sentence(entry: tuple[str, str]) -> tuple[re.Pattern[str], str]:
    """What an English sentence with {names} fits, and what is said for it."""
    english, own = entry
    return re.compile(_PLACE.sub(r"(?P<\1>.+)", re.escape(english)), re.DOTALL), own
