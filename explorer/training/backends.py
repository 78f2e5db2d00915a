"""The work of a sweep, by joblib: on the cores of this machine, or on a Dask or Ray cluster.

Each run notes its progress, as a job does, in a folder of its own in the sweep's, and a file there tells all of them to
stop. So all engines are served alike; on several machines, that folder and the checkpoints must lie on a disk that all
of them see.
"""

import contextlib
import importlib
import io
import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from explorer import environment
from explorer.config import RunConfig, flat
from explorer.disk import check_writable, disk_errors
from explorer.errors import ExplorerError
from explorer.jobs import Report, Status
from explorer.jobs.process import STOP
from explorer.training.sweep import Sweep, combine, finished, job_folder, note, run_status, save

BACKENDS = ("loky", "dask", "ray")
LOOK_SECONDS = 0.5
ATTEMPTS = 3  # at what is left, after workers died


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
    show: Callable[[Status], None] = lambda _: None,
) -> dict[str, Status]:
    """Do what is left of a sweep, its checkpoints in `folder`, with so many `workers` at once (one per core; one
    core is left to the page if this is a job). Returns how each run has ended.

    address: of a cluster that runs already, for dask and ray. show: called with the sweep's progress now and then,
    which is also noted in its folder. A run that fails leaves the others alone; its status says why. Ctrl-C, or a
    polite end from the system, saves all runs and raises KeyboardInterrupt. Raises ExplorerError if nothing can be
    written or the engine is not installed.
    """
    from explorer.training.run import stop_asked

    if backend not in BACKENDS:
        raise ExplorerError(f"Sweeps run on {', '.join(BACKENDS)}, not on {backend!r}.")
    workers = workers or max(1, (os.cpu_count() or 1) - (environment.job_folder() is not None))
    check_writable(folder)
    job = job_folder(sweep.name)
    tasks = _prepare(sweep, folder, job)
    with stop_asked() as stop, _reporting(sweep, job, stop, show):
        if tasks:
            with _engine(backend, min(workers, len(tasks)), address):
                _work(tasks, stop, backend)
    if stop.is_set() or (job / STOP).exists():
        raise KeyboardInterrupt
    return {name: run_status(job, name) for name in sweep.checkpoints}


def _prepare(sweep: Sweep, folder: Path, job: Path) -> list[Task]:
    """Describe the sweep beside its checkpoints and in its folder; what there is to do."""
    save(sweep, folder)
    tasks = []
    with disk_errors(f"Sweep {sweep.name}", job.parent):
        for member in sweep.runs:
            (job / member.checkpoint).mkdir(parents=True, exist_ok=True)
        (job / STOP).unlink(missing_ok=True)
    for member in sweep.runs:
        config, name = sweep.config(member), member.checkpoint
        status = Status("waiting")
        try:
            if finished(folder, name, config):
                status = Status("done", "done before", 1.0)
        except ExplorerError as error:
            status = Status("failed", str(error), 1.0)
        note(job, name, status)
        if status.state == "waiting":
            place = (str(folder.resolve()), name, config.model_dump(mode="json"), str(job.resolve()))
            tasks.append(Task(*place, os.getpid()))
    return tasks


@contextlib.contextmanager
def _reporting(
    sweep: Sweep, job: Path, stop: threading.Event, show: Callable[[Status], None]
) -> Iterator[None]:
    """Meanwhile, note the progress, and pass on that it should stop."""
    over, start, report = threading.Event(), time.monotonic(), Report()

    def look() -> Status:
        runs = [run_status(job, name) for name in sweep.checkpoints]
        return combine(runs, time.monotonic() - start, report.begun)

    def keep_looking() -> None:
        while not over.wait(LOOK_SECONDS):
            now = look()
            if stop.is_set():
                (job / STOP).touch()
                now = replace(now, message="stopping, what was trained is saved", begun=1.0)
            report(now.fraction, now.message)
            show(now)

    report.begun = look().fraction
    thread = threading.Thread(target=keep_looking, daemon=True)
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
        left = [t for t in tasks if run_status(Path(t.folder), t.name).state not in ("done", "failed")]
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
    job = Path(task.folder)
    if (job / STOP).exists():
        return
    note(job, task.name, Status("running", "starting"))
    try:
        status = _train(task, job)
    except ExplorerError as error:
        status = Status("failed", str(error), 1.0)
    except MemoryError:
        status = Status("failed", "There was not enough memory; take fewer --jobs.", 1.0)
    except Exception as error:  # whatever it is, the other runs go on
        status = Status("failed", f"It failed unexpectedly ({type(error).__name__}: {error}).", 1.0)
    note(job, task.name, status)


def _train(task: Task, job: Path) -> Status:
    from explorer.training.fit import Progress
    from explorer.training.run import train

    folder, config = Path(task.checkpoints), RunConfig.model_validate(task.config)
    before = finished(folder, task.name, config)
    if before:
        return Status("done", "done before", 1.0)
    last, fraction = 0.0, 0.0

    def watch(now: Progress) -> bool:
        nonlocal last, fraction
        if time.monotonic() - last < LOOK_SECONDS:
            return False
        last = time.monotonic()
        fraction = min(now.step / max(1, now.steps), 0.99) if now.phase == "train" else 0.0
        note(job, task.name, Status("running", f"epoch {now.epoch} of {now.epochs}", fraction))
        return (job / STOP).exists()

    with contextlib.redirect_stderr(io.StringIO()):  # its own bar would fall between those of the others
        if before is None:
            _, interrupted = train(folder, flat(config), task.name, watch=watch)
        else:
            _, interrupted = train(folder, {}, resume=task.name, watch=watch)
    if not interrupted:
        return Status("done", "done", 1.0)
    if os.getpid() == task.parent:  # joblib needs no worker for one run at a time, and the signal was for all
        (job / STOP).touch()
    return Status("stopped", "saved, to be continued", fraction)
