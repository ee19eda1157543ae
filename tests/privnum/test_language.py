"""What commands print where Chinese is asked for: tables, states, the start of a server, pages, tools."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from privnum import contracts
from privnum.cli import COMMANDS, main
from privnum.mcp import contract_tools
from privnum.mockserver.control import quickstart
from privnum.mockserver.control.start import Start
from privnum.mockserver.embed.live import LiveServer
from privnum.mockserver.worlds.platform import Platform
from privnum.reference import every_page
from privnum.words import speak
from tests.privnum.test_words import COMMAND, ENGLISH

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

A, B, C = "+8613800000001", "+8613900000002", "+8613700000003"


@pytest.fixture(scope="module")
def server() -> Iterator[LiveServer]:
    with LiveServer() as server:
        yield server


@pytest.fixture
def names(server: LiveServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """The names of a world in which there is something of everything."""
    with server.world() as world:
        monkeypatch.setenv("PRIVNUM_SERVER", server.url)
        monkeypatch.setenv("PRIVNUM_WORLD", world.id)
        x = world.axb.numbers[0]
        world.bind(A, B, x)
        world.call(A, x, hang_up_after=1)
        call = world.call(C, x)
        world.send_sms(A, x, "1")
        world.advance(60)
        yield {"world": world.id, "call": call.id}


@pytest.mark.parametrize(
    ("command", "wanted"),
    [
        ("bindings", ["模式", "用户", "永不"]),
        ("call list", ["呼叫", "状态", "已结束"]),
        ("call show {call}", ["接通", "无人", "已结束"]),
        ("clock", ["冻结"]),
        ("clock run --rate 60", ["运行", "真实时间的60倍速"]),
        ("fault list", ["没有故障"]),
        ("fault add --operation axb.bind --code 403/1012010", ["位置", "不限次数"]),
        ("journal", ["序号", "响应", "毫秒"]),
        ("number list", ["含义", "正常"]),
        ("pushes", ["推送", "各次响应", "已送达"]),
        ("pushes show push-1", ["种类", "应用", "情况"]),
        ("reset", ["已清空"]),
        ("sms list", ["短信", "写于", "已发送"]),
        ("sms show sms-1", ["看到的号码", "收到的内容"]),
        ("snapshot", ["快照", "字节"]),
        ("worlds", ["模拟环境", "时钟"]),
        ("worlds show {world}", ["地址", "号码数"]),
    ],
)
def test_tables_and_states_are_chinese(
    command: str, wanted: list[str], names: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command.format(**names).split(), "--lang", "zh"]) == 0
    out = capsys.readouterr().out
    assert [word for word in wanted if word not in out] == []
    head = "\n".join(line for line in out.splitlines() if not line.startswith((" ", "{", "}")))
    assert not re.search(r"\b(nobody|frozen|running|never|delivered|ended|no bound|STATE|MODE)\b", head)


def test_the_start_of_a_server_is_chinese() -> None:
    """But for commands to copy, names and numbers."""
    world = Platform().create_world({"applications": quickstart.applications("inbox:", "inbox:")})
    apps = [app.view() for app in world.applications.values()]
    with speak("zh"):
        text = quickstart.overview("http://h:1", apps, ("inbox:", "inbox:"), Start(1, None, "https://h:2", "ca.pem"))
        kept = quickstart.overview("http://h:1", apps, ("http://a/b", "http://c/d"), Start(1, state="file"))
    for line in (text + kept).splitlines():
        assert line.startswith("  ") or not ENGLISH.search(COMMAND.sub("", line)), line
    assert "privnum在http://h:1模拟" in text
    assert "TLS地址为https://h:2；请信任ca.pem" in text
    assert "发生的一切都保存在file中" in kept
    assert "curl -s http://h:1/rest/caas/relationnumber/partners/v1.0" in text


def test_the_reference_is_chinese(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Rules, codes and headings; descriptions of fields and titles of sources are English."""
    assert main(["reference", "--lang", "zh", str(tmp_path / "out")]) == 0
    assert "请从index.md开始" in capsys.readouterr().out
    index = (tmp_path / "out" / "index.md").read_text(encoding="utf-8")
    assert index.startswith("# 参考\n")
    rules = (tmp_path / "out" / "rules-axb.md").read_text(encoding="utf-8")
    assert contracts.in_language("zh").requirements()["AXB-BIND-103"].title in rules
    assert "用法：privnum call" in (tmp_path / "out" / "commands.md").read_text(encoding="utf-8")
    with speak("zh"):
        names = every_page().keys()
    assert names == every_page().keys()


def test_tools_of_an_agent_are_chinese() -> None:
    with speak("zh"):
        assert "一个X号码5000对" in contract_tools.find_rules("AXB-BIND-103")
        title = contract_tools.describe("axb.bind")["title"]
    assert title == contracts.in_language("zh").operations()["axb.bind"].title
    assert title != contract_tools.describe("axb.bind")["title"]
    assert contract_tools.find_rules("AXB-BIND-103") != ""


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_takes_the_option(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([command, "--lang", "zh", "--help"])
    assert "用法：" in capsys.readouterr().out
