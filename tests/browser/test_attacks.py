"""The browser as attacker: hostile pages in a real Chromium, foreign names, and text that would like to be markup.

`evil.example` leads to this machine (see `browser` in conftest.py), as a name of an attacker's own can.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Page, expect
from websockets.sync.client import connect
from websockets.typing import Origin

from explorer import store
from explorer.disk import replace_json
from explorer.training import runs
from scripts.driving import App
from tests import tiny
from tests.browser.conftest import Serve
from tests.browser.test_first_page import settle

EVIL = "evil.example"
REFUSED = (
    r"403|refused to connect|Content Security Policy|ERR_BLOCKED|CORS|ERR_FAILED|WebSocket|frame-ancestors"
)


@pytest.fixture
def hostile() -> Iterator[Callable[[str], int]]:
    """Serve a page of another site; returns its port."""
    servers = []

    def serve(html: str) -> int:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(html.encode() if self.path == "/" else b"")

            def log_message(self, *_: object) -> None:
                pass

        servers.append(ThreadingHTTPServer(("127.0.0.1", 0), Handler))
        threading.Thread(target=servers[-1].serve_forever, daemon=True).start()
        return int(servers[-1].server_port)

    yield serve
    for server in servers:
        server.shutdown()


@pytest.fixture
def app(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> App:
    """A server with a training in its list."""
    found = serve()
    monkeypatch.setenv("EXPLORER_RUNS", str(found.log_path.parent / "runs"))
    run = runs.folder() / "secret-training"
    run.mkdir(parents=True)
    replace_json(run / "run.json", {"home": str(run), "created": 1.0, "parent": None})
    replace_json(run / "settings.json", {"data": "digits"})
    return found


def port_of(app: App) -> int:
    return int(urlsplit(app.url).port or 0)


def kept(app: App) -> list[str]:
    """What the server holds beside the checkpoints and the one training."""
    folder = app.log_path.parent
    found = [path for place in ("runs", "data") for path in (folder / place).rglob("*") if path.is_file()]
    return sorted(p.name for p in found if "secret-training" not in p.parts and "decoders" not in p.parts)


UPLOAD = "_stcore/upload_file/00000000-0000-0000-0000-000000000000/1"
ASK = """async ([base, upload]) => {
  const ask = async (path, options) => {
    try { const said = await fetch(base + path, options); return [said.type, said.status, await said.text()]; }
    catch (error) { return ["error", 0, String(error)]; }
  };
  const form = new FormData();
  form.append("file", new Blob(["kept"]), "kept.npz");
  const socket = await new Promise((resolve) => {
    const opened = new WebSocket(base.replace("http", "ws") + "_stcore/stream");
    opened.onopen = () => resolve("open"); opened.onerror = () => resolve("refused");
  });
  const seen = {
    socket, page: await ask("explore"), standings: await ask("trainings/standings"),
    upload: await ask(upload, { method: "PUT", body: form }), post: await ask(upload, { method: "POST", body: form }),
  };
  seen.blind = await ask(upload, { method: "POST", body: form, mode: "no-cors" });
  seen.blindPage = await ask("train?data=digits", { mode: "no-cors" });
  return seen;
}"""


def nothing_was_told(seen: dict[str, Any]) -> None:
    assert seen.pop("socket") == "refused"
    for what, (_, status, text) in seen.items():
        assert status in (0, 403), what
        assert "secret-training" not in text, what


@pytest.mark.page_errors(REFUSED)
def test_under_a_foreign_name_nothing_opens(app: App, page: Page) -> None:
    base = f"http://{EVIL}:{port_of(app)}/"
    for path in ("", "explore", "trainings/standings", "live/opening.js", "_stcore/host-config"):
        answer = page.goto(base + path)
        assert answer
        assert answer.status == 403, path
        assert "does not answer to the name" in page.inner_text("body")
        assert "secret-training" not in page.content()
    nothing_was_told(page.evaluate(ASK, [base, UPLOAD]))
    assert kept(app) == []
    page.goto(f"{app.url}/trainings/standings")  # which the visitor can read
    assert "secret-training" in page.inner_text("body")


@pytest.mark.parametrize("name", [EVIL, "127.0.0.1"])
@pytest.mark.page_errors(REFUSED)
def test_a_page_of_another_site_reads_and_starts_nothing(
    app: App, page: Page, hostile: Callable[[str], int], name: str
) -> None:
    """Of another site, and of another server on this machine."""
    port = hostile("<p>Hello</p>")
    page.goto(f"http://{name}:{port}/")
    nothing_was_told(page.evaluate(ASK, [f"{app.url}/", UPLOAD]))
    assert kept(app) == []


@pytest.mark.parametrize("name", [EVIL, "127.0.0.1"])
@pytest.mark.page_errors(REFUSED)
def test_a_page_of_another_site_frames_nothing(
    app: App, page: Page, hostile: Callable[[str], int], name: str, tmp_path: Path
) -> None:
    images = quote(str(tmp_path))
    frames = "".join(f'<iframe src="{app.url}/train?data={images}"></iframe>' for _ in range(8))
    forms = f'<form target=f method=post action="{app.url}/{UPLOAD}"><input name=a value=b></form>'
    forms += "<iframe name=f></iframe>"
    pictures = f'<img src="{app.url}/checkpoints/digits-vae-z2/0/cover.png"><script>document.forms[0].submit()</script>'
    page.goto(f"http://{name}:{hostile(frames + forms + pictures)}/")
    page.wait_for_timeout(1500)  # in which a page that could be framed would have asked for an estimate
    inner = [frame for frame in page.frames if frame != page.main_frame]
    assert len(inner) == 9
    for frame in inner:
        assert frame.locator("[data-testid=stApp], #root").count() == 0
    assert page.locator("img").evaluate("image => image.naturalWidth") == 0
    assert kept(app) == []
    page.goto(f"{app.url}/train")  # a visitor's own page may
    expect(page.get_by_role("button", name="Train", exact=True)).to_be_visible()


def test_a_link_to_train_reads_nothing_before_a_click(app: App, page: Page, tmp_path: Path) -> None:
    page.goto(f"{app.url}/train?data={quote(str(tmp_path))}")
    agree = page.get_by_role("button", name="Read them")
    expect(agree).to_be_visible()
    assert kept(app) == []
    agree.click()
    expect(page.get_by_text("holds no images").first).to_be_visible()
    assert "estimate" in {path.name for path in (app.log_path.parent / "runs").iterdir()}


# --- text that would like to be markup ---

HOSTILE = "![x](https://evil.example/p.png) [free](http://evil.example) <img src=//evil.example/q.png> www.evil.example"
WALK = (
    "",
    "explore?checkpoint=one",
    f"explore?checkpoint={quote(HOSTILE)}",
    "samples?models=one,two",
    f"samples?models={quote(HOSTILE)}",
    "compare?models=one,two",
    "train?run=one-run",
    f"train?run={quote(HOSTILE)}&data={quote(HOSTILE)}",
    "bring",
    f"present?models={quote(HOSTILE)}",
    "present",
)


def hostile_checkpoint(path: Path, seed: int) -> None:
    manifest, files = tiny.parts(seed)
    manifest |= {
        "caption": HOSTILE,
        "imported": "",
        "label_names": (HOSTILE, "two", "[three](http://evil.example)"),
        "factor_names": (HOSTILE, "turn"),
    }
    manifest["data"] |= {"data": HOSTILE}
    manifest["objective"] |= {"beta": float(seed)}
    store.write(path, manifest, files)


@pytest.mark.page_errors(r"404 .*/originals/\d+\.png")  # the images behind these models are nowhere
def test_names_captions_and_labels_are_text_on_every_page(serve: Serve, page: Page, tmp_path: Path) -> None:
    models, records = tmp_path / "models", tmp_path / "runs" / "training" / "one-run"
    for seed, name in enumerate(("one", "two"), 1):
        hostile_checkpoint(models / name, seed)
    (models / "![x](evil.example) [free](mailto:a@evil.example) <img src=x>").mkdir()
    records.mkdir(parents=True)
    replace_json(records / "run.json", {"home": str(models), "created": 1.0, "parent": None})
    replace_json(records / "settings.json", {"data": HOSTILE})
    failed = {"state": "failed", "message": HOSTILE, "fraction": 0.5, "time": 2.0}
    replace_json(records / "progress.json", failed)
    replace_json(records / "job.json", {"pid": 1 << 30, "started": 1.0, "born": 0.0})
    app = serve(EXPLORER_CHECKPOINTS=str(models), EXPLORER_RUNS=str(tmp_path / "runs"))
    foreign: list[str] = []
    here = urlsplit(app.url).netloc
    page.on(
        "request",
        lambda asked: (
            None
            if urlsplit(asked.url).netloc == here or re.match("data:|blob:", asked.url)
            else foreign.append(asked.url)
        ),
    )
    shown = 0
    for path in WALK:
        page.goto(f"{app.url}/{path}")
        settle(page)
        for _ in range(10):  # what comes with the component, and by its routes
            page.wait_for_timeout(100)
        shown += "evil.example" in page.locator("body").inner_text()
        live = "a[href*='evil'], img[src*='evil'], img[src='x'], iframe, [style*='evil'], a[href^='mailto']"
        assert page.locator(live).count() == 0, path
    assert foreign == []
    assert shown >= 5


def test_a_name_becomes_no_icon_no_colour_and_no_emoji(app: App, page: Page) -> None:
    name = ":streamlit: :material/home: :smile: :red[x] a -> b -- c"
    page.goto(f"{app.url}/explore?checkpoint={quote(name)}")
    alert = page.get_by_test_id("stAlert").first
    expect(alert).to_contain_text("streamlit")
    assert name in alert.inner_text().replace("\u2060", "")
    assert (
        alert.locator("img, span[style], [data-testid=stIconMaterial], .stMarkdownColoredText").count() == 0
    )


def test_a_socket_without_a_browser_is_served(app: App) -> None:
    """A control: what is refused above is refused for where it comes from."""
    with connect(app.url.replace("http", "ws") + "/_stcore/stream", origin=Origin(app.url)) as socket:
        assert socket.protocol.state.name == "OPEN"
