"""The contract as pages: everything stands in them, and links lead somewhere."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import pytest

from privnum import contracts
from privnum.cli import COMMANDS, main
from privnum.reference import every_page
from privnum.reference.commands import commands_page
from privnum.reference.markdown import anchor, code, plain, rule_page, table
from tests.privnum.test_help import NAMES

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return every_page()


def anchors(text: str) -> set[str]:
    return {*re.findall(r"\{#([^}]+)\}", text), *re.findall(r'<a id="([^"]+)"', text)}


def test_every_link_leads_to_an_anchor(pages: dict[str, str]) -> None:
    known = {name: anchors(text) for name, text in pages.items()}
    for name, text in pages.items():
        for place in re.findall(r"\]\(([^)\s]+)\)", text):
            if place.startswith("http"):
                continue
            file, _, there = place.partition("#")
            assert file in known, f"{name}: {place}"
            assert not there or there in known[file], f"{name}: {place}"


def test_no_anchor_stands_twice(pages: dict[str, str]) -> None:
    for name, text in pages.items():
        found = [*re.findall(r"\{#([^}]+)\}", text), *re.findall(r'<a id="([^"]+)"', text)]
        assert len(found) == len(set(found)), name


def test_every_rule_message_code_and_cause_has_its_place(pages: dict[str, str]) -> None:
    for id_ in contracts.every_rule():
        assert anchor(id_) in anchors(pages[rule_page(id_)]), id_
    for id_ in contracts.operations():
        assert anchor(id_) in anchors(pages["operations.md"])
    for id_ in contracts.callbacks():
        assert anchor(id_) in anchors(pages["pushes.md"])
    for each in contracts.result_codes().values():
        assert anchor(each.code) in anchors(pages["codes.md"])
    for cause in contracts.release_causes():
        assert str(cause) in anchors(pages["causes.md"])
    for id_ in contracts.assumptions():
        assert anchor(id_) in anchors(pages["open-points.md"])
    for id_ in contracts.untested():
        assert anchor(id_) in anchors(pages["untested.md"])
    for id_ in contracts.plane_operations():
        assert code(id_) in pages["control-plane.md"]


def test_a_page_of_an_operation_has_its_fields_and_an_example(pages: dict[str, str]) -> None:
    section = pages["operations.md"].split("## axb.bind")[1].split("\n## ")[0]
    assert "`POST /rest/caas/relationnumber/partners/v1.0`" in section
    assert re.search(r"^\| `callerNum` \| yes \| text of 4 to 31 characters \|", section, re.MULTILINE)
    assert '"callerNum": "+8613800000001"' in section
    assert "| `1012010` | 403 |" in section
    assert "[AXB-BIND-001](rules-axb.md#axb-bind-001)" in section


def test_every_command_and_verb_is_there_with_its_options(pages: dict[str, str]) -> None:
    shown = pages["commands.md"]
    for name in COMMANDS:
        assert anchor(name) in anchors(shown)
    for way in NAMES:
        assert f"usage: privnum {way}" in shown, way
    assert "--caller-hangs-up-after" in shown


def test_commands_are_the_same_for_every_reader(pages: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("PRIVNUM_LANG", "zh")
    assert commands_page() == pages["commands.md"]
    assert (os.environ["COLUMNS"], os.environ["PRIVNUM_LANG"]) == ("40", "zh")


def test_every_setting_and_field_of_a_file_is_there(pages: dict[str, str]) -> None:
    for name, part in contracts.schema("server/config")["properties"].items():
        assert f"`{name}`" in pages["settings.md"]
        assert "x-environment" not in part or f"`{part['x-environment']}`" in pages["settings.md"]
    for name in ("base_url", "more_numbers", "receiver.event_path"):
        assert f"{name}`" in pages["files.md"]
    for id_ in contracts.documents().keys() - {"config", "control_error"}:
        section = pages["files.md"].partition(f"{{#{anchor(id_)}}}")[2].partition("\n## ")[0]
        assert section.count("\n| `") > 1, id_


def test_text_is_shown_sign_by_sign() -> None:
    assert plain("a_b *c* {d}\n<e>|f") == r"a\_b \*c\* \{d\} \<e\>\|f"
    assert code("a|b") == "`a\\|b`"
    assert code("a`b") == "`` a`b ``"
    assert table(("a",), []) == ""


def test_the_command_writes_the_pages(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "a" / "b"
    assert main(["reference", str(folder)]) == 0
    assert {path.name for path in folder.iterdir()} == every_page().keys()
    assert "begin with index.md" in capsys.readouterr().out
    assert main(["reference", str(folder)]) == 0  # written again
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert main(["reference", str(tmp_path / "file")]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_files_of_others_are_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "index.md").write_text("# Mine", encoding="utf-8")
    assert main(["reference", str(tmp_path)]) == 2
    assert "there are other files in it; name a new folder" in capsys.readouterr().err
    assert (tmp_path / "index.md").read_text(encoding="utf-8") == "# Mine"
    assert len(list(tmp_path.iterdir())) == 1
    with pytest.raises(SystemExit):
        main(["reference", ""])
