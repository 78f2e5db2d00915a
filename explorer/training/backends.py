"""The work of a sweep, by joblib: on the cores of this machine, or on a Dask or Ray cluster.

Runs tell how far they are, and hear that they should stop, by files in the sweep's folder, which is the same for
all engines; on several machines, that folder and the checkpoints must lie on a disk that all of them see.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from explorer.config import RunConfig, flat
from explorer.disk import check_writable, disk_errors, read_json, replace_json
from explorer.errors import ExplorerError
from explorer.jobs import process as jobs
from explorer.training.sweep import RunStatus, Sweep, SweepStatus, finished, job_folder, note, save, status

BACKENDS = ("loky", "dask", "ray")
TELL_SECONDS = 0.5
ATTEMPTS = 3  # at what is left, after workers died
Tell = Callable[[float, str], None]


class Task(NamedTuple):
    """One run, as it is sent to a worker: only plain values. parent: the process that asks for it."""

    checkpoints: str
    name: str
    config: dict[str, Any]
    folder: str
    parent: int


def run(
    sweep: Sweep,
    folder: Path,
    backend: str = "loky",
    workers: int | None = None,
    address: str | None = None,
    tell: Tell = lambda *_: None,
) -> SweepStatus:
    """Do what is left of a sweep, its checkpoints in `folder`, with so many `workers` at once (one per core; one
    core is left to the page if this is a job).

    address: of a cluster that runs already, for dask and ray. tell(fraction, what) hears of the progress. A run that
    fails leaves the others alone; its state says why. Ctrl-C, or a polite end from the system, saves all runs and
    raises KeyboardInterrupt. Raises ExplorerError if nothing can be written or the engine is not installed.
    """
    from explorer.training.run import stop_asked

    if backend not in BACKENDS:
        raise ExplorerError(f"Sweeps run on {', '.join(BACKENDS)}, not on {backend!r}.")
    spare = 1 if jobs.FOLDER_VARIABLE in os.environ else 0
    workers = workers or max(1, (os.cpu_count() or 1) - spare)
    check_writable(folder)
    progress = job_folder(sweep.name)
    tasks = _begin(sweep, folder, progress)
    with stop_asked() as stop, _told(progress, stop, tell):
        if tasks:
            with _engine(backend, min(workers, len(tasks)), address):
                _work(tasks, stop, backend)
    _end(progress)
    found = status(progress)
    assert found is not None
    if stop.is_set() or (progress / jobs.STOP).exists():
        raise KeyboardInterrupt
    return found


def _begin(sweep: Sweep, folder: Path, progress: Path) -> list[Task]:
    """Describe the sweep beside its checkpoints and in its folder; what there is to do."""
    save(sweep, folder)
    tasks, done = [], 0.0
    with disk_errors(f"Sweep {sweep.name}", progress.parent):
        progress.mkdir(parents=True, exist_ok=True)
        (progress / jobs.STOP).unlink(missing_ok=True)
        for member in sweep.runs:
            config, name = sweep.config(member), member.checkpoint
            try:
                if finished(folder, name, config):
                    note(progress, RunStatus(name, "done", 1.0, "done before"))
                    done += 1
                    continue
                now = RunStatus(name, "waiting", 0.0, "")
            except ExplorerError as error:
                now = RunStatus(name, "failed", 1.0, str(error))
                done += 1
            note(progress, now)
            if now.state == "waiting":
                where = (str(folder.resolve()), name, config.model_dump(mode="json"), str(progress.resolve()))
                tasks.append(Task(*where, os.getpid()))
        about = {"runs": sweep.checkpoints, "started": time.time(), "begun": done / len(sweep.runs)}
        replace_json(progress / "sweep.json", about)
    return tasks


def _end(progress: Path) -> None:
    file = progress / "sweep.json"
    with disk_errors(file.name, progress):
        replace_json(file, (read_json(file) or {}) | {"ended": time.time()})


@contextlib.contextmanager
def _told(progress: Path, stop: threading.Event, tell: Tell) -> Iterator[None]:
    """Meanwhile, tell of the progress and pass on that it should stop."""
    over = threading.Event()

    def look() -> None:
        while not over.wait(TELL_SECONDS):
            if stop.is_set():
                (progress / jobs.STOP).touch()
            if now := status(progress):
                tell(now.fraction, "stopping, what was trained is saved" if stop.is_set() else now.text())

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _work(tasks: list[Task], stop: threading.Event, backend: str) -> None:
    """All tasks; after workers died, again what is left: their runs go on where they were saved."""
    from joblib import Parallel, delayed
    from joblib.externals.loky.process_executor import BrokenProcessPool

    for attempt in range(ATTEMPTS):
        left = [task for task in tasks if _state(task) not in ("done", "failed")]
        try:
            Parallel(batch_size=1)(delayed(do)(task) for task in left)
            return
        except BrokenProcessPool:
            if stop.is_set():
                return
            if attempt == ATTEMPTS - 1:
                raise ExplorerError(
                    f"Workers died {ATTEMPTS} times, perhaps for lack of memory; what is finished is kept. "
                    "Go on with fewer --jobs."
                ) from None
        except (
            Exception
        ) as error:  # of the engines, each of which has its own; runs keep theirs to themselves
            raise ExplorerError(
                f"The {backend} backend failed ({type(error).__name__}: {error}); what is finished is kept, "
                "start the sweep again to go on."
            ) from None


def _state(task: Task) -> str:
    return str((read_json(Path(task.folder) / f"{task.name}.json") or {}).get("state", "waiting"))


# --- engines ---


@contextlib.contextmanager
def _engine(backend: str, workers: int, address: str | None) -> Iterator[None]:
    """joblib's engine of that name, with so many workers or at that address."""
    from joblib import parallel_config

    with contextlib.ExitStack() as stack:
        options: dict[str, Any] = {}
        if backend == "loky":
            options["inner_max_num_threads"] = max(1, (os.cpu_count() or 1) // workers)
        elif backend == "dask":
            stack.enter_context(_dask(workers, address))
            options["wait_for_workers_timeout"] = 60
        else:
            _ray(workers, address)
        with parallel_config(backend=backend, n_jobs=workers if address is None else -1, **options):
            yield


@contextlib.contextmanager
def _dask(workers: int, address: str | None) -> Iterator[None]:
    distributed = _installed("distributed", "dask")
    if address is not None:
        try:
            client = distributed.Client(address, timeout=10)
        except (OSError, ValueError) as error:
            raise ExplorerError(
                f"There is no Dask scheduler at {address} ({type(error).__name__}); start one with: dask scheduler"
            ) from None
        with client:
            yield
        return
    local = {"n_workers": workers, "threads_per_worker": 1, "dashboard_address": None}
    with distributed.LocalCluster(**local) as cluster, distributed.Client(cluster):
        yield


def _ray(workers: int, address: str | None) -> None:
    ray = _installed("ray", "ray")
    if not ray.is_initialized():
        where = {"address": address} if address else {"num_cpus": workers}
        ray.init(include_dashboard=False, log_to_driver=False, **where)
    importlib.import_module("ray.util.joblib").register_ray()


def _installed(package: str, backend: str) -> ModuleType:
    try:
        return importlib.import_module(package)
    except ImportError:
        raise ExplorerError(
            f"The {backend} backend needs the package {package}, which is not installed here; "
            f"install it with: pip install {package}, or take --backend loky."
        ) from None


# --- a worker's side ---


def do(task: Task) -> None:
    """One run in a worker: begin it or go on with it, and keep its progress in the sweep's folder."""
    folder, progress = Path(task.checkpoints), Path(task.folder)
    config = RunConfig.model_validate(task.config)
    latest = RunStatus(task.name, "running", 0.0, "starting")
    if (progress / jobs.STOP).exists():
        return
    note(progress, latest)
    try:
        latest = _trained(task, folder, progress, config)
    except ExplorerError as error:
        latest = RunStatus(task.name, "failed", 1.0, str(error))
    except MemoryError:
        latest = RunStatus(task.name, "failed", 1.0, "There was not enough memory; take fewer --jobs.")
    except Exception as error:  # whatever it is, the other runs go on
        latest = RunStatus(
            task.name, "failed", 1.0, f"It failed unexpectedly ({type(error).__name__}: {error})."
        )
    note(progress, latest)


def _trained(task: Task, folder: Path, progress: Path, config: RunConfig) -> RunStatus:
    from explorer.training.fit import Progress
    from explorer.training.run import train

    before = finished(folder, task.name, config)
    if before:
        return RunStatus(task.name, "done", 1.0, "done before")
    told = [0.0, 0.0]  # when, and how far

    def watch(now: Progress) -> bool:
        if time.monotonic() - told[0] < TELL_SECONDS:
            return False
        told[:] = time.monotonic(), now.step / max(1, now.steps) if now.phase == "train" else 0.0
        note(
            progress,
            RunStatus(task.name, "running", min(told[1], 0.99), f"epoch {now.epoch} of {now.epochs}"),
        )
        return (progress / jobs.STOP).exists()

    with contextlib.redirect_stderr(io.StringIO()):  # its own bar would fall between those of the others
        if before is None:
            _, interrupted = train(folder, flat(config), task.name, watch=watch)
        else:
            _, interrupted = train(folder, {}, resume=task.name, watch=watch)
    if interrupted:
        if (
            os.getpid() == task.parent
        ):  # joblib needs no worker for one run at a time, and the signal was for all
            (progress / jobs.STOP).touch()
        return RunStatus(task.name, "stopped", told[1], "saved, to be continued")
    return RunStatus(task.name, "done", 1.0, "done")
