"""`privnum rules`: a rule by id or words, its source and its places.

And every id of a kind.

Facts that no check can check (contracts/untested.toml) are found beside the rules, with the reason.
"""

from __future__ import annotations

import math
import re
import sys
from collections import Counter
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from privnum import contracts
from privnum.ends import report_problem
from privnum.options import OptionParser, add_language
from privnum.words import language, say
from privnum.words.layout import pad_text, wrapped_lines
from privnum.words.stems import SHORTEST, fits, is_spoken_of, known_beginning, parts_of, stem_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from importlib.resources.abc import Traversable

    from privnum.contracts._localized import Localized

__all__ = ["LISTS", "Rule", "find", "places", "print_list", "rules_main", "show", "text_of", "unknown_id"]

#: What is found: a rule, or a fact that no check can check.
Rule = contracts.Requirement | contracts.Untested

#: Rules that are printed when words ask for them, the fittest first.
_SHOWN: Final = 5
_WIDTH: Final = 100
#: How an id of a rule is written, one of an operation, a message, an assumption or a variation, and a result code.
_RULE_ID: Final = re.compile(r"[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)+")
_DOTTED_ID: Final = re.compile(r"[a-z]\w*(?:[.][a-z]\w*)+")
_CODE: Final = re.compile(r"[0-9]{7}")
#: Rooms in which a rule is named, and what they do with it.
_ROOMS: Final = (
    ("suites/checks", "check"),
    ("suites/commands/check_receiver", "check"),
    ("suites/probes", "probe"),
    ("mockserver", "server"),
)
#: What an assumed rule counts for beside a documented one.
_ASSUMED: Final = 0.75


def rules_main(args: Sequence[str]) -> int:
    """Print rules, or every id of a kind; return the status."""
    parser = OptionParser(
        prog="privnum rules",
        description="Find rules by words, the fittest first: an id, a result code, a release cause, an operation, an "
        "assumption, a variation, or what they are about. Without a word: every rule, one a line.",
        epilog="status: 0 rules are printed; 1 none has such words; 2 an id that there is not, or bad usage",
        examples=("privnum rules call-back record expired", "privnum rules AXB-BIND-005", "privnum rules 1012010"),
        allow_abbrev=False,
    )
    parser.add_argument("words", nargs="*", metavar="WORD", help="as in: call-back record expired")
    parser.add_argument("--all", action="store_true", help="print every rule that fits, not the first few")
    parser.add_argument("--list", choices=LISTS, help="print every one of these, one a line, and what it is")
    add_language(parser)
    given = parser.parse_args(args)
    return show(given.words, everything=given.all) if given.list is None else print_list(given.list)


def show(words: Sequence[str], *, everything: bool = False) -> int:
    """Print the rules that words ask for. Status 1: no rule has one of them.

    2: an id that there is not.
    """
    if not words:
        return print_list("rules")
    others = {**_variations(), **_messages(), **_tables().plane_rules()}
    named = [(word, others[word]) for word in words if "." in word and word in others]
    if named:
        sys.stdout.write("".join(f"{name}  {text}\n" for name, text in named))
        return 0
    for word in words:
        unknown = unknown_id(word)
        if unknown is not None:
            report_problem("privnum rules", str(unknown))
            return 2
    found = find(words)
    if not found:
        told = say("no rule speaks of {words}; privnum rules lists every one", words=" ".join(words))
        report_problem("privnum rules", str(told))
        return 1
    strange = [word for word in words if not _is_held(word)]
    if strange:
        told = say("no rule has {words}; the other words are looked for", words=", ".join(strange))
        report_problem("privnum rules", str(told))
    shown = found if everything else found[:_SHOWN]
    left = len(found) - len(shown)
    more = say("{left} more fits less well: --all" if left == 1 else "{left} more fit less well: --all", left=left)
    sys.stdout.write("\n".join(map(text_of, shown)) + (f"\n{more}\n" if left else ""))
    return 0


def unknown_id(word: str) -> contracts.UnknownName | None:
    """Return what is wrong with a word that is written like an id and is none.

    An id of a rule (AXB-BIND-005), of a family (BIND-005), of an operation or a choice (axb.bind), or a result code.
    """
    rules = _rules()
    if word.lower().replace("-", "") in _whole_vocabulary():
        return None
    if _RULE_ID.fullmatch(word) or (_RULE_ID.fullmatch(word.upper()) and word[-1].isdigit()):
        ids = {id_ for known in rules for id_ in (known, known.partition("-")[2])}
        return None if word.upper() in ids else contracts.UnknownName("rule", word.upper(), sorted(ids))
    if _DOTTED_ID.fullmatch(word):
        ids = {
            *contracts.assumptions(),
            *contracts.operations(),
            *_variations(),
            *_messages(),
            *contracts.plane_rules(),
        }
        return None if word in ids else contracts.UnknownName("id", word, sorted(ids))
    if _CODE.fullmatch(word):
        codes = {code.code for code in contracts.result_codes().values()}
        return None if word in codes else contracts.UnknownName("result code", word, sorted(codes))
    return None


