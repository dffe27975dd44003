"""Programs: the official client and an MCP client find `search` and `ask` alone, and call them."""

import asyncio
import json
import re
from pathlib import Path

import httpx
import pytest
from served_page import EN, PASSWORDS, client, page_of, users

from rag.errors import BadQuestion, JiubaoError
from ui import tools
from ui.programs import MOST_HITS, endpoints

ZH = "天津红桥区四天里提出了多少件技术革新建议？"


@pytest.fixture(scope="module")
def address(seeds_home, tmp_path_factory, encoder):
    with page_of(seeds_home, tmp_path_factory.mktemp("programs"), encoder, mcp=True) as opened:
        yield opened


@pytest.fixture(scope="module")
def official(address):
    from gradio_client import Client

    return Client(address, verbose=False)


def test_exactly_search_and_ask_are_offered(address, official):
    with client(address) as session:
        info = session.get("gradio_api/info").json()
    assert set(info["named_endpoints"]) == {"/search", "/ask"}
    assert info["unnamed_endpoints"] == {}
    told = official.view_api(return_format="dict")["named_endpoints"]
    names = [each["parameter_name"] for each in told["/search"]["parameters"]]
    assert names == ["question", "k", "since", "until", "page", "lang", "author"]
    assert [each["parameter_name"] for each in told["/ask"]["parameters"]] == [
        "question", "since", "until", "page", "lang", "author",
    ]  # fmt: skip


def test_the_official_client_searches_and_asks(official):
    found = official.predict(question=ZH, k=3, since="1959", until="1959-11", api_name="/search")
    assert [hit["rank"] for hit in found["hits"]] == [1, 2, 3]
    assert found["hits"][0]["date"] == "1959-11-24"
    said = official.predict(question=EN, api_name="/ask")
    assert (said["state"], said["language"]) == ("complete", "en")
    assert "Liao Shigang" in said["citations"][0]["quote"]["text"]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"question": " "}, "empty"),
        ({"question": "x" * 3_000}, "characters"),
        ({"question": EN, "since": "someday"}, "not a date"),
        ({"question": EN, "page": -1}, "page -1"),
    ],
)
def test_a_mistake_is_told_in_one_line(official, given, told):
    for endpoint in ("/ask", "/search"):
        with pytest.raises(Exception, match=told) as caught:
            official.predict(**given, api_name=endpoint)
        assert "Traceback" not in str(caught.value)


def test_so_many_hits_and_no_more(archive):
    search, ask = endpoints(archive)
    assert (search.__name__, ask.__name__) == ("search", "ask")
    for k in (0, -1, MOST_HITS + 1):
        with pytest.raises(BadQuestion):
            search(EN, k)


def test_nothing_of_the_page_itself_can_be_called_by_name(address):
    with client(address) as session:
        private = {
            each["api_name"] for each in session.get("config").json()["dependencies"]
            if each["api_visibility"] != "public"
        }  # fmt: skip
        assert private
        for name in (*private, "predict", "upload"):
            assert session.post(f"gradio_api/call/{name}", json={"data": []}).status_code == 404


async def talk_mcp(address: str, auth=None) -> tuple[list, dict, bool]:
    from mcp.client.session import ClientSession
    from mcp.client.streamable_http import streamablehttp_client

    async with (
        streamablehttp_client(f"{address}mcp", auth=auth) as (read, write, _),
        ClientSession(read, write) as session,
    ):
        await session.initialize()
        listed = (await session.list_tools()).tools
        said = await session.call_tool("ask", {"question": EN})
        found = await session.call_tool("search", {"question": ZH, "k": 2})
        assert len(json.loads(found.content[0].text)["hits"]) == 2
        wrong = await session.call_tool("search", {"question": ""})
        assert "empty" in wrong.content[0].text
        return listed, json.loads(said.content[0].text), wrong.isError


def test_an_mcp_client_lists_two_tools_and_calls_them(address):
    listed, said, wrong = asyncio.run(talk_mcp(address))
    assert [tool.name for tool in listed] == ["search", "ask"]
    for tool in listed:
        assert "archive" in tool.description
        assert tool.inputSchema["required"] == ["question"]
    assert said["state"] == "complete"
    assert wrong is True


def test_mcp_asks_for_a_password_where_the_page_does(seeds_home, tmp_path, encoder):
    with page_of(seeds_home, tmp_path, encoder, mcp=True, auth=users(tmp_path)) as address:
        with client(address) as session:
            refused = session.post("mcp", json={})
            assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Basic")
        auth = httpx.BasicAuth("li", PASSWORDS["li"])
        assert len(asyncio.run(talk_mcp(address, auth))[0]) == 2


def test_the_examples_for_programmers_run_as_they_are_written(address, capsys):
    guide = Path(__file__).parents[2] / "docs" / "programs.md"
    examples = re.findall(r"```python\n(.*?)```", guide.read_text("utf-8"), re.DOTALL)
    assert len(examples) == 2
    for example in examples:
        assert "http://127.0.0.1:7860/" in example or 'http://127.0.0.1:7860"' in example
        exec(example.replace("http://127.0.0.1:7860", address.rstrip("/")), {"__name__": "guide"})
    told = capsys.readouterr().out
    assert "1 1959-11-24 上下齐动手" in told
    assert "complete" in told
    assert "['search', 'ask']" in told


def test_without_the_switch_there_is_no_mcp(seeds_home, tmp_path, encoder):
    with page_of(seeds_home, tmp_path, encoder) as address, client(address) as session:
        assert session.post("mcp", json={}).status_code == 404
        assert session.get("gradio_api/mcp").status_code == 404


def test_a_missing_package_is_named(archive, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "mcp.server.fastmcp", None)
    with pytest.raises(JiubaoError, match=r"pip install 'jiubao\[mcp\]'"):
        tools.server(archive)
