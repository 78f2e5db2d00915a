"""A room full of people: fifty sessions at once, each exploring a stored checkpoint of its own.

    python -m benchmarks.crowd [--sessions 50] [--browsers 3] [--rounds 4]

Each session opens Explore as a browser does: a WebSocket on which the page runs, then the addresses it is told of,
decoder, codes and columns, by plain HTTP; and once, what it decodes to by the server. Every round the page runs again
over its socket, as when a slider settles. Some sessions are real pages in a headless Chromium. A session fails if it
hears of another checkpoint or another code than its own, of an exception, or of nothing. First image: from opening the
socket until the decoder and one decoded image are there; in a browser, from the address to the first painted image.
Memory: growth of the server's resident set, over the number of sessions, after one session has warmed it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np
import psutil
from playwright.sync_api import Page
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from benchmarks import results
from benchmarks.measure import percentile
from explorer import store
from scripts.driving import ROOT, browsing, running, wait_for

PATIENCE = 120.0
COLUMNS = ("error",)


@dataclass
class Session:
    """One visitor: a checkpoint, and how long it took to see something of it."""

    number: int
    checkpoint: str
    latents: int
    first_image: float = 0.0
    reruns: list[float] = field(default_factory=list)

    @property
    def code(self) -> list[float]:
        """A code that nobody else asks for."""
        return [round(self.number / 100 + k / 1000, 4) for k in range(self.latents)]

    @property
    def query(self) -> str:
        """The address of its view."""
        return urlencode({"checkpoint": self.checkpoint, "z": ",".join(f"{value:g}" for value in self.code)})


class WrongError(RuntimeError):
    """A session that was not served, or was served somebody else's."""


async def told(
    socket: ClientConnection, hashes: dict[str, Any], session: Session, query: str
) -> dict[str, Any]:
    """Run the page with a query; what the stage is then given."""
    ask = BackMsg()
    ask.rerun_script.query_string = query
    ask.rerun_script.page_script_hash = hashes.get("page", "")
    ask.rerun_script.page_name = "" if hashes.get("page") else "explore"
    await socket.send(ask.SerializeToString())
    stage: dict[str, Any] = {}
    while True:
        message = ForwardMsg()
        data = await asyncio.wait_for(socket.recv(), PATIENCE)
        assert isinstance(data, bytes)
        message.ParseFromString(data)
        kind = message.WhichOneof("type")
        if kind == "ref_hash":  # the server takes it for granted that an equal message was kept
            message = hashes["kept"][message.ref_hash]
            kind = message.WhichOneof("type")
        elif message.metadata.cacheable:
            hashes["kept"][message.hash] = message
        if kind == "navigation":
            hashes["page"] = message.navigation.page_script_hash
        if kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            if element.WhichOneof("type") == "exception":
                raise WrongError(f"session {session.number}: {element.exception.message}")
            if element.WhichOneof("type") == "bidi_component":
                (data,) = json.loads(element.bidi_component.json or element.bidi_component.mixed.json)
                stage = data if "model" in data else stage
        if kind == "script_finished" and stage:
            return stage


def check(session: Session, stage: dict[str, Any]) -> None:
    """Whether a session was given what it asked for."""
    model, code = stage["model"], session.code
    begun = stage["state"].get("z") or []
    if model["name"] != session.checkpoint or not np.allclose(begun, code, atol=1e-5):
        raise WrongError(
            f"session {session.number} asked for {session.checkpoint} at {code[:2]}… and got {model['name']} at "
            f"{begun[:2]}…"
        )


def fetch(url: str, body: bytes | None = None) -> bytes:
    with urllib.request.urlopen(urllib.request.Request(url, body), timeout=PATIENCE) as answer:
        return bytes(answer.read())


async def visit(url: str, session: Session, rounds: int, leave: asyncio.Event) -> None:
    """Open the page, see an image, go to other codes, and stay until everybody has been."""
    began = time.perf_counter()
    address = url.replace("http", "ws", 1) + "/_stcore/stream"
    async with connect(address, max_size=None, origin=url) as socket:  # type: ignore[arg-type]
        hashes: dict[str, Any] = {"kept": {}}

        stage = await told(socket, hashes, session, session.query)
        check(session, stage)
        base = f"{url}/{stage['model']['base']}"
        await asyncio.to_thread(fetch, base + "decoder.onnx")
        image = await asyncio.to_thread(fetch, base + "decode", np.array(session.code, "<f4").tobytes())
        if len(image) != int(np.prod(stage["model"]["imageShape"])):
            raise WrongError(f"session {session.number} got {len(image)} bytes of an image")
        session.first_image = time.perf_counter() - began
        for name in ("codes", *(f"column/{key}" for key in COLUMNS)):
            await asyncio.to_thread(fetch, base + name)
        for _ in range(rounds):
            await asyncio.sleep(0.2 + session.number % 7 / 20)
            start = time.perf_counter()
            stage = await told(socket, hashes, session, session.query)
            check(session, stage)
            session.reruns.append(time.perf_counter() - start)
        await leave.wait()


