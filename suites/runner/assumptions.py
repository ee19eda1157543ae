"""The target's choice at each assumption.

As it is declared, or as a probe finds out.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from privnum import contracts
from privnum.suites.base.claims import Stopped
from privnum.suites.runner.definitions import Check

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from privnum.suites.runner.definitions import Probe
    from privnum.suites.runner.session import Session

__all__ = ["Findings"]


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
        return True

    def _forget(self) -> None:
        """What was worked out from the choices has to be worked out anew."""
        self._assumptions = None
        self._unsettled = None
        self._session.forget()

    def find_rest(self) -> None:
        """Run the probes that were left out so far, unless one runs now.

        What is known already needs none.
        """
        if not self.probes:
            raise RuntimeError("no probes are registered: import privnum.suites.probes before a session needs them")
        if self._probing or len(self._tried) >= len(self.probes):
            return
        self._tried |= self.probes.keys() & self.known.keys()
        for probe in self.probes.values():
            if probe.assumption not in self._tried:
                self._probe_quietly(probe)
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
