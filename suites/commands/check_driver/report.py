"""What came of the trial of a driver, and how it is reported.

On a screen, as JSON, as an exit status.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from privnum import contracts
from privnum.suites.base.printing import plural

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["Finding", "Row", "Sheet"]

Outcome = Literal["ok", "misbehaves", "missing", "not_used", "not_tried"]

_WORDS: dict[Outcome, str] = {
    "ok": "ok",
    "misbehaves": "misbehaves",
    "missing": "missing",
    "not_used": "not used",
    "not_tried": "not tried",
}
_LOST = {
    "worlds": "checks share the applications and users of target.toml",
    "reset": "nothing: no check asks for it yet",
    "clock": "what takes time",
    "calls": "all about calls, call events and CDRs",
    "unregistered_callees": "how a call ends whose callee is in no register of actual users",
    "pushes": "whether a push that did not come is still due",
    "application_settings": "what depends on settings; the push addresses of the platform cannot be set",
    "number_status": "suspended and frozen X numbers, and what is pushed of them",
    "sms": "all about SMS",
    "journal": "nothing: no check asks for it yet",
    "faults": "nothing: what a fault makes of an answer is no evidence",
    "bindings": "nothing: no check asks for it yet",
    "resend": "nothing: no check asks for it yet",
    "trigger": "nothing: no check asks for it yet",
    "callin_answer": "all about calls of X mode",
    "home_areas": "the area match by a user's home",
    "assumptions": "nothing: probes find out what the target does",
}
"""What cannot be checked without a capability."""
_SHOWN = 3
"""Faults of one operation that are shown on the screen."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was wrong.

    `said_by` is a rule of driver.toml ("rule clock.advance") or a schema.
    """

    sent: str
    came: str
    right: str
    said_by: str


@dataclass(slots=True)
class Row:
    """One operation: whether it was tried in earnest, and if not, why.

    `tried` and `reason`.
    """

    id: str
    missing: bool
    tried: bool = False
    used: bool = True
    reason: str | None = None
    findings: list[Finding] = field(default_factory=list)

    @property
    def outcome(self) -> Outcome:
        """In a word."""
        if self.missing:
            return "missing"
        if self.findings:
            return "misbehaves"
        if self.tried:
            return "ok"
        return "not_tried" if self.used else "not_used"


class Sheet:
    """A row for each operation of the protocol; everything is masked."""

    def __init__(self, target: str, driver: str) -> None:
        self.target = target
        self.driver = driver
        self.modes: list[str] = []
        self.claimed: frozenset[str] = frozenset()
        self.notes: list[str] = []
        self.rows = {id_: Row(id_, missing=False) for id_ in contracts.control_operations()}

    def claim(self, modes: Iterable[str], capabilities: Iterable[str]) -> None:
        """What the driver says of itself."""
        self.modes = list(modes)
        self.claimed = frozenset(capabilities) & contracts.capabilities().keys()
        for id_, operation in contracts.control_operations().items():
            self.rows[id_].missing = operation.capability is not None and operation.capability not in self.claimed

    def has(self, operation: str) -> bool:
        """Whether the driver claims to have the operation."""
        return not self.rows[operation].missing

    def wrong(self, operation: str, sent: str, came: str, right: str, said_by: str) -> None:
        """Take note of a fault; the same one is reported once."""
        finding = Finding(*(contracts.mask(text) for text in (sent, came, right, said_by)))
        row = self.rows[operation]
        if all((finding.right, finding.said_by) != (known.right, known.said_by) for known in row.findings):
            row.findings.append(finding)

    def skip(self, reason: str, *operations: str, used: bool = True) -> None:
        """These were not tried, and why; what was tried all the same stays so."""
        for id_ in operations:
            if self.rows[id_].reason is None and not self.rows[id_].tried:
                self.rows[id_].reason = reason
                self.rows[id_].used = used

    @property
    def status(self) -> int:
        """1: something misbehaves. 2.

        Something that is claimed could not be tried. 0: neither.
        """
        outcomes = {row.outcome for row in self.rows.values()}
        return 1 if "misbehaves" in outcomes else 2 if "not_tried" in outcomes else 0

    def missing(self) -> list[dict[str, Any]]:
        """Capabilities that the driver does not claim, and what each costs."""
        rules = contracts.requirements().values()
        return [
            {"capability": word, "lost": _LOST[word], "requirements": sum(word in rule.needs for rule in rules)}
            for word in contracts.capabilities()
            if word not in self.claimed
        ]

    def as_json(self) -> dict[str, Any]:
        """As the schema report/driver has it."""
        operations = [
            {
                "id": row.id,
                "outcome": row.outcome,
                "reason": None if row.tried or row.missing else row.reason,
                "findings": [asdict(finding) for finding in row.findings],
            }
            for row in self.rows.values()
        ]
        return {
            "target": self.target,
            "driver": self.driver,
            "modes": self.modes,
            "capabilities": sorted(self.claimed),
            "missing": self.missing(),
            "operations": operations,
            "notes": self.notes,
            "status": self.status,
        }

    def lines(self) -> Iterator[str]:
        """For a screen."""
        yield f"driver of {self.target}: {self.driver}, modes {', '.join(self.modes) or 'none'}"
        said: set[str] = set()
        for row in self.rows.values():
            note = f": {row.reason}" if row.reason and row.outcome in ("not_used", "not_tried") else ""
            yield f"  {row.id:<20} {_WORDS[row.outcome]}{note}"
            for finding in row.findings[:_SHOWN]:
                yield from _lines_of(finding, again=finding.right in said and finding.said_by != "rule reply")
                said.add(finding.right)
            if len(row.findings) > _SHOWN:
                yield f"      and {len(row.findings) - _SHOWN} more; --json has them all"
        missing = self.missing()
        if missing:
            yield ""
        for lack in missing:
            count = lack["requirements"]
            rules = f"{plural(count, 'rule')} not exercised"
            yield f"  without {lack['capability']:<21} {lack['lost']}" + (f" ({rules})" if count else "")
        yield ""
        yield from self.notes
        counts = Counter(row.outcome for row in self.rows.values())
        summary = ", ".join(f"{counts[outcome]} {word}" for outcome, word in _WORDS.items() if counts[outcome])
        yield f"{plural(len(self.rows), 'operation')}: {summary}"
        if self.status == 1:
            yield "privnum rules --list messages has every message and rule; docs/driver.md has examples."


def _lines_of(finding: Finding, *, again: bool) -> Iterator[str]:
    """In three lines.

    In one, where the same was said before of another operation.
    """
    if again:
        yield f"      too    {finding.sent} -> {finding.came[:40].strip()} ({finding.said_by})"
        return
    yield f"      sent   {finding.sent}"
    yield f"      came   {finding.came}"
    yield f"      right  {finding.right} ({finding.said_by})"
