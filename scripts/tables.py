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


def filled(template: str, *names: str, **more: Any) -> str:
    """A table whose figures stand in braces: those of the results called `names`, and `more`."""
    return template.format(**{name: figures(name) for name in names}, **more) + measured(*names)


def summary() -> str:
    """README: the few figures that matter most."""
    template = """\
| | |
| --- | --- |
| from starting the server to the first decoded image | {startup[gallery][first image]:.1f} s, {torch[gallery]} |
| mouse drag to painted image, 95th percentile, 28×28 MLP / 64×64 convolutions | \
{live[mlp][ours][mouse][p95]:.1f} / {live[conv][ours][mouse][p95]:.1f} ms |
| requests to the server while dragging | {asked} |
| map of 700,000 codes: hover to decoded image / frame while panning, 95th percentile | \
{large[hover]:.1f} / {large[pan]:.1f} ms |
| training an MNIST VAE, beside a usual DataLoader loop / beside pythae | \
{training[mnist][usual][ratio]:.2f} × / {training[mnist][pythae][ratio]:.2f} × |"""
    large = figures("map")["ours"]["700000"]
    return filled(template, "startup", "live", "map", "training", torch=_torch(), asked=_asked(), large=large)


def page() -> str:
    """What the page costs, beside plain Streamlit."""
    template = """\
| | Latent Explorer | plain Streamlit |
| --- | --- | --- |
| start of the process to the first decoded image, gallery, median | \
{startup[gallery][first image]:.2f} s, {torch[gallery]} | {startup[plain][first image]:.2f} s |
| start of the process to the first decoded image, Explore by its address | \
{startup[explore][first image]:.2f} s, {torch[explore]} | |
| reload, gallery / Explore | \
{startup[gallery][reload]:.2f} / {startup[explore][reload]:.2f} s | {startup[plain][reload]:.2f} s |
| mouse drag to painted image, MLP 28×28, median / p95 | \
{live[mlp][ours][mouse][median]:.1f} / {live[mlp][ours][mouse][p95]:.1f} ms | nothing is painted until release |
| mouse drag to painted image, conv 64×64, median / p95 | \
{live[conv][ours][mouse][median]:.1f} / {live[conv][ours][mouse][p95]:.1f} ms | nothing is painted until release |
| painted images per second, one input per frame, MLP / conv | \
{live[mlp][ours][script][pictures per second]:.1f} / {live[conv][ours][script][pictures per second]:.1f} | |
| arrow key to painted image, MLP, median / p95 | \
{live[mlp][ours][keys][median]:.1f} / {live[mlp][ours][keys][p95]:.1f} ms | \
{live[mlp][plain][keys][median]:.1f} / {live[mlp][plain][keys][p95]:.1f} ms |
| requests to the server while dragging | {asked} | one per value |
| stroke on the drawing board to its code, reconstruction and figures painted, MLP / conv, p95 | \
{encode[mlp][in the browser][p95]:.1f} / {encode[conv][in the browser][p95]:.1f} ms | \
{encode[mlp][by a server][p95]:.1f} / {encode[conv][by a server][p95]:.1f} ms for the reconstruction, \
by a server of its own |
| β of one model for every β dragged: decode and paint, MLP / conv / residual, p95 | \
{beta-drag[mlp][p95]:.1f} / {beta-drag[conv][p95]:.1f} / {beta-drag[residual][p95]:.1f} ms | none |
| meanwhile, with strips and 10,000 codes on the map following: frames per second, MLP / conv / residual | \
{beta-drag[mlp][frames per second]:.0f} / {beta-drag[conv][frames per second]:.0f} / \
{beta-drag[residual][frames per second]:.0f} | none |
| 110 strip images after a jump, MLP / conv, median | \
{live[mlp][strips]:.0f} / {live[conv][strips]:.0f} ms | none |
| six 64×64 models under one hand: painted frames per second, one input per frame / a scripted mouse | \
{compare[script]:.1f} / {compare[mouse]:.1f} | |
| 64 samples × 2 models after new codes, MLP / conv, median | \
{samples[mlp][new codes]:.0f} / {samples[conv][new codes]:.0f} ms | none |
| the story as one file, {export[bytes]}, opened from disk: first image / decoder running, {names} | {opened} | |
| the story as one file: key to the whole next scene, slowest of seven, {names} | {steps} | |"""
    results = ("startup", "live", "encode", "samples", "compare", "beta-drag")
    return filled(template, *results, torch=_torch(), asked=_asked(), **_exported())


