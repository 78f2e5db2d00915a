"""The headers that let a page use threads in wasm."""

from __future__ import annotations

from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Isolation:
    """Middleware: the COOP and COEP headers that make a page cross-origin isolated, hence threads in wasm."""

    HEADERS = (
        (b"cross-origin-opener-policy", b"same-origin"),
        (b"cross-origin-embedder-policy", b"credentialless"),
    )

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_isolated(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *self.HEADERS]
            await send(message)

        await self.app(scope, receive, send_isolated if scope["type"] == "http" else send)


def live_middleware() -> list[Middleware]:
    """Middleware to hand to the server app."""
    return [Middleware(Isolation)]
