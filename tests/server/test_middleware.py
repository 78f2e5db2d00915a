"""Who is let in: names, origins and fetch metadata, at Streamlit's own routes and at the project's."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from explorer import environment
from explorer.server import app as server_app
from explorer.server.middleware import Guard, notice
from scripts.driving import App, running
from tests.coroutines import run
from tests.live.conftest import Client, serving

HEADERS = {
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
}


async def answer(_: Request) -> PlainTextResponse:
    return PlainTextResponse("here")


async def fail(_: Request) -> PlainTextResponse:
    raise RuntimeError("somewhere inside")


async def greet(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text("here")
    await socket.close()


def guarded(address: str = "127.0.0.1") -> Starlette:
    routes = [Route("/", answer, methods=["GET", "POST"]), Route("/fail", fail), WebSocketRoute("/ws", greet)]
    return Starlette(routes=routes, middleware=[Middleware(Guard, address=address, scripts=["let a = 1"])])


@pytest.fixture
def client() -> Iterator[Client]:
    with serving(guarded()) as found:
        yield found


def status(client: Client, method: str = "GET", **headers: str) -> int:
    return client.ask(
        method, "/", None, {name.replace("_", "-"): text for name, text in headers.items()}
    ).status_code


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:80", "localhost.", "127.0.0.1:8501", "[::1]:8501", "[::1]"]
)
def test_this_machine_is_let_in(client: Client, host: str) -> None:
    assert status(client, Host=host) == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8501", "localhost.evil.example", "127.0.0.1.evil.example", "192.168.1.5", "",
     "localhost@evil.example", "localhost/evil", "evil.example, localhost", "localhost:x", "127.1"],
)  # fmt: skip
def test_foreign_names_are_refused(client: Client, host: str) -> None:
    said = client.ask("GET", "/", None, {"Host": host})
    assert said.status_code == 403
    assert environment.HOSTS in said.text


@pytest.mark.parametrize(
    ("hosts", "host", "expected"),
    [
        ("lab.example.com, 192.168.1.5", "lab.example.com:8501", 200),
        ("lab.example.com, 192.168.1.5", "192.168.1.5", 200),
        ("lab.example.com", "other.example.com", 403),
        ("*.example.com", "other.example.com", 200),
        ("*.example.com", "evilexample.com", 403),
        ("*", "anything.example", 200),
        ("*", "not a name", 403),
    ],
)
def test_one_setting_opens_it(
    client: Client, monkeypatch: pytest.MonkeyPatch, hosts: str, host: str, expected: int
) -> None:
    monkeypatch.setenv(environment.HOSTS, hosts)
    assert status(client, Host=host) == expected
    assert status(client, Host="localhost") == 200


def test_the_address_that_it_is_bound_to_is_a_name_of_it() -> None:
    with serving(guarded("192.168.1.5")) as client:
        assert status(client, Host="192.168.1.5:8501") == 200
        assert status(client, Host="192.168.1.6:8501") == 403
    with serving(guarded("0.0.0.0")) as client:
        assert status(client, Host="0.0.0.0:8501") == 403


def test_a_server_for_others_says_what_opens_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert environment.HOSTS in notice("0.0.0.0")
    assert "DNS rebinding" in notice("::")
    assert notice("127.0.0.1") == notice("192.168.1.5") == ""
    monkeypatch.setenv(environment.HOSTS, "lab.example.com")
    assert notice("0.0.0.0") == ""


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        (None, 200),
        ("http://localhost:8501", 200),
        ("http://localhost:3000", 403),
        ("https://localhost", 403),
        ("http://evil.example", 403),
        ("null", 403),
        ("http://[", 403),
    ],
)
def test_only_its_own_pages_may_post(client: Client, origin: str | None, expected: int) -> None:
    headers = {"Origin": origin} if origin else {}
    assert status(client, "POST", Host="localhost:8501", **headers) == expected


def test_a_proxy_may_change_the_port_but_any_name_is_no_origin(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(environment.HOSTS, "lab.example.com")
    assert status(client, "POST", Host="lab.example.com", Origin="https://lab.example.com:8443") == 200
    assert status(client, "POST", Host="lab.example.com", Origin="https://lab.example.com") == 200
    monkeypatch.setenv(environment.HOSTS, "*")
    assert status(client, "POST", Host="lab.example.com", Origin="https://evil.example") == 403
    assert status(client, "POST", Host="lab.example.com", Origin="https://lab.example.com") == 200


@pytest.mark.parametrize(
    ("site", "mode", "dest", "expected"),
    [
        ("same-origin", "cors", "empty", 200),
        ("none", "navigate", "document", 200),
        ("cross-site", "navigate", "document", 200),  # a link
        ("cross-site", "navigate", "iframe", 403),
        ("cross-site", "no-cors", "image", 403),
        ("same-site", "cors", "empty", 403),  # another port of this machine
    ],
)
def test_other_sites_may_link_here_and_no_more(
    client: Client, site: str, mode: str, dest: str, expected: int
) -> None:
    metadata = {"Sec_Fetch_Site": site, "Sec_Fetch_Mode": mode, "Sec_Fetch_Dest": dest}
    assert status(client, Host="localhost", **metadata) == expected


def test_those_who_embed_it_are_named(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    policy = client.get("/").headers["content-security-policy"]
    assert "frame-ancestors 'self'" in policy.split("; ")
    monkeypatch.setenv(environment.FRAMES, "https://course.example.com")
    said = client.get(
        "/", **{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"}
    )
    assert said.status_code == 200
    assert "frame-ancestors 'self' https://course.example.com" in said.headers[
        "content-security-policy"
    ].split("; ")


def test_only_scripts_of_the_page_run(client: Client) -> None:
    policy = dict(
        part.split(" ", 1) for part in client.get("/").headers["content-security-policy"].split("; ")
    )
    # printf 'let a = 1' | openssl dgst -sha256 -binary | base64
    assert "'sha256-LAfYd7pbFUgwfQu8b4q135PeTG2z+/coPEUYCd74eCQ='" in policy["script-src"]
    assert "'unsafe-inline'" not in policy["script-src"]
    assert "'unsafe-eval'" not in policy["script-src"]
    assert policy["default-src"] == "'self'"
    assert policy["img-src"] == "'self' data: blob:"


async def greeted(port: int, host: str, origin: str | None, path: str = "/ws") -> bool:
    """Whether a WebSocket is opened, under this name and from a page of this origin."""
    address = f"ws://{host}{path}"
    try:
        async with connect(address, host="127.0.0.1", port=port, origin=origin):  # type: ignore[arg-type]
            return True
    except InvalidStatus as refused:
        return refused.response.status_code != 403


SOCKETS = [
    ("localhost:{port}", "http://localhost:{port}", True),
    ("localhost:{port}", None, True),
    ("evil.example:{port}", "http://evil.example:{port}", False),
    ("localhost:{port}", "http://evil.example", False),
    ("localhost:{port}", "http://localhost:1", False),
]


@pytest.mark.parametrize(("host", "origin", "expected"), SOCKETS)
def test_sockets_are_for_its_own_pages(client: Client, host: str, origin: str | None, expected: bool) -> None:
    port = client.port
    there = greeted(port, host.format(port=port), origin and origin.format(port=port))
    assert run(there) is expected


# --- the real server ---


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    with running(tmp_path_factory.mktemp("app")) as found:
        yield found


def port_of(app: App) -> int:
    return int(re.findall(r":(\d+)", app.url)[0])


PATHS = (
    "/", "/explore", "/_stcore/health", "/_stcore/host-config", "/_stcore/upload_file/a/b", "/media/nothing",
    "/trainings/standings", "/checkpoints/digits-vae-z2/0/codes", "/live/0/stage.js", "/live/opening.js", "/nothing",
)  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_every_route_is_guarded(app: App, path: str) -> None:
    client = Client(port_of(app))
    said = client.get(path)
    assert said.headers.items() >= HEADERS.items()
    assert "frame-ancestors 'self'" in said.headers["content-security-policy"]
    refused = client.get(path, Host="evil.example")
    assert refused.status_code == 403
    assert refused.headers.items() >= HEADERS.items()


@pytest.mark.parametrize(("host", "origin", "expected"), SOCKETS)
def test_streamlits_socket_is_guarded(app: App, host: str, origin: str | None, expected: bool) -> None:
    port = port_of(app)
    there = greeted(port, host.format(port=port), origin and origin.format(port=port), "/_stcore/stream")
    assert run(there) is expected


def test_a_server_for_all_addresses_prints_what_opens_it(tmp_path: Path) -> None:
    with running(tmp_path, address="0.0.0.0") as app:
        assert environment.HOSTS in app.log
        assert Client(port_of(app)).get("/_stcore/health").status_code == 200


def test_many_files_may_be_open() -> None:
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.ExitStack() as stack:
        stack.callback(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
        server_app.raise_file_limit()
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] == min(hard, server_app.MAX_OPEN_FILES)


def test_an_error_of_the_server_has_the_headers_and_says_nothing_of_it(client: Client) -> None:
    failure = client.get("/fail")
    assert failure.status_code == 500
    assert HEADERS.items() <= failure.headers.items()
    assert "frame-ancestors 'self'" in failure.headers["content-security-policy"]
    assert "inside" not in failure.text


def test_a_foreign_origin_reads_nothing_either(client: Client) -> None:
    assert status(client, Origin="http://evil.example") == 403
    assert status(client, Origin="null") == 403
    assert status(client, Host="localhost:85", Origin="http://localhost:85") == 200
