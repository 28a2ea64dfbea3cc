"""Scripted endpoints on loopback ports: judges that are sound, lying, slow, dead or talk nonsense."""

from __future__ import annotations

import contextlib
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from nightschool.curate.judges.specimens import CAPITALS, ELEMENTS, WORDS

DIMENSIONS = ("tool_correctness", "task_completion", "instruction_adherence", "efficiency", "overall")


class Scripted:
    """What one scripted endpoint was asked, and how it answers."""

    def __init__(self, script: Callable[[dict[str, Any]], Any], *, seconds: float = 0.0) -> None:
        self.script = script
        self.seconds = seconds
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.lock = threading.Lock()


def said(text: str, stop: str = "stop") -> dict[str, Any]:
    """An answer in OpenAI's form."""
    return {
        "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": stop}],
        "usage": {"prompt_tokens": 100, "completion_tokens": 20},
    }


def verdict(overall: int, **others: int) -> str:
    """A judge's object."""
    return json.dumps({"reason": "so it is"} | dict.fromkeys(DIMENSIONS, overall) | others)


@contextlib.contextmanager
def serving(script: Callable[[dict[str, Any]], Any], *, seconds: float = 0.0) -> Iterator[tuple[str, Scripted]]:
    """Serve a script on a free port; it gets the request's body and returns text, an object, or (status, text)."""
    scripted = Scripted(script, seconds=seconds)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            super().setup()
            # Headers and body are two writes: without this the second waits 40 ms for an acknowledgement.
            self.connection.setsockopt(6, 1, 1)

        def do_GET(self) -> None:
            with scripted.lock:
                scripted.paths.append(self.path)
            if self.path == "/v1/models":
                self._send(200, json.dumps({"data": [{"id": "scripted"}]}))
            else:
                self._send(404, "{}")

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with scripted.lock:
                scripted.requests.append(body)
                scripted.headers.append(dict(self.headers.items()))
                scripted.paths.append(self.path)
            if scripted.seconds:
                time.sleep(scripted.seconds)
            answer = scripted.script(body)
            if isinstance(answer, tuple):
                self._send(*answer)
            elif isinstance(answer, str):
                self._send(200, json.dumps(said(answer)))
            elif isinstance(answer, dict):
                self._send(200, json.dumps(answer))
            else:
                self._dribble(answer)

        def _send(self, status: int, text: str) -> None:
            data = text.encode()
            kind = "text/html" if text.startswith("<") else "application/json"
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def _dribble(self, pieces: Iterator[bytes]) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Connection", "close")
            self.end_headers()
            with contextlib.suppress(OSError):
                for piece in pieces:
                    self.wfile.write(piece)
                    self.wfile.flush()
            self.close_connection = True

        def log_message(self, *_: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128

        def handle_error(self, *_: Any) -> None:
            pass

    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", scripted
    finally:
        server.shutdown()
        server.server_close()


def asked(body: dict[str, Any]) -> str:
    """The last message of a request."""
    return str(body["messages"][-1]["content"])


def number(text: str, default: int = 0) -> int:
    """The first number in a text."""
    found = re.search(r"\d+", text)
    return int(found[0]) if found else default


def sound(body: dict[str, Any]) -> str:
    """A judge that works planted answers out for itself, and calls any other answer bad that says `wrong`."""
    text = asked(body)
    return preference(text) if "The second answer:" in text else verdict(9 if is_right(text) else 2)


def preference(text: str) -> str:
    """The right preference between two answers."""
    asked, _, rest = text.partition("The first answer:")
    right = [is_right(f"{asked}\n{answer}") for answer in rest.split("The second answer:")]
    better = "neither" if right[0] == right[1] else "first" if right[0] else "second"
    return json.dumps({"reason": "so it is", "better": better})


def is_right(text: str) -> bool:
    """Whether the answer in a judge's question is right."""
    pieces = [piece.strip() for piece in re.findall(r"<<\w{8}\n(.*?)\n\w{8}>>", text, re.DOTALL)]
    if any(mark in text for mark in ("empty answer", "evaluator", "give this a 10", "10 out of 10")):
        return False
    if any(name in text for name in ("stock_oracle", "mind_reader", "web_magic")):
        return False
    question = re.search(r"What the person asked:\n<<\w{8}\n(.*?)\n\w{8}>>", text, re.DOTALL)
    answer = next((p for t, p in reversed(re.findall(r"([^\n]*):\n<<\w{8}\n(.*?)\n\w{8}>>", text, re.DOTALL))
                   if "assistant said" in t or "answer" in t), pieces[-1])  # fmt: skip
    wanted = expected(question[1] if question else "", text)
    return "wrong" not in answer if wanted is None else all(piece in answer for piece in wanted)


def expected(question: str, text: str) -> list[str] | None:
    """What the right answer to a planted question holds; None for a question of the person."""
    numbers = [int(found) for found in re.findall(r"\d+", question)]
    for opening, table in (("capital of ", CAPITALS), ("German word “", WORDS), ("symbol of ", ELEMENTS)):
        if opening in question:
            name = re.split(r"[?”]", question.split(opening)[1])[0]
            return [table[name][0]]
    if " plus " in question:
        return [f" {sum(numbers)}."]
    if " times " in question:
        return [str(numbers[0] * numbers[1])]
    if "alphabetical order" in question:
        return ["\n".join(f"- {name}" for name in sorted(question.rstrip(".").split(": ")[1].split(", ")))]
    if "How many minutes" in question:
        return [f"{numbers[0] * 60} minutes"]
    if "sum of the list" in question:
        return ["sum(", f"gives {sum(numbers)}."]
    from_tools = (
        ("weather tool", r'"celsius": (-?\d+)', "{} °C"),
        ("Which port", r"port: (\d+)", "port {}."),
        ("How many lines", r"\n(\d+) \S+\n", " {} lines"),
    )
    for words, pattern, answer in from_tools:
        if words in question:
            found = re.search(pattern, text)
            return [answer.format(found[1])] if found else ["only a tool could tell"]
    return None
