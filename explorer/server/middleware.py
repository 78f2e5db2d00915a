"""Host and origin checks for every request, and security headers for every response.

Every page that is open in the browser can reach a server on the same machine: under a foreign name that resolves to
this machine (DNS rebinding), in a frame, by a form, by an image. All requests and WebSockets pass this middleware
first, including those of Streamlit. `docs/security.md` lists the threat behind each check.
"""

import base64
import hashlib
import logging
import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from explorer import environment

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
ALL_ADDRESSES = ("0.0.0.0", "::")
HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9_.-]+?)\.?(?::(\d{1,5}))?")


class Guard:
    """ASGI middleware that refuses foreign hosts and origins, and adds security headers to every response.

    address: the address the server is bound to (Streamlit's `server.address`), an allowed host unless it means all
    addresses. scripts: the inline scripts of every page. A route appends further scripts of its response to
    `scope["scripts"]`; browsers run no others.
    """

    def __init__(self, app: ASGIApp, address: str = "", scripts: Sequence[str] = ()) -> None:
        self.app = app
        self.own = LOOPBACK if address in ("", *ALL_ADDRESSES) else (*LOOPBACK, _bracketed(address.lower()))
        self.hashes = tuple(map(_hash, scripts))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers, scope["scripts"] = Headers(scope=scope), []

        started = False

        async def send_guarded(message: Message) -> None:
            nonlocal started
            started = True
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                MutableHeaders(scope=message).update(self._headers(headers.get("host", ""), scope["scripts"]))
            await send(message)

        if not (reason := self._refusal(scope, headers)):
            try:
                await self.app(scope, receive, send_guarded)
            except Exception:
                if started or scope["type"] == "websocket":
                    raise
                # the server's own answer to an error would lack the headers
                logging.getLogger(__name__).exception(
                    "%s failed", scope["path"][:200].encode("unicode_escape").decode()
                )
                await PlainTextResponse("The server failed; its log says where.", 500)(
                    scope, receive, send_guarded
                )
        elif scope["type"] == "websocket":
            await WebSocketClose(1008)(scope, receive, send)
        else:
            await PlainTextResponse(reason, 403)(scope, receive, send_guarded)

    def _refusal(self, scope: Scope, headers: Headers) -> str:
        """The reason to refuse this request as a sentence; empty if it is allowed."""
        names = headers.getlist("host")
        host = HOST.fullmatch(names[0].lower()) if len(names) == 1 else None
        if not host or not _matches(host[1], (*self.own, *environment.hosts())):
            return (
                f"This server does not answer to the name {', '.join(names)[:80]!r}. If it is yours, start it with "
                f"{environment.HOSTS} set to that name."
            )
        origin = headers.get("origin")
        if origin is not None and not _same_origin(origin, host):
            return "This server takes no requests from pages of other sites."
        if headers.get("sec-fetch-site") in ("cross-site", "same-site") and not _is_visit(headers):
            return "This server's files are not for pages of other sites."
        return ""

    def _headers(self, host: str, scripts: Sequence[str]) -> dict[str, str]:
        hashes = " ".join((*self.hashes, *map(_hash, scripts)))
        return {
            "Content-Security-Policy": _policy(host.lower(), hashes, environment.frames()),
            "Cross-Origin-Resource-Policy": "same-origin",
            "Referrer-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
        }


def notice(address: str) -> str:
    """The notice to print when a server listens on all addresses but refuses other hosts; else empty."""
    if address not in ALL_ADDRESSES or environment.hosts():
        return ""
    return (
        f"This server listens on {address}, but answers only to {', '.join(LOOPBACK)}: otherwise any page in a "
        "browser could reach it under a name of its own (DNS rebinding).\n"
        f"To let others in, set {environment.HOSTS} to the host names or addresses they use, separated by commas, "
        f"for example {environment.HOSTS}=lab.example.com,192.168.1.20. See docs/hosting.md."
    )


def _bracketed(address: str) -> str:
    return f"[{address}]" if ":" in address else address


def _matches(name: str, allowed: Sequence[str]) -> bool:
    """Whether a host name matches a pattern; `*.example.com` matches all its subdomains, `*` matches any name."""
    return any(
        pattern in ("*", name) or (pattern.startswith("*.") and name.endswith(pattern[1:]))
        for pattern in allowed
    )


def _same_origin(origin: str, host: re.Match[str]) -> bool:
    """Whether an Origin is the host itself, or an allowed name on any port, because a proxy may change the port."""
    try:
        parts = urlsplit(origin.lower())
        name = _bracketed(parts.hostname or "").rstrip(".")
        default = {"http": 80, "https": 443}.get(parts.scheme)
        port = parts.port or default
    except ValueError:
        return False
    if name == host[1] and port == int(host[2] or default or 0):
        return True
    return _matches(name, [pattern for pattern in environment.hosts() if pattern != "*"])


def _is_visit(headers: Headers) -> bool:
    """Whether a request from another site is a navigation, such as a click on a link."""
    return headers.get("sec-fetch-mode") == "navigate" and (
        headers.get("sec-fetch-dest") == "document" or bool(environment.frames())
    )


def _hash(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def _policy(host: str, hashes: str, frames: tuple[str, ...]) -> str:
    # in older versions of Safari, 'self' does not include WebSockets of the same host
    sockets = f" ws://{host} wss://{host}" if HOST.fullmatch(host) else ""
    return "; ".join(
        (
            "default-src 'self'",
            # components are modules at blob: URLs; decoders are WebAssembly
            f"script-src 'self' blob: 'wasm-unsafe-eval' {hashes}".strip(),
            "style-src 'self' 'unsafe-inline'",  # Streamlit writes its styles into the page
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            f"connect-src 'self' data: blob:{sockets}",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            " ".join(("frame-ancestors 'self'", *frames)),
        )
    )
