"""The target's choice at each assumption.

As it is declared, or as a probe finds out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from privnum import contracts
from privnum.suites.base.claims import Stopped
from privnum.suites.runner.definitions import Check

if TYPE_CHECKING:
    from collections.abc import Iterable

    from privnum.suites.runner.definitions import Probe
    from privnum.suites.runner.session import Session
    from privnum.suites.runner.shared_findings import SharedFindings

__all__ = ["Choices", "Findings", "Unsettled"]


class Findings:
    """The choices of one run. `known` are those that are declared.

    By target.toml, or by the world itself.
    """

    def __init__(self, session: Session, known: Mapping[str, contracts.Value], probes: Mapping[str, Probe]) -> None:
        self._session = session
        self.probes = probes
        self.known = dict(known)
        self._found: dict[str, contracts.Value] = {}
        self._tried: set[str] = set()
        self._probing = False
        self.shared: SharedFindings | None = None
        """Where several processes check: what each of them has found out."""
        self._assumptions: dict[str, contracts.Value] | None = None
        self._unsettled: frozenset[str] | None = None

    @property
    def assumptions(self) -> Mapping[str, contracts.Value]:
        """The choice at every assumption, as far as it is known now.

        Declared, else found out, else the default.
        """
        if self._assumptions is None:
            self._assumptions = contracts.assumption_values() | self._found | self.known
        return self._assumptions

    @property
    def unsettled(self) -> frozenset[str]:
        """Assumptions whose choice is neither declared nor found out so far."""
        if self._unsettled is None:
            self._unsettled = frozenset(contracts.assumptions().keys() - self._found.keys() - self.known.keys())
        return self._unsettled

    def know(self, assumptions: Mapping[str, contracts.Value]) -> None:
        """Take from the world the choices that no probe can find out."""
        for id_, assumption in contracts.assumptions().items():
            if assumption.settled == "declared" and id_ in assumptions:
                self.known.setdefault(id_, assumptions[id_])
        self._forget()

    @contextmanager
    def probing(self, assumption: str) -> Iterator[None]:
        """While a probe runs, it sees the choices that are known so far."""
        self._tried.add(assumption)
        before, self._probing = self._probing, True
        try:
            yield
        finally:
            self._probing = before

    def settle(self, assumption: str, observed: contracts.Value) -> bool:
        """Take what a probe saw for the choice.

        False where it is none that the contract knows.
        """
        try:
            legal = contracts.assumption_values(overrides={assumption: observed})
        except contracts.ContractError:
            return False
        self._found[assumption] = legal[assumption]
        self._forget()
        if self.shared is not None:
            self.shared.add(assumption, legal[assumption])
        return True

    def _take_over(self) -> None:
        """Take what other processes have found out in the meantime."""
        news = {} if self.shared is None else self.shared.news()
        new = {assumption: choice for assumption, choice in news.items() if assumption not in self._tried}
        if new:
            self._tried |= new.keys()
            self._found |= new
            self._forget()
            self._catch_up()

    def _forget(self) -> None:
        """What was worked out from the choices has to be worked out anew."""
        self._assumptions = None
        self._unsettled = None
        self._session.forget()

    def find(self, assumption: str) -> None:
        """Run the probe of an assumption, unless it has run or runs now.

        Where worlds cannot be made it would be in the way of what runs: there all run at once, and none in another.
        """
        if assumption in self._tried or assumption in self.known or assumption not in self._all_probes():
            return
        if not self._session.owns_worlds:
            self.find_rest()
            return
        self._take_over()
        if assumption in self._tried:
            return
        self._probe_quietly(self.probes[assumption])
        self._catch_up()

    def _all_probes(self) -> Mapping[str, Probe]:
        if not self.probes:
            raise RuntimeError("no probes are registered: import privnum.suites.probes before a session needs them")
        return self.probes

    def find_rest(self) -> None:
        """Run the probes that were left out so far, unless one runs now.

        What is known already needs none.
        """
        self._all_probes()
        if self._probing or len(self._tried) >= len(self.probes):
            return
        self._take_over()
        self._tried |= self.probes.keys() & self.known.keys()
        for probe in self.probes.values():
            if probe.assumption not in self._tried:
                self._probe_quietly(probe)
        self._catch_up()

    def _catch_up(self) -> None:
        for environment in self._session.grounds:
            environment.catch_up()

    def _probe_quietly(self, probe: Probe) -> None:
        """For runs of a part of the suites.

        What cannot be found out stays unsettled, without a message.
        """
        from privnum.suites.runner.context import CheckContext

        with self.probing(probe.assumption):
            requirement = contracts.assumptions()[probe.assumption].requirement
            if self._session.missing(Check((requirement,), probe.needs, disruptive=False)) is not None:
                return
            context = CheckContext(self._session, f"probe {probe.assumption}")
            try:
                self.settle(probe.assumption, probe.find(context.open()))
            except (Exception, Stopped):
                return
            finally:
                with suppress(Exception, Stopped):
                    context.close()


class Choices(Mapping[str, "contracts.Value"]):
    """The choice at every assumption, found out when it is asked for.

    Declared, else found by its probe, else the default.
    """

    def __init__(self, findings: Findings) -> None:
        self._findings = findings

    def __getitem__(self, assumption: str) -> contracts.Value:
        self._findings.find(assumption)
        return self._findings.assumptions[assumption]

    def __iter__(self) -> Iterator[str]:
        self._findings.find_rest()
        return iter(self._findings.assumptions)

    def __len__(self) -> int:
        return len(self._findings.assumptions)


class Unsettled(Set[str]):
    """Assumptions whose choice is neither declared nor found out.

    Whether one is among them is found out when it is asked for.
    """

    def __init__(self, findings: Findings) -> None:
        self._findings = findings

    @classmethod
    def _from_iterable(cls, it: Iterable[str]) -> frozenset[str]:  # type: ignore[override]
        """See Set: what is made of it, with - or |, is a plain set."""
        return frozenset(it)

    def __contains__(self, assumption: object) -> bool:
        if isinstance(assumption, str):
            self._findings.find(assumption)
        return assumption in self._findings.unsettled

    def __iter__(self) -> Iterator[str]:
        self._findings.find_rest()
        return iter(self._findings.unsettled)

    def __len__(self) -> int:
        self._findings.find_rest()
        return len(self._findings.unsettled)
