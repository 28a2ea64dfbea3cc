"""Embedders from a folder and behind an address; what is none is a sentence."""

import hashlib
import http.server
import json
import threading

import numpy as np
import pytest

from nightschool.errors import UserError
from nightschool.models import embedding
from tests import tiny


@pytest.fixture
def server():
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            rows = [[float(len(text)), 1.0] for text in body["input"]]
            if self.path == "/api/embed":
                answer = {"embeddings": rows}
            else:
                answer = {"data": [{"index": i, "embedding": row} for i, row in reversed(list(enumerate(rows)))]}
            payload = json.dumps(answer if body["model"] != "broken" else {"data": "x"}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(payload)))
            self.end_headers()
            self.wfile.write(payload)

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


@pytest.mark.parametrize("path", ["/v1", "/api"])
def test_an_address_of_either_shape_gives_a_row_per_text_in_order(server, path):
    embedder = embedding.load(f"{server}{path}#some-model")
    assert embedder.embed(["a", "bbb"]).tolist() == [[1.0, 1.0], [3.0, 1.0]]
    assert "some-model" in embedder.name


def test_an_endpoint_that_gives_none_is_a_sentence(server):
    with pytest.raises(UserError, match="gave nothing"):
        embedding.load(f"{server}/v1#broken").embed(["a"])


def test_a_folder_gives_the_same_row_alone_and_in_a_batch(tmp_path):
    embedder = embedding.load(str(tiny.make(tmp_path / "m", "llama", seed=1)))
    alone, batch = embedder.embed(["hello there"]), embedder.embed(["hello there", "a much longer text than that one"])
    assert alone.shape == (1, batch.shape[1])
    assert np.allclose(alone[0], batch[0], atol=1e-4)


@pytest.mark.parametrize("name", ["/no/such/folder", "http://localhost:9", "ftp://x#m"])
def test_what_is_no_embedder_is_a_sentence(name):
    with pytest.raises(UserError):
        embedding.load(name)
    assert embedding.load("") is None


@pytest.fixture
def packaged(tmp_path, monkeypatch):
    """A package with a model in it, whose code must not run."""
    package = tmp_path / "carried_model"
    tiny.make(package / "model", "llama", seed=1)
    (package / "__init__.py").write_text("raise RuntimeError('the code of the package ran')")
    weights = next((package / "model").glob("*.safetensors"))
    weights.rename(package / "model" / "model.safetensors")
    monkeypatch.syspath_prepend(str(tmp_path))
    known = hashlib.sha256((package / "model" / "model.safetensors").read_bytes()).hexdigest()

    def named(sha256=known, package="carried_model"):
        entry = embedding.Packaged(package=package, folder="model", extra="minilm", sha256=sha256)
        monkeypatch.setitem(embedding.PACKAGED, "minilm", entry)

    return named


def test_a_model_out_of_a_package_embeds_and_no_code_of_the_package_runs(packaged):
    packaged()
    embedder = embedding.load("minilm")
    assert embedder.embed(["hello there"]).shape[0] == 1 and embedder.name.startswith("minilm-")
    assert embedding.preferred("") == "minilm" and embedding.preferred("/my/own") == "/my/own"


def test_weights_that_are_not_the_published_ones_are_refused(packaged):
    packaged(sha256="0" * 64)
    with pytest.raises(UserError, match="not the ones"):
        embedding.load("minilm").embed(["hello"])


def test_a_package_that_is_not_there_is_a_sentence_that_says_how_to_get_it(packaged):
    packaged(package="no_such_package_of_models")
    assert embedding.preferred("") == ""
    with pytest.raises(UserError) as refused:
        embedding.load("minilm")
    assert "nightschool[minilm]" in refused.value.hint
