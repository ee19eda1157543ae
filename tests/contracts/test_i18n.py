"""The Chinese texts say the same as the English ones, with the same numbers and names, in the words of the glossary."""

from __future__ import annotations

import calendar
import copy
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from privnum import contracts
from privnum.contracts import i18n
from privnum.contracts._files import contents
from privnum.contracts._load import _toml

if TYPE_CHECKING:
    from collections.abc import Iterator

FILES = list(i18n.TEXTS)
MENDED = "mend it: python -m privnum.contracts.i18n says where"

PLACEHOLDER = re.compile(r"\{[A-Za-z_]+\}")
NUMBER = re.compile(r"(?<![A-Za-z0-9_])[0-9]+(?:\.[0-9]+)*(?![A-Za-z0-9_.]*[A-Za-z_])")
WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:[.-][A-Za-z0-9_]+)*")
#: Words whose form says that they are names: camelCase, snake_case, dotted, with a digit, or in capitals.
NAME = re.compile(
    r"[a-z]+[A-Z]\w*|[A-Z][a-z]+[A-Z]\w*|\w+_\w+|\w+[.]\w+[\w.]*|\w*[A-Za-z]-?[0-9][\w-]*|[A-Z][A-Z0-9-]+"
)
MONTHS = {name: number for number, name in enumerate(calendar.month_name) if name}
#: Words in capitals that Chinese has words for.
TRANSLATED = frozenset({"CDR", "CDRs", "SMS", "API", "X", "e.g", "PrivateNumber"})
#: Names of parts that are plain English words, too, so that their form does not show it.
PLAIN_NAMES = frozenset({"realm", "nonce", "sessionid", "callin", "callout", "numStatus", "app_key"})

#: Latin words that Chinese has where English has another one: roles and modes are named in full.
ALLOWED = frozenset({"x", "id", "n", "faq", "privatenumber", "numstatu", "callin"})
#: A Latin stop beside a Chinese sign, or a blank between two of them.
LATIN_STOPS = re.compile(r"[\u4e00-\u9fff][,;:?!(]|[,;?!)][\u4e00-\u9fff]|[\u4e00-\u9fff，。；：] [\u4e00-\u9fff]")


def names(text: str) -> set[str]:
    """Names of fields, codes, rules and files in a text."""
    found = {word for word in WORD.findall(text) if NAME.fullmatch(word) or word in PLAIN_NAMES}
    return found - TRANSLATED


def numbers(text: str) -> set[str]:
    """Numbers in figures, with months before a year as numbers."""
    dated = re.sub(rf"\b({'|'.join(MONTHS)})(?= \d{{4}})", lambda month: str(MONTHS[month[0]]), text)
    return set(NUMBER.findall(dated))


def words(text: str) -> set[str]:
    """Latin words in small letters, without the s of several."""
    return {word.lower().removesuffix("s") for word in WORD.findall(text)}


def pairs(file: str) -> Iterator[tuple[str, str, str, str]]:
    """Each text of a table in both languages, with its place and its column."""
    for place, english in i18n.english_texts(file).items():
        own = i18n.own_texts("zh", file)[place]
        yield from ((" ".join(place), field, text, own[field]) for field, text in english.items())


def test_nothing_is_missing_stale_or_left_over() -> None:
    """Whoever changes an English text changes the Chinese one and its digest."""
    assert [f"{gap.file}: {gap.name}: {gap.kind}; of = {gap.now}" for gap in i18n.gaps("zh")] == [], MENDED


def test_every_file_belongs_to_a_table() -> None:
    """And every table has a file."""
    folder = i18n._ROOT / "zh"
    assert {path.relative_to(folder).as_posix() for path in folder.rglob("*.toml")} == {*i18n.TEXTS, "terms.toml"}
    assert i18n.TEXTS.keys() <= contents().keys()


@pytest.mark.parametrize("file", FILES)
def test_both_languages_name_the_same_things(file: str) -> None:
    """Placeholders, numbers, fields, codes and ids; and no Latin word comes from nowhere."""
    wrong = [
        f"{place} {field}: {own}"
        for place, field, text, own in pairs(file)
        if set(PLACEHOLDER.findall(own)) != set(PLACEHOLDER.findall(text))
        or numbers(own) != numbers(text)
        or not names(text) <= set(WORD.findall(own))
        or words(own) - words(text) - ALLOWED
    ]
    assert wrong == []


@pytest.mark.parametrize("file", FILES)
def test_the_words_of_the_glossary_are_kept(file: str) -> None:
    """Where English has a term, Chinese has one of its words; what the platform prints is no term."""
    terms = sorted(i18n.terms("zh").items(), key=lambda each: -len(each[0]))
    wrong = []
    for place, field, text, own in pairs(file):
        rest = re.sub(r"(?<!\w)'[^']*'", "", text)
        for term, chinese in terms:
            found = re.compile(rf"(?<![\w./-]){re.escape(term)}s?(?!\w|[./=-]\w)")
            if found.search(rest) and not any(word in own for word in chinese):
                wrong.append(f"{place} {field}: {term}: {own}")
            rest = found.sub("", rest)
    assert wrong == []


