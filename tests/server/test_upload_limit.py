"""How much a session may leave in the server's memory, at a route like Streamlit's and at its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from explorer import environment
from explorer.server import upload_limit
from explorer.server.upload_limit import UploadLimit
from tests.live.conftest import serving


async def take(request: Request) -> Response:
    return Response(str(len(await request.body())), 200)


APP = Starlette(
    routes=[Route("/lab/_stcore/upload_file/{session}/{file}", take, methods=["PUT", "DELETE", "GET"])],
    middleware=[Middleware(UploadLimit)],
)


def test_the_files_of_a_session_are_counted_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload_limit, "MAX_BYTES", 1000)
    with serving(APP) as client:

        def put(path: str, size: int) -> int:
            url = f"/lab/_stcore/upload_file/{path}"
            return client.ask("PUT", url, bytes(size), {}).status_code

        assert put("a/1", 600) == 200
        assert put("a/2", 600) == 413
        assert put("b/1", 600) == 200  # another session
        assert put("a/1", 900) == 200  # the same file again
        assert put("a/2", 200) == 413
        assert client.ask("DELETE", "/lab/_stcore/upload_file/a/1", None, {}).status_code == 200
        assert put("a/2", 1000) == 200
        assert put("c/1", 1001) == 413


def test_a_body_of_no_declared_size_is_refused() -> None:
    pieces = iter([b"piece", b"by", b"piece"])  # which are sent in chunks
    with serving(APP) as client:
        answer = client.ask("PUT", "/lab/_stcore/upload_file/a/1", pieces, {})  # type: ignore[arg-type]
    assert answer.status_code == 411


def test_a_read_only_server_takes_decks_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(environment.READ_ONLY, "1")
    with serving(APP) as client:
        for size, expected in ((1 << 20, 200), (5 << 20, 413)):
            answer = client.ask("PUT", f"/lab/_stcore/upload_file/s/{size}", bytes(size), {})
            assert answer.status_code == expected
