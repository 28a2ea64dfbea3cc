"""`nightschool serve` and `nightschool profiles` as a person types them."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
from click.testing import CliRunner

from nightschool.cli.main import cli
from tests.serve.echo import Upstream, served


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A home of one's own."""
    monkeypatch.setenv("NIGHTSCHOOL_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def run(*arguments):
    return CliRunner().invoke(cli, list(arguments))


def free():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def ask(port, key=""):
    body = json.dumps({"model": "m", "messages": [{"role": "user", "content": "Hello"}]}).encode()
    headers = {"content-type": "application/json", "authorization": f"Bearer {key}"}
    request = urllib.request.Request(f"http://127.0.0.1:{port}/v1/chat/completions", body, headers)
    with urllib.request.urlopen(request, timeout=30) as response:
        return response.read()


def test_the_server_answers_keeps_what_passed_and_ends_on_ctrl_c(home):
    port = free()
    with served(Upstream([b'{"choices": [{"message": {"content": "Hello to you as well"}}]}'])) as behind:
        command = [sys.executable, "-m", "nightschool", "serve", "--port", str(port), "--upstream", f"{behind}/v1"]
        process = subprocess.Popen(command, stderr=subprocess.PIPE, env=os.environ | {"NIGHTSCHOOL_HOME": str(home)})
        try:
            assert f"at http://127.0.0.1:{port}" in process.stderr.readline().decode()
            deadline = time.monotonic() + 60
            while True:
                try:
                    assert b"Hello to you" in ask(port)
                    break
                except urllib.error.URLError:
                    assert time.monotonic() < deadline and process.poll() is None
                    time.sleep(0.1)
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=60) in (0, 130, -signal.SIGINT)
    told = run("conversations", "list", "--json")
    assert [one["turns"] for one in json.loads(told.stdout)] == [1]


def test_a_port_that_is_taken_is_told_in_one_sentence(home):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        told = run("serve", "--port", str(other.getsockname()[1]), "--upstream", "http://127.0.0.1:9")
    assert "cannot be used" in told.exception.message


@pytest.mark.parametrize("url", ["nowhere", "ftp://x", "http://"])
def test_no_address_is_told_in_one_sentence(home, url):
    assert "is no address" in run("serve", "--port", str(free()), "--upstream", url).exception.message


def test_nobody_is_let_in_from_other_machines_without_a_key(home):
    assert "other machines" in run("serve", "--host", "0.0.0.0", "--upstream", "http://127.0.0.1:9").exception.message


def test_people_are_added_listed_and_removed(home):
    key = json.loads(run("profiles", "add", "anna", "--json").stdout)["key"]
    assert key.startswith("ns-") and key not in (home / "profiles.json").read_text()
    assert (home / "profiles.json").stat().st_mode & 0o777 == 0o600
    listed = json.loads(run("profiles", "list", "--json").stdout)
    assert [(one["name"], one["key"]) for one in listed] == [("owner", False), ("anna", True)]
    assert "has a key" in run("profiles", "list").stdout
    assert "already" in run("profiles", "add", "anna").exception.message
    assert "no name" in run("profiles", "add", "../anna").exception.message
    assert run("profiles", "remove", "anna").exit_code == 0 and (home / "profiles" / "anna").is_dir()
    assert "no profile" in run("profiles", "remove", "anna").exception.message
