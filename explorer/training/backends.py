"""Run a sweep with joblib: on the cores of this machine, or on a Dask or Ray cluster.

Each run writes its progress to its own subfolder of the sweep's job folder, and a stop file in that folder stops all
runs. This works with every backend; on several machines, the job folder and the checkpoints must be on a shared disk.
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
from explorer.training.sweep import (
    Sweep,
    combine_statuses,
    is_finished,
    job_folder,
    run_status,
    save,
    write_status,
)

BACKENDS = ("loky", "dask", "ray")
POLL_SECONDS = 0.5
ATTEMPTS = 3  # how often unfinished runs are started again after workers die


class Task(NamedTuple):
    """One run as sent to a worker, in plain values. parent: process id of the sender."""

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
    """Train the unfinished runs of a sweep with `workers` processes and return the final status of each run.

    folder: where the checkpoints are saved. workers: default one per core; a job leaves one core to the page. address:
    a running Dask or Ray cluster. show: called with the sweep's progress, which is also written to its job folder.
    A failed run does not affect the others; its status gives the reason. Ctrl-C or SIGTERM saves all runs and raises
    KeyboardInterrupt. Raises ExplorerError if the folder is not writable or the backend is not installed.
    """
    from explorer.training.run import stop_event

    if backend not in BACKENDS:
        raise ExplorerError(f"Sweeps run on {', '.join(BACKENDS)}, not on {backend!r}.")
    workers = workers or max(1, (os.cpu_count() or 1) - (environment.job_folder() is not None))
    check_writable(folder)
    job = job_folder(sweep.name)
    tasks = _prepare(sweep, folder, job)
    with stop_event() as stop, _reporting(sweep, job, stop, show):
        if tasks:
            with _engine(backend, min(workers, len(tasks)), address):
                _work(tasks, stop, backend)
    if stop.is_set() or (job / STOP).exists():
        raise KeyboardInterrupt
    return {name: run_status(job, name) for name in sweep.checkpoints}


def _prepare(sweep: Sweep, folder: Path, job: Path) -> list[Task]:
    """Save the sweep and the status of its runs; return the unfinished runs."""
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
            if is_finished(folder, name, config):
                status = Status("done", "already done", 1.0)
        except ExplorerError as error:
            status = Status("failed", str(error), 1.0)
        write_status(job, name, status)
        if status.state == "waiting":
            place = (str(folder.resolve()), name, config.model_dump(mode="json"), str(job.resolve()))
            tasks.append(Task(*place, os.getpid()))
    return tasks


@contextlib.contextmanager
def _reporting(
    sweep: Sweep, job: Path, stop: threading.Event, show: Callable[[Status], None]
) -> Iterator[None]:
    """Report the sweep's progress from a thread, and forward a stop request to the workers."""
    finish, start, report = threading.Event(), time.monotonic(), Report()

    def read_status() -> Status:
        runs = [run_status(job, name) for name in sweep.checkpoints]
        return combine_statuses(runs, time.monotonic() - start, report.start_fraction)

    def report_progress() -> None:
        while not finish.wait(POLL_SECONDS):
            now = read_status()
            if stop.is_set():
                (job / STOP).touch()
                now = replace(now, message="stopping, saving the models", start_fraction=1.0)
            report(now.fraction, now.message)
            show(now)

    report.start_fraction = read_status().fraction
    thread = threading.Thread(target=report_progress, daemon=True)
    thread.start()
    try:
        yield
    finally:
        finish.set()
        thread.join()


def _work(tasks: list[Task], stop: threading.Event, backend: str) -> None:
    """Run all tasks; after workers die, start the unfinished ones again, which resume from their checkpoints."""
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
                    f"Workers died {ATTEMPTS} times, perhaps for lack of memory; finished runs are kept. "
                    "Continue with fewer --jobs."
                ) from None
        except Exception as error:  # every backend raises its own types; `do` catches the errors of runs
            raise ExplorerError(
                f"The {backend} backend failed ({type(error).__name__}: {error}); finished runs are kept. "
                "Start the sweep again to continue."
            ) from None


# --- backends ---


@contextlib.contextmanager
def _engine(backend: str, workers: int, address: str | None) -> Iterator[None]:
    """Configure joblib to use `backend`, with local workers or the cluster at `address`."""
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


# --- in the worker ---


def do(task: Task) -> None:
    """Train or resume one run in a worker, and write its progress to the sweep's folder."""
    job = Path(task.folder)
    if (job / STOP).exists():
        return
    write_status(job, task.name, Status("running", "starting"))
    try:
        status = _train(task, job)
    except ExplorerError as error:
        status = Status("failed", str(error), 1.0)
    except MemoryError:
        status = Status("failed", "There was not enough memory; take fewer --jobs.", 1.0)
    except Exception as error:  # the other runs continue
        status = Status("failed", f"The run failed unexpectedly ({type(error).__name__}: {error}).", 1.0)
    write_status(job, task.name, status)


def _train(task: Task, job: Path) -> Status:
    from explorer.training.fit import Progress
    from explorer.training.run import train

    folder, config = Path(task.checkpoints), RunConfig.model_validate(task.config)
    stored = is_finished(folder, task.name, config)
    if stored:
        return Status("done", "already done", 1.0)
    last, fraction = 0.0, 0.0

    def watch(now: Progress) -> bool:
        nonlocal last, fraction
        if time.monotonic() - last < POLL_SECONDS:
            return False
        last = time.monotonic()
        fraction = min(now.step / max(1, now.steps), 0.99) if now.phase == "train" else 0.0
        write_status(job, task.name, Status("running", f"epoch {now.epoch} of {now.epochs}", fraction))
        return (job / STOP).exists()

    with contextlib.redirect_stderr(io.StringIO()):  # progress bars of parallel runs overwrite each other
        if stored is None:
            _, interrupted = train(folder, flat(config), task.name, watch=watch)
        else:
            _, interrupted = train(folder, {}, resume=task.name, watch=watch)
    if not interrupted:
        return Status("done", "done", 1.0)
    # joblib runs a single worker in this process, so the signal stops the whole sweep
    if os.getpid() == task.parent:
        (job / STOP).touch()
    return Status("stopped", "saved, can be resumed", fraction)
