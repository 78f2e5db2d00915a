"""Make `.venv` hold what a requirements file asks for. Called by `run` and `test`; standard library only.

What was asked for is kept in `.venv/installed/`, one stamp per requirements file, written after everything
else has succeeded. While the stamp is as it should be, nothing is done, which takes some 30 ms.
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UV = "uv==0.13.8"

DISK_FULL = re.compile(r"no space left on device|os error 28|errno 28|disk quota exceeded", re.IGNORECASE)
UNREACHABLE = re.compile(
    r"failed to fetch|error sending request|dns error|name resolution|connection (refused|reset|broken)"
    r"|newconnectionerror|connecttimeout|read timed out|proxyerror|sslerror|certificate|network is unreachable",
    re.IGNORECASE,
)


class InstallError(Exception):
    """One sentence: what went wrong and what to do."""


def included(requirements: Path) -> list[Path]:
    """The requirements file and those it names with `-r`, in the order in which they are needed."""
    names = re.findall(r"^-r +(\S+)", requirements.read_text(encoding="utf-8"), re.MULTILINE)
    return [f for name in names for f in included(requirements.parent / name)] + [requirements]


def python_of(venv: Path) -> str | None:
    """The version, such as `3.12`, of an environment's Python; None if it has none that is new enough."""
    report = "import sys; print('%d.%d' % sys.version_info[:2]); sys.exit(sys.version_info < (3, 11))"
    try:
        answer = subprocess.run(
            [venv / "bin" / "python", "-I", "-S", "-c", report], capture_output=True, text=True
        )
    except OSError:
        return None
    return answer.stdout.strip() if answer.returncode == 0 else None


def has_pip(python: Path) -> bool:
    """Whether pip starts; it does not where making the environment was interrupted."""
    return subprocess.run([python, "-m", "pip", "--version"], capture_output=True).returncode == 0


def stamp_path(venv: Path, requirements: Path) -> Path:
    return venv / "installed" / requirements.name


def stamp_text(python: str, requirements: Path) -> str:
    """What a complete installation of the requirements file was made from."""
    return f"Python {python}\n" + "".join(f.read_text(encoding="utf-8") for f in included(requirements))


def is_current(venv: Path, requirements: Path) -> bool:
    stamp = stamp_path(venv, requirements)
    if not stamp.is_file():
        return False
    python = python_of(venv)
    return python is not None and stamp.read_text(encoding="utf-8") == stamp_text(python, requirements)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder against other installers. The system lets go when the process ends, however it ends."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another installation is under way; waiting for it to end.")
            fcntl.flock(handle, fcntl.LOCK_EX)
        except OSError as error:
            # Some network file systems cannot lock; there we go on without.
            if error.errno not in (errno.ENOTSUP, errno.ENOLCK, errno.EBADF, errno.EINVAL, errno.ENOSYS):
                raise
        yield
    finally:
        os.close(handle)


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def call(command: list[str | Path]) -> tuple[bool, str]:
    """Run a command, showing what it prints as it comes; returns whether it succeeded, and that text."""
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    ) as process:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            sys.stderr.write(line)
            sys.stderr.flush()
    return process.returncode == 0, "".join(lines)


def explain(text: str, task: str, folder: Path) -> InstallError:
    """The sentence for a failed command, from what it printed."""
    if DISK_FULL.search(text):
        return InstallError(
            f"The disk is full: the packages need up to 7 GB in {folder} and as much again for downloads"
            " in the temporary and cache folders; free some space, then start again."
        )
    if UNREACHABLE.search(text):
        return InstallError(
            "The package index cannot be reached: check the network, or the proxy and mirror settings"
            " (HTTPS_PROXY, PIP_INDEX_URL, UV_DEFAULT_INDEX), then start again."
        )
    return InstallError(f"{task} failed: the lines above say why.")


def install(venv: Path, requirements: Path) -> None:
    """Bring the environment up to date with the requirements file, from whatever state it is in."""
    for stamp in (venv / "installed").glob("*"):
        stamp.unlink()
    python = venv / "bin" / "python"
    if python_of(venv) is None or not has_pip(python):
        say(f"Making {venv}")
        done, text = call([sys.executable, "-m", "venv", "--clear", venv])
        if not done and "ensurepip" in text:
            raise InstallError(
                "This Python comes without the venv module: install it"
                " (on Debian and Ubuntu: apt install python3-venv), then start again."
            )
        if not done:
            raise explain(text, f"Making {venv}", venv)
    say(f"Installing {requirements.name}; the first time this fetches about 3 GB")
    quiet_pip: list[str | Path] = [python, "-m", "pip", "install", "--quiet", "--retries=2"]
    quiet_pip += ["--disable-pip-version-check", "--no-input"]
    done, text = call([*quiet_pip, UV])
    if done:
        # Compiled once here, as pip does it: where Python may not write bytecode, every start would compile anew.
        uv = ["-m", "uv", "pip", "install", "--compile-bytecode", "--python"]
        done, text = call([python, *uv, python, "-r", requirements])
        if not done and not DISK_FULL.search(text):
            # uv does not read pip's settings: behind a mirror that only they name, pip succeeds.
            say("uv could not install the packages; trying pip, which takes minutes.")
            done, text = call([*quiet_pip, "-r", requirements])
    if not done:
        raise explain(text, f"Installing {requirements.name}", venv)
    # A file that includes others satisfies those too.
    version = python_of(venv)
    assert version is not None
    for part in included(requirements):
        stamp = stamp_path(venv, part)
        stamp.parent.mkdir(exist_ok=True)
        stamp.write_text(stamp_text(version, part), encoding="utf-8")


def ensure(venv: Path, requirements: Path) -> None:
    """Install unless the environment is already complete; raises InstallError."""
    if is_current(venv, requirements):
        return
    try:
        venv.mkdir(exist_ok=True)
        with locked(venv):
            if not is_current(venv, requirements):
                install(venv, requirements)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise explain("no space left on device", "", venv) from error
        raise InstallError(
            f"{venv} could not be written ({error.strerror}): give yourself write access, then start again."
        ) from error


def main() -> int:
    try:
        ensure(ROOT / ".venv", ROOT / sys.argv[1])
    except InstallError as error:
        say(str(error))
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
