"""Write the figures in the documents from what the benchmarks found: `python -m scripts.tables`.

A table stands between `<!-- table: NAME -->` and `<!-- end -->` in README.md or docs/*.md, and its figures in
`benchmarks/results/*.json`, one file for each run of a benchmark with `--json`, or in the reports that are stored with
the models that ship. A test fails where they differ.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "benchmarks" / "results"
BLOCK = re.compile(r"(<!-- table: (\S+) -->\n).*?(<!-- end -->)", re.DOTALL)
NOTHING = "nothing is painted until release"
SOURCES = {
    "prior": "N(0, I)",
    "gaussian-diagonal": "a diagonal Gaussian fitted to codes",
    "gaussian-full": "a Gaussian fitted to codes",
    "mixture": "a mixture of Gaussians fitted to codes",
}


def documents() -> list[Path]:
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def rendered(text: str) -> str:
    """A document with its tables written anew."""
    return BLOCK.sub(lambda block: f"{block[1]}{TABLES[block[2]]()}\n{block[3]}", text)


@cache
def result(name: str) -> dict[str, Any]:
    """A file of results: `date`, `machine` and `figures`."""
    found: dict[str, Any] = json.loads((RESULTS / f"{name}.json").read_text(encoding="utf-8"))
    return found


def figures(name: str) -> Any:
    return result(name)["figures"]


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(re.sub(" +", " ", f"| {' | '.join(cells)} |") for cells in lines)


def measured(*names: str) -> str:
    """When and on what, in a line below a table; results of different machines do not share a table."""
    machines = {result(name)["machine"] for name in names}
    if len(machines) > 1:
        raise SystemExit(f"{', '.join(names)} were measured on {' and on '.join(sorted(machines))}.")
    dates = sorted({result(name)["date"] for name in names})
    return f"\n\n{machines.pop()}; {' to '.join(dict.fromkeys([dates[0], dates[-1]]))}."


# --- the tables ---


def summary() -> str:
    """README: the few figures that matter most."""
    start, live = figures("startup")["gallery"], figures("live")
    large, mnist = figures("map")["ours"]["700000"], figures("training")["mnist"]
    rows = [
        (
            "from starting the server to the first decoded image",
            f"{start['first image']:.1f} s, {_torch(start)}",
        ),
        (
            "mouse drag to painted image, 95th percentile, 28×28 MLP / 64×64 convolutions",
            f"{live['mlp']['ours']['mouse']['p95']:.1f} / {live['conv']['ours']['mouse']['p95']:.1f} ms",
        ),
        ("requests to the server while dragging", _asked()),
        (
            "map of 700,000 codes: hover to decoded image / frame while panning, 95th percentile",
            f"{large['hover']:.1f} / {large['pan']:.1f} ms",
        ),
        (
            "training an MNIST VAE, beside a usual DataLoader loop / beside pythae",
            f"{mnist['usual']['ratio']:.2f} × / {mnist['pythae']['ratio']:.2f} ×",
        ),
    ]
    return table(("", ""), rows) + measured("startup", "live", "map", "training")


def page() -> str:
    """What the page costs, beside plain Streamlit."""
    start, live, samples, compare = map(figures, ("startup", "live", "samples", "compare"))
    mlp, conv, encode = live["mlp"], live["conv"], figures("encode")
    gallery, explore, plain = start["gallery"], start["explore"], start["plain"]
    browsers = {name: found for name, found in figures("export").items() if name != "bytes"}

    def latency(row: dict[str, float]) -> str:
        return f"{row['median']:.1f} / {row['p95']:.1f} ms"

    first = "start of the process to the first decoded image"
    rows = [
        (
            f"{first}, gallery, median",
            f"{gallery['first image']:.2f} s, {_torch(gallery)}",
            f"{plain['first image']:.2f} s",
        ),
        (f"{first}, Explore by its address", f"{explore['first image']:.2f} s, {_torch(explore)}", ""),
        (
            "reload, gallery / Explore",
            f"{gallery['reload']:.2f} / {explore['reload']:.2f} s",
            f"{plain['reload']:.2f} s",
        ),
        ("mouse drag to painted image, MLP 28×28, median / p95", latency(mlp["ours"]["mouse"]), NOTHING),
        ("mouse drag to painted image, conv 64×64, median / p95", latency(conv["ours"]["mouse"]), NOTHING),
        (
            "painted images per second, one input per frame, MLP / conv",
            " / ".join(f"{body['ours']['script']['pictures per second']:.1f}" for body in (mlp, conv)),
            "",
        ),
        (
            "arrow key to painted image, MLP, median / p95",
            latency(mlp["ours"]["keys"]),
            latency(mlp["plain"]["keys"]),
        ),
        ("requests to the server while dragging", _asked(), "one per value"),
        (
            "stroke on the drawing board to its code, reconstruction and figures painted, MLP / conv, p95",
            " / ".join(f"{encode[body]['in the browser']['p95']:.1f}" for body in ("mlp", "conv")) + " ms",
            " / ".join(f"{encode[body]['by a server']['p95']:.1f}" for body in ("mlp", "conv"))
            + " ms for the reconstruction, by a server of its own",
        ),
        (
            "110 strip images after a jump, MLP / conv, median",
            f"{mlp['strips']:.0f} / {conv['strips']:.0f} ms",
            "none",
        ),
        (
            "six 64×64 models under one hand: painted frames per second, one input per frame / a scripted mouse",
            f"{compare['script']:.1f} / {compare['mouse']:.1f}",
            "",
        ),
        (
            "64 samples × 2 models after new codes, MLP / conv, median",
            f"{samples['mlp']['new codes']:.0f} / {samples['conv']['new codes']:.0f} ms",
            "none",
        ),
        (
            f"the story as one file, {figures('export')['bytes'] / 1e6:.1f} MB, opened from disk: first image / "
            "decoder running, " + " and ".join(browsers),
            ", ".join(f"{b['image'] / 1000:.2f} / {b['decoder'] / 1000:.2f} s" for b in browsers.values()),
            "",
        ),
        (
            "the story as one file: key to the whole next scene, slowest of seven, " + " and ".join(browsers),
            ", ".join(f"{b['step']:.0f} ms" for b in browsers.values()),
            "",
        ),
    ]
    return table(("", "Latent Explorer", "plain Streamlit"), rows) + measured(
        "startup", "live", "encode", "samples", "compare", "export"
    )


def map_() -> str:
    """The map, beside `st.plotly_chart`."""
    found = figures("map")

    def painted(row: dict[str, float]) -> str:
        return f"{row['reload'] / 1000:.2f} / {row['first paint'] / 1000:.2f} s"

    rows = []
    for count, ours in found["ours"].items():
        plotly = found["plotly"].get(count)
        rows.append(
            (
                f"{int(count):,}",
                painted(ours),
                f"{ours['hover']:.1f} ms",
                f"{ours['pan']:.1f} / {ours['zoom']:.1f} ms",
                f"{ours['bytes per code']:.1f}",
                f"{painted(plotly)}, {plotly['pan']:.0f} / {plotly['zoom']:.0f} ms"
                if plotly
                else "not finished in the time it was given",
            )
        )
    head = (
        "codes",
        "first paint, page seen / never seen",
        "hover to image",
        "pan / zoom frame",
        "bytes per code",
        "`st.plotly_chart`: first paint, seen / never seen, pan / zoom frame",
    )
    card = [value / 1000 for value in found["card"]]
    return (
        table(head, rows)
        + "\n\nFrom a click on a model's card in the gallery of an open page it takes "
        + f"{min(card):.2f} to {max(card):.2f} s."
        + measured("map")
    )


def training() -> str:
    """`fit` beside other loops; and 64×64 convolutions in processor time."""
    mnist, sprites = figures("training")["mnist"], figures("training-sprites")["sprites"]
    ours, peak = mnist["ours"]["images per second"], mnist["peak"]
    cells = [f"{ours:,.0f}"] + [
        f"{mnist[name]['images per second']:,.0f} ({mnist[name]['ratio']:.2f}×)"
        for name in ("usual", "pythae", "bound")
    ]
    rates = {name: f"{row['images per second']:.0f}" for name, row in sprites.items()}
    return (
        table(
            ("", "`fit`", "usual loop", "pythae", "bound"), [("MNIST, MLP 784-512-256-20, batch 128", *cells)]
        )
        + f"\n\nThat is {ours / peak['images per second']:.0%} of what the machine's matrix products alone would allow "
        + f"({peak['GFLOP/s']:.0f} GFLOP/s, {peak['images per second']:,.0f} images/s). The 64×64 convolutions were "
        + "measured\nin processor time on one thread, because wall times of the same code differed by a factor of four "
        + f"between rounds:\n{rates['ours']} images/s, usual loop {rates['usual']}, pythae {rates['pythae']}, "
        + f"bound {rates['bound']}."
        + measured("training", "training-sprites")
    )


def beside() -> str:
    """A training beside a page."""
    rows = figures("beside")
    alone, rest, drag = (
        rows[kind]["images per second"] for kind in ("alone", "page at rest", "page dragged")
    )
    return table(
        ("", "images per second", "painted images per second"),
        [
            ("no page open", f"{alone:,.0f}", ""),
            ("an Explore page at rest", f"{rest:,.0f}", ""),
            (
                "its slider dragged without a pause",
                f"{drag:,.0f} ({1 - drag / alone:.0%} less)",
                f"{rows['page dragged']['paints per second']:.1f}",
            ),
        ],
    ) + measured("beside")


def metrics() -> str:
    """How long the disentanglement metrics take."""
    found = figures("metrics")
    rows = [("all of them", f"{found['all']:.1f} s"), ("MIG alone", f"{found['MIG alone']:.3f} s")]
    return table(("15,000 codes of 10 dimensions", ""), rows) + measured("metrics")


def _torch(row: dict[str, Any]) -> str:
    return "torch loaded" if row["torch"] == "yes" else "torch not loaded"


def _asked() -> str:
    """Requests of both models while a mouse drags."""
    return str(sum(body["ours"]["mouse"]["asked"] for body in figures("live").values()))


def sample_quality() -> str:
    """The stored reports on samples of the models that ship, from the worst source of codes to the best."""
    from explorer import reports, store
    from explorer.live.choice import data_rank
    from explorer.metrics.sample_quality import DENSITIES, SampleReport

    def cell(report: SampleReport, name: str, digits: int) -> str:
        found = report.measures[name]
        return f"{found.mean:.{digits}f} ± {found.mean - found.low:.{digits}f}"

    rows = []
    for path in (ROOT / "checkpoints").glob("*/config.json"):
        checkpoint = store.open_checkpoint(path.parent)
        for kind in DENSITIES:
            report = reports.samples(kind).find(checkpoint)
            if report is not None and "coverage" in report.measures:
                cells = [cell(report, "coverage", 2), cell(report, "recall", 2), cell(report, "frechet", 1)]
                cells.append(cell(report, "holes", 2) if "holes" in report.measures else "")
                order = data_rank(checkpoint.manifest.data.data), report.measures["coverage"].mean
                rows.append((order, (checkpoint.name, SOURCES[kind], *cells)))
    head = ("model", "codes from", "coverage", "recall", "Fréchet distance", "in a hole")
    return table(head, [row for _, row in sorted(rows)])


def crowd() -> str:
    """Many visitors at once."""
    names = ("crowd-50", "crowd-200")
    rows = [
        (
            str(found["sessions"]),
            f"{found['memory']:.1f} MiB",
            f"{found['first image']['median']:.1f} / {found['first image']['last']:.1f} s",
            f"{found['browser']:.1f} s",
            f"{found['settled']['median']:.1f} / {found['settled']['p95']:.1f} s",
        )
        for found in map(figures, names)
    ]
    head = (
        "sessions at once",
        "memory per session",
        "first image, median / last",
        "first image in a browser beside them",
        "answer to a settled state, median / p95",
    )
    return table(head, rows) + measured(*names)


def rotation() -> str:
    """What rotating two axes costs a diagonal posterior."""
    rows = [
        (name, f"{row['fit']:.3f} ± {row['error']:.3f}", f"{row['formula']:.3f}")
        for name, row in figures("rotation").items()
    ]
    head = ("model", "cost, fitted again, nats", "cost by the formula, nats")
    return table(head, rows) + measured("rotation")


TABLES: dict[str, Callable[[], str]] = {
    "summary": summary,
    "page": page,
    "map": map_,
    "training": training,
    "beside": beside,
    "metrics": metrics,
    "crowd": crowd,
    "rotation": rotation,
    "sample-quality": sample_quality,
}


def main() -> None:
    for path in documents():
        old = path.read_text(encoding="utf-8")
        if (new := rendered(old)) != old:
            path.write_text(new, encoding="utf-8")
            print(f"{path.relative_to(ROOT)} is written anew")


if __name__ == "__main__":
    main()
