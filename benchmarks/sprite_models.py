"""What the models of sprites keep: shapes, as overlap with the originals, and factors, one per slider.

    python -m benchmarks.sprite_models [NAME ...] [--json FILE]

Test images are restored from posterior means. Overlap is |A ∩ B| / |A ∪ B| of the white pixels (at ½); the share of the
variance that is restored is over all pixels and images. Scores, and what each slider says, are those of the stored
disentanglement reports (`python -m explorer disentangle NAME`), nats those of `config.json`.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np

from benchmarks import results
from explorer import environment, reports, store
from explorer.data.dataset import materialise
from explorer.latents.encode import encode_means, spread_over_test
from explorer.metrics.disentanglement.evaluation import shares
from explorer.store import Checkpoint
from explorer.store.originals import load_images
from explorer.store.weights import load_model

MODELS = (
    "sprites-vae-z10",
    "sprites-vae-beta4-z10",
    "sprites-vae-beta4-seed1-z10",
    "sprites-vae-beta16-z10",
    "sprites-vae-conv-beta4-z10",
)
IMAGES = 4096
SHAPES = ("square", "ellipse", "heart")
SCORES = ("mig", "dci_disentanglement")


def measure(checkpoint: Checkpoint) -> dict[str, Any]:
    """Nats, overlap, restored variance, scores, and the share of each factor in the slider that says most of it."""
    dataset, manifest = load_images(checkpoint), checkpoint.manifest
    assert dataset.factors is not None
    index = spread_over_test(dataset, IMAGES)
    originals = materialise(dataset.images, index).astype(np.float32) / 255
    z = encode_means(load_model(checkpoint), dataset, index)
    restored = checkpoint.decode(checkpoint.decoder_session(), z)
    seen, drawn = originals > 0.5, restored > 0.5
    overlap = (seen & drawn).sum((1, 2, 3)) / (seen | drawn).sum((1, 2, 3))
    shape = dataset.factors[index, dataset.factor_names.index("shape")]
    report = reports.disentanglement().find(checkpoint)
    assert report, f"python -m explorer disentangle {checkpoint.name}"
    active = np.array(manifest.metrics["rates"]) > 0.05
    said = [s for s, alive in zip(shares(report.mutual_information), active, strict=True) if alive]
    sliders = {
        name: max((share for k, share in said if k == i), default=0.0)
        for i, name in enumerate(report.factor_names)
    }
    found = {
        **{name: manifest.metric(name) for name in ("distortion", "rate", "elbo", "active_units")},
        "overlap": float(overlap.mean()),
        "by shape": {name: float(overlap[shape == k].mean()) for k, name in enumerate(SHAPES)},
        "variance": 1 - float(((originals - restored) ** 2).mean() / originals.var(0).mean()),
        "scores": {name: report.scores[name].mean for name in SCORES},
        "sliders": sliders,
    }
    print(checkpoint.name, found)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("models", nargs="*", default=MODELS, metavar="NAME", help="models of sprites")
    results.add_option(parser)
    options = parser.parse_args()
    folder = environment.checkpoints_folder()
    rows = {name: measure(store.open_checkpoint(folder / name)) for name in options.models}
    results.keep(options.json, {"models": rows, "images": IMAGES})


if __name__ == "__main__":
    main()
