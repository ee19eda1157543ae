"""Edits of the tables.

Each row left out, and each cell that decides something with another value.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from privnum.suites.mutation.data.model import Edit, table_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

__all__ = ["NOT_EDITED", "TABLES", "of_tables"]

SHARED = ("bindings", "calls", "common", "modes")
NOT_EDITED: Mapping[str, str] = {
    "assumptions.toml": "our choices: no source settles one, and `make specificity` runs every choice at each",
    "control.toml": "our own control plane; its tests hold it",
    "documents.toml": "our own files, of which the platform knows nothing",
    "driver.toml": "our own protocol; `privnum check-driver` and its tests hold it",
    "examples.toml": "made-up values for the OpenAPI document; a test holds each against its schema",
    "faults.toml": "words of our own protocol for what a stand-in is told to do wrong; tests of the server hold them",
    "flows.toml": "flows for the Arazzo document; a test goes through each on the embedded server",
    "harms.toml": "an order of ours, in which reports list failures",
    **dict.fromkeys(
        [f"requirements/{part}.toml" for part in ("ax", "axb", "axe", "axyb", "x", "sms", *SHARED)],
        "what the checks are about: sentences, and what they rest on",
    ),
    "requirements/receiver.toml": "what receivers are checked by, of which the platform knows nothing",
    "remarks.toml": "what our journal says of a request, and --strict refuses; tests of the journal hold it",
    "reserved.toml": "what nobody can see; `privnum coverage` fails where a reason does not hold",
    "sources.toml": "titles and addresses of pages",
    "untested.toml": "sentences: facts that no check can decide",
    "variations.toml": "what may be otherwise; `make specificity` runs each",
}
"""Files whose rows are not edited, with the reason."""

_OTHER_METHOD = {"POST": "PUT", "PUT": "PATCH", "DELETE": "POST", "GET": "POST"}
_OURS = "words of ours"
_CUT = "the ends of these code tables are in no public copy"
_WHOLE = ("axb.", "ax.bind", "common.")
"""Beginnings of the operations whose code tables are public as a whole."""
_WORDS = frozenset({"name", "title", "text", "source", "basis", "group"})
"""Columns that decide nothing: names and sentences of ours, and where a fact is from."""


def of_tables() -> Iterator[Edit]:
    """Every edit of every table."""
    for file, make in TABLES.items():
        yield from make(file, table_of(file))


def _edit(
    file: str, row: str, column: str, what: str, bend: Callable[[dict[str, Any]], object], basis: str, why: str = ""
) -> Edit:
    place = f"{row}.{column}" if column != "row" else row
    short = re.sub(r"[^A-Za-z0-9.+-]+", "_", what).strip("_")

    def bend_content(content: dict[str, Any]) -> None:
        bend(content)

    return Edit(f"{file}:{place}:{short}", file, f"{place}: {what}", bend_content, row, column, basis, why)


def _without(row: str, content: dict[str, Any]) -> None:
    del content[row]


def _set(row: str, column: str, value: Any, content: dict[str, Any]) -> None:
    content[row][column] = value


def _cell(file: str, row: str, column: str, value: Any, basis: str, why: str = "") -> Edit:
    shown = value if isinstance(value, str | int) else "shorter"
    return _edit(file, row, column, f"becomes {shown}", partial(_set, row, column, value), basis, why)


def _less(file: str, row: str, column: str, values: Sequence[str], basis: str, why: str = "") -> Iterator[Edit]:
    """A list without each of its elements."""
    for value in values:
        left = [other for other in values if other != value]
        yield _edit(file, row, column, f"without {value}", partial(_set, row, column, left), basis, why)


def _other_schema(name: str, rows: Mapping[str, Any], column: str) -> str:
    """What another row has in that column.

    A file that is there, and is the wrong one.
    """
    return next(str(row[column]) for row in rows.values() if column in row and row[column] != name)


def _operations(file: str, rows: dict[str, Any]) -> Iterator[Edit]:
    groups = rows.pop("code_groups")
    for row, cells in rows.items():
        basis = cells["basis"]
        yield _edit(file, row, "row", "left out", partial(_without, row), basis)
        yield _cell(file, row, "method", _OTHER_METHOD[cells["method"]], basis)
        version = re.sub(r"v\d", "v9", cells["path"])
        segment = re.sub(r"/([a-z]+)/v", lambda found: f"/{found[1]}s/v", cells["path"], flags=re.IGNORECASE)
        for path in (version, segment):
            yield _cell(file, row, "path", path, basis)
        yield _cell(file, row, "mode", "AX" if cells["mode"] != "AX" else "AXB", basis)
        if "success" in cells:
            yield _cell(file, row, "success", 200, basis)
        for column in ("query", "body", "response"):
            if column in cells:
                yield _cell(file, row, column, _other_schema(cells[column], rows, column), basis)
        cut = ("open", _CUT) if not row.startswith(_WHOLE) else (basis, "")
        yield from _less(file, row, "codes", cells["codes"], *cut)
        for edit in _less(file, row, "code_groups", cells["code_groups"], basis):
            is_open = row == "common.stop_call" and edit.id.endswith("application")
            yield replace(edit, basis="open", why="its page shows no row of status 403") if is_open else edit
    for name, codes in groups.items():
        for code in codes:
            left = [other for other in codes if other != code]
            open_code = code == "400/1023038"
            why = "printed on the page of another mode only" if open_code else ""
            yield _edit(
                file,
                "code_groups",
                name,
                f"without {code}",
                partial(_set, "code_groups", name, left),
                "open" if open_code else "documented",
                why,
            )


def _callbacks(file: str, rows: dict[str, Any]) -> Iterator[Edit]:
    for row, cells in rows.items():
        yield _edit(file, row, "row", "left out", partial(_without, row), cells["basis"])
        yield _cell(file, row, "method", _OTHER_METHOD[cells["method"]], cells["basis"])
        for column in ("mode", "kind", "schema", "setting"):
            yield _cell(file, row, column, _other_schema(cells[column], rows, column), cells["basis"])


def _result_codes(file: str, rows: dict[str, Any]) -> Iterator[Edit]:
    def move(row: str, to: str, content: dict[str, Any]) -> None:
        content[to] = content.pop(row)

    for row, cells in rows.items():
        status, _, code = row.partition("/")
        why = "" if cells["basis"] == "documented" else "the status, or the whole row, is our choice"
        basis = cells["basis"]
        found = ("open", "printed with a Chinese text only") if row == "400/1023038" else (basis, why)
        yield _edit(file, row, "row", "left out", partial(_without, row), basis, why)
        other = "400" if status == "403" else "403"
        yield _edit(file, row, "status", f"becomes {other}", partial(move, row, f"{other}/{code}"), basis, why)
        yield _cell(file, row, "text", "Another text.", *found)
        yield _cell(file, row, "limit", value=not cells.get("limit", False), basis=basis, why=why)


def _release_causes(file: str, rows: dict[str, Any]) -> Iterator[Edit]:
    for row, cells in rows.items():
        basis, tables = cells["basis"], cells["tables"]
        why = "" if basis == "documented" else "known from client programs only"
        cut = ("open", "the text is cut in every copy") if row in {"8017", "8031"} else (basis, why)
        yield _edit(file, row, "row", "left out", partial(_without, row), basis, why)
        yield from _less(file, row, "tables", tables, basis, why)
        meant = (basis, why) if "stateCode" in tables or "point" not in cells else ("open", _OURS)
        yield _cell(file, row, "meaning", "Something else", *(meant if "stateCode" in tables else cut))
        if "point" in cells:
            yield _cell(file, row, "point", "Something else", *cut)
        printed = (basis, why) if row == "0" else ("assumed", f"{_OURS}; an example prints that of 0 alone")
        yield _cell(file, row, "state_desc", "Something else.", *printed)
        yield _cell(file, row, "limit", value=not cells.get("limit", False), basis=basis, why=why)
        if "q850" in cells:
            yield _cell(file, row, "q850", 31, "assumed", "no page joins the table of causes with that of Q.850")
            yield _cell(file, row, "sip", 500, "open", "no page says which status of SIP a cause has")


def _q850(file: str, rows: dict[str, Any]) -> Iterator[Edit]:
    for number in rows["causes"]:
        drop = partial(_drop_in, "causes", number)
        yield _edit(file, f"causes.{number}", "row", "left out", drop, "documented")
        swap = partial(_set, "causes", number, "Something else")
        yield _edit(file, f"causes.{number}", "text", "becomes something else", swap, "documented")


def _drop_in(table: str, row: str, content: dict[str, Any]) -> None:
    del content[table][row]


def _areas(file: str, rows: dict[str, Any]) -> Iterator[Edit]:
    names = list(rows["provinces"])

    def take(province: str, code: str, to: str | None, content: dict[str, Any]) -> None:
        content["provinces"][province].remove(code)
        if to is not None:
            content["provinces"][to].append(code)

    for place, (province, codes) in enumerate(rows["provinces"].items()):
        other = names[(place + 1) % len(names)]
        for code in codes:
            yield _edit(file, code, "row", "left out", partial(take, province, code, None), "documented")
            yield _edit(file, code, "province", f"becomes {other}", partial(take, province, code, other), "documented")


def _editions(file: str, rows: dict[str, Any]) -> Iterator[Edit]:
    newest = next(iter(rows))
    for row, cells in rows.items():
        basis = "documented" if row == newest else "observed"
        why = "" if row == newest else "older generation: known from clients and blogs"
        for name, value in cells["limits"].items():
            for other in (value - 1, value + 1):
                limits = {**cells["limits"], name: other}
                yield _edit(file, row, name, f"becomes {other}", partial(_set, row, "limits", limits), basis, why)
        for name in cells["assumptions"]:
            left = {key: value for key, value in cells["assumptions"].items() if key != name}
            yield _edit(file, row, name, "left out", partial(_set, row, "assumptions", left), basis, why)


# ── patterns of numbers ──────────────────────────────────────────────────────────────────────────────────────────────


def _numbers(file: str, rows: dict[str, Any]) -> Iterator[Edit]:
    for row, cells in rows.items():
        yield _edit(file, row, "row", "left out", partial(_without, row), "documented")
        for what, pattern in _bent_patterns(cells["pattern"]):
            basis, why = _sureness(row, what)
            yield _edit(file, row, "pattern", what, partial(_set, row, "pattern", pattern), basis, why)


_OPEN_PATTERNS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "mobile": (("without 4 at", "without 6 at"), "no source says which digits stand behind the 1"),
    "fixed_line": (("without 6 at 12",), "026 is nobody's area code"),
}
"""Edits of the patterns that no source forbids: how they begin, and why."""


def _sureness(row: str, what: str) -> tuple[str, str]:
    beginnings, why = _OPEN_PATTERNS.get(row, ((), ""))
    return ("open", why) if what.startswith(beginnings) else ("documented", "")


def _bent_patterns(pattern: str) -> Iterator[tuple[str, str]]:
    """Each part of each pattern left out or changed by one.

    Digits of classes left out, counts higher and lower, alternatives left out.
    """
    for found in re.finditer(r"\[([0-9-]+)\]", pattern):
        digits = _digits_of(found[1])
        for digit in digits if len(digits) > 1 else ():
            left = "".join(other for other in digits if other != digit)
            yield f"without {digit} at {found.start()}", _replace_match(pattern, found, f"[{left}]")
    for found in re.finditer(r"\{(\d+)(?:,(\d+))?\}", pattern):
        low, high = int(found[1]), int(found[2] or found[1])
        for one, two in ((low - 1, high), (low + 1, high), (low, high - 1), (low, high + 1)):
            if one <= two and one > 0:
                yield f"{one} to {two} at {found.start()}", _replace_match(pattern, found, f"{{{one},{two}}}")
    for found in re.finditer(r"(?<=[:|(])[^()|?]+(?=[|)])", pattern):
        yield f"no alternative {found[0]}", _replace_match(pattern, found, "#")


def _digits_of(text: str) -> str:
    spans = re.sub(r"(\d)-(\d)", lambda found: "".join(map(str, range(int(found[1]), int(found[2]) + 1))), text)
    return "".join(sorted(set(spans)))


def _replace_match(text: str, found: re.Match[str], by: str) -> str:
    return text[: found.start()] + by + text[found.end() :]


TABLES: Mapping[str, Callable[[str, dict[str, Any]], Iterator[Edit]]] = {
    "operations.toml": _operations,
    "callbacks.toml": _callbacks,
    "result_codes.toml": _result_codes,
    "release_causes.toml": _release_causes,
    "q850.toml": _q850,
    "numbers.toml": _numbers,
    "area_codes.toml": _areas,
    "editions.toml": _editions,
}
"""Files whose rows are edited, and what makes the edits."""
