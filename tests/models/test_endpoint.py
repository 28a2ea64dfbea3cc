"""Endpoints of either form, over either way, and everything that a server may answer instead."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time

import pytest

from nightschool.errors import UserError
from nightschool.models.endpoint import Endpoint, key_from
from nightschool.models.transport import Curl, EndpointError
from tests.judging import asked, said, serving

SCHEMA = {"type": "object", "properties": {"score": {"enum": [1, 2]}}, "required": ["score"]}
QUESTION = [{"role": "user", "content": "How far?"}]


def endpoint(url, **more):
    return Endpoint(url, **({"seconds": 5.0, "connect_seconds": 2.0, "rest": lambda _: None} | more))


def test_an_openai_shaped_server_is_found_out_and_asked_in_its_form():
    with serving(lambda body: "Far.") as (url, server):
        reply = endpoint(url).chat(QUESTION, schema=SCHEMA, max_tokens=50)
    assert reply.text == "Far." and reply.stop == "stop" and reply.tokens == 20 and reply.prompt_tokens == 100
    sent = server.requests[-1]
    assert server.paths[-1] == "/v1/chat/completions" and sent["model"] == "scripted" and sent["max_tokens"] == 50
    assert sent["response_format"]["json_schema"]["schema"] == SCHEMA
    assert sent["chat_template_kwargs"] == {"enable_thinking": False}


def test_an_ollama_shaped_server_gets_its_schema_its_room_and_no_thinking():
    answer = {"message": {"content": "Far.", "thinking": "hm"}, "done_reason": "length", "eval_count": 7}
    with serving(lambda body: answer) as (url, server):
        reply = endpoint(url, model="m", api="ollama", context_tokens=9000).chat(QUESTION, schema=SCHEMA)
    assert (reply.text, reply.thinking, reply.stop, reply.tokens) == ("Far.", "hm", "length", 7)
    sent = server.requests[-1]
    assert server.paths[-1] == "/api/chat" and sent["format"] == SCHEMA and sent["think"] is False
    assert sent["options"]["num_ctx"] == 9000


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("{}/v1", "/v1/chat/completions"),
        ("{}/v1/", "/v1/chat/completions"),
        ("{}/v1/chat/completions", "/v1/chat/completions"),
        ("{}/openai/v1", "/openai/v1/chat/completions"),
        ("{}/api", "/api/chat"),
        ("{}/api/chat", "/api/chat"),
    ],
)
def test_an_address_may_be_written_in_every_usual_way(address, path):
    answer = said("Far.") | {"message": {"content": "Far."}}
    with serving(lambda body: answer) as (url, server):
        assert endpoint(address.format(url), model="m").chat(QUESTION).text == "Far."
    assert server.paths[-1] == path


def test_what_a_server_refuses_to_know_is_left_out_from_then_on():
    def strict(body):
        if "chat_template_kwargs" in body or "response_format" in body:
            return 400, json.dumps({"error": {"message": "unknown field"}})
        return "Far."

    with serving(strict) as (url, server):
        chosen = endpoint(url, model="m", api="openai")
        assert chosen.chat(QUESTION, schema=SCHEMA).text == "Far."
        assert len(server.requests) == 3
        assert chosen.chat(QUESTION, schema=SCHEMA).text == "Far."
        assert len(server.requests) == 4


def test_a_busy_server_is_asked_again_within_bounds():
    answers = iter([(503, "{}"), (429, "{}"), said("Far.")])
    rests = []
    with serving(lambda body: next(answers)) as (url, _):
        assert endpoint(url, model="m", api="openai", rest=rests.append).chat(QUESTION).text == "Far."
    assert rests == [0.5, 1.0]
    with serving(lambda body: (503, "{}")) as (url, server), pytest.raises(EndpointError) as raised:
        endpoint(url, model="m", api="openai").chat(QUESTION)
    assert raised.value.status == 503 and len(server.requests) == 3


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ((200, "<html><body>Sign in</body></html>"), "no json"),
        ((200, '{"choices": [{"mess'), "no json"),
        ((200, "[]"), "no json"),
        ((200, '{"detail": "loading"}'), "empty"),
        ((302, "<html>"), "refused"),
        ((401, '{"error": {"message": "no key"}}'), "refused"),
    ],
)
def test_what_is_no_answer_is_named_and_never_made_up(answer, problem):
    with serving(lambda body: answer) as (url, _), pytest.raises(EndpointError) as raised:
        endpoint(url, model="m", api="openai").chat(QUESTION)
    assert raised.value.problem == problem


@pytest.mark.parametrize("transport", ["httpx", "curl"])
def test_a_server_that_never_answers_or_never_ends_is_given_up_in_time(transport):
    def endless():
        while True:
            yield b" "
            time.sleep(0.05)

    with serving(lambda body: endless()) as (url, _):
        began = time.monotonic()
        with pytest.raises(EndpointError) as raised:
            endpoint(url, model="m", api="openai", seconds=0.6, transport=transport).chat(QUESTION)
        assert raised.value.problem == "slow" and time.monotonic() - began < 3
    with serving(lambda body: "late", seconds=3.0) as (url, _):
        with pytest.raises(EndpointError) as raised:
            endpoint(url, model="m", api="openai", seconds=0.4, transport=transport).chat(QUESTION)
        assert raised.value.problem == "slow"


@pytest.mark.parametrize("transport", ["httpx", "curl"])
def test_a_dead_server_is_told_as_unreachable(transport):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(EndpointError) as raised:
        endpoint(url, model="m", api="openai", transport=transport, retries=1).chat(QUESTION)
    assert raised.value.problem == "unreachable"


def test_where_this_process_may_not_connect_curl_gets_through(monkeypatch):
    def blocked(*_):
        raise PermissionError(1, "Operation not permitted")

    with serving(lambda body: "Through.") as (url, server):
        monkeypatch.setattr(socket.socket, "connect", blocked)
        with pytest.raises(EndpointError):
            endpoint(url, model="m", api="openai", transport="httpx").chat(QUESTION)
        chosen = endpoint(url, model="m", api="openai")
        assert chosen.chat(QUESTION).text == "Through." and chosen.transport == "curl"
        assert asked(server.requests[-1]) == "How far?"


def test_curl_streams_and_never_sees_the_key_in_its_arguments(monkeypatch):
    started = []
    original = subprocess.Popen

    def watched(arguments, **more):
        started.append(" ".join(arguments))
        return original(arguments, **more)

    monkeypatch.setattr(subprocess, "Popen", watched)
    pieces = iter([b"first ", b"second"])

    def slowly(body):
        def parts():
            for piece in pieces:
                yield piece
                time.sleep(0.3)

        return parts()

    with serving(slowly) as (url, server):
        chosen = endpoint(url, model="m", api="openai", key='sk-"secret"', transport="curl")
        began, arrived = time.monotonic(), []
        with chosen.stream("POST", "/v1/chat/completions", b'{"stream": true}') as response:
            for chunk in response.chunks:
                arrived.append((time.monotonic() - began, chunk))
    assert b"".join(chunk for _, chunk in arrived) == b"first second" and len(arrived) == 2
    assert arrived[1][0] - arrived[0][0] > 0.15
    assert server.headers[-1]["Authorization"] == 'Bearer sk-"secret"'
    assert len(started) == 1 and "secret" not in started[0] and url not in started[0]


def test_a_long_body_passes_through_curl_whole():
    long = "word " * 200_000
    with serving(lambda body: str(len(asked(body)))) as (url, _):
        reply = endpoint(url, model="m", api="openai", transport="curl").chat([{"role": "user", "content": long}])
    assert reply.text == str(len(long))


@pytest.mark.parametrize("answer", ["stream", "ndjson"])
def test_an_answer_in_pieces_is_put_together(answer):
    deltas = [{"choices": [{"delta": {"content": text}}]} for text in ("Fa", "r.")]
    sse = "".join(f"data: {json.dumps(delta)}\n\n" for delta in deltas) + "data: [DONE]\n\n"

    from nightschool.models import endpoint as module

    if answer == "stream":
        assert module._reply("text/event-stream; charset=utf-8", sse.encode(), 0.0).text == "Far."
    else:
        lines = b'{"message": {"content": "Fa"}}\n{"message": {"content": "r."}, "done_reason": "stop"}\n'
        assert module._reply("application/x-ndjson", lines, 0.0).text == "Far."


@pytest.mark.parametrize(
    ("url", "more"),
    [
        ("host:11434", {}),
        ("ftp://host", {}),
        ("http://me:secret@host", {}),
        ("http://host", {"api": "other"}),
        ("http://host", {"transport": "wget"}),
        ("http://host", {"key": "a\nb"}),
    ],
)
def test_an_address_that_cannot_be_meant_is_one_sentence(url, more):
    with pytest.raises(UserError) as raised:
        Endpoint(url, **more)
    assert "\n" not in raised.value.message and "secret" not in raised.value.message


def test_a_key_comes_from_the_variable_that_is_named(monkeypatch):
    monkeypatch.setitem(os.environ, "JUDGE_KEY", "k")
    assert key_from("JUDGE_KEY") == "k" and key_from("") == ""
    monkeypatch.delitem(os.environ, "JUDGE_KEY")
    with pytest.raises(UserError):
        key_from("JUDGE_KEY")


def test_without_curl_on_the_machine_that_is_said(monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(EndpointError, match="no `curl`"), Curl("http://h").send(None):  # type: ignore[arg-type]
        pass
