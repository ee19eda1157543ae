"""Files that people and their programs write: with a byte order mark, in another encoding, with secrets in them."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privnum import contracts
from privnum.mockserver.http.logs import visible
from privnum.suites.commands.init_target import init_target_main
from privnum.suites.report.load import EventsError, read_run
from privnum.suites.target.config import TargetError, load_target

if TYPE_CHECKING:
    from pathlib import Path

TARGET = 'base_url = "http://127.0.0.1:1"\n[[applications]]\nmode = "AXB"\napp_key = "k"\napp_secret = "s"\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_target_is_read_as_windows_programs_save_it(encoding: str, newline: str, tmp_path: Path) -> None:
    path = tmp_path / "target.toml"
    path.write_text(TARGET, encoding=encoding, newline=newline)
    assert load_target(path).base_url == "http://127.0.0.1:1"


@pytest.mark.parametrize("content", ["# 号码".encode("gbk"), TARGET.encode("utf-16"), b"\xff", b"a = \xed\xa0\x80"])
def test_a_target_in_another_encoding_is_told_how_to_be_saved(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "target.toml"
    path.write_bytes(content)
    with pytest.raises(TargetError, match="save it as UTF-8"):
        load_target(path)


@pytest.mark.parametrize("text", ["a = " + "[" * 100_000, "a = " + "{a=" * 50_000, "a = " + "1" * 10_000])
def test_a_target_without_end_is_told_in_one_line(text: str, tmp_path: Path) -> None:
    path = tmp_path / "target.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TargetError) as caught:
        load_target(path)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 1000


def test_a_byte_order_mark_before_events_is_no_fault(tmp_path: Path) -> None:
    """What is wrong is reported of the first event, not of its first sign."""
    path = tmp_path / "events.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"event":"run_finished"}\n')
    with pytest.raises(EventsError) as caught:
        read_run(path)
    assert "no JSON" not in str(caught.value)


def test_a_new_target_file_is_its_owners_alone(tmp_path: Path) -> None:
    """Keys and secrets will stand in it."""
    path = tmp_path / "target.toml"
    assert init_target_main([str(path)]) == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    assert init_target_main([str(path), "--force"]) == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_who_logs_in_to_a_target_is_named_nowhere(tmp_path: Path) -> None:
    path = tmp_path / "target.toml"
    path.write_text(TARGET.replace("//", "//me:pa55word@"), encoding="utf-8")
    target = load_target(path)
    assert target.base_url == "http://me:pa55word@127.0.0.1:1"
    assert "pa55" not in target.name + repr(target.describe())


@given(st.text(st.characters(blacklist_characters="/?#@ \t\n\r", blacklist_categories=["Z", "C"]), min_size=1))
def test_a_login_in_an_address_is_masked(login: str) -> None:
    assert contracts.mask(f"https://{login}@host.example/path").startswith("https://****@host.example")


@given(st.text())
def test_a_line_of_the_log_moves_no_terminal(text: str) -> None:
    assert all(sign.isprintable() or sign == "\n" for sign in visible(text))
    assert visible("+86138****0021 号码: 中") == "+86138****0021 号码: 中"