def _exported() -> dict[str, Any]:
    """The exported story, in words for a table."""
    found = dict(figures("export"))
    size = f"{found.pop('bytes') / 1e6:.1f} MB"
    opened = [f"{b['image'] / 1000:.2f} / {b['decoder'] / 1000:.2f} s" for b in found.values()]
    steps = [f"{b['step']:.0f} ms" for b in found.values()]
    return {
        "export": {"bytes": size},
        "names": " and ".join(found),
        "opened": ", ".join(opened),
        "steps": ", ".join(steps),
    }


def words() -> str:
    """Discrete codes under the hand, and what ran beside the benchmark where that was much."""
    template = """\
| | median / p95 | images per second |
| --- | --- | --- |
| a pressed mouse over the wall of `mnist-fsq-8x6x5`, 240 words: pointer event to painted image | \
{words[wall][median]:.1f} / {words[wall][p95]:.1f} ms | {words[wall][pictures per second]:.1f} |
| arrow keys on that wall, ten a second: key to painted image | \
{words[keys][median]:.1f} / {words[keys][p95]:.1f} ms | {words[keys][pictures per second]:.1f} |
| painting the 7×7 tokens of `mnist-vq-7x7x128`: pointer event to painted image | \
{words[tokens][median]:.1f} / {words[tokens][p95]:.1f} ms | {words[tokens][pictures per second]:.1f} |"""
    load = result("words")["load"]
    busy = "" if load < QUIET else f" The machine was busy with other work, at a load of {load:.1f}."
    return filled(template, "words") + busy


QUIET = 1.0
"""Load below which a machine counts as idle."""


def map_() -> str:
    """The map, beside `st.plotly_chart`."""
    head = """\
| codes | first paint, page seen / never seen | hover to image | pan / zoom frame | bytes per code | \
`st.plotly_chart`: first paint, seen / never seen, pan / zoom frame |
| --- | --- | --- | --- | --- | --- |"""
    row = (
        "| {codes:,} | {reload:.2f} / {first paint:.2f} s | {hover:.1f} ms | {pan:.1f} / {zoom:.1f} ms | "
        "{bytes per code:.1f} | {beside} |"
    )
    plotly = "{reload:.2f} / {first paint:.2f} s, {pan:.0f} / {zoom:.0f} ms"
    click = "From a click on a model's card in the gallery of an open page it takes {:.2f} to {:.2f} s."

    def seconds(found: dict[str, float]) -> dict[str, float]:
        return found | {name: found[name] / 1000 for name in ("reload", "first paint")}

    lines, found = [head], figures("map")
    for count, ours in found["ours"].items():
        theirs = found["plotly"].get(count)
        beside = plotly.format(**seconds(theirs)) if theirs else "not finished in the time it was given"
        lines.append(row.format(codes=int(count), beside=beside, **seconds(ours)))
    card = [value / 1000 for value in found["card"]]
    return "\n".join([*lines, "", click.format(min(card), max(card))]) + measured("map")


def training() -> str:
    """`fit` beside other loops; and 64×64 convolutions in processor time."""
    template = """\
| | `fit` | usual loop | pythae | bound |
| --- | --- | --- | --- | --- |
| MNIST, MLP 784-512-256-20, batch 128 | {mnist[ours][images per second]:,.0f} | \
{mnist[usual][images per second]:,.0f} ({mnist[usual][ratio]:.2f}×) | \
{mnist[pythae][images per second]:,.0f} ({mnist[pythae][ratio]:.2f}×) | \
{mnist[bound][images per second]:,.0f} ({mnist[bound][ratio]:.2f}×) |

That is {share:.0%} of what the machine's matrix products alone would allow \
({mnist[peak][GFLOP/s]:.0f} GFLOP/s, {mnist[peak][images per second]:,.0f} images/s). \
The 64×64 convolutions were measured
in processor time on one thread, because wall times of the same code differed by a factor of four between rounds:
{sprites[ours][images per second]:.0f} images/s, usual loop {sprites[usual][images per second]:.0f}, \
pythae {sprites[pythae][images per second]:.0f}, bound {sprites[bound][images per second]:.0f}."""
    both = figures("training") | figures("training-sprites")
    share = both["mnist"]["ours"]["images per second"] / both["mnist"]["peak"]["images per second"]
    return filled(template, "training", "training-sprites", **both, share=share)


