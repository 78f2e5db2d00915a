"""A limit on what a session keeps in the server's memory through Streamlit's upload route.

Streamlit keeps every uploaded file in memory until its session ends, whether a page shows a field for it or not, and
limits only the size of each.
"""

import re
from collections import OrderedDict

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from explorer import environment

MAX_BYTES = 1 << 30
"""Maximum bytes of all files of a session."""
MAX_BYTES_READ_ONLY = 4 << 20
"""The same on a read-only server, which takes decks of scenes and nothing else."""
MAX_SESSIONS = 4096
"""Sessions whose files are counted; Streamlit keeps fewer."""
FILE = re.compile(r".*/_stcore/upload_file/([^/]+)/([^/]+)/?")


class UploadLimit:
    """ASGI middleware that refuses uploads without a declared size, or beyond the limit of their session."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.sizes: OrderedDict[str, dict[str, int]] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        file = FILE.fullmatch(scope["path"]) if scope["type"] == "http" else None
        if file and (refusal := self._count(scope["method"], file[1], file[2], Headers(scope=scope))):
            await refusal(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def _count(self, method: str, session: str, file: str, headers: Headers) -> PlainTextResponse | None:
        if method == "DELETE":
            self.sizes.get(session, {}).pop(file, None)
        if method not in ("PUT", "POST"):
            return None
        declared = headers.get("content-length", "")
        if not declared.isdecimal() or len(declared) > 15:
            return PlainTextResponse("Declare the size of the file.", 411)
        limit = MAX_BYTES_READ_ONLY if environment.read_only() else MAX_BYTES
        sizes = self.sizes.setdefault(session, {})
        self.sizes.move_to_end(session)
        while len(self.sizes) > MAX_SESSIONS:
            self.sizes.popitem(last=False)
        total = sum(size for name, size in sizes.items() if name != file) + int(declared)
        if total > limit:
            return PlainTextResponse(f"One visit may upload {limit >> 20} MiB in all.", 413)
        sizes[file] = int(declared)
        return None
