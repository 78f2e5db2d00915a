"""What a child is asked to do in `tests.test_sandbox`."""

from __future__ import annotations

import ctypes
import os
import time
from typing import Any

from explorer.errors import ExplorerError
from explorer.sandbox import Message


def act(question: dict[str, Any], payload: bytes) -> Message:
    what = question["what"]
    if what == "refuse":
        raise ExplorerError("No.")
    if what == "fill":
        return {"size": len(bytearray(1 << 40))}, b""
    if what == "fill behind Python's back":
        ctypes.memset(ctypes.CDLL(None).malloc(1 << 34), 1, 1 << 34)
    if what == "sleep":
        time.sleep(60)
    if what == "hold the interpreter":
        pow(7, 10**9)
    if what == "crash":
        ctypes.string_at(0)
    if what == "print":
        print("noise")
        os.write(1, b"noise")
    return {"pid": os.getpid()}, payload[::-1]
