"""The packages that people really use, talking to a real port."""

from __future__ import annotations

import asyncio
import json

import ollama
import openai
import pytest

from nightschool.config import Config
from nightschool.serve.app import app
from nightschool.serve.proxy import Proxy
from nightschool.store import conversations, exchanges
from nightschool.turns import turns
from tests.serve.echo import WEATHER, Echo, served, until

HELLO = [{"role": "user", "content": "Hello there"}]


@pytest.fixture(params=["in process", "in front of another server"])
def address(home, tmp_path, request):
    """A server that answers itself, and one that passes everything on to such a server."""
    own = app(home, Config(), Echo(), pages=lambda serving: [])
    if request.param == "in process":
        with served(own) as here:
            yield here
        return
    from nightschool.config import Home

    behind = app(Home(tmp_path / "behind").create(), Config(), Echo(), pages=lambda serving: [])
    with served(behind) as there, served(app(home, Config(), Proxy(there), pages=lambda serving: [])) as front:
        yield front


@pytest.fixture
def client(address):
    """OpenAI's own package."""
    with openai.OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0) as made:
        yield made


def test_openai_chats_and_streams(client):
    whole = client.chat.completions.create(model="champion", messages=HELLO)
    assert whole.choices[0].message.content == "You said: Hello there"
    pieces = client.chat.completions.create(
        model="champion", messages=HELLO, stream=True, stream_options={"include_usage": True}
    )
    chunks = list(pieces)
    said = [chunk.choices[0].delta.content for chunk in chunks if chunk.choices and chunk.choices[0].delta.content]
    assert len(said) > 2 and "".join(said) == "You said: Hello there" and chunks[-1].usage.total_tokens == 14


def test_openai_uses_a_tool_to_the_end_and_it_is_in_the_store(client, store):
    messages = [{"role": "user", "content": "Weather in Oslo?"}]
    with client.chat.completions.stream(model="champion", messages=messages, tools=[WEATHER]) as stream:
        answer = stream.get_final_completion().choices[0]
    assert answer.finish_reason == "tool_calls"
    call = answer.message.tool_calls[0]
    assert json.loads(call.function.arguments) == {"place": "Oslo"}
    messages += [answer.message.to_dict(), {"role": "tool", "tool_call_id": call.id, "content": "It rains in Oslo"}]
    last = client.chat.completions.create(model="champion", messages=messages, tools=[WEATHER])
    assert last.choices[0].message.content == "You said: It rains in Oslo"
    until(lambda: exchanges.count(store).get("main") == 2)
    conversation = conversations.all_conversations(store)[0]
    assert [m.role for m in conversation.messages] == ["user", "assistant", "tool", "assistant"]
    assert len(turns(conversation)) == 1 and conversation.agent.startswith("OpenAI/Python")


def test_openai_responses_stream_to_their_end(client):
    with client.responses.stream(model="champion", input="think of it") as stream:
        text = "".join(event.delta for event in stream if event.type == "response.output_text.delta")
        final = stream.get_final_response()
    assert text == final.output_text == "You said: think of it" and final.output[0].type == "reasoning"


def test_openai_lists_embeds_and_tells_errors_apart(client):
    assert "champion+memory" in [model.id for model in client.models.list()]
    assert client.models.retrieve("champion+memory").id == "champion+memory"
    vector = client.embeddings.create(model="base", input="a").data[0].embedding
    assert vector == pytest.approx([0.6, 0.8])
    with pytest.raises(openai.NotFoundError, match="There is no model"):
        client.chat.completions.create(model="gpt-5", messages=HELLO)
    with pytest.raises(openai.BadRequestError, match="maximum context length"):
        client.chat.completions.create(model="champion", messages=[{"role": "user", "content": "x" * 60_000}])


def test_ollama_chats_streams_and_uses_tools(address, store):
    client = ollama.Client(host=address)
    assert client.chat(model="champion", messages=HELLO).message.content == "You said: Hello there"
    pieces = list(client.chat(model="champion:latest", messages=HELLO, stream=True))
    assert "".join(piece.message.content for piece in pieces) == "You said: Hello there" and pieces[-1].done
    called = client.chat(model="champion", messages=[{"role": "user", "content": "Weather?"}], tools=[WEATHER])
    assert called.message.tool_calls[0].function.arguments == {"place": "Oslo"}
    assert client.generate(model="champion", prompt="Hi").response == "You said: Hi"
    assert client.embed(model="base", input=["a"]).embeddings == [[0.6, 0.8]]
    assert "champion:latest" in [model.model for model in client.list().models]
    assert client.show("champion").modelinfo["llama.context_length"] == 4096
    assert client.ps().models
    with pytest.raises(ollama.ResponseError, match="There is no model"):
        client.chat(model="nobody", messages=HELLO)
    until(lambda: exchanges.count(store).get("main") == 4)
    assert exchanges.count(store)["main"] == 4


def test_a_hundred_streams_at_once_each_get_their_own_words(address):
    async def one(client, number):
        pieces = await client.chat.completions.create(
            model="champion", messages=[{"role": "user", "content": f"number {number}"}], stream=True
        )
        return "".join([chunk.choices[0].delta.content or "" async for chunk in pieces])

    async def all_of_them():
        async with openai.AsyncOpenAI(base_url=f"{address}/v1", api_key="none", timeout=60) as client:
            return await asyncio.gather(*(one(client, number) for number in range(100)))

    assert asyncio.run(all_of_them()) == [f"You said: number {number}" for number in range(100)]


def test_generation_stops_when_the_client_hangs_up(home):
    engine = Echo(pause=0.05)
    own = app(home, Config(), engine, pages=lambda serving: [])
    with served(own) as here, openai.OpenAI(base_url=f"{here}/v1", api_key="none") as client:
        messages = [{"role": "user", "content": "word " * 500}]
        stream = client.chat.completions.create(model="champion", messages=messages, stream=True)
        next(iter(stream))
        assert engine.running == 1
        stream.close()
        assert until(lambda: engine.running == 0, 5)
