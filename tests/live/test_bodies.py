"""What is sent to the server: refused by its declared length, and never held beyond what is allowed."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from starlette.applications import Starlette

from explorer.live.stage import describe
from explorer.server.routes import live_routes
from explorer.store import Checkpoint
from tests.live.conftest import Client, D, serving

MAX_BODY = 4 * D * 1024


@pytest.fixture(scope="module")
def client(checkpoint: Checkpoint, folder: Path) -> Iterator[Client]:
    with serving(Starlette(routes=live_routes(folder))) as found:
        yield found


def send(port: int, path: str, headers: str, chunk: bytes = b"", times: int = 0) -> tuple[str, int]:
    """The answer to a POST, and how often of `times` the server has taken `chunk` of its body."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(f"POST {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n\r\n".encode())
        sent = 0
        try:
            for _ in range(times):
                connection.sendall(chunk)
                sent += 1
        except OSError:  # the server has heard enough
            pass
        answer = b""
        try:
            while b"\r\n\r\n" not in answer and (part := connection.recv(65536)):
                answer += part
        except ConnectionResetError:
            pass
        return answer.decode(), sent


def test_a_large_body_is_refused_before_it_is_sent(client: Client, checkpoint: Checkpoint) -> None:
    path = f"/{describe(checkpoint).base}decode"
    for length in (MAX_BODY + 1, 10**12, "1" * 5000):
        answer, _ = send(client.port, path, f"Content-Length: {length}")
        assert answer.startswith("HTTP/1.1 400"), answer


def test_a_body_of_no_declared_length_is_counted(client: Client, checkpoint: Checkpoint) -> None:
    path = f"/{describe(checkpoint).base}decode"
    piece = b"%x\r\n%s\r\n" % (2**20, bytes(2**20))
    before = psutil.Process().memory_info().rss
    answer, sent = send(client.port, path, "Transfer-Encoding: chunked", piece, 300)
    assert not answer or answer.startswith("HTTP/1.1 400"), answer
    assert sent < 300 or psutil.Process().memory_info().rss - before < 2**26


def test_the_checkpoint_is_found_before_the_body_is_read(client: Client) -> None:
    """The answer comes although nothing of the body was sent."""
    answer, _ = send(client.port, "/checkpoints/nothing/0/decode", "Content-Length: 12")
    assert answer.startswith("HTTP/1.1 400"), answer
