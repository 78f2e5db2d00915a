"""The container file: all it copies is there, and where there is an engine it is built and started."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
import urllib.request
import uuid
from pathlib import Path

import pytest

from explorer import environment
from scripts.driving import free_port

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "Containerfile").read_text(encoding="utf-8")
ENGINE = shutil.which("podman") or shutil.which("docker")


def test_the_container_file_copies_what_is_there_and_is_read_only() -> None:
    copied = re.findall(r"^COPY (?:--\S+ )?(\S+) ", TEXT, re.MULTILINE)
    assert {"app.py", "explorer", "checkpoints", ".streamlit", "requirements.txt"} == set(copied)
    assert all((ROOT / name).exists() for name in copied)
    assert f"{environment.READ_ONLY}=1" in TEXT
    assert TEXT.index("USER explorer") < TEXT.index("CMD [")
    ignored = (ROOT / ".containerignore").read_text(encoding="utf-8").split()
    assert not {name.split("/")[0] for name in copied} & set(ignored)


def works(engine: str) -> bool:
    return subprocess.run([engine, "info"], capture_output=True).returncode == 0


@pytest.mark.slow
@pytest.mark.skipif(ENGINE is None or not works(ENGINE), reason="no container engine is present")
def test_the_container_is_built_and_answers() -> None:
    assert ENGINE
    tag, port = f"latent-explorer-{uuid.uuid4().hex[:8]}", free_port()
    subprocess.run([ENGINE, "build", "-f", "Containerfile", "-t", tag, "."], cwd=ROOT, check=True)
    try:
        line = [ENGINE, "run", "--rm", "--detach", "--publish", f"127.0.0.1:{port}:8501", tag]
        container = subprocess.run(line, check=True, capture_output=True, text=True).stdout.strip()
        try:
            assert answers(f"http://127.0.0.1:{port}/_stcore/health", 300)
            train = ["python", "-m", "explorer", "train", "--epochs", "1", "--name", "trial"]
            subprocess.run(
                [ENGINE, "exec", "-e", f"{environment.READ_ONLY}=0", container, *train], check=True
            )
        finally:
            subprocess.run([ENGINE, "stop", container], check=False, capture_output=True)
    finally:
        subprocess.run([ENGINE, "rmi", tag], check=False, capture_output=True)


def answers(url: str, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            time.sleep(0.5)
    return False
