"""How fast training is: `python -m benchmarks.training` races `explorer.training.fit` against other ways.

Each contestant (see `benchmarks.contestants`) lives in a process of its own, so that what one sets for its process
helps no other. They take turns: in each round every one trains for a few seconds while the others wait, and the
order rotates, so that a machine that drifts drifts for all. Ratios are taken within a round.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import platform
import statistics
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from multiprocessing.connection import Connection
from typing import Any

from benchmarks import results

PEAK = "peak"  # not a contestant: how fast the machine multiplies large matrices


def matrix_peak(seconds: float, clock: Callable[[], float] = time.perf_counter) -> float:
    """The best rate, in floating-point operations per second, of large float32 matrix products."""
    import torch

    best = 0.0
    sides = (1024, 2048, 3072)
    for side in sides:
        a, b = torch.rand(side, side), torch.rand(side, side)
        out, end = torch.mm(a, b), time.perf_counter() + seconds / len(sides)
        while time.perf_counter() < end:
            start = clock()
            torch.mm(a, b, out=out)
            best = max(best, 2 * side**3 / (clock() - start))
    return best


def operations(task_name: str) -> float:
    """Floating-point operations per image of the products of one step, two per multiply-add.

    Forward, and backward to the weights and to every layer's input but the image. Element-wise work and the
    optimizer count as nothing.
    """
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    from benchmarks.tasks import TASKS, PlainVAE, plain_loss

    task = TASKS[task_name]
    with FlopCounterMode(display=False) as counter:
        plain_loss(PlainVAE(task), torch.zeros(2, *task.image_shape)).backward()
    return counter.get_total_flops() / 2


def _work(pipe: Connection, task_name: str, name: str, threads: int, cpu_time: bool, quick: bool) -> None:
    """A contestant's process: says when it is ready, then trains for as many seconds as it is told."""
    clock = time.process_time if cpu_time else time.perf_counter
    try:
        import torch

        from benchmarks.contestants import CONTESTANTS, VARIANTS
        from benchmarks.tasks import TASKS

        torch.set_num_threads(threads)
        torch.manual_seed(0)
        if name == PEAK:
            pipe.send("")
            while (seconds := pipe.recv()) is not None:
                pipe.send(matrix_peak(seconds, clock))
            return
        train = (CONTESTANTS | VARIANTS)[name][1](TASKS[task_name], quick)
        train(0.1 if quick else 2.0)
        pipe.send("")
        while (seconds := pipe.recv()) is not None:
            start = clock()
            images = train(seconds)
            pipe.send(images / (clock() - start))
    except Exception:
        pipe.send(traceback.format_exc())


@contextmanager
def _contestant(*args: Any) -> Iterator[Connection]:
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_work, args=(there, *args), daemon=True)
    process.start()
    there.close()
    try:
        if problem := here.recv():
            sys.exit(f"{args[1]} cannot run:\n{problem}")
        yield here
        here.send(None)
    finally:
        process.join(10)
        process.terminate()


def race(task_name: str, names: list[str], rounds: int, seconds: float, *how: Any) -> dict[str, list[float]]:
    """Images per second of each contestant in each round; for "peak", operations per second.

    how: threads, cpu_time and quick, as `main` explains them.
    """
    names = [*names, PEAK]
    rates: dict[str, list[float]] = {name: [] for name in names}
    with ExitStack() as stack:
        pipes = {name: stack.enter_context(_contestant(task_name, name, *how)) for name in names}
        for round_ in range(rounds):
            shift = round_ % len(names)
            for name in names[shift:] + names[:shift]:
                pipes[name].send(seconds)
                result = pipes[name].recv()
                if isinstance(result, str):
                    sys.exit(f"{name} stopped:\n{result}")
                rates[name].append(result)
    return rates


