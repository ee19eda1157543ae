"""Modify: what changes, what stays, what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.suites.checks.assertions import UNKNOWN
from privnum.suites.checks.bindings.profiles import BINDINGS
from privnum.suites.runner.check import check_each_mode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum.suites.checks.bindings.profile import BindingProfile


@check_each_mode(BINDINGS, "MODIFY-001")
def test_modify_needs_a_selector(mode: BindingProfile) -> None:
    """A modify without what selects a binding is refused.

    Whatever else it names; it changes nothing.
    """
    binding = mode.bind_users()
    with mode.claim_unchanged("MODIFY-001", binding):
        for selector in mode.incomplete_for_modify(binding):
            answer = mode.ask("modify", body={**selector, **mode.change()})
            mode.claim_refused("MODIFY-001", answer, f"modify by {selector or 'nothing'}")


@check_each_mode(BINDINGS, "MODIFY-002")
def test_unknown_binding(mode: BindingProfile) -> None:
    """A modify of an unknown or unbound id is refused and revives nothing."""
    binding, other = mode.bind_users(), mode.bind_users()
    selectors: list[Mapping[str, str]] = [{"subscriptionId": UNKNOWN}, {"subscriptionId": other.sub}]
    if mode.modify_by_x:
        selectors.append(other.there)
    mode.succeeds("UNBIND-001", mode.unbind(subscriptionId=other.sub), "unbind")
    with mode.claim_unchanged("MODIFY-002", binding):
        for selector in selectors:
            answer = mode.ask("modify", body={**selector, **mode.change()})
            mode.claim_not_found("MODIFY-002", answer, f"modify by {selector} of nothing")
    mode.is_gone("MODIFY-002", other, "after the refused modify")


@check_each_mode(BINDINGS, "MODIFY-002", needs=("second_application",))
def test_a_binding_of_another_application(mode: BindingProfile) -> None:
    """A modify of another application's binding is refused.

    The binding stays as it was.
    """
    theirs = mode.bind_users(app=mode.side.second_app)
    with mode.claim_unchanged("MODIFY-002", theirs, app=mode.side.second_app):
        mode.claim_not_found("MODIFY-002", mode.modify(theirs.sub), "modify of a foreign id")


def changes_alone(mode: BindingProfile, settings: Mapping[str, Any]) -> None:
    """Bind with these settings and change one thing after the other.

    Claim that the rest stays, as it is shown.
    """
    binding = mode.bind_users(**settings)
    before = mode.info("MODIFY-006", binding)
    for change in mode.changes():
        answer = mode.modify(binding.sub, **change)
        mode.succeeds("MODIFY-006", answer, f"modify of {sorted(change)}")
        after = mode.info("MODIFY-006", binding)
        for name in {*settings, *mode.users} - {*change, *mode.counted_down}:
            message = f"modify of {sorted(change)} made {name} {after.get(name)!r}; it was {before.get(name)!r}"
            mode.claim("MODIFY-006", after.get(name) == before.get(name), message)
        before = after


@check_each_mode(BINDINGS, "MODIFY-006")
def test_absent_fields_stay(mode: BindingProfile) -> None:
    """A field that a modify does not carry keeps its value."""
    changes_alone(mode, mode.settings())


@check_each_mode(BINDINGS, "MODIFY-006", needs=("recording",))
def test_recording_and_tones_stay(mode: BindingProfile) -> None:
    """So do the flag of recording and the tones."""
    changes_alone(mode, mode.recording_fields())


@check_each_mode(BINDINGS, "MODIFY-010")
def test_x_stays(mode: BindingProfile) -> None:
    """After a modify of everything the binding keeps its id and X.

    It is known by what it was known by before.
    """
    binding = mode.bind_users(**mode.settings())
    everything = {name: value for change in mode.changes() for name, value in change.items()}
    mode.succeeds("MODIFY-010", mode.modify(binding.sub, **everything), "modify of everything")
    wanted = mode.fixed_fields(binding)
    for query in ({"subscriptionId": binding.sub}, binding.there):
        info = mode.info("MODIFY-010", binding, **query)
        came = {name: info.get(name) for name in wanted if name in mode.known_by or mode.is_shown(info, name)}
        ok = came == {name: wanted[name] for name in came}
        mode.claim("MODIFY-010", ok, f"a query by {sorted(query)}: expected {wanted}, came {came}")
    left = list(mode.left(binding))
    mode.claim("MODIFY-010", left == [binding.sub], f"expected {binding.sub} alone on X, came {left}")