def print_list(kind: str) -> int:
    """Print every id of a kind (LISTS), one a line, with what it is."""
    found = LISTS[kind]()
    width = max(map(len, found)) + 2
    sys.stdout.write("".join(f"{id_:<{width}}{text}\n" for id_, text in found.items()))
    return 0


def _tables() -> Localized:
    """The contract in the language that is spoken."""
    return contracts.in_language(language())


def _every_rule() -> dict[str, str]:
    return {id_: f"{pad_text(say(rule.basis), 12)}{rule.title}" for id_, rule in _rules().items()}


def _assumptions() -> dict[str, str]:
    """What is open, with our choice and the others."""
    return {
        id_: f"{each.text} "
        + say(
            "Ours: {value}; also legal: {others}",
            value=each.value,
            others=", ".join(map(str, each.choices)) or say("nothing else"),
        )
        for id_, each in _tables().assumptions().items()
    }


def _variations() -> dict[str, str]:
    return {id_: each.text for id_, each in _tables().variations().items()}


def _operations() -> dict[str, str]:
    """The API of the platform."""
    return {id_: f"{each.method} {each.path}  {each.title}" for id_, each in _tables().operations().items()}


def _messages() -> dict[str, str]:
    """The messages of the control plane, those of the driver protocol first.

    The path of each message and the members of its body.
    """
    found = {}
    for id_, each in _tables().plane_operations().items():
        members = ", ".join(contracts.schema(each.body).get("properties", ())) if each.body else ""
        found[id_] = f"{each.method} {each.path}  {each.title}" + (f": {{{members}}}" if members else "")
    return found


#: What `--list` takes, and what makes that list.
LISTS: Final[Mapping[str, Callable[[], dict[str, str]]]] = {
    "rules": _every_rule,
    "assumptions": _assumptions,
    "variations": _variations,
    "operations": _operations,
    "codes": lambda: {key: code.text for key, code in _tables().result_codes().items()},
    "faults": lambda: {key: fault.text for key, fault in _tables().faults().items()},
    "messages": lambda: _messages() | dict(_tables().plane_rules()),
}


def _rules() -> dict[str, Rule]:
    return {**_tables().every_rule(), **_tables().untested()}


def find(words: Sequence[str]) -> list[Rule]:
    """The rules that have one of the words, the best fit first.

    Those with the most and the rarest; only that of an id that is named.

    CDR-006 names that rule of every mode.
    Words fit by their beginning, without their ending: expired fits expires and expiry. A word that fits nothing is
    shortened until it does. Chinese words fit by two signs in a row, in any language.
    """
    rules = _rules()
    named = [rules[id_] for word in words for id_ in rules if word.upper() in {id_, id_.partition("-")[2]}]
    if named:
        return named
    tables = [contracts.in_language(name) for name in _languages(words)]
    held = {id_: set().union(*(_vocabulary(id_, each) for each in tables)) for id_ in rules}
    known = set().union(*held.values())
    words = [word for word in words if is_spoken_of(word, known)]
    wanted = list(dict.fromkeys(known_beginning(stem_of(part), known) for word in words for part in parts_of(word)))
    hits = {id_: {stem for stem in wanted if any(fits(stem, word) for word in words_)} for id_, words_ in held.items()}
    often = Counter(stem for found in hits.values() for stem in found)
    # A rule counts by the words it has; the title, which says what it is about, counts again.
    worth = {stem: math.log(1 + len(rules) / count) for stem, count in often.items()}

    def score(id_: str) -> float:
        title = list(parts_of(rules[id_].title))
        again = sum(worth[stem] for stem in hits[id_] if any(fits(stem, word) for word in title))
        weight = _ASSUMED if rules[id_].basis == "assumed" else 1.0
        return weight * (sum(worth[stem] for stem in hits[id_]) + again / 2)

    best = sorted((id_ for id_ in rules if hits[id_]), key=lambda id_: -score(id_))
    least = score(best[0]) / 2 if best else 0.0
    return [rules[id_] for id_ in best if score(id_) >= least]


def text_of(rule: Rule) -> str:
    """A rule for people.

    What it says, how sure that is, where it stands, and where it is checked and kept.
    """
    if isinstance(rule, contracts.Untested):
        rows = [("fact", rule.text), ("no check", say("{reason}: {why}", reason=say(rule.reason), why=rule.why))]
        level = "untested"
    else:
        rows = list(_rule_rows(rule))
        level = rule.level
    rows += [("source", _source(key)) for key in rule.source]
    rows += places(rule)
    standing = say("({level}, {basis})", level=say(level), basis=say(rule.basis))
    lines = [f"{rule.id}  {rule.title}  {standing}"]
    for label, text in rows:
        lines += wrapped_lines(text, _WIDTH, first=f"  {pad_text(say(label), 11)}", rest=" " * 13)
    return "\n".join(lines) + "\n"


