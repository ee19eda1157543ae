"""The fuzzer of `make fuzz` finds what it is there to find; a few inputs of each part on the way."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from privnum.mockserver.control.plane import Control
from privnum.mockserver.core import validation
from privnum.mockserver.http.posting import Poster
from privnum.mockserver.http.protocol import WireProtocol
from privnum.suites.base.answers import AnswerReader
from privnum.suites.callbacks.receiver import Receiver
from tests.fuzz.__main__ import GUIDED, PARTS, main
from tests.mockserver.axb_rig import AxbRig


@pytest.mark.parametrize("part", PARTS)
def test_nothing_is_found_in_a_few_inputs(part: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([part, "--inputs", "40"]) == 0
    found = "not run: atheris" if part in GUIDED and find_spec("atheris") is None else "40 inputs"
    assert found in capsys.readouterr().out


def raise_bug(*_: object, **__: object) -> None:
    raise RuntimeError("broken")


@pytest.mark.parametrize(
    ("part", "where", "name"),
    [
        ("bytes", WireProtocol, "_refuse"),
        ("api", validation.Reader, "read"),
        ("control", Control, "_world"),
        ("target", AnswerReader, "feed"),
        ("customer", Poster, "_exchange"),
        ("pushes", Receiver, "take"),
    ],
)
def test_a_bug_is_found(part: str, where: type, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert AxbRig().platform
    monkeypatch.setattr(where, name, raise_bug)
    with pytest.raises(BaseException):  # noqa: B017, PT011 - many inputs find it, each in its own way
        main([part, "--inputs", "40"])
