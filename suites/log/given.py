"""Which Y the callers of an AXYB binding have.

Those that were bound, and those that their calls were given.
What A sees when somebody calls him stands in the CDR. From then on that is the Y of the caller, as long as ybDuration
of the bind of A says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.suites.log.choices import common_claims
from privnum.suites.oracle.calls import NEVER
from privnum.suites.oracle.types import Claim

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from privnum.suites.log.axyb import AxybReplay
    from privnum.suites.log.calls import Calls, Session, Shown
    from privnum.suites.log.versions import Version

__all__ = ["given_claims"]

_CLOSE = 2
"""Seconds before the end of a Y in which nothing is said of it."""


def given_claims(
    replay: AxybReplay, calls: Calls, session: Session, versions: Sequence[Version], *, exact: bool
) -> Iterator[tuple[Claim, list[int]]]:
    """The claims about one call by what A saw in it, and before it.

    Each with the entries that say why.
    """
    sub = versions[0].binding.subscription_id
    mine = [row for row in calls.shown.get(sub, ()) if row.session == session.id]
    at = mine[0].at if mine else session.at("callin")
    if at == NEVER:
        return
    before = [row for row in calls.shown.get(sub, ()) if row.at < at and replay.versions.about(sub, row.at, at)]
    worlds: list[list[Claim]] = []
    lines: list[int] = [version.line for version in versions]
    for version in versions:
        binding = version.binding
        given = [row for row in before if _is_given(binding, row) and _lives(binding, row, at, exact=exact)]
        lines += [row.line for row in given if {row.caller, row.display} & _numbers(session, mine)]
        claims = [claim for row in mine[:1] for claim in _display_claims(binding, row, given)]
        worlds.append([*claims, *_callee_claims(binding, session, given)])
    for claim in common_claims(worlds):
        yield claim, list(dict.fromkeys(lines))


def _numbers(session: Session, mine: Sequence[Shown]) -> set[str]:
    """The numbers of a call by which one before it may say something of it."""
    callin = session.info("callin") or {}
    return {str(callin.get("caller")), str(callin.get("called")), *(row.display for row in mine)}


def _is_given(binding: Any, row: Shown) -> bool:
    """Whether a call was one to X of somebody to whom no Y is bound."""
    return row.dialled == binding.x and row.caller != binding.a and binding.of_user(row.caller) is None


def _lives(binding: Any, row: Shown, at: int, *, exact: bool) -> bool:
    """Whether a Y that a call was given is surely the caller's still.

    One that ends may have been given by a call before, of which nothing was recorded.
    """
    lasts = binding.yb_seconds({})
    return not lasts or (exact and at < row.at + lasts - _CLOSE)


def _display_claims(binding: Any, row: Shown, given: Sequence[Shown]) -> Iterator[Claim]:
    """What the callee saw."""
    if row.caller == binding.a:
        if binding.of_number(row.dialled) is not None:
            text = f"fwdDisplayNum: B sees the X of the binding, {binding.x}; came {row.display}"
            yield Claim("AXYB-CDR-005", row.display == binding.x, text)
        return
    if row.dialled != binding.x:
        return
    bound = binding.of_user(row.caller)
    if bound is not None:
        text = f"fwdDisplayNum: A sees the Y of {row.caller}, {bound.y}; came {row.display}"
        yield Claim("AXYB-CDR-005", row.display == bound.y, text)
        return
    text = f"{row.caller} called X, and A saw {row.display}; a Y of the caller's is right"
    yield Claim("AXYB-CALL-103", row.display not in (binding.x, row.caller, binding.a), text)
    owner = binding.of_number(row.display)
    other = owner.b if owner else next((e.caller for e in given if e.display == row.display), row.caller)
    text = f"{row.caller} called X, and A saw {row.display}, which is the Y of {other}"
    yield Claim("AXYB-CALL-111", other == row.caller, text)
    for earlier in given:
        if earlier.caller == row.caller:
            text = f"{row.caller} was given the Y {earlier.display}, and A saw {row.display}"
            yield Claim("AXYB-CALL-105", row.display == earlier.display, text)


def _callee_claims(binding: Any, session: Session, given: Sequence[Shown]) -> Iterator[Claim]:
    """Whom A reaches by a Y that a caller was given."""
    callin, callout = session.info("callin") or {}, session.info("callout") or {}
    dialled, to = callin.get("called"), callout.get("called")
    owners = {row.caller for row in given if row.display == dialled}
    if callin.get("caller") == binding.a and to and len(owners) == 1 and binding.of_number(str(dialled)) is None:
        (owner,) = owners
        yield Claim("AXYB-CALL-103", to == owner, f"A called {dialled}, the Y of {owner}, and reached {to}")
