"""How much faster several judges are than one: scripted ones on loopback ports, each answer taking so long.

What is measured is this program: asking in parallel, reading, and keeping every answer in a store.
"""

from __future__ import annotations

import contextlib
import json
import tempfile
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from nightschool.config import Config, Home, JudgeConfig, JudgesConfig
from nightschool.curate.judges import panel, rubric
from nightschool.curate.judges.evidence import Evidence, Step
from nightschool.curate.judges.judge import Judge, configured
from nightschool.errors import UserError
from nightschool.models.model import Model
from nightschool.records import Json, Opinion
from nightschool.store import judges as store
from nightschool.store.database import open_database


def measure(turns: int = 1000, seconds: float = 0.2, judges: int = 3, parallel: int = 4) -> Json:
    """Score so many turns with one judge, with several that see every turn, and with several that share them.

    `speedup` compares the verdicts a second, `speedup_shared` the turns a second.
    """
    if min(turns, judges, parallel) < 1 or seconds < 0:
        raise UserError("There is nothing to measure", hint="Give at least one turn, judge and call at once")
    alone, several = _run(turns, seconds, 1, parallel), _run(turns, seconds, judges, parallel)
    shared = _run(turns, seconds, judges, parallel, votes=1)
    return {
        "turns": turns,
        "seconds_per_answer": seconds,
        "parallel": parallel,
        "judges": judges,
        "one": alone,
        "several": several,
        "shared": shared,
        "speedup": round(several["verdicts_per_second"] / alone["verdicts_per_second"], 2),
        "speedup_shared": round(shared["turns_per_second"] / alone["turns_per_second"], 2),
    }


def _run(turns: int, seconds: float, count: int, parallel: int, *, votes: int = 0) -> Json:
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        urls = [stack.enter_context(_serving(seconds)) for _ in range(count)]
        entries = tuple(
            JudgeConfig(name=f"judge {at}", url=url, model="scripted", api="openai", parallel=parallel)
            for at, url in enumerate(urls)
        )
        judges = configured(Config(judges=JudgesConfig(panel=entries)).judges, _no_base).judges
        db = stack.enter_context(contextlib.closing(open_database(Home(folder).create().database)))
        verdicts = 0

        def heard(judge: Judge, shown: Evidence, opinion: Opinion) -> None:
            nonlocal verdicts
            store.add_opinion(db, opinion, run="bench", turn_id=shown.turn_id)
            verdicts += opinion.scores is not None

        began = time.monotonic()
        panel.ask(judges, [_turn(at) for at in range(turns)], (), panel.Listener(heard=heard), votes=votes)
        took = time.monotonic() - began
    return {
        "judges": count,
        "verdicts": verdicts,
        "seconds": round(took, 2),
        "verdicts_per_second": round(verdicts / took, 2),
        "turns_per_second": round(turns / took, 2),
    }


def _turn(at: int) -> Evidence:
    answer = Step(kind="said", text=f"Thing number {at} is on the shelf by the door, behind the blue box.")
    return Evidence(turn_id=f"t{at}", conversation_id="c", question=f"Where did I put thing {at}?", steps=(answer,))


def _no_base() -> Model:
    raise UserError("Scripted judges have an address")


@contextlib.contextmanager
def _serving(seconds: float) -> Iterator[str]:
    """Serve one scripted judge, which takes as many calls at once as come."""
    verdict = json.dumps({"reason": "It answers the question."} | dict.fromkeys(rubric.DIMENSIONS, 8))
    message = {"role": "assistant", "content": verdict}
    answer = json.dumps({"choices": [{"message": message, "finish_reason": "stop"}]}).encode()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            time.sleep(seconds)
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
