"""Carry one HTTP request and stream back its answer: with httpx, or with the system's curl.

Where a sandbox keeps this process from the local network (as macOS does with programs that were not
allowed in), curl may still get through. Neither way follows a redirect or reads a proxy for a near host.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import shutil
import subprocess
import threading
import time
import urllib.parse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import httpx

Problem = Literal["unreachable", "slow", "broken off", "refused", "no json", "empty"]
CHUNK = 65536
_CURL_UNREACHABLE = {5, 6, 7, 35, 45, 60}
_CURL_SLOW = 28


class EndpointError(Exception):
    """A request that gave nothing to work with."""

    def __init__(self, problem: Problem, sentence: str, *, status: int = 0, wait: float = 0.0) -> None:
        super().__init__(sentence)
        self.problem: Problem = problem
        self.status = status
        self.wait = wait
        """Seconds that the server asked to be left alone."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """What is sent."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes | None
    connect_seconds: float
    seconds: float
    """For everything from the first byte sent to the last one read."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Response:
    """What comes back; `chunks` must be read while the request is open."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    chunks: Iterator[bytes]

    def read(self) -> bytes:
        """The whole body."""
        return b"".join(self.chunks)


class Httpx:
    """Requests within this process, over kept connections."""

    def __init__(self, url: str) -> None:
        self._near = near(url)
        # Certificates take a tenth of a second to load, and no redirect is ever followed to where they matter.
        self._verify = not url.startswith("http://")
        self._lock = threading.Lock()
        self._client: httpx.Client | None = None

    @contextlib.contextmanager
    def send(self, request: Request) -> Iterator[Response]:
        """Send a request; EndpointError where it cannot be carried through in time."""
        import httpx

        deadline = time.monotonic() + request.seconds
        timeout = httpx.Timeout(request.seconds, connect=request.connect_seconds)
        try:
            with self._opened().stream(
                request.method, request.url, headers=dict(request.headers), content=request.body, timeout=timeout
            ) as answer:
                headers = {name.lower(): value for name, value in answer.headers.items()}
                yield Response(status=answer.status_code, headers=headers, chunks=_until(deadline, answer.iter_bytes()))
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
            raise EndpointError("unreachable", _plain(error)) from error
        except httpx.TimeoutException as error:
            raise EndpointError("slow", f"No answer within {request.seconds:g} s") from error
        except httpx.HTTPError as error:
            raise EndpointError("broken off", _plain(error)) from error

    def _opened(self) -> httpx.Client:
        with self._lock:
            if self._client is None:
                import httpx

                limits = httpx.Limits(max_connections=None, max_keepalive_connections=32)
                self._client = httpx.Client(trust_env=not self._near, verify=self._verify, limits=limits)
            return self._client

    def close(self) -> None:
        """Close the kept connections."""
        with self._lock:
            if self._client is not None:
                self._client.close()
                self._client = None


class Curl:
    """Requests by the system's curl. Address, headers and key reach it through a pipe, never as arguments."""

    def __init__(self, url: str) -> None:
        self._near = near(url)

    @contextlib.contextmanager
    def send(self, request: Request) -> Iterator[Response]:
        """Send a request; EndpointError where it cannot be carried through in time."""
        curl = shutil.which("curl")
        if curl is None:
            raise EndpointError("unreachable", "There is no `curl` on this machine")
        process = self._started(curl, request)
        try:
            feeding = threading.Thread(target=_feed, args=(process, request.body or b""), daemon=True)
            feeding.start()
            status, headers, rest = _head(process)
            yield Response(status=status, headers=headers, chunks=_body(process, rest, request.seconds))
        finally:
            process.kill()
            process.wait()
            for pipe in (process.stdout, process.stderr):
                if pipe is not None:
                    pipe.close()

    def _started(self, curl: str, request: Request) -> subprocess.Popen[bytes]:
        reading, writing = os.pipe()
        try:
            arguments = [
                curl, "--disable", "--silent", "--show-error", "--no-buffer", "--include", "--http1.1", "--globoff",
                "--proto", "=http,https", "--connect-timeout", f"{request.connect_seconds:.3f}",
                "--max-time", f"{request.seconds:.3f}", "--config", f"/dev/fd/{reading}",
            ]  # fmt: skip
            if self._near:
                arguments += ["--noproxy", "*"]
            pipe = subprocess.PIPE
            process = subprocess.Popen(arguments, stdin=pipe, stdout=pipe, stderr=pipe, pass_fds=(reading,), bufsize=0)
            # Address and headers fit a pipe's buffer, so that this never waits for curl.
            os.write(writing, _settings(request))
        finally:
            os.close(reading)
            os.close(writing)
        return process

    def close(self) -> None:
        """Nothing is kept open."""


def near(url: str) -> bool:
    """Tell whether a host is this machine or one beside it, where a proxy never helps."""
    host = urllib.parse.urlsplit(url).hostname or ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host == "localhost" or "." not in host or host.endswith((".local", ".lan", ".home.arpa"))
    return address.is_private or address.is_loopback or address.is_link_local


def _until(deadline: float, chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Stop a body that never ends: a server that goes on sending is as slow as one that is silent."""
    for chunk in chunks:
        yield chunk
        if time.monotonic() > deadline:
            raise EndpointError("slow", "The answer did not end in time")


def _plain(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__


def _settings(request: Request) -> bytes:
    lines = [("url", request.url), ("request", request.method)]
    lines += [("header", f"{name}: {value}") for name, value in (*request.headers.items(), ("Expect", ""))]
    if request.body is not None:
        lines.append(("data-binary", "@-"))
    quoted = [(name, value.replace("\\", "\\\\").replace('"', '\\"')) for name, value in lines]
    return "".join(f'{name} = "{value}"\n' for name, value in quoted).encode()


def _feed(process: subprocess.Popen[bytes], body: bytes) -> None:
    assert process.stdin is not None
    with contextlib.suppress(OSError), process.stdin as pipe:
        pipe.write(body)


def _head(process: subprocess.Popen[bytes]) -> tuple[int, dict[str, str], bytes]:
    """Read the status line and headers; those of an interim answer (`100 Continue`) are passed over."""
    assert process.stdout is not None
    seen = b""
    while True:
        while b"\r\n\r\n" not in seen:
            chunk = process.stdout.read(CHUNK)
            if not chunk:
                raise _failed(process)
            seen += chunk
        head, _, seen = seen.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        status = int(first.split()[1])
        if status >= 200:
            pairs = (line.partition(":") for line in lines)
            return status, {name.strip().lower(): value.strip() for name, _, value in pairs}, seen


def _body(process: subprocess.Popen[bytes], rest: bytes, seconds: float) -> Iterator[bytes]:
    assert process.stdout is not None
    if rest:
        yield rest
    while chunk := process.stdout.read(CHUNK):
        yield chunk
    if process.wait() == _CURL_SLOW:
        raise EndpointError("slow", f"No answer within {seconds:g} s")
    if process.returncode != 0:
        raise _failed(process)


def _failed(process: subprocess.Popen[bytes]) -> EndpointError:
    assert process.stderr is not None
    code, said = process.wait(), process.stderr.read().decode(errors="replace").strip()
    sentence = said.splitlines()[-1] if said else f"curl ended with code {code}"
    if code == _CURL_SLOW:
        # Whether curl waited for a connection or for the answer stands in its sentence alone.
        return EndpointError("unreachable" if "onnection timed out" in sentence else "slow", sentence)
    return EndpointError("unreachable" if code in _CURL_UNREACHABLE else "broken off", sentence)