def _meant_codes(code: str, text: str) -> list[contracts.ResultCode]:
    """Return the result codes of a number, or the one with the status named."""
    every = [result for result in _tables().result_codes().values() if result.code == code]
    return [result for result in every if f"{result.http}/{code}" in text] or every


def _rule_rows(rule: contracts.Requirement) -> Iterator[tuple[str, str]]:
    """What a rule says, or the open point that it stands for.

    Its codes and causes in words.
    """
    tables = _tables()
    if rule.assumption:
        assumption = tables.assumptions()[rule.assumption]
        yield "open", assumption.text
        yield "ours", say("{reason}: {why}", reason=assumption.value, why=assumption.why)
        yield "also legal", ", ".join(str(value) for value in assumption.choices)
    else:
        yield "rule", rule.text
    for code in rule.codes:
        yield from (("code", f"{result.code}  {_code_text(result)}") for result in _meant_codes(code, rule.text))
    causes = tables.release_causes()
    yield from (("cause", f"{cause}  {causes[cause].meaning}") for cause in rule.causes if cause in causes)


def _code_text(result: contracts.ResultCode) -> str:
    """The text of a result code as the platform prints it.

    What it says in the language, too, where that is another.
    """
    printed = contracts.result_codes()[result.key].text
    return printed if printed == result.text else f"{printed}（{result.text.removesuffix('。')}）"


def places(rule: Rule) -> Iterator[tuple[str, str]]:
    """Where checks, probes and the server name a rule, as file:line.

    With which of them; an assumption by its name too.
    """
    assumption = rule.assumption if isinstance(rule, contracts.Requirement) else None
    names = [f'"{name}"' for name in (rule.id, assumption) if name]
    #: A check of all modes names the family.
    family = f'"{rule.id.partition("-")[2]}"'
    for room, use in _ROOMS:
        wanted = [*names, family] if use == "check" else names
        if use == "server":  # its docstrings and comments say, too, which rule they keep
            wanted = [*names, rule.id]
        for path, text in _modules(room):
            found = [place for name in wanted if (place := text.find(name)) >= 0]
            if found:
                yield use, f"{path}:{text.count(chr(10), 0, min(found)) + 1}"


@cache
def _modules(room: str) -> list[tuple[str, str]]:
    """Every module of a room, by path, as a text that may name a rule."""
    return list(_sources_of(files("privnum").joinpath(room), room))


def _sources_of(folder: Traversable, name: str) -> Iterator[tuple[str, str]]:
    if not folder.is_dir():
        return
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from _sources_of(entry, f"{name}/{entry.name}")
        elif entry.name.endswith(".py"):
            yield f"{name}/{entry.name}", entry.read_text(encoding="utf-8")


def _source(key: str) -> str:
    name, _, date = key.partition("@")
    source = contracts.sources()[name]
    return " ".join(part for part in (source.title, f"({date})" if date else "", source.url or "") if part)


def _languages(words: Sequence[str]) -> list[str]:
    """The languages whose words are looked at.

    English, that of the reader, and that of the question.
    """
    asked = ["zh"] if any(not word.isascii() for word in words) else []
    return list(dict.fromkeys(["en", language(), *asked]))


def _vocabulary(id_: str, tables: Localized) -> set[str]:
    rule = tables.untested().get(id_) or tables.every_rule()[id_]
    return {part for text in _texts(rule, tables) for part in parts_of(text)}


def _texts(rule: Rule, tables: Localized) -> Iterator[str]:
    yield from (rule.id, rule.title, rule.text)
    if isinstance(rule, contracts.Untested):
        yield rule.reason
        return
    causes = tables.release_causes()
    yield from (*rule.operations, *rule.codes, *map(str, rule.causes))
    yield from (causes[cause].meaning for cause in rule.causes if cause in causes)
    if rule.assumption:
        yield from (rule.assumption, tables.assumptions()[rule.assumption].why)


@cache
def _whole_vocabulary() -> frozenset[str]:
    """Every English word of every rule."""
    english = contracts.in_language("en")
    return frozenset().union(*(_vocabulary(id_, english) for id_ in _rules()))


def _is_held(word: str) -> bool:
    """Whether a rule has a word or its beginning; of a short one: yes."""
    parts = list(parts_of(word)) if word.isascii() else []
    known = _whole_vocabulary()
    stems = (known_beginning(stem_of(part), known) for part in parts if len(part) >= SHORTEST)
    return all(any(fits(stem, other) for other in known) for stem in stems)