def beside() -> str:
    """A training beside a page."""
    template = """\
| | images per second | painted images per second |
| --- | --- | --- |
| no page open | {beside[alone][images per second]:,.0f} | |
| an Explore page at rest | {beside[page at rest][images per second]:,.0f} | |
| its slider dragged without a pause | {beside[page dragged][images per second]:,.0f} ({less:.0%} less) | \
{beside[page dragged][paints per second]:.1f} |"""
    alone, drag = (figures("beside")[kind]["images per second"] for kind in ("alone", "page dragged"))
    return filled(template, "beside", less=1 - drag / alone)


def metrics() -> str:
    """How long the disentanglement metrics take."""
    template = """\
| 15,000 codes of 10 dimensions | |
| --- | --- |
| all of them | {metrics[all]:.1f} s |
| MIG alone | {metrics[MIG alone]:.3f} s |"""
    return filled(template, "metrics")


def _torch() -> dict[str, str]:
    """Whether torch was loaded by then, by page."""
    words = {"yes": "torch loaded", "no": "torch not loaded"}
    return {name: words[row["torch"]] for name, row in figures("startup").items()}


def _asked() -> str:
    """Requests of both models while a mouse drags."""
    return str(sum(body["ours"]["mouse"]["asked"] for body in figures("live").values()))


def directions() -> str:
    """Directions: what five of them change on faces, and what they leave alone."""
    head = (
        "direction",
        "faces",
        "read before",
        "by",
        "told apart",
        "changed",
        "others kept",
        "reached",
        "others kept then",
    )
    rows = []
    for name, found in figures("directions").items():
        first = f"{name}: {found['from']} → {found['to']}"
        faces = str(found["faces"])
        read = f"{100 * found['read in originals']:.0f} / {100 * found['read in reconstructions']:.0f} %"
        for method, one in found["methods"].items():
            keys = ("changed", "others", "reached", "others when reached")
            shares = [f"{100 * one[key]:.0f} %" for key in keys]
            rows.append(
                (
                    first,
                    faces,
                    read,
                    method,
                    f"{100 * one['accuracy']:.0f} %",
                    *(shares if one["reached"] else [*shares[:-1], "–"]),
                )
            )
            first = faces = read = ""
    return table(head, rows) + measured("directions")


def factors() -> str:
    """Training: what probes read of each factor of the faces from the codes of the models that ship."""
    models = figures("factors")["models"]
    columns = [(name, kind) for name in models for kind in ("linear", "network")]
    rows = [
        (
            one["factor"],
            *(
                f"{100 * share:.0f} %"
                for share in (one["chance"], *(models[m][k][kind] for m, kind in columns))
            ),
        )
        for k, one in enumerate(next(iter(models.values())))
    ]
    return table(("factor", "chance", *(f"`{m}`, {kind}" for m, kind in columns)), rows) + measured("factors")


def sprite_models() -> str:
    """Sweeps: what the models of sprites that ship keep, from the smallest β to the largest."""
    head = ("model", "ELBO", "distortion", "rate", "active units", "overlap", "squares, ellipses, hearts")
    rows = []
    for model, one in figures("sprite-models")["models"].items():
        shapes = ", ".join(f"{share:.3f}" for share in one["by shape"].values())
        nats = [f"{one[name]:.1f}".replace("-", "−") for name in ("elbo", "distortion", "rate")]
        scores = [f"{one['scores'][name]:.2f}" for name in ("mig", "dci_disentanglement")]
        sliders = [
            f"{100 * one['sliders'][name]:.0f} %" if one["sliders"][name] else "–"
            for name in ("x position", "y position", "scale", "orientation")
        ]
        active, overlap = f"{one['active_units']:.0f}", f"{one['overlap']:.3f}"
        rows.append((f"`{model}`", *nats, active, overlap, shapes, *scores, *sliders))
    return table((*head, "MIG", "DCI", "x", "y", "scale", "orientation"), rows) + measured("sprite-models")