def gathered(url: str, sessions: list[Session], rounds: int, server: psutil.Process) -> int:
    """`crowd`, in a thread of its own: the browser's driver has the loop of this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, crowd(url, sessions, rounds, server)).result()


async def crowd(url: str, sessions: list[Session], rounds: int, server: psutil.Process) -> int:
    """All of them at once; the server's memory in bytes while all are there."""
    leave = asyncio.Event()
    tasks = [asyncio.create_task(visit(url, session, rounds, leave)) for session in sessions]
    while not all(len(session.reruns) == rounds for session in sessions):
        for task in tasks:
            if task.done():
                task.result()  # a session that failed ends the benchmark
        await asyncio.sleep(0.1)
    memory = int(server.memory_info().rss)
    leave.set()
    await asyncio.gather(*tasks)
    return memory


def paged(page: Page, url: str, session: Session) -> None:
    """A real page: seconds to the first painted image, and that it is its own."""
    began = time.perf_counter()
    page.goto(f"{url}/explore?checkpoint={session.checkpoint}", wait_until="commit")
    wait_for(page, "() => (window.__stage?.paints.total ?? 0) > 0", timeout=1000 * PATIENCE)
    session.first_image = time.perf_counter() - began
    shown = page.get_by_role("combobox", name="Checkpoint").input_value()
    if not shown.endswith(session.checkpoint):
        raise WrongError(f"page {session.number} asked for {session.checkpoint} and shows {shown}")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sessions", type=int, default=50)
    parser.add_argument("--browsers", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=4)
    results.add_option(parser)
    options = parser.parse_args()
    shipped = [
        (c.name, c.manifest.model.latent_size) for c in store.list_checkpoints(ROOT / "checkpoints")[0]
    ]
    sessions = [
        Session(n, *shipped[n % len(shipped)]) for n in range(options.sessions + options.browsers + 1)
    ]
    plain, real, first = sessions[: options.sessions], sessions[options.sessions : -1], sessions[-1]
    with (
        tempfile.TemporaryDirectory() as name,
        running(Path(name), EXPLORER_READ_ONLY="1") as app,
        browsing() as browser,
    ):
        server = psutil.Process(app.process.pid)
        gathered(app.url, [first], 1, server)
        before = server.memory_info().rss
        pages = [browser.new_page() for _ in real]
        for page, session in zip(pages, real, strict=True):
            paged(page, app.url, session)
        during = gathered(app.url, plain, options.rounds, server)
        for page in pages:
            page.reload(wait_until="commit")
            wait_for(page, "() => (window.__stage?.paints.total ?? 0) > 0", timeout=1000 * PATIENCE)
        broken = [line for line in app.log.splitlines() if "Traceback" in line or "Error" in line]
    images = [session.first_image for session in plain]
    reruns = [seconds for session in plain for seconds in session.reruns]
    per_session = (during - before) / len(sessions[:-1]) / 2**20
    print(f"{len(plain)} sessions and {len(real)} browser pages on {len(shipped)} checkpoints, one server")
    print(
        f"memory     {before / 2**20:6.0f} MiB before, {during / 2**20:6.0f} MiB with all: {per_session:.2f} MiB each"
    )
    print(f"first image, all at once   median {percentile(images, 0.5):6.2f} s   last {max(images):6.2f} s")
    print(
        f"settled state, answered    median {percentile(reruns, 0.5):6.2f} s   p95  {percentile(reruns, 0.95):6.2f} s"
    )
    if real:
        print(f"first image in a browser   median {percentile([s.first_image for s in real], 0.5):6.2f} s")
    print(f"every session saw its own checkpoint and code; {len(broken)} errors in the server's log")
    figures: dict[str, Any] = {
        "sessions": len(plain),
        "memory": per_session,
        "first image": {"median": percentile(images, 0.5), "last": max(images)},
        "settled": {"median": percentile(reruns, 0.5), "p95": percentile(reruns, 0.95)},
        "browser": percentile([s.first_image for s in real], 0.5) if real else None,
        "errors": len(broken),
    }
    results.keep(options.json, figures)
    return int(bool(broken))


if __name__ == "__main__":
    sys.exit(main())
