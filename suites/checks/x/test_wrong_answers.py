"""Answers with one thing wrong end the call, and only that one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.checks.assertions import claim_put_through
from privnum.suites.checks.x.invalid_answers import WRONG_ANSWERS, WrongAnswer, with_callee
from privnum.suites.checks.x.scenarios import answered_with, claim_refused, connect
from privnum.suites.runner.check import check

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.suites.runner.context import CheckContext

WRONG = 8014


def _is_refused(rule: str) -> Callable[..., None]:
    rows = [row for row in WRONG_ANSWERS if row.rule == rule]

    @check(rule, "X-CALL-104")
    @pytest.mark.parametrize("row", rows, ids=str)
    def check_refusal(context: CheckContext, row: WrongAnswer) -> None:
        """A call with such an answer reaches nobody.

        One with a good answer reaches its callee afterwards.
        """
        caller, callee = context.user(), context.user()
        answer: Any = with_callee(row.answer, callee)
        call = answered_with(context, answer, caller=caller)
        causes = (WRONG,) if row.names_cause else ()
        claim_refused(context, rule, call, f"an answer with {row.name}", *causes)
        call = answered_with(context, connect(callee), caller=caller)
        claim_put_through(context, "X-CALL-104", call, callee)

    return check_refusal


test_wrong_parameters = _is_refused("X-CALL-110")
test_no_callee = _is_refused("X-CALL-111")
test_chinese_user_data = _is_refused("X-CALL-112")
test_no_json = _is_refused("X-CALL-113")
LIMITS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("maxDuration 0", {"maxDuration": 0}),
    ("maxDuration 1440", {"maxDuration": 1440}),
    ("userData of 256", {"userData": "d" * 256}),
    ("an empty userData", {"userData": ""}),
    ("recordFlag false", {"recordFlag": "false"}),
)


@check("X-CALL-104")
@pytest.mark.parametrize("fields", [fields for _, fields in LIMITS], ids=[name for name, _ in LIMITS])
def test_what_is_still_right(context: CheckContext, fields: dict[str, Any]) -> None:
    """The ends of each range are no fault."""
    callee = context.user()
    claim_put_through(context, "X-CALL-104", answered_with(context, connect(callee, **fields)), callee)
