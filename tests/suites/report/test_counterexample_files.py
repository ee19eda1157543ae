"""The files of a counterexample, in each mode: a flow by the published schema of Arazzo, and a picture of the same.

arazzo-1.0-2024-08-01.schema.json is <https://spec.openapis.org/arazzo/1.0/schema/2024-08-01> of the OpenAPI Initiative
(Apache-2.0), as the npm package @stoplight/spectral-rulesets 1.23.1 has it. Arazzo 1.1 adds to 1.0 and takes nothing
away: what we write uses none of what was added, so it has to fit the schema of 1.0 but for its version.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as Xml

import pytest
from jsonschema import Draft202012Validator

from privnum.openapi import arazzo_document, driver_document, openapi_document
from privnum.openapi.arazzo import ARAZZO
from privnum.suites.report import steps
from privnum.suites.report.html import sequence
from tests.docs.shown import ROOT, environment

if TYPE_CHECKING:
    from collections.abc import Iterator

MODES = ("AX", "AXB", "AXE", "AXYB", "X")
SCHEMA = json.loads(Path(__file__).with_name("arazzo-1.0-2024-08-01.schema.json").read_text(encoding="utf-8"))
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reports of a run against a server that reports busy with a wrong cause in every mode."""
    folder = tmp_path_factory.mktemp("reports")
    bugs = ",".join(f"{mode.lower()}-ends-busy" for mode in MODES)
    command = [sys.executable, "-m", "tests.seeded", bugs, "check", "CALL-016", "--report-dir", str(folder)]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 1, done.stdout + done.stderr
    return folder / "counterexamples"


def flow_of(reports: Path, mode: str) -> Any:
    return json.loads((reports / f"{mode}-CALL-016.arazzo.json").read_bytes())


def problems(document: Any) -> list[str]:
    """What is wrong with a document of ours by the schema of 1.0."""
    assert document["arazzo"] == ARAZZO
    found = Draft202012Validator(SCHEMA).iter_errors({**document, "arazzo": "1.0.1"})
    return [f"{error.json_path}: {error.message:.200}" for error in found]


@pytest.mark.parametrize("mode", MODES)
def test_the_flow_fits_the_published_schema(reports: Path, mode: str) -> None:
    flow = flow_of(reports, mode)
    assert len(flow["workflows"][0]["steps"]) > 2
    assert problems(flow) == []


def test_the_flows_of_the_modes_fit_it_too() -> None:
    """What `privnum openapi --arazzo` writes."""
    assert problems(arazzo_document()) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [("stepId", None), ("operationid", "x"), ("parameters", [{"name": "a", "in": "headers", "value": ""}])],
    ids=["without an id", "a member of no name", "a place of no name"],
)
def test_a_flow_with_a_mistake_does_not(reports: Path, name: str, value: Any) -> None:
    flow = flow_of(reports, "AXB")
    step = flow["workflows"][0]["steps"][0]
    flow["workflows"][0]["steps"][0] = {key: one for key, one in {**step, name: value}.items() if one is not None}
    assert problems(flow)


def asked_in(flow: Any) -> Iterator[tuple[str, str]]:
    """What the steps of a flow ask: of the API its method and path, of the driver the message."""
    api = {
        operation["operationId"]: f"{method.upper()} {path}"
        for path, item in openapi_document()["paths"].items()
        for method, operation in item.items()
    }
    messages = {
        operation["operationId"]: operation["summary"]
        for item in driver_document()["paths"].values()
        for operation in item.values()
    }
    for step in flow["workflows"][0]["steps"]:
        _, _, source, id_ = re.split(r"\W", step["operationId"], maxsplit=3)
        yield source, (api if source == "api" else messages)[id_]


@pytest.mark.parametrize("mode", MODES)
def test_the_picture_has_the_messages_of_the_flow(reports: Path, mode: str) -> None:
    """Requests in their order, and each call that the driver places."""
    root = Xml.fromstring((reports / f"{mode}-CALL-016.svg").read_text(encoding="utf-8"))
    (described,) = (element.text or "" for element in root.iter(f"{SVG}desc"))
    asked = list(asked_in(flow_of(reports, mode)))
    requests = re.findall(r"^\d+\. customer → platform: ([A-Z]+ /[^\s?]+)", described, re.MULTILINE)
    assert requests == [what for source, what in asked if source == "api"]
    assert len(requests) >= (mode != "X")  # in X mode nothing is bound
    calls = re.findall(r"^\d+\. caller → platform: .* calls ", described, re.MULTILINE)
    assert len(calls) == sum(what == "Place a call to an X" for _, what in asked) > 0


@pytest.mark.parametrize("mode", MODES)
def test_the_picture_has_the_steps_of_the_report(reports: Path, mode: str) -> None:
    """Every message of the history is said, and the beginning of each is drawn."""
    report = json.loads((reports.parent / "report.json").read_bytes())
    rule = next(rule for rule in report["requirements"] if rule["id"] == f"{mode}-CALL-016")
    told = sequence.messages(steps.history(rule["counterexample"]["steps"]))
    root = Xml.fromstring((reports / f"{mode}-CALL-016.svg").read_text(encoding="utf-8"))
    (described,) = (element.text or "" for element in root.iter(f"{SVG}desc"))
    drawn = " ".join(element.text or "" for element in root.iter(f"{SVG}text"))
    assert len(told) > 4
    for message in told:
        assert message.text in described
        assert message.text[:20].strip() in drawn
