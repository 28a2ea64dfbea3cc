"""Other programs pointed at this server: by a difference the person saw, and back byte for byte."""

from __future__ import annotations

import json
import sqlite3

import pytest
from click.testing import CliRunner
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from nightschool.cli.main import cli
from nightschool.config import Home
from nightschool.errors import UserError
from nightschool.serve.connect import hermes, open_webui, openclaw
from nightschool.serve.connect.change import Target
from nightschool.serve.people import People
from tests.serve.echo import served

TARGET = Target(url="http://127.0.0.1:8787/v1", model="champion+memory", context_tokens=131_072)
OPENCLAW = b"""{
    "gateway": {"port": 18789},
    "agents": {
        "defaults": {
            "model": {"primary": "anthropic/claude", "fallbacks": []},
            "models": {"anthropic/claude": {"alias": "c"}}
        }
    }
}"""
HERMES = b"""# my settings
model:
  default: "nous/hermes-4"   # the big one
  provider: nous

terminal:
  backend: local  # never docker
toolsets:
    - web
    - files
"""


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("NIGHTSCHOOL_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("OPENCLAW_STATE_DIR", str(tmp_path / "openclaw"))
    monkeypatch.setenv("HERMES_HOME", str(tmp_path / "hermes"))

    def go(*words, input=None, code=0):
        result = CliRunner().invoke(cli, ["connect", *words], input=input)
        assert (result.exit_code, result.exception if code == 0 else None) == (code, None), result.output
        return result

    return go


def written(file, data):
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)
    file.chmod(0o640)
    return file


@pytest.mark.parametrize(
    ("program", "place", "data"),
    [("openclaw", "openclaw/openclaw.json", OPENCLAW), ("hermes", "hermes/config.yaml", HERMES)],
)
class TestFiles:
    def test_nothing_is_touched_without_a_yes(self, run, tmp_path, program, place, data):
        file = written(tmp_path / place, data)
        for words, answer in (((program,), "n\n"), ((program,), None), ((program, "--print"), None)):
            shown = run(*words, input=answer)
            assert "+" in shown.stdout
            assert "Nothing was changed" in shown.stdout
        assert file.read_bytes() == data

    def test_undo_brings_every_byte_back(self, run, tmp_path, program, place, data):
        file = written(tmp_path / place, data)
        run(program, "--yes")
        assert b"127.0.0.1:8787" in file.read_bytes()
        assert file.stat().st_mode & 0o777 == 0o640
        undone = run(program, "--undo", "--yes").stdout
        assert file.read_bytes() == data
        assert "is taken back" in undone and "takes it back" not in undone

    def test_connecting_twice_still_undoes_to_the_beginning(self, run, tmp_path, program, place, data):
        file = written(tmp_path / place, data)
        run(program, "--yes")
        run(program, "--yes", "--model", "base")
        run(program, "--undo", "--yes")
        assert file.read_bytes() == data

    def test_the_same_again_changes_nothing(self, run, tmp_path, program, place, data):
        written(tmp_path / place, data)
        run(program, "--yes")
        assert "Nothing to change" in run(program, "--yes").stdout

    def test_a_file_that_was_not_there_is_gone_again(self, run, tmp_path, program, place, data):
        run(program, "--yes")
        assert (tmp_path / place).exists()
        run(program, "--undo", "--yes")
        assert not (tmp_path / place).exists()

    def test_what_the_person_changed_since_is_kept(self, run, tmp_path, program, place, data):
        file = written(tmp_path / place, data)
        run(program, "--yes")
        now = file.read_text()
        file.write_text(now.replace("18789", "19000").replace("backend: local", "backend: ssh"))
        run(program, "--undo", "--yes")
        text = file.read_text()
        assert "8787" not in text
        assert "19000" in text or "backend: ssh" in text
        assert "anthropic/claude" in text or "nous/hermes-4" in text

    def test_json_is_one_document(self, run, tmp_path, program, place, data):
        written(tmp_path / place, data)
        document = json.loads(run(program, "--yes", "--json").stdout)
        assert document["changed"] is True
        assert document["places"] == [str(tmp_path / place)]
        assert "8787" in document["difference"]

    def test_undo_without_a_connection_says_so(self, run, tmp_path, program, place, data):
        result = CliRunner().invoke(cli, ["connect", program, "--undo"])
        assert isinstance(result.exception, UserError)


def test_where_several_share_the_server_a_program_needs_one_of_their_keys(run, tmp_path):
    """Else the program would be pointed at a server that refuses it."""
    key = People(Home(tmp_path / "home").create()).add("anna")
    result = CliRunner().invoke(cli, ["connect", "openclaw", "--yes"])
    assert isinstance(result.exception, UserError) and "--key" in str(result.exception.hint)
    assert not (tmp_path / "openclaw" / "openclaw.json").exists()
    run("openclaw", "--yes", "--key", key)
    assert key in (tmp_path / "openclaw" / "openclaw.json").read_text()


def test_openclaw_asks_us_first_and_keeps_the_rest(tmp_path):
    file = written(tmp_path / "openclaw.json", OPENCLAW)
    after = json.loads(openclaw.edits(file, TARGET)[0].after)
    assert after["agents"]["defaults"]["model"] == {"primary": "nightschool/champion+memory", "fallbacks": []}
    assert set(after["agents"]["defaults"]["models"]) == {"anthropic/claude", "nightschool/champion+memory"}
    provider = after["models"]["providers"]["nightschool"]
    assert (provider["baseUrl"], provider["api"]) == ("http://127.0.0.1:8787/v1", "openai-completions")
    assert provider["models"][0]["contextWindow"] == 131_072
    assert after["gateway"] == {"port": 18789}


