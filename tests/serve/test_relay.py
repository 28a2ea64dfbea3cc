"""In front of another server: the bytes that came are the bytes that go."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import http.client
import json
import socket
import subprocess
import sys
import time
from urllib.parse import urlsplit

import pytest

from nightschool.config import Config, ServeConfig
from nightschool.errors import UserError
from nightschool.records import Fact
from nightschool.serve.app import app
from nightschool.serve.people import People
from nightschool.serve.proxy import Proxy, remembered
from nightschool.store import conversations, exchanges, facts
from tests.serve.echo import Upstream, served, until

REQUEST = (
    b'{ "model" : "llama3",\n "messages":[{"role":"system","content":"Be  brief"},'
    b'{"role":"user","content":"H\\u00e9"}],'
    b'"stream":true, "temperature": 1.0, "odd": {"big": 123456789012345678901234567890, "x": 1e400} }'
)


def sse(*values, done=True):
    lines = [f"data: {json.dumps(value)}\n\n".encode() for value in values]
    return [*lines, b"data: [DONE]\n\n"] if done else lines


def delta(**fields):
    return {"id": "up-1", "model": "llama3", "choices": [{"index": 0, "delta": fields, "finish_reason": None}]}


SAID = sse(delta(role="assistant", content=""), delta(content="Hel"), delta(content="lo there, dear you"))


@contextlib.contextmanager
def fronted(home, upstream, **more):
    with served(upstream) as behind, served(app(home, Config(), Proxy(behind), pages=lambda s: [], **more)) as front:
        yield front


def post(front, body, path="/v1/chat/completions", headers=()):
    connection = http.client.HTTPConnection(urlsplit(front).netloc, timeout=30)
    connection.request(
        "POST", path, body, {"content-type": "application/json", "user-agent": "probe/1", **dict(headers)}
    )
    response = connection.getresponse()
    return response.status, response.headers, response.read()


def all_kept(store):
    return [exchanges.get(store, row["id"]) for row in store.execute("SELECT id FROM exchanges ORDER BY started")]


def test_every_byte_goes_through_both_ways(home):
    upstream = Upstream(
        SAID, headers=[(b"content-type", b"text/event-stream"), (b"x-odd", b"kept"), (b"set-cookie", b"a=1")]
    )
    with fronted(home, upstream) as front:
        status, headers, body = post(
            front, REQUEST, "/v1/chat/completions?beta=true", {"x-own": "yes", "authorization": "Bearer k"}
        )
    method, _, got, sent = upstream.got[0]
    assert (method, sent) == ("POST", REQUEST)
    assert got[b"x-own"] == b"yes" and got[b"authorization"] == b"Bearer k" and got[b"user-agent"] == b"probe/1"
    assert status == 200 and body == b"".join(SAID)
    assert headers["x-odd"] == "kept" and headers["set-cookie"] == "a=1"


@pytest.mark.parametrize("status", [400, 404, 429, 500, 503])
def test_errors_of_the_server_behind_go_through_as_they_are(home, status):
    upstream = Upstream([b'{"error": {"odd": 1}}'], status=status, headers=[(b"retry-after", b"7")])
    with fronted(home, upstream) as front:
        got, headers, body = post(front, REQUEST)
    assert (got, body, headers["retry-after"]) == (status, b'{"error": {"odd": 1}}', "7")


def test_packed_answers_stay_packed_and_are_read_all_the_same(home, store):
    packed = gzip.compress(json.dumps({"id": "z", "choices": [{"message": {"content": "Packed words"}}]}).encode())
    upstream = Upstream([packed], headers=[(b"content-type", b"application/json"), (b"content-encoding", b"gzip")])
    with fronted(home, upstream) as front:
        _, headers, body = post(front, REQUEST)
        assert body == packed and headers["content-encoding"] == "gzip"
        until(lambda: all_kept(store))
    assert conversations.all_conversations(store)[0].messages[-1].text == "Packed words"


def test_the_first_words_arrive_before_the_last_are_said(home):
    with fronted(home, Upstream(SAID, pause=0.5)) as front:
        connection = http.client.HTTPConnection(urlsplit(front).netloc, timeout=30)
        connection.request("POST", "/v1/chat/completions", REQUEST)
        began = time.monotonic()
        first = connection.getresponse().read1(10_000)
        early = time.monotonic() - began
    assert first == SAID[0] and early < 1.4


def test_the_exact_exchange_is_kept_with_what_was_said_in_it(home, store):
    with fronted(home, Upstream(SAID)) as front:
        post(front, REQUEST)
        kept = until(lambda: all_kept(store))[0]
    assert kept.request == REQUEST and kept.response == b"".join(SAID)
    assert (kept.kind, kept.status, kept.client, kept.answer_id) == ("main", 200, "probe/1", "up-1")
    conversation = conversations.all_conversations(store)[0]
    assert [m.text for m in conversation.messages] == ["Hé", "Hello there, dear you"]
    assert conversation.system == "Be  brief" and conversation.messages[-1].model == "llama3"


def test_an_answer_passes_though_nothing_can_be_recorded(home, monkeypatch):
    def broken(*_):
        raise OSError("the disk is full")

    monkeypatch.setattr(exchanges, "add", broken)
    monkeypatch.setattr("nightschool.serve.heard.asked", broken)
    with fronted(home, Upstream(SAID)) as front:
        for _ in range(2):
            assert post(front, REQUEST)[2] == b"".join(SAID)


def test_an_answer_passes_though_memory_is_broken_and_without_its_suffix(home, monkeypatch):
    def broken(*_):
        raise RuntimeError("no memory today")

    monkeypatch.setattr(facts, "live", broken)
    upstream = Upstream(SAID)
    with fronted(home, upstream) as front:
        assert post(front, REQUEST.replace(b"llama3", b"llama3+memory").replace(b"1e400", b"1"))[2] == b"".join(SAID)
    assert json.loads(upstream.got[0][3])["model"] == "llama3"


def test_memory_adds_a_message_and_leaves_the_clients_own_alone(home, store):
    facts.add(store, Fact(id="f1", kind="fact", sentence="I live in Oslo."))
    upstream = Upstream(SAID)
    bodies = {
        "/v1/chat/completions": {
            "messages": [{"role": "system", "content": "S"}, {"role": "user", "content": "Oslo?"}]
        },
        "/api/chat": {"messages": [{"role": "user", "content": "Oslo?"}], "options": {"odd": [1]}},
        "/v1/responses": {"input": "Oslo?", "store": False},
        "/v1/messages": {"system": "S", "messages": [{"role": "user", "content": "Oslo?"}], "max_tokens": 3},
    }
    with fronted(home, upstream) as front:
        for path, body in bodies.items():
            post(front, json.dumps({"model": "m+memory", **body}).encode(), path)
            post(front, json.dumps({"model": "m", **body}).encode(), path)
        until(lambda: len(all_kept(store)) == 8)
    told = [json.loads(sent) for *_, sent in upstream.got]
    assert all(body["model"] == "m" for body in told)
    assert told[0]["messages"][0] == {"role": "system", "content": "S"} and "Oslo." in told[0]["messages"][1]["content"]
    assert told[2]["messages"][0]["role"] == "system" and told[2]["options"] == {"odd": [1]}
    assert told[4]["input"][0]["role"] == "developer" and told[4]["input"][1] == {"role": "user", "content": "Oslo?"}
    assert told[6]["system"][0] == {"type": "text", "text": "S"} and "Oslo." in told[6]["system"][1]["text"]
    assert [told[index] for index in (1, 3, 5, 7)] == [{"model": "m", **body} for body in bodies.values()]
    assert [kept.memory for kept in all_kept(store)] == [("f1",), ()] * 4


def test_what_belongs_to_a_project_or_an_agent_is_not_told_to_a_client_that_names_none(home, store):
    for number, scope in enumerate(("everywhere", "project:atlas", "agent:coder"), start=1):
        facts.add(store, Fact(id=f"f{number}", kind="fact", sentence=f"Thing {number} is red.", scope=scope))
    assert remembered(store, People(home).owner, "Which thing is red?")[1] == ("f1",)


def test_what_memory_told_is_no_part_of_the_conversation(home, store):
    facts.add(store, Fact(id="f1", kind="fact", sentence="I live in Oslo."))
    with fronted(home, Upstream(SAID)) as front:
        post(front, REQUEST.replace(b"llama3", b"llama3+memory").replace(b"1e400", b"1"))
        until(lambda: all_kept(store))
    assert "Oslo" not in json.dumps([m.text for c in conversations.all_conversations(store) for m in c.messages])


def test_models_are_listed_with_memory_and_without_and_no_field_is_lost(home):
    with fronted(home, Upstream()) as front:
        for path, key, name in (("/v1/models", "data", "id"), ("/api/tags", "models", "name")):
            connection = http.client.HTTPConnection(urlsplit(front).netloc, timeout=30)
            connection.request("GET", path)
            listed = json.loads(connection.getresponse().read())
            assert listed["extra"] is True
            assert [one[name] for one in listed[key]] == ["llama3", "llama3+memory"]
            assert all(one["odd"] == {"kept": 1} for one in listed[key])


def test_our_own_pages_can_ask_the_server_behind(home):
    async def asked(address):
        engine, person = Proxy(f"{address}/v1/"), People(home).owner
        said = [piece async for piece in engine.say("llama3", [{"role": "user", "content": "Hi"}], person)]
        offered = [one.id for one in await engine.offered(person)]
        await engine.close()
        return said, offered

    with served(Upstream(SAID)) as behind:
        said, offered = asyncio.run(asked(behind))
    assert "".join(said) == "Hello there, dear you" and offered == ["llama3", "llama3+memory"]


def test_by_default_nobody_else_is_asked_and_nobody_else_is_let_in():
    assert ServeConfig().upstream == "" and ServeConfig().host == "127.0.0.1"


def test_whoever_stands_behind_may_be_away(home):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{nobody.getsockname()[1]}"
    with served(app(home, Config(), Proxy(address), pages=lambda s: [])) as front:
        status, _, body = post(front, REQUEST)
        assert status == 502 and "cannot be reached" in json.loads(body)["error"]["message"]
        assert isinstance(json.loads(post(front, REQUEST, "/api/chat")[2])["error"], str)


def test_an_answer_that_breaks_off_behind_us_breaks_off_here(home, store):
    with fronted(home, Upstream(SAID[:2], cut=True)) as front, pytest.raises(http.client.IncompleteRead):
        post(front, REQUEST)
    kept = until(lambda: all_kept(store))[0]
    assert kept.response == b"".join(SAID[:2])
    assert conversations.all_conversations(store)[0].messages[-1].stop == "aborted"


def test_a_client_that_hangs_up_ends_the_answer_behind_us(home, store):
    upstream = Upstream([b"data: {}\n\n"] * 200, pause=0.05)
    with fronted(home, upstream) as front:
        connection = http.client.HTTPConnection(urlsplit(front).netloc, timeout=30)
        connection.request("POST", "/v1/chat/completions", REQUEST)
        connection.getresponse().read1(10)
        connection.close()
        kept = until(lambda: all_kept(store), 5)
    assert kept and len(kept[0].response) < 200 * 10


ENDS = {
    "/v1/chat/completions": SAID,
    "/v1/responses": sse({"type": "response.output_item.done", "output_index": 0, "item": {
        "type": "message", "content": [{"type": "output_text", "text": "Hello there, dear you"}]}},
        {"type": "response.completed", "response": {"id": "r", "status": "completed"}}, done=False),
    "/v1/messages": sse({"type": "content_block_delta", "index": 0, "delta": {"text": "Hello there, dear you"}},
        {"type": "message_delta", "delta": {"stop_reason": "end_turn"}}, done=False),
    "/api/chat": [b'{"message": {"content": "Hello there, dear you"}}\n', b'{"message": {}, "done": true}\n'],
}  # fmt: skip


@pytest.mark.parametrize("path", ENDS)
def test_a_client_that_leaves_when_the_answer_says_its_end_has_all_of_it(home, store, path):
    body = {
        "model": "m",
        "stream": True,
        "messages": [{"role": "user", "content": "Hi"}],
        "input": "Hi",
        "max_tokens": 9,
    }
    with fronted(home, Upstream(ENDS[path], pause=0.2)) as front:
        connection = http.client.HTTPConnection(urlsplit(front).netloc, timeout=30)
        connection.request("POST", path, json.dumps(body).encode())
        response, got = connection.getresponse(), b""
        while len(got) < len(b"".join(ENDS[path])):
            got += response.read1(1000)
        response.close()
        connection.close()
        until(lambda: all_kept(store))
    said = conversations.all_conversations(store)[0].messages[-1]
    assert (said.text, said.stop) == ("Hello there, dear you", "stop")


def test_our_keys_stay_here(home):
    people = People(home)
    key, other = people.add("owner"), people.add("anna")
    upstream = Upstream(SAID)
    with fronted(home, upstream) as front:
        assert post(front, REQUEST)[0] == 401
        assert post(front, REQUEST, headers={"authorization": "Bearer wrong"})[0] == 401
        assert post(front, REQUEST, headers={"authorization": f"Bearer {key}"})[0] == 200
        assert post(front, REQUEST, headers={"x-api-key": other})[0] == 200
    assert len(upstream.got) == 2
    assert not any({b"authorization", b"x-api-key"} & headers.keys() for _, _, headers, _ in upstream.got)


def test_a_cookie_of_ours_stays_here_and_one_of_theirs_with_whoever_got_it(home):
    key = People(home).add("owner")
    upstream = Upstream(SAID, headers=[(b"content-type", b"text/event-stream"), (b"set-cookie", b"session=anna")])
    with (
        served(upstream) as behind,
        served(app(home, Config(), Proxy(behind.replace("127.0.0.1", "localhost")), pages=lambda s: [])) as front,
    ):
        bearer = {"authorization": f"Bearer {key}"}
        post(front, REQUEST, headers={**bearer, "cookie": f"a=1; nightschool_key={key}; b=2"})
        post(front, REQUEST, headers=bearer)
    assert [headers.get(b"cookie") for _, _, headers, _ in upstream.got] == [b"a=1; b=2", None]


def test_our_own_pages_tell_the_server_behind_what_memory_holds(home, store):
    facts.add(store, Fact(id="f", kind="fact", sentence="I live in Oslo.", known_from=1.0))

    async def asked(address):
        engine, person = Proxy(address), People(home).owner
        said = [piece async for piece in engine.say("llama3+memory", [{"role": "user", "content": "Hi"}], person)]
        await engine.close()
        return "".join(said)

    upstream = Upstream(SAID)
    with served(upstream) as behind:
        assert asyncio.run(asked(behind)) == "Hello there, dear you"
    sent = json.loads(upstream.got[0][3])
    assert sent["model"] == "llama3" and "I live in Oslo." in sent["messages"][0]["content"]
    assert sent["messages"][1] == {"role": "user", "content": "Hi"}


def test_our_own_pages_say_that_nobody_stands_behind(home):
    async def asked():
        engine = Proxy("http://127.0.0.1:9")
        try:
            with pytest.raises(UserError, match="cannot be reached"):
                await engine.offered(People(home).owner)
            with pytest.raises(UserError, match="cannot be reached"):
                _ = [piece async for piece in engine.say("llama3", [], People(home).owner)]
        finally:
            await engine.close()

    asyncio.run(asked())


def test_commands_are_answered_here_and_never_reach_the_server_behind(home, store):
    upstream, nights = Upstream(SAID), []
    body = json.dumps({"model": "m", "messages": [{"role": "user", "content": " !sleep "}], "stream": True}).encode()
    with fronted(home, upstream, night=lambda person: nights.append(person.name) is None) as front:
        _, headers, said = post(front, body)
        assert headers["content-type"].startswith("text/event-stream") and b"The night begins" in said
        until(lambda: all_kept(store))
    assert nights == ["owner"] and upstream.got == []
    assert all_kept(store)[0].kind == "command"
    assert all(m.author == "program" for c in conversations.all_conversations(store) for m in c.messages)


# The deviations that servers were seen to make, one each; all must pass as they are and be read right.
CALL = {"index": 0, "id": "c1", "type": "function", "function": {"name": "read", "arguments": '{"path": "notes.txt"}'}}
DEVIATIONS = {
    "no usage chunk": (sse(delta(role="assistant", content="The codename is HERON")), "The codename is HERON", 0),
    "no done": (sse(delta(content="The codename is HERON"), done=False), "The codename is HERON", 0),
    "stop with calls": (sse(delta(tool_calls=[CALL]), {"choices": [{"delta": {}, "finish_reason": "stop"}]}), "", 1),
    "calls without index": (sse(delta(tool_calls=[{k: v for k, v in CALL.items() if k != "index"}])), "", 1),
    "calls without id": (sse(delta(tool_calls=[{k: v for k, v in CALL.items() if k != "id"}])), "", 1),
    "arguments as object": (
        sse(delta(tool_calls=[{**CALL, "function": {"name": "read", "arguments": {"path": "notes.txt"}}}])), "", 1,
    ),
    "arguments in pieces": (
        sse(delta(tool_calls=[{**CALL, "function": {"name": "read", "arguments": '{"path": '}}]),
            delta(tool_calls=[{"index": 0, "function": {"arguments": '"notes.txt"}'}}])), "", 1,
    ),
    "thinking inline": (sse(delta(content="<think>hm</think>It is HERON now")), "It is HERON now", 0),
    "reasoning by another name": (sse(delta(reasoning="hm"), delta(content="It is HERON now")), "It is HERON now", 0),
    "comments first": ([b": keepalive\n\n"] * 3 + sse(delta(content="It is HERON now")), "It is HERON now", 0),
    "no role": (sse(delta(content="It is HERON now")), "It is HERON now", 0),
    "plain JSON though a stream": (
        [json.dumps({"id": "p", "choices": [{"message": {"content": "It is HERON now"}}]}, indent=1).encode()],
        "It is HERON now", 0,
    ),
    "line breaks of other kinds": (
        [f'data: {json.dumps(delta(content="The codename" + chr(0x2028) + "is"), ensure_ascii=False)}\n\n'.encode(),
         *sse(delta(content=" HERON"))],
        "The codename\u2028is HERON", 0,
    ),
    "carriage returns": ([part.replace(b"\n", b"\r\n") for part in sse(delta(content="It is HERON now"))],
                         "It is HERON now", 0),
    "split inside a letter": (
        [part for line in sse(delta(content="Grüße")) for part in (line[:40], line[40:47], line[47:])], "Grüße", 0,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DEVIATIONS)
def test_each_deviation_passes_unchanged_and_is_read_right(home, store, name):
    sent, text, calls = DEVIATIONS[name]
    with fronted(home, Upstream(sent)) as front:
        assert post(front, REQUEST)[2] == b"".join(sent)
        until(lambda: all_kept(store))
    said = conversations.all_conversations(store)[0].messages[-1]
    found = [part for part in said.parts if part.kind == "tool_call"]
    assert said.text == text and len(found) == calls
    thought = ["hm"] if name in ("thinking inline", "reasoning by another name") else []
    assert [part.text for part in said.parts if part.kind == "thinking"] == thought
    assert all(part.arguments == {"path": "notes.txt"} for part in found)


@pytest.mark.parametrize("path", ENDS)
@pytest.mark.parametrize(
    "answer",
    [
        {"choices": [{"message": "Hello"}], "message": "Hello", "type": "message", "content": 5, "object": "response",
         "output": [5], "usage": 5},
        {"choices": [{"delta": {"tool_calls": ["x"], "content": 5}}], "message": {"tool_calls": ["x"]}, "output": 5,
         "type": "content_block_start", "content_block": "x", "usage": {"output_tokens": []}},
        {"choices": [{"delta": {"tool_calls": [{"function": "x", "index": []}]}}],
         "message": {"tool_calls": [{"function": "x"}]}, "type": "response.output_item.done",
         "item": {"type": "function_call"}, "output_index": []},
    ],
)  # fmt: skip
def test_an_answer_in_no_known_form_is_kept_as_the_bytes_that_it_is(home, store, path, answer):
    sent = json.dumps(answer).encode()
    body = {"model": "m", "messages": [{"role": "user", "content": "Hi"}], "input": "Hi", "max_tokens": 9}
    with fronted(home, Upstream([sent])) as front:
        assert post(front, json.dumps(body).encode(), path)[2] == sent
        assert until(lambda: all_kept(store), 5)
    assert all_kept(store)[0].response == sent


@pytest.mark.parametrize(("status", "body"), [(400, b'{"error": {"code": "context_length_exceeded"}}'), (503, b"busy")])
def test_refusals_pass_and_are_kept_as_no_turn(home, store, status, body):
    with fronted(home, Upstream([body], status=status)) as front:
        assert post(front, REQUEST)[::2] == (status, body)
        until(lambda: all_kept(store))
    assert all_kept(store)[0].kind == "unanswered" and conversations.all_conversations(store) == []


def test_a_question_that_is_repeated_after_a_refusal_is_one_turn(home, store):
    upstream = Upstream([b'{"error": {"message": "busy"}}'], status=503)
    with fronted(home, upstream) as front:
        assert post(front, REQUEST)[0] == 503
        upstream.status, upstream.chunks = 200, SAID
        assert post(front, REQUEST)[0] == 200
        until(lambda: len(all_kept(store)) == 2)
    assert [m.role for c in conversations.all_conversations(store) for m in c.messages] == ["user", "assistant"]


@pytest.mark.parametrize("back", ["<think>hm</think>It is HERON now", "It is HERON now"])
def test_a_conversation_goes_on_whether_its_client_sends_inline_thinking_back_or_not(home, store, back):
    body = json.loads(REQUEST)
    more = [*body["messages"], {"role": "assistant", "content": back}, {"role": "user", "content": "And now?"}]
    with fronted(home, Upstream(DEVIATIONS["thinking inline"][0])) as front:
        post(front, json.dumps(body | {"odd": 1}).encode())
        until(lambda: all_kept(store))
        post(front, json.dumps(body | {"odd": 1, "messages": more}).encode())
        until(lambda: len(all_kept(store)) == 2)
    assert [len(c.messages) for c in conversations.all_conversations(store)] == [4]


def test_a_proxy_loads_nothing_that_trains():
    seen = "import sys, nightschool.serve.app, nightschool.serve.proxy; print('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", seen], capture_output=True, text=True).stdout == "False\n"