@pytest.mark.parametrize("file", FILES)
def test_sentences_are_chinese(file: str) -> None:
    """With Chinese stops and commas, no blank between Chinese signs, and an end where English has one."""
    wrong = [
        f"{place} {field}: {own}"
        for place, field, text, own in pairs(file)
        if own != own.strip()
        or LATIN_STOPS.search(own)
        or (field in ("text", "why", "also", "advice") and own.endswith("。") != text.endswith((".", ".'")))
    ]
    assert wrong == []


def test_rules_differ_in_words_alone() -> None:
    """Ids, levels and sources are those of the English rules."""
    english, chinese = contracts.every_rule(), contracts.in_language("zh").every_rule()
    assert english.keys() == chinese.keys()
    for id_, rule in english.items():
        own = chinese[id_]
        assert (own.level, own.basis, own.source, own.codes) == (rule.level, rule.basis, rule.source, rule.codes)
        assert own.text != rule.text, id_
        assert "{" not in own.title, id_


def test_english_is_the_contract_itself() -> None:
    """Nothing is read for it."""
    english = contracts.in_language("en")
    assert english.requirements() is contracts.requirements()
    assert english.assumptions() is contracts.assumptions()
    assert english.control_rules() == contracts.control_rules()


@pytest.mark.parametrize(
    "table",
    [
        "requirements", "receiver_requirements", "assumptions", "variations", "untested", "reserved", "result_codes",
        "release_causes", "q850", "remarks", "faults", "operations", "callbacks", "control_operations", "control_rules",
        "harms",
        "capabilities",
        "plane_operations",
        "plane_rules",
    ],
)  # fmt: skip
def test_each_table_has_the_keys_of_the_english_one(table: str) -> None:
    """In the same order."""
    own = {"receiver_requirements": contracts.receiver_requirements, "remarks": contracts.remarks}
    english = own.get(table) or getattr(contracts, table)
    assert list(getattr(contracts.in_language("zh"), table)()) == list(english())


def test_another_language_is_told() -> None:
    """With those that there are."""
    with pytest.raises(contracts.UnknownName, match="unknown language 'fr'; there are: en, zh"):
        contracts.in_language("fr")


def test_an_open_point_has_both_values() -> None:
    """Ours and the others."""
    rule = contracts.in_language("zh").requirements()["AXB-OPEN-002"]
    assert rule.title == "未定：axb.a_equals_b"
    assert rule.text.endswith("我方取值：'1010002'；其他合法取值：'1012010'。")


def test_a_stale_text_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """The English that has changed is shown in its place, and the gap is listed."""
    table = _toml("untested.toml")
    table["COM-FACT-001"]["text"] = "Customers reach the platform by HTTPS 2 only."
    monkeypatch.setattr(i18n, "_toml", lambda _: copy.deepcopy(table))
    monkeypatch.setattr(i18n, "TEXTS", {"untested.toml": i18n.TEXTS["untested.toml"]})
    assert i18n.worded_table("zh", "untested.toml")["COM-FACT-001"]["text"] == table["COM-FACT-001"]["text"]
    (gap,) = i18n.gaps("zh")
    assert (gap.name, gap.kind) == ("COM-FACT-001", "stale")


def test_gaps_of_all_kinds_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Missing, stale, incomplete and left over."""
    english = {"A": {"title": "a", "text": "b"}, "B": {"title": "a", "text": "b"}, "C": {"title": "a", "text": "b"}}
    of = i18n.digest(english["A"])
    own = {("B",): {"title": "甲", "of": of}, ("C",): {"title": "甲", "text": "乙", "of": "0"}, ("D",): {"of": of}}
    monkeypatch.setattr(i18n, "TEXTS", {"untested.toml": ("title", "text")})
    monkeypatch.setattr(i18n, "_toml", lambda _: english)
    monkeypatch.setattr(i18n, "own_texts", lambda *_: own)
    assert {gap.name: gap.kind for gap in i18n.gaps("zh")} == {
        "A": "missing", "B": "incomplete", "C": "stale", "D": "left over",
    }  # fmt: skip


def test_a_start_reads_no_translation() -> None:
    """Importing the contract, and reading all of its files, touches none."""
    script = (
        "import sys; from privnum import contracts; contracts.read_files(); "
        "print([name for name in sys.modules if 'i18n' in name or '_localized' in name])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
    assert not [name for name in contents() if name.startswith("i18n/")]


def test_the_list_of_gaps_is_a_command() -> None:
    """Status 0 where there is none."""
    done = subprocess.run([sys.executable, "-m", "privnum.contracts.i18n"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
