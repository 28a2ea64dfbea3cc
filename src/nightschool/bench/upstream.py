"""A server that answers like a model of steady speed, for measuring what stands in front of it.

Run as a process of its own: `python -m nightschool.bench.upstream PORT TOKENS SECONDS_PER_TOKEN`.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

HEAD = {"id": "up-1", "object": "chat.completion.chunk", "created": 0, "model": "steady"}


class Steady:
    """Says the same tokens at the same pace to everyone."""

    def __init__(self, tokens: int, pause: float) -> None:
        self._tokens = tokens
        self._pause = pause
        choices = [{"index": 0, "delta": {"content": "word "}, "finish_reason": None}]
        self._piece = f"data: {json.dumps(HEAD | {'choices': choices})}\n\n".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer whatever is asked."""
        if scope["type"] != "http":
            return
        while (await receive()).get("more_body"):
            pass
        headers = [(b"content-type", b"text/event-stream")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for _ in range(self._tokens):
            await send({"type": "http.response.body", "body": self._piece, "more_body": True})
            if self._pause:
                await asyncio.sleep(self._pause)
        await send({"type": "http.response.body", "body": b"data: [DONE]\n\n"})


def main() -> None:
    """Serve until the process is ended."""
    import uvicorn

    port, tokens, pause = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    uvicorn.run(Steady(tokens, pause), host="127.0.0.1", port=port, log_level="error", ws="none", lifespan="off")


if __name__ == "__main__":
    main()
