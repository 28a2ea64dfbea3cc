"""What a proxy costs: beside the server behind it alone.

Both sides of each comparison run in turn within one run, on one machine, in processes of their own.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy

from nightschool.errors import UserError
from nightschool.records import Json

BODY: Json = {"model": "steady", "stream": True, "messages": [{"role": "user", "content": "Tell me something long"}]}


@dataclass(frozen=True, kw_only=True, slots=True)
class Stream:
    """How one stream went."""

    first_seconds: float
    seconds: float
    pieces: int
    whole: bool


def proxy(*, streams: int = 32, rounds: int = 10, tokens: int = 40, pause: float = 0.02, many: int = 1000) -> Json:
    """Measure a proxy's added time to the first token, its throughput and how many streams it holds."""
    with ExitStack() as stack:
        direct = stack.enter_context(upstream(tokens, pause))
        front = stack.enter_context(server("--upstream", direct))
        sides = {"direct": direct, "proxy": front}
        for address in sides.values():
            asyncio.run(_round(address, streams))
        runs: dict[str, list[tuple[float, list[Stream]]]] = {name: [] for name in sides}
        for number in range(rounds):
            # In turn, and each first as often as second: whatever else runs meets both alike.
            for name in sorted(sides, reverse=number % 2 == 1):
                began = time.perf_counter()
                found = asyncio.run(_round(sides[name], streams))
                runs[name].append((time.perf_counter() - began, found))
        slow = stack.enter_context(upstream(20, 0.5))
        crowd = stack.enter_context(server("--upstream", slow))
        held = asyncio.run(_round(crowd, many, apart=8.0 / many))
    return {
        "streams": streams,
        "rounds": rounds,
        "tokens": tokens,
        "seconds_per_token": pause,
        **_compared(runs, tokens),
        "concurrent": {"asked": many, "whole": sum(stream.whole and stream.pieces == 20 for stream in held)},
        "machine": machine(),
    }


def _compared(runs: dict[str, list[tuple[float, list[Stream]]]], tokens: int) -> Json:
    first = {
        name: numpy.sort([stream.first_seconds for _, found in rounds for stream in found])
        for name, rounds in runs.items()
    }
    # Both sides have as many streams: the difference at one share of them is what is added there.
    added = {share: float(numpy.percentile(first["proxy"], share) - numpy.percentile(first["direct"], share)) * 1000
             for share in (50, 99)}  # fmt: skip
    rates = {
        name: [sum(stream.pieces for stream in found) / seconds for seconds, found in rounds]
        for name, rounds in runs.items()
    }
    ratios = [ours / theirs for ours, theirs in zip(rates["proxy"], rates["direct"], strict=True)]
    return {
        "first_token_ms": {
            name: {"median": float(numpy.median(values)) * 1000, "p99": float(numpy.percentile(values, 99)) * 1000}
            for name, values in first.items()
        },
        "added_ms": {"median": added[50], "p99": added[99]},
        "n": len(first["proxy"]),
        "throughput_ratio": {"median": statistics.median(ratios), "low": min(ratios), "high": max(ratios)},
        "lost": sum(not stream.whole or stream.pieces != tokens for _, found in runs["proxy"] for stream in found),
    }


async def _round(address: str, streams: int, *, apart: float = 0.005) -> list[Stream]:
    """Hold many streams at once; they begin a moment apart, as people do."""
    import aiohttp

    async def one(number: int) -> Stream:
        await asyncio.sleep(number * apart)
        return await _stream(session, address)

    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=300)) as session:
        return await asyncio.gather(*(one(number) for number in range(streams)))


async def _stream(session: object, address: str) -> Stream:
    import aiohttp

    assert isinstance(session, aiohttp.ClientSession)
    began, first, got = time.perf_counter(), 0.0, bytearray()
    with contextlib.suppress(aiohttp.ClientError, TimeoutError, OSError):
        async with session.post(f"{address}/v1/chat/completions", json=BODY) as response:
            async for chunk in response.content.iter_any():
                first = first or time.perf_counter() - began
                got += chunk
    whole = got.endswith(b"data: [DONE]\n\n")
    return Stream(first_seconds=first, seconds=time.perf_counter() - began, pieces=got.count(b'"delta"'), whole=whole)


@contextmanager
def upstream(tokens: int, pause: float) -> Iterator[str]:
    """Run the steady server and give its address."""
    port = _free()
    command = [sys.executable, "-m", "nightschool.bench.upstream", str(port), str(tokens), str(pause)]
    with _running(command, port) as address:
        yield address


@contextmanager
def server(*options: str) -> Iterator[str]:
    """Run `nightschool serve` with a home of its own and give its address."""
    port = _free()
    with tempfile.TemporaryDirectory(prefix="nightschool-bench-") as folder:
        home = ["--home", str(Path(folder) / "home")]
        command = [sys.executable, "-m", "nightschool", *home, "serve", "--port", str(port), *options]
        with _running(command, port) as address:
            yield address


@contextmanager
def _running(command: Sequence[str], port: int) -> Iterator[str]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 120
        while not _open(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise UserError(f"`{' '.join(command)}` does not answer on port {port}")
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=30)


def _open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def machine() -> Json:
    """Say on what, and beside what, it was measured."""
    load = os.getloadavg() if hasattr(os, "getloadavg") else (0.0, 0.0, 0.0)
    return {"cores": os.cpu_count(), "load": [round(value, 2) for value in load]}