def test_settings_with_comments_are_not_rewritten(tmp_path):
    file = written(tmp_path / "openclaw.json", b"{\n  // mine\n  gateway: {port: 1},\n}")
    with pytest.raises(UserError, match="comments"):
        openclaw.edits(file, TARGET)


def test_hermes_keeps_every_comment_and_every_line_of_others(tmp_path):
    file = written(tmp_path / "config.yaml", HERMES)
    after = hermes.edits(file, TARGET)[0].after.decode()
    assert "# my settings" in after
    assert "backend: local  # never docker" in after
    assert "    - web\n    - files\n" in after
    assert "provider: custom" in after
    assert "context_length: 131072" in after


def test_a_model_that_is_one_word_becomes_a_block(tmp_path):
    file = written(tmp_path / "config.yaml", b"model: nous/hermes-4\n")
    after = hermes.edits(file, TARGET)[0].after.decode()
    assert "default: champion+memory" in after
    assert hermes.without(after, "model: nous/hermes-4\n") == "model: nous/hermes-4\n"


def test_yaml_that_is_none_is_refused(tmp_path):
    file = written(tmp_path / "config.yaml", b"model: [unclosed\n")
    with pytest.raises(UserError, match="YAML"):
        hermes.edits(file, TARGET)


@pytest.fixture(params=["rows", "blob"])
def webui(request, tmp_path):
    """Open WebUI's table of settings, as releases since June 2026 have it and as those before."""
    file = tmp_path / "webui.db"
    with sqlite3.connect(file) as db:
        if request.param == "rows":
            db.execute("CREATE TABLE config (key TEXT PRIMARY KEY, value JSON NOT NULL, updated_at BIGINT)")
            rows = [("openai.api_base_urls", '["https://one.example/v1"]'), ("openai.api_keys", '["k1"]')]
            db.executemany("INSERT INTO config (key, value) VALUES (?, ?)", [*rows, ("ui.theme", '"dark"')])
        else:
            db.execute("CREATE TABLE config (id INTEGER PRIMARY KEY, data JSON NOT NULL, version INTEGER)")
            openai = '{"api_base_urls": ["https://one.example/v1"],  "api_keys": ["k1"]}'
            data = f'{{"ui": {{"theme": "dark"}},  "openai": {openai}}}'
            db.execute("INSERT INTO config VALUES (1, ?, 0)", (data,))
        db.execute("CREATE TABLE chat (id TEXT, title TEXT)")
        db.execute("INSERT INTO chat VALUES ('c1', 'mine')")
    return file


def rows(file):
    with sqlite3.connect(file) as db:
        return db.execute("SELECT * FROM config ORDER BY 1").fetchall()


def test_open_webui_gets_one_more_connection_and_loses_none(run, webui):
    before = rows(webui)
    run("open-webui", "--path", str(webui), "--yes")
    text = json.dumps(rows(webui))
    assert "https://one.example/v1" in text
    assert "http://127.0.0.1:8787/v1" in text
    with sqlite3.connect(webui) as db:  # what it wrote in between stays
        db.execute("INSERT INTO chat VALUES ('c2', 'later')")
    run("open-webui", "--undo", "--yes")
    assert rows(webui) == before
    with sqlite3.connect(webui) as db:
        assert db.execute("SELECT count(*) FROM chat").fetchone()[0] == 2


def test_connections_that_were_changed_since_are_left_to_the_person(run, webui):
    run("open-webui", "--path", str(webui), "--yes")
    with sqlite3.connect(webui) as db:
        column, key = ("value", "key = 'openai.api_base_urls'") if len(rows(webui)) > 1 else ("data", "id = 1")
        db.execute(f"UPDATE config SET {column} = replace({column}, 'one.example', 'two.example') WHERE {key}")
    now = rows(webui)
    result = CliRunner().invoke(cli, ["connect", "open-webui", "--undo", "--yes"])
    assert isinstance(result.exception, UserError)
    assert rows(webui) == now


def test_a_database_that_is_not_there_is_said(tmp_path, monkeypatch):
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    with pytest.raises(UserError, match="not found"):
        open_webui.path()
    with pytest.raises(UserError, match="no file"):
        open_webui.edits(tmp_path / "webui.db", TARGET)


def test_a_context_too_small_for_hermes_is_said(run):
    assert "refuses a context below 64,000" in run("hermes", "--print").stderr


MODELS = {
    "as ours, vLLM and others tell it": ({"data": [{"id": "m", "max_model_len": 70_000}]}, {}),
    "as Ollama tells it": ({"data": [{"id": "m"}]}, {"model_info": {"qwen3.context_length": 70_000}}),
}


@pytest.mark.parametrize("way", MODELS)
def test_a_program_is_told_how_much_the_server_behind_can_read(run, tmp_path, way):
    listed, shown = MODELS[way]

    async def behind(request):
        return JSONResponse(listed if request.method == "GET" else shown)

    routes = [Route("/v1/models", behind), Route("/api/show", behind, methods=["POST"])]
    with served(Starlette(routes=routes)) as address:
        run("hermes", "--yes", "--model", "m+memory", "--url", f"{address}/v1")
    assert "context_length: 70000" in (tmp_path / "hermes" / "config.yaml").read_text()
