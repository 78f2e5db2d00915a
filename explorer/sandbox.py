"""Child processes with limits on memory and time, which read untrusted files and run untrusted networks.

Whatever a file does to its reader (exhaust memory, hang, crash), only the child dies, and the user gets an error
message. The kernel enforces the limits (`RLIMIT_AS`, `setitimer`), so a child ends even if the server has ended before;
Windows has neither.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import math
import os
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

from explorer.errors import ExplorerError

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

MEMORY = 4 << 30
"""Bytes of address space; libraries and their threads take about 1 GiB of it."""
OUT_OF_MEMORY = "it takes more memory than it may have"
Message = tuple[dict[str, Any], bytes]
"""A JSON object and a binary payload."""
Handler = Callable[[dict[str, Any], bytes], Message]


class LimitError(Exception):
    """A child reached a limit or crashed. The message completes a sentence and has no full stop."""


class Sandbox:
    """A child process that answers requests with a function `handler` ("module:function"), one at a time.

    It starts with the first request, and restarts after a request that killed it.
    """

    def __init__(self, handler: str, memory: int = MEMORY) -> None:
        self.handler, self.memory = handler, memory
        self._child: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def start(self) -> None:
        """Start the child before the first request; returns at once."""
        with self._lock:
            self._child = self._child or self._start()

    def ask(self, question: Mapping[str, Any], payload: bytes = b"", seconds: float = 60) -> Message:
        """Call the handler in the child and return its answer. Raises the handler's ExplorerError, or LimitError if the
        child reached a limit or crashed."""
        with self._lock:
            child = self._child = self._child or self._start()
            assert child.stdin
            assert child.stdout
            try:
                _send(child.stdin, {"seconds": seconds, "question": dict(question)}, payload)
                answer, data = _receive(child.stdout)
            except (OSError, EOFError, ValueError):
                raise LimitError(_reason(self._end(), seconds)) from None
            except BaseException:  # the page was closed: the next request would receive this answer
                self._end()
                raise
        if "limit" in answer:
            raise LimitError(answer["limit"])
        if "error" in answer:
            raise ExplorerError(answer["error"])
        return answer["answer"], data

    def close(self) -> None:
        """Terminate the child."""
        with self._lock:
            self._end()

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "explorer.sandbox", self.handler, str(self.memory)],
            cwd=Path(__file__).parents[1],
            # each thread reserves address space, which counts towards the limit
            env=os.environ | {"MALLOC_ARENA_MAX": "2", "OMP_NUM_THREADS": str(min(8, os.cpu_count() or 1))},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def _end(self) -> int:
        child, self._child = self._child, None
        if child is None:
            return 0
        with contextlib.suppress(OSError, ValueError, subprocess.TimeoutExpired):
            child.communicate(timeout=0.2)  # let it exit by itself if it is about to
        if child.poll() is None:
            child.kill()
        return child.wait()


def _reason(code: int, seconds: float) -> str:
    if code == -getattr(signal, "SIGALRM", math.inf):
        return f"it takes longer than {seconds:.0f} seconds"
    return OUT_OF_MEMORY if code in (0, 1, -6) else f"it ends the process that reads it (exit status {code})"


def limit(memory: int, seconds: float | None = None) -> None:
    """Limit this process permanently to `memory` bytes of address space, and kill it after `seconds`."""
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        with contextlib.suppress(ValueError, OSError):  # macOS refuses this limit
            resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    alarm(seconds or 0)


def alarm(seconds: float) -> None:
    """Kill this process after `seconds` unless this is called again before; 0 cancels the timer."""
    if hasattr(signal, "setitimer"):
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _send(stream: IO[bytes], message: Mapping[str, Any], payload: bytes) -> None:
    head = json.dumps(message).encode()
    stream.write(struct.pack("<QQ", len(head), len(payload)) + head)
    stream.write(payload)
    stream.flush()


def _receive(stream: IO[bytes]) -> Message:
    sizes = struct.unpack("<QQ", _read(stream, 16))
    head, payload = (_read(stream, size) for size in sizes)
    return json.loads(head), payload


def _read(stream: IO[bytes], size: int) -> bytes:
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data


def _answer(handler: Handler, question: dict[str, Any], payload: bytes) -> Message:
    try:
        answer, data = handler(question, payload)
    except ExplorerError as error:
        return {"error": str(error)}, b""
    except MemoryError:
        return {"limit": OUT_OF_MEMORY}, b""
    except Exception as error:
        return {"limit": f"it makes its reader fail ({type(error).__name__})"}, b""
    return {"answer": answer}, data


def main() -> None:
    """Main function of the child: answer requests until the input ends."""
    name, memory = sys.argv[1:]
    source, out = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # output of libraries must not mix with answers
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    limit(int(memory))
    module, function = name.split(":")
    handler = getattr(importlib.import_module(module), function)
    with contextlib.suppress(EOFError, BrokenPipeError):
        while True:
            message, payload = _receive(source)
            alarm(message["seconds"])
            answer = _answer(handler, message["question"], payload)
            alarm(0)
            _send(out, *answer)


if __name__ == "__main__":
    main()
