"""Empty texts in a body: the server and contracts.validate follow one rule (http.empty_text)."""

from __future__ import annotations

from typing import Any

import pytest

from privnum import contracts
from tests.mockserver.axb_rig import AxbRig
from tests.mockserver.axe_rig import AxeRig
from tests.mockserver.rig import A, B, Rig, X

PAIR = {"callerNum": A, "calleeNum": B, "relationNum": X}
AXB = [*contracts.schema("axb/bind.body")["properties"]]
AXE = [*contracts.schema("axe/bind.body")["properties"]]


def agrees(rig: Rig, operation: str, body: dict[str, Any], key: str) -> str:
    """Return the answer's text, where server and contract agree that the body is right, or that it is not."""
    assumptions = {"http.empty_text": rig.world.assumptions["http.empty_text"]}
    found = contracts.validate(operation, body=body, assumptions=assumptions)
    assert bool(found) == (key != "200/0"), found
    answer = rig.request("POST", path=contracts.operations()[operation].path, body=body)
    assert answer.key == key, answer
    return str(answer.body["resultdesc"])


@pytest.mark.parametrize("name", AXB)
@pytest.mark.parametrize("choice", ["absent", "1010002"])
def test_an_empty_text_of_axb_is_absent_or_refused(choice: str, name: str) -> None:
    """Tones and areaCode have an empty text by their pages: it is never refused; what is mandatory always is."""
    rig = AxbRig(assumptions={"http.empty_text": choice})
    mandatory, documented = name in ("callerNum", "calleeNum"), name in ("areaCode", "recordHintTone", "lastMinVoice")
    good = not mandatory and (choice == "absent" or documented)
    agrees(rig, "axb.bind", PAIR | {name: ""}, "200/0" if good else "403/1010002")


@pytest.mark.parametrize("name", AXE)
@pytest.mark.parametrize("choice", ["absent", "1010002"])
def test_an_empty_text_of_axe_is_absent_or_refused(choice: str, name: str) -> None:
    rig = AxeRig(assumptions={"http.empty_text": choice, "axe.bind_without_x": "any"})
    documented = name in ("virtualNum", "areaCode", "extendNum", "recordHintTone")
    good = name != "bindNum" and (choice == "absent" or documented)
    text = agrees(rig, "axe.bind", {"bindNum": A, "virtualNum": X, name: ""}, "200/0" if good else "403/1010002")
    assert good or name in text


def test_strictly_no_empty_text_is_right_that_the_pages_do_not_print() -> None:
    assert contracts.validate("axb.bind", body=PAIR | {"userData": ""}) == []
    assert contracts.validate("axb.bind", body=PAIR | {"userData": ""}, strict=True)
    assert contracts.validate("axb.bind", body=PAIR | {"lastMinVoice": ""}, strict=True) == []
