"""The tools of `privnum mcp`, asked as an agent asks them."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import TYPE_CHECKING, Any

import pytest
from mcp import Client, StdioServerParameters

from privnum.mcp.server import mcp_server
from privnum.mcp.worlds import Worlds
from privnum.mockserver.embed.live import LiveServer

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator

A, B = "+8613800000001", "+8613900000002"


class Agent:
    """An agent in a session: gives what a tool says, and takes errors apart."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def get(self, tool: str, /, **arguments: Any) -> Any:
        result = await self._client.call_tool(tool, arguments)
        text = "".join(getattr(part, "text", "") for part in result.content)
        assert not result.is_error, text
        content = result.structured_content
        return content["result"] if content is not None and content.keys() == {"result"} else content

    async def fail(self, tool: str, /, **arguments: Any) -> str:
        result = await self._client.call_tool(tool, arguments)
        assert result.is_error
        return "".join(getattr(part, "text", "") for part in result.content)

    async def world(self, mode: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """A new world, and its application of a mode."""
        made = await self.get("make_world")
        return made, next(app for app in made["applications"] if app["mode"] == mode)


@pytest.fixture(scope="module")
def worlds() -> Iterator[Worlds]:
    with LiveServer(seed=0) as server:
        made = Worlds(server.url)
        yield made
        made.close()


@pytest.fixture
def session(worlds: Worlds) -> Callable[[Callable[[Agent], Coroutine[Any, Any, None]]], None]:
    def run(act: Callable[[Agent], Coroutine[Any, Any, None]]) -> None:
        async def in_session() -> None:
            async with Client(mcp_server(worlds)) as client:
                await act(Agent(client))

        asyncio.run(in_session())

    return run


def test_a_call_from_bind_to_cdr(session: Any) -> None:
    async def act(agent: Agent) -> None:
        _, app = await agent.world("AXB")
        x = app["numbers"][0]
        body = {"callerNum": A, "calleeNum": B, "relationNum": x}
        bound = await agent.get("send_request", operation="axb.bind", body=body)
        assert bound["resultcode"] == "0"
        call = await agent.get("place_call", caller=A, called=x, hang_up_after=20)
        assert call["forwarded_to"] == B
        assert await agent.get("advance", seconds=90) == "2026-03-01T00:01:30+00:00"
        events = await agent.get("list_pushes", kind="call_event")
        kinds = ["callin", "callout", "alerting", "answer", "disconnect"]
        assert [push["body"]["eventType"] for push in events] == kinds
        (cdr,) = await agent.get("list_pushes", kind="cdr")
        assert cdr["body"]["feeLst"][0]["sessionId"] == call["session_id"]
        assert (await agent.get("look_at_call", call=call["id"]))["state"] == "ended"
        (binding,) = (await agent.get("list_bindings"))["bindings"]
        assert binding["users"] == [A, B]

    session(act)


def test_hang_up_and_sms(session: Any) -> None:
    async def act(agent: Agent) -> None:
        _, app = await agent.world("AX")
        x = app["numbers"][0]
        await agent.get("send_request", operation="ax.bind", body={"origNum": A, "privateNum": x})
        call = await agent.get("place_call", caller=B, called=x)
        await agent.get("advance", seconds=10)
        assert (await agent.get("hang_up", call=call["id"], by="callee"))["state"] == "ended"
        assert (await agent.get("send_sms", sender=B, to=x, text="At the door"))["delivered_to"] == A

    session(act)


def test_a_refused_request_is_an_answer_and_is_in_the_journal(session: Any) -> None:
    async def act(agent: Agent) -> None:
        world, app = await agent.world("AXB")
        body = {"callerNum": A, "calleeNum": B, "relationNum": app["numbers"][0], "duration": -1}
        answer = await agent.get("send_request", operation="axb.bind", body=body, world=world["world"])
        assert answer["resultcode"] == "1010002"
        (entry,) = await agent.get("list_journal", accepted=False)
        assert f"[{entry['rule']}]" in answer["resultdesc"]

    session(act)


def test_a_status_and_a_setting(session: Any) -> None:
    async def act(agent: Agent) -> None:
        _, app = await agent.world("AXB")
        x = app["numbers"][0]
        assert (await agent.get("set_number_status", number=x, status="9"))["status"] == "9"
        changed = await agent.get("set_application", app_key=app["app_key"], settings={"event_url": "inbox:"})
        assert changed["event_url"] == "inbox:"
        call = await agent.get("place_call", caller=A, called=x)
        assert call["release_cause"] == 8055

    session(act)


def test_worlds_are_apart_and_go(session: Any) -> None:
    async def act(agent: Agent) -> None:
        first, app = await agent.world("AXB")
        second, _ = await agent.world("AXB")
        body = {"callerNum": A, "calleeNum": B, "relationNum": app["numbers"][0]}
        await agent.get("send_request", operation="axb.bind", body=body, world=first["world"])
        assert len((await agent.get("list_bindings", world=first["world"]))["bindings"]) == 1
        assert (await agent.get("list_bindings"))["bindings"] == []  # of the last one
        await agent.get("drop_world", world=second["world"])
        assert second["world"] in await agent.fail("drop_world", world=second["world"])

    session(act)


def test_a_control_message_names_its_world_either_way(session: Any) -> None:
    """And a world that it drops is forgotten here, too."""

    async def act(agent: Agent) -> None:
        first, _ = await agent.world("AXB")
        second, _ = await agent.world("AXB")
        ids = (first["world"], second["world"])
        both = {"parameters": {"world": ids[0]}, "world": ids[1]}
        assert "name it once" in await agent.fail("send_control", message="bindings.list", **both)
        await agent.get("send_control", message="worlds.delete", parameters={"world": ids[0]})
        assert (await agent.get("list_bindings"))["bindings"] == []
        assert f"no world '{ids[0]}' here" in await agent.fail("list_bindings", world=ids[0])

    session(act)


def test_a_server_that_has_gone_is_said_in_words() -> None:
    """Whatever is asked; and the end of the session is none of its failures."""
    with LiveServer(seed=0) as server:
        worlds = Worlds(server.url)
        made = [worlds.make({}).id for _ in range(2)]

    async def act() -> None:
        async with Client(mcp_server(worlds)) as client:
            agent = Agent(client)
            for tool, given in (("make_world", {}), ("advance", {"seconds": 1}), ("drop_world", {"world": made[0]})):
                text = await agent.fail(tool, **given)
                assert "the server does not answer" in text
                assert "privnum mcp without --server" in text

    asyncio.run(act())
    worlds.close()


@pytest.mark.parametrize(
    ("server", "said"),
    [("", "is no address of a server"), ("nonsense", "is no address of a server"), ("http://127.0.0.1:1", "no answer")],
)
def test_a_server_that_is_none_is_told_at_once(server: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    from privnum.mcp.command import mcp_main

    assert mcp_main(["--server", server]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("send_request", {"operation": "axb.bin"}, "did you mean axb.bind"),
        ("send_request", {"operation": "axb.bind", "app_key": "none"}, "no application 'none'; it has "),
        ("send_control", {"message": "clock.sets"}, "did you mean clock.set"),
        ("send_control", {"message": "pushes.resend"}, "parameters must have 'push'"),
        ("send_control", {"message": "clock.set", "body": {"advance": 5}}, "advance"),
        ("make_world", {"spec": {"applications": [{"mode": "AXZ"}]}}, "mode"),
        ("place_call", {"caller": A, "called": "+8617099999999"}, "is no X of world"),
        ("find_rules", {"words": "AXB-BIND-999"}, "AXB-BIND-999"),
        ("describe", {"name": "axb.cdrs"}, "did you mean axb.cdr"),
        ("list_pushes", {"kind": "bill"}, "kind must be one of call_event, cdr, number_status, sms_block, sms_notify"),
        ("send_control", {"message": "worlds.delete", "parameters": {"world": "default"}}, "no world 'default' here"),
        ("send_control", {"message": "worlds.create", "body": {}}, "make_world makes a world"),
        ("check", {"rules": ["--help"]}, "'--help' is no rule"),
        ("look_at_call", {"call": "call-0", "world": "nowhere"}, "there is no world 'nowhere' here"),
    ],
)
def test_what_cannot_be_done_is_said_in_words(session: Any, tool: str, arguments: dict[str, Any], said: str) -> None:
    async def act(agent: Agent) -> None:
        if tool != "make_world":
            await agent.get("make_world", spec={"applications": [{"mode": "AXB"}]})
        text = await agent.fail(tool, **arguments)
        assert said in text
        assert "Traceback" not in text

    session(act)


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("advance", {"seconds": "soon"}, "advance: seconds must be a whole number, not 'soon'"),
        ("advance", {}, "advance: seconds is missing; it must be a whole number"),
        ("advance", {"secs": 5}, "unknown argument of advance 'secs'; did you mean seconds?"),
        ("make_world", {"spec": "none"}, "make_world: spec must be an object or null, not 'none'"),
        ("check", {"rules": ["AXB-BIND-001", 5]}, "check: rules[1] must be text, not 5"),
        ("check", {"rules": 5}, "check: rules must be a list or null, not 5"),
        ("list_journal", {"accepted": "maybe"}, "list_journal: accepted must be true or false or null, not 'maybe'"),
        (
            "send_control",
            {"message": "pushes.resend", "parameters": {"push": 7}},
            "send_control: parameters.push must be text, not 7",
        ),
        (
            "place_call",
            {"caller": 8613800000001, "hang_up_after": "a while"},
            (
                "place_call: caller must be text, not 86138****0001; called is missing; it must be text; "
                "hang_up_after must be a whole number or null, not 'a while'"
            ),
        ),
        ("describe", {"name": ["x" * 500]}, f"describe: name must be text, not ['{'x' * 78}…"),
        ("advanced", {}, "unknown tool 'advanced'; did you mean advance?"),
    ],
)
def test_wrong_arguments_are_said_in_our_words(session: Any, tool: str, arguments: dict[str, Any], said: str) -> None:
    async def act(agent: Agent) -> None:
        assert await agent.fail(tool, **arguments) == said

    session(act)


