"""The commands `run` and `test`, on a project whose packages are never really installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts import environment

ROOT = Path(__file__).resolve().parent.parent
SHELL_FILES = ("run", "test", "scripts/environment.sh")

# Stands where the environment's interpreter would be: says which modules it was asked to run. What is
# installed with -r fails with the text in $FAILURE, if there is one, and lasts while there is a file $HELD.
INTERPRETER = """#!/bin/sh
case "$*" in
    "-I -S -c "*) exec "$REAL_PYTHON" "$@" ;;
    "-m pip --version") exit 0 ;;
    "scripts/browsers.py chromium") echo "/a browser"; exit 0 ;;
    "-m streamlit"*|"-m pytest"*)
        echo "in $PWD"
        echo "browser ${EXPLORER_CHROMIUM-}"
        printf '<%s>\\n' "$@"
        exit "${STATUS-0}" ;;
esac
echo "$*" >>"$INSTALL_LOG"
case "$*" in
    *" -r "*)
        while [ -e "${HELD-}" ]; do sleep 0.05; done
        if [ -n "${FAILURE-}" ]; then echo "$FAILURE" >&2; exit 1; fi ;;
esac
"""


class Project:
    """A copy of the commands in a folder with a space in its name."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "a project"
        shutil.copytree(ROOT / "scripts", self.root / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
        for name in ("run", "test"):
            shutil.copy(ROOT / name, self.root / name)
        (self.root / "requirements.txt").write_text("one==1\n")
        (self.root / "requirements-dev.txt").write_text("-r requirements.txt\ntwo==2  # a tool\n")
        self.log = folder / "log"
        self.python = self.root / ".venv" / "bin" / "python"
        self.env = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "UV_", "EXPLORER_"))}
        self.env |= {"REAL_PYTHON": sys.executable, "INSTALL_LOG": str(self.log)}

    def fake_environment(self) -> None:
        self.python.parent.mkdir(parents=True)
        self.python.write_text(INTERPRETER)
        self.python.chmod(0o755)

    def start(self, command: str, *args: str, **env: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [self.root / command, *args],
            cwd="/",
            env=self.env | env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def call(self, command: str, *args: str, **env: str) -> tuple[int, str, str]:
        process = self.start(command, *args, **env)
        out, err = process.communicate(timeout=300)
        return process.returncode, out, err

    def installations(self) -> list[str]:
        """The requirements files installed since the last call, in order."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        self.log.unlink(missing_ok=True)
        return [Path(line.split(" -r ")[1]).name for line in lines if " -r " in line]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project(tmp_path)
    made.fake_environment()
    return made


@pytest.mark.parametrize("name", SHELL_FILES)
@pytest.mark.parametrize("shell", ["sh", "dash", "bash --posix"])
def test_syntax(name: str, shell: str) -> None:
    command = shell.split()
    if shutil.which(command[0]) is None:
        pytest.skip(f"there is no {command[0]} here")
    subprocess.run([*command, "-n", ROOT / name], check=True)


def test_syntax_of_the_gate() -> None:
    subprocess.run(["bash", "-n", ROOT / ".ci" / "run"], check=True)


@pytest.mark.parametrize("name", ["run", "test", ".ci/run"])
def test_commands_are_executable(name: str) -> None:
    assert os.access(ROOT / name, os.X_OK)


def test_run_starts_the_app_and_passes_arguments_on(project: Project) -> None:
    status, out, err = project.call("run", "--server.port", "8600", "two words", "*")
    assert status == 0, err
    arguments = ["-m", "streamlit", "run", "app.py", "--server.port", "8600", "two words", "*"]
    assert out.splitlines() == [f"in {project.root}", "browser ", *(f"<{a}>" for a in arguments)]
    assert project.installations() == ["requirements.txt"]


def test_test_runs_pytest_with_a_browser_and_passes_on_arguments_and_status(project: Project) -> None:
    status, out, err = project.call("test", "-m", "slow", STATUS="5")
    assert status == 5, err
    assert out.splitlines() == [
        f"in {project.root}",
        "browser /a browser",
        *(
            "<-m>",
            "<pytest>",
            "<-n>",
            "<2>",
            "<--dist>",
            "<loadfile>",
            "<-m>",
            "<not slow>",
            "<-m>",
            "<slow>",
        ),
    ]
    assert project.installations() == ["requirements-dev.txt"]


def test_commands_work_through_a_relative_path(project: Project) -> None:
    done = subprocess.run(
        ["sh", "a project/run"], cwd=project.root.parent, env=project.env, capture_output=True, text=True
    )
    assert done.stdout.splitlines()[0] == f"in {project.root}"


def test_packages_are_installed_once(project: Project) -> None:
    project.call("run")
    assert project.installations() == ["requirements.txt"]
    assert project.call("run")[2] == ""
    assert project.installations() == []
    project.call("test")
    assert project.installations() == ["requirements-dev.txt"]
    project.call("run")
    project.call("test")
    assert project.installations() == []


def test_the_tests_packages_include_the_apps(project: Project) -> None:
    project.call("test")
    project.call("run")
    assert project.installations() == ["requirements-dev.txt"]


def test_changed_requirements_are_installed(project: Project) -> None:
    project.call("test")
    project.installations()
    (project.root / "requirements-dev.txt").write_text("-r requirements.txt\ntwo==2.1\n")
    project.call("run")
    assert project.installations() == []
    project.call("test")
    assert project.installations() == ["requirements-dev.txt"]
    (project.root / "requirements.txt").write_text("one==1.1\n")
    project.call("run")
    project.call("test")
    assert project.installations() == ["requirements.txt", "requirements-dev.txt"]


def test_another_python_means_another_installation(project: Project) -> None:
    project.call("run")
    stamp = project.root / ".venv" / "installed" / "requirements.txt"
    current = f"Python {sys.version_info.major}.{sys.version_info.minor}\n"
    assert stamp.read_text() == current + "one==1\n"
    stamp.write_text("Python 3.10\none==1\n")
    project.installations()
    project.call("run")
    assert project.installations() == ["requirements.txt"]
    assert stamp.read_text().startswith(current)


def test_a_failed_installation_is_not_taken_for_a_complete_one(project: Project) -> None:
    status, out, err = project.call("run", FAILURE="no such version")
    assert (status, out) == (1, "")
    assert err.splitlines()[-1] == "Installing requirements.txt failed: the lines above say why."
    assert "no such version" in err
    assert project.installations() == ["requirements.txt", "requirements.txt"]  # uv, then pip
    assert project.call("run")[0] == 0
    assert project.installations() == ["requirements.txt"]


def test_a_failed_update_is_not_taken_for_a_complete_one(project: Project) -> None:
    project.call("test")
    before = (project.root / "requirements.txt").read_text()
    (project.root / "requirements.txt").write_text("one==7\n")
    assert project.call("run", FAILURE="half way")[0] == 1
    (project.root / "requirements.txt").write_text(before)
    project.installations()
    project.call("test")
    assert project.installations() == ["requirements-dev.txt"]


@pytest.fixture
def held(project: Project) -> Iterator[Path]:
    """While this file is there, an installation goes on."""
    file = project.log.with_name("held")
    file.touch()
    yield file
    file.unlink(missing_ok=True)


def installing(project: Project) -> None:
    """Wait until an installation has begun."""
    deadline = time.monotonic() + 120
    while not (project.log.exists() and " -r " in project.log.read_text()):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_two_at_once_install_once(project: Project, held: Path) -> None:
    first = project.start("run", HELD=str(held))
    installing(project)
    second = project.start("run")
    assert second.stderr
    assert "Another installation is under way" in second.stderr.readline()
    held.unlink()
    results = [p.communicate(timeout=300) for p in (first, second)]
    assert [p.returncode for p in (first, second)] == [0, 0]
    assert project.installations() == ["requirements.txt"]
    assert "Another installation is under way" not in results[0][1]


def test_an_installer_that_was_killed_blocks_nobody(project: Project, held: Path) -> None:
    first = project.start("run", HELD=str(held))
    installing(project)
    project.installations()
    children = subprocess.run(["pgrep", "-P", str(first.pid)], capture_output=True, text=True).stdout.split()
    for pid in (*map(int, children), first.pid):
        os.kill(pid, 9)
    held.unlink()  # what it had started ends by itself
    first.communicate()
    status, _, err = project.call("run")
    assert status == 0
    assert "Another installation" not in err
    assert project.installations() == ["requirements.txt"]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (
            "  cause: failed to write to file `/x`: No space left on device (os error 28)",
            "The disk is full",
        ),
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left", "The disk is full"),
        (
            "  cause: error sending request for url (http://127.0.0.1:9/one/)",
            "The package index cannot be reached",
        ),
        (
            "connection broken by 'NewConnectionError('<pip._vendor.urllib3.connection.HTTPConnection ...",
            "The package index cannot be reached",
        ),
        (
            "ERROR: No matching distribution found for one==1",
            "Installing requirements.txt failed: the lines above say why.",
        ),
    ],
)
def test_failures_are_explained_in_one_sentence(project: Project, said: str, sentence: str) -> None:
    status, out, err = project.call("run", FAILURE=said)
    assert (status, out) == (1, "")
    assert err.splitlines()[-1].startswith(sentence)
    assert "Traceback" not in err


def test_no_new_enough_python(project: Project, tmp_path: Path) -> None:
    path = tmp_path / "path"
    path.mkdir()
    for tool in ("dirname", "sh"):
        (path / tool).symlink_to(str(shutil.which(tool)))
    status, out, err = project.call("run", PATH=str(path))
    assert (status, out) == (1, "")
    assert err == "No Python 3.11 or newer was found on the PATH: install one, then start again.\n"

    old = path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    assert project.call("run", PATH=str(path))[2] == err
    (path / "python3.12").symlink_to(sys.executable)
    assert project.call("run", PATH=str(path))[0] == 0


def test_a_folder_that_cannot_be_written(project: Project) -> None:
    shutil.rmtree(project.root / ".venv")
    (project.root / ".venv").write_text("in the way")
    status, _, err = project.call("run")
    assert status == 1
    assert err.count("\n") == 1
    assert "could not be written" in err


@pytest.mark.slow
def test_an_index_that_is_not_there(tmp_path: Path) -> None:
    """With the real venv and pip: nothing listens on port 9."""
    project = Project(tmp_path)
    nowhere = {"PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": "http://127.0.0.1:9/simple"}
    status, out, err = project.call("run", **nowhere)
    assert (status, out) == (1, "")
    assert err.splitlines()[-1].startswith("The package index cannot be reached")
    assert project.python.exists()
    assert not (project.root / ".venv" / "installed").exists()


def test_an_interrupted_environment_is_made_anew(tmp_path: Path) -> None:
    """A Python without pip is what is left when making the environment was interrupted."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv"], check=True)
    python = tmp_path / "venv" / "bin" / "python"
    assert environment.python_of(tmp_path / "venv") == f"{sys.version_info.major}.{sys.version_info.minor}"
    assert not environment.has_pip(python)
    assert environment.has_pip(Path(sys.executable))


def test_no_python_in_an_environment(tmp_path: Path) -> None:
    assert environment.python_of(tmp_path) is None
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").symlink_to(tmp_path / "gone")
    assert environment.python_of(tmp_path) is None