def exchange() -> str:
    """Directions: in how many pairs exactly the asked factor changes, by each way to take it."""
    head = ("model", "factor", "dimensions", "changed", "others kept", "exactly it", "random dimensions")
    rows = []
    for model, report in figures("exchange").items():
        first = f"`{model}`"
        for one in report["factors"]:
            taken = one["taken"] or {}
            shares = [f"{100 * taken[key]:.0f} %" if taken else "–" for key in ("changed", "kept", "exact")]
            random = f"{100 * one['random']['exact']:.0f} %" if taken else "–"
            means = [f"{100 * one['means'][key]:.0f} %" for key in ("changed", "kept", "exact")]
            count = str(len(one["dimensions"]))
            rows.append((first, one["factor"], count, *shares, random, *means))
            first = ""
    left = [f"{', '.join(report['left_out'])} (`{model}`)" for model, report in figures("exchange").items()]
    shown = table((*head, "by means: changed", "others kept", "exactly it"), rows)
    return f"{shown}\n\nLeft out: {'; '.join(left)}.{measured('exchange')}"


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
    row = (
        "| {sessions} | {memory:.1f} MiB | {first image[median]:.1f} / {first image[last]:.1f} s | {browser:.1f} s | "
        "{settled[median]:.1f} / {settled[p95]:.1f} s |"
    )
    head = """\
| sessions at once | memory per session | first image, median / last | first image in a browser beside them | \
answer to a settled state, median / p95 |
| --- | --- | --- | --- | --- |"""
    return "\n".join([head, *(row.format(**figures(name)) for name in names)]) + measured(*names)


def leakage() -> str:
    found = figures("probes")["leakage"]
    rows = [
        [
            "images that a classifier reads as the class asked for, styles of test images",
            _share(found["obedience"]),
        ],
        ["the same, styles from N(0, I)", _share(found["prior"])],
        ["real test images that the classifier reads right", _share(found["judge"])],
        ["class read from z ~ q(z\\|x, y) by the best of three probes", _share(found["leakage"])],
        ["share of the most frequent class", _share(found["chance"])],
    ]
    return table([figures("probes")["conditional"], ""], rows) + measured("probes")


def labels() -> str:
    curves = figures("probes")["labels"]
    head = [f"{figures('probes')['model']}, labels", *(f"{count:,}" for count in curves[0]["labels"])]
    rows = [[curve["name"], *map(_share, curve["mean"])] for curve in curves]
    return table(head, rows) + measured("probes")


def _share(value: float) -> str:
    return f"{100 * value:.1f} %"


def rotation() -> str:
    """What rotating two axes costs a diagonal posterior."""
    rows = [
        (name, f"{row['fit']:.3f} ± {row['error']:.3f}", f"{row['formula']:.3f}")
        for name, row in figures("rotation").items()
    ]
    head = ("model", "cost, fitted again, nats", "cost by the formula, nats")
    return table(head, rows) + measured("rotation")


def every_beta() -> str:
    """One model for every β beside models of one β, on each data set."""
    names = [f"every-beta-{data}" for data in ("mnist", "sprites", "faces")]
    rows = [row for name in names for row in _beside_own(name)]
    head = ("images", "β", "one model for all", "its own model", "difference")
    sizes = f"\n\nMillions of weights of the one model and of each of its own: {_weights(names)}."
    return table(head, rows) + sizes + measured(*names)


def _weights(names: Sequence[str]) -> str:
    """How many weights a model of every β and one of one β have, on each data set."""
    pairs = ((name.removeprefix("every-beta-"), figures(name)["weights"]) for name in names)
    return ", ".join(f"{data} {w['every'] / 1e6:.2f} and {w['own'] / 1e6:.2f}" for data, w in pairs)