def table(task_name: str, rates: dict[str, list[float]]) -> Iterator[str]:
    """The lines of a task's table."""
    from benchmarks.contestants import CONTESTANTS, VARIANTS
    from benchmarks.tasks import TASKS

    per_image, peak = operations(task_name), max(rates[PEAK])
    yield f"{TASKS[task_name].title}, batches of {TASKS[task_name].batch}"
    yield (
        f"  {per_image / 1e6:.2f} million operations per image; matrix products reach {peak / 1e9:.0f} GFLOP/s, "
        f"so {peak / per_image:,.0f} images/s if there were nothing else to do"
    )
    yield f"  {'':44}{'images/s':>10}  {'lowest to highest':>17}{'of peak':>9}  {'ours is':>8}"
    for name, values in rates.items():
        if name == PEAK:
            continue
        median = statistics.median(values)
        spread = f"{min(values):,.0f} to {max(values):,.0f}"
        share = f"{median * per_image / peak:.0%}"
        ratio = f"{ratio_of(rates, name):.2f} ×" if "ours" in rates and name != "ours" else ""
        title = (CONTESTANTS | VARIANTS)[name][0]
        yield f"  {title:44}{median:>10,.0f}  {spread:>17}{share:>9}  {ratio:>8}".rstrip()


def ratio_of(rates: dict[str, list[float]], name: str) -> float:
    """How many times as fast as `name` ours is: the median over rounds."""
    return statistics.median(a / b for a, b in zip(rates["ours"], rates[name], strict=True))


def figures_of(rates: dict[str, list[float]], per_image: float) -> dict[str, dict[str, float]]:
    """Medians, and as how many times as fast ours comes out: of each contestant, and of matrix products alone."""
    figures = {}
    for name, values in rates.items():
        median = statistics.median(values)
        figures[name] = {"images per second": median}
        if name == PEAK:
            figures[name] = {"images per second": max(values) / per_image, "GFLOP/s": max(values) / 1e9}
        elif "ours" in rates and name != "ours":
            figures[name]["ratio"] = ratio_of(rates, name)
    return figures


def main(arguments: list[str] | None = None) -> None:
    """Race, print a table per task, and with --json keep every rate."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.training", description=__doc__)
    parser.add_argument("--tasks", nargs="+", default=["mnist", "sprites"], choices=["mnist", "sprites"])
    parser.add_argument("--contestants", nargs="+", default=["ours", "usual", "pythae", "bound"])
    parser.add_argument("--variants", action="store_true", help="race single changes of the bound instead")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4.0, help="of each contestant in each round")
    parser.add_argument("--threads", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument(
        "--cpu-time",
        action="store_true",
        help="seconds are those of the contestant's process on the processor, not on the clock: "
        "for a machine that others use; waiting threads count, so give --threads 1",
    )
    parser.add_argument("--quick", action="store_true", help="one short round on few images, to see it work")
    results.add_option(parser)
    given = parser.parse_args(arguments)
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS"):  # read by the contestants' processes
        os.environ[name] = str(given.threads)

    from benchmarks.contestants import CONTESTANTS, VARIANTS
    from benchmarks.tasks import TASKS, dataset

    names = ["ours", "bound", *VARIANTS] if given.variants else given.contestants
    if unknown := sorted(set(names) - (CONTESTANTS | VARIANTS).keys()):
        parser.error(f"no contestant is called {', '.join(unknown)}")
    rounds, seconds = (1, 0.3) if given.quick else (given.rounds, given.seconds)
    import torch

    machine = f"{platform.machine()}, {os.cpu_count()} cores, torch {torch.__version__}"
    clock = "processor time" if given.cpu_time else "wall time"
    print(f"{machine}; {given.threads} threads, {rounds} rounds of {seconds:g} s each, interleaved, {clock}")
    print("Images per second of training alone: nobody tests, and ours has one test image per epoch.")
    tasks: dict[str, dict[str, Any]] = {}
    for task_name in given.tasks:
        rates = race(task_name, names, rounds, seconds, given.threads, given.cpu_time, given.quick)
        print(f"\nOn {dataset(TASKS[task_name], given.quick).name}: ", end="")
        print(*table(task_name, rates), sep="\n", flush=True)
        tasks[task_name] = {"operations_per_image": operations(task_name), "rates": rates}
    settings = {"threads": given.threads, "clock": clock, "rounds": rounds, "seconds": seconds}
    figures = {name: figures_of(task["rates"], task["operations_per_image"]) for name, task in tasks.items()}
    results.keep(given.json, figures, settings=settings, tasks=tasks)


if __name__ == "__main__":
    main()