def test_the_contract_can_be_asked(session: Any) -> None:
    async def act(agent: Agent) -> None:
        assert (await agent.get("find_rules", words="AXB-BIND-005")).startswith("AXB-BIND-005  ")
        assert (await agent.get("find_rules", words="回呼记录 过期")).startswith("AXE-CALLBACK-")
        assert (await agent.get("find_rules", words="binding expires", most=1)).count("\n\n") == 1
        every = await agent.get("describe")
        assert {"axb.bind", "axb.cdr", "calls.create"} <= every.keys()
        bind = await agent.get("describe", name="axb.bind")
        assert "callerNum" in bind["body_schema"]["properties"]
        assert "403/1012001" in bind["codes"]
        assert "feeLst" in (await agent.get("describe", name="axb.cdr"))["schema"]["properties"]

    session(act)


def test_the_stand_in_is_checked(session: Any) -> None:
    async def act(agent: Agent) -> None:
        found = await agent.get("check", rules=["COM-AUTH-001"])
        assert found["status"] == 0
        assert found["summary"]["passed"] == 1
        assert found["wrong"] == []
        assert "unknown rule" in await agent.fail("check", rules=["COM-AUTH-999"])

    session(act)


def test_the_command_speaks_the_protocol_over_standard_streams() -> None:
    async def act() -> None:
        command = StdioServerParameters(command=sys.executable, args=["-m", "privnum.cli", "mcp"])
        async with Client(command) as client:
            listed = await client.list_tools()
            assert {"make_world", "advance", "check"} <= {tool.name for tool in listed.tools}
            assert all(tool.description for tool in listed.tools)
            result = await client.call_tool("make_world", {})
            assert json.loads(getattr(result.content[0], "text", ""))["applications"]

    asyncio.run(act())


def test_without_the_sdk_the_command_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from privnum.mcp.command import mcp_main

    monkeypatch.setitem(sys.modules, "mcp.server.mcpserver", None)
    monkeypatch.delitem(sys.modules, "privnum.mcp.server")
    assert mcp_main([]) == 2
    assert capsys.readouterr().err.endswith("is not installed; pip install '.[mcp]' in privnum's checkout\n")