def _beside_own(name: str) -> list[tuple[str, ...]]:
    found = figures(name)
    rows = []
    for beta, own in found["own"].items():
        every = found["every"][beta]
        share = f"{round(every['loss'] / own['loss'] - 1, 3) + 0.0:+.1%}".replace("-", "−").replace("%", " %")
        cells = [f"{model['loss']:.1f} ({model['active']:.0f})" for model in (every, own)]
        rows.append((name.removeprefix("every-beta-"), beta, *cells, share))
    return rows


CODES = {
    "fsq-8x6x5": "FSQ 8·6·5, one token",
    "vq-240": "VQ, one token",
    "binary-16": "16 switches",
    "binary-64": "64 switches",
    "vq-8-grid7": "VQ, 7×7 tokens",
    "vq-128-grid7": "VQ, 7×7 tokens",
    "fsq-8x4x4-grid7": "FSQ 8·4·4, 7×7 tokens",
}


def discrete() -> str:
    """Code books by size."""
    rows = []
    for name, runs in figures("discrete-ladder").items():
        run = runs[0]
        own = "switches" in CODES[name]  # a switch has two words of its own
        use = (
            ["", "", ""] if own else [f"{run['words']:.0f}", _share(run["used"]), f"{run['perplexity']:.0f}"]
        )
        bits = [f"{run[key]:.1f}" for key in ("bits", "marginal bits", "distortion")]
        rows.append((list(CODES).index(name), [CODES[name], *use, *bits]))
    head = ["code", "words", "used", "perplexity", "bits", "bits by frequency", "distortion, nats"]
    return table(head, [row for _, row in sorted(rows)]) + measured("discrete-ladder")


WITH_PRIOR = ("mnist-vq-7x7x128", "mnist-switches-16", "faces-vq-8x8x256")


def prior() -> str:
    """What the priors of the models that ship save."""
    from explorer import reports, store
    from explorer.metrics.prior_bits import NAMES

    found = [
        reports.token_prior().read(store.open_checkpoint(ROOT / "checkpoints" / name)).report
        for name in WITH_PRIOR
    ]
    rows = [
        [NAMES[name]]
        + [
            part
            for report in found
            for part in (f"{report.rates()[name]:.1f}", _signed(report.distortion + getattr(report, name)))
        ]
        for name in found[0].rates()
    ]
    head = [part for name in WITH_PRIOR for part in (f"`{name}`, bits", "−ELBO, nats")]
    return table([f"prior, {found[0].images:,} test images", *head], rows)


def _signed(value: float) -> str:
    return f"{value:.1f}".replace("-", "−")


def boxes() -> str:
    """Classes that nobody named."""
    rows = []
    for name, runs in figures("discrete-classes").items():
        shares = [100 * run["accuracy"] for run in runs]
        nmi = sum(run["nmi"] for run in runs) / len(runs)
        loss = f"{sum(run['loss'] for run in runs) / len(runs):.1f}" if "loss" in runs[0] else ""
        mean = sum(shares) / len(shares)
        rows.append([name, f"{mean:.1f} % ({min(shares):.1f} to {max(shares):.1f})", f"{nmi:.2f}", loss])
    head = [f"{len(runs)} seeds", "accuracy of the best assignment", "NMI", "loss, nats"]
    return table(head, rows) + measured("discrete-classes")


TABLES: dict[str, Callable[[], str]] = {
    "summary": summary,
    "page": page,
    "words": words,
    "map": map_,
    "training": training,
    "beside": beside,
    "metrics": metrics,
    "crowd": crowd,
    "rotation": rotation,
    "every-beta": every_beta,
    "discrete": discrete,
    "prior": prior,
    "boxes": boxes,
    "directions": directions,
    "exchange": exchange,
    "factors": factors,
    "leakage": leakage,
    "labels": labels,
    "sample-quality": sample_quality,
    "sprite-models": sprite_models,
}


def main() -> None:
    for path in documents():
        old = path.read_text(encoding="utf-8")
        if (new := rendered(old)) != old:
            path.write_text(new, encoding="utf-8")
            print(f"{path.relative_to(ROOT)} is written anew")


if __name__ == "__main__":
    main()
