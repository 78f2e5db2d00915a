"""From foreign weights and networks to checkpoints."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import safetensors.numpy

from explorer import store
from explorer.config import DataConfig, RunConfig
from explorer.data import catalogue, load
from explorer.data.batches import seen
from explorer.data.dataset import ImageDataset, materialise
from explorer.errors import ExplorerError
from explorer.importing import checks, disvae, pythae
from explorer.importing.checks import Finding, Reading
from explorer.importing.networks import (
    Layout,
    Network,
    adapted,
    check_decoder,
    layout_of,
    open_network,
    pair,
    said,
)
from explorer.importing.result import UNKNOWN, Imported
from explorer.importing.states import read_state
from explorer.latents.codes import Codes, active_units
from explorer.latents.encode import known_columns, spread_over_test
from explorer.metrics.likelihood import compute_likelihood
from explorer.store.weights import data_fields, save_checkpoint, versions

TRIED = 200
"""Test images on which readings are tried."""
DRAWN = 500
"""Random codes that stand for those of images that are not there."""


# --- weights of a known architecture: the whole model is rebuilt ---


def import_state(
    name: str, files: Mapping[str, bytes], target: Path, data: DataConfig | None, caption: str
) -> Imported:
    """A state_dict with its settings, of disentangling-vae or pythae. Raises ExplorerError."""
    import torch

    note = ""
    if disvae.SPECS in files:
        kind = "disentangling-vae"
        model, config, trained_on = disvae.read(name, read_state(name, files[name]), files[disvae.SPECS])
        if data is None and trained_on in catalogue():
            data = DataConfig.model_validate({"data": trained_on})
    elif pythae.CONFIG in files:
        kind = "pythae"
        model, config, note = pythae.read(name, read_state(name, files[name]), files[pythae.CONFIG])
    else:
        raise ExplorerError(
            f"{name} comes without its settings: add {disvae.SPECS} (disentangling-vae) or {pythae.CONFIG} (pythae)."
        )

    def run(x: np.ndarray) -> list[np.ndarray]:
        with torch.no_grad():
            q = model.encode(torch.from_numpy(np.ascontiguousarray(x, np.float32)))
            parts = [q.mean] if config.model.posterior == "point" else [q.mean, 2 * q.stddev.log()]
            return [part.numpy() for part in parts]

    def decode(z: np.ndarray) -> np.ndarray:
        with torch.no_grad():
            return model.mean_image(torch.from_numpy(np.ascontiguousarray(z, np.float32))).numpy()

    d = config.model.latent_size
    raw = decode(_random_codes(d))
    images = None
    if data is not None:
        images, data = _images(data, model.image_shape, name)
    variational = config.model.posterior != "point"
    reading, usual = Reading(), Reading()
    if images is not None:
        reading, usual = checks.best_reading(_unit(images, data), run, decode)
        if reading.swapped or reading.input != "unit":
            raise ExplorerError(
                f"{name} restores {data.data if data else 'the images'} only if "
                + (
                    "mean and log-variance are swapped"
                    if reading.swapped
                    else "its images are scaled otherwise"
                )
                + f": its layout is not that of {kind}; export encoder and decoder as ONNX and import those."
            )
    findings = checks.findings(reading, usual, raw, variational, 0 if images is None else _tried(images))
    notes = [Finding(True, note)] if note else []
    config = config.model_copy(update={"data": data or DataConfig(data=UNKNOWN)})
    if images is None:
        images = _decoded_images(decode, d)
        notes.append(
            Finding(False, "No images were given: its codes are those of images that it drew itself.")
        )
        metrics: dict[str, Any] = {}
    else:
        metrics = compute_likelihood(model, images, config.data.binarize, images=2000).as_dict()
    checkpoint = save_checkpoint(
        target, model, images, config, None, metrics, caption, imported=f"{kind} weights"
    )
    return Imported(checkpoint, kind, (*findings, *notes))


# --- networks: a decoder to explore, and codes if there is an encoder ---


def import_networks(
    files: Mapping[str, bytes], target: Path, data: DataConfig | None, caption: str
) -> Imported:
    """An ONNX decoder, with or without an encoder. Raises ExplorerError."""
    decoder, encoder, d = pair([open_network(name, content) for name, content in files.items()])
    check_decoder(decoder)
    raw = decoder.run(_random_codes(d))[0]
    alone = np.concatenate([decoder.run(z[None])[0] for z in _random_codes(d)[:2]])
    if alone.shape != raw[:2].shape or not np.allclose(alone, raw[:2], rtol=1e-3, atol=1e-3):
        raise ExplorerError(
            f"{decoder.name} gives other images for the same code in another batch: export it in evaluation mode."
        )
    dataset, wanted = None, None if data is None else load(data).image_shape
    layout = layout_of(decoder, raw, wanted)
    if data is not None:
        dataset, data = _images(data, layout.shape, decoder.name)
    reading = Reading(checks.by_range(raw))
    usual, kind, variational = reading, "ONNX decoder", False

    def decode(z: np.ndarray) -> np.ndarray:
        return layout.images(decoder.run(z.astype(np.float32))[0])

    def run(x: np.ndarray) -> list[np.ndarray]:
        assert encoder is not None
        return _posterior(encoder, layout, x, d)

    if encoder is not None:
        kind = "ONNX encoder and decoder"
        trial = np.zeros((2, *layout.shape), np.float32)
        variational = len(run(trial)) > 1
    if encoder is not None and dataset is not None:
        reading, usual = checks.best_reading(_unit(dataset, data), run, decode)
    findings = checks.findings(
        reading, usual, layout.images(raw), variational, 0 if dataset is None else _tried(dataset)
    )
    codes = _drawn(d) if encoder is None or dataset is None else _encoded(dataset, data, run, decode, reading)
    manifest = _manifest(data, dataset, layout.shape, d, variational, files) | {
        "caption": caption,
        "imported": kind,
        "metrics": _figures(codes, variational) if encoder is not None and dataset is not None else {},
    }
    contents = {
        store.DECODER: adapted(decoder, layout, reading.output),
        store.CODES: safetensors.numpy.save(codes.arrays()),
        store.HISTORY: store.history_csv([]),
    }
    if encoder is not None:
        contents[store.ENCODER] = encoder.data
    _rehearse(target.name, contents, manifest)
    return Imported(store.write(target, manifest, contents), kind, tuple(findings))


def _posterior(encoder: Network, layout: Layout, x: np.ndarray, d: int) -> list[np.ndarray]:
    """Mean and log-variance, or the code alone: what an encoder gives for images, `(B, d)` each."""
    outputs = [
        out.reshape(len(out), -1) for out in encoder.run(layout.inputs(x.astype(np.float32), encoder.size))
    ]
    if len(outputs) == 1 and outputs[0].shape[1] == 2 * d:
        return [outputs[0][:, :d], outputs[0][:, d:]]
    fitting = [out for out in outputs if out.shape[1] == d]
    if not fitting:
        sizes = ", ".join(str(out.shape[1]) for out in outputs)
        raise ExplorerError(
            f"{encoder.name} gives {sizes} numbers per image, but the decoder takes {d}: they are no pair."
        )
    return fitting[:2]


def _encoded(
    dataset: ImageDataset, data: DataConfig | None, run: Any, decode: Any, reading: Reading
) -> Codes:
    """Codes of test images, by the encoder as it was read."""
    index = spread_over_test(dataset)
    scaled, made = checks.INPUTS[reading.input][1], checks.OUTPUTS[reading.output][1]
    columns: dict[str, list[np.ndarray]] = {"mean": [], "scale": [], "rate": [], "distortion": []}
    for start in range(0, len(index), 500):
        x = _unit(dataset, data, index[start : start + 500])
        parts = run(scaled(x))
        mean, log_variance = (parts[::-1] if reading.swapped else [*parts, None])[:2]
        scale = np.zeros_like(mean) if log_variance is None else np.exp(0.5 * log_variance.clip(-60, 60))
        rate = np.zeros_like(mean) if log_variance is None else 0.5 * (mean**2 + scale**2 - 1) - np.log(scale)
        p = made(decode(mean)).clip(1e-6, 1 - 1e-6)
        cross_entropy = -(x * np.log(p) + (1 - x) * np.log1p(-p)).reshape(len(x), -1).sum(1)
        for key, value in (("mean", mean), ("scale", scale), ("rate", rate), ("distortion", cross_entropy)):
            columns[key].append(value.astype(np.float32))
    return Codes(
        **{key: np.concatenate(parts) for key, parts in columns.items()}, **known_columns(dataset, index)
    )


def _figures(codes: Codes, variational: bool) -> dict[str, Any]:
    """The likelihood report as far as it is known: distortion is at the mean of q(z|x), of Bernoulli pixels."""
    return {
        "images": len(codes),
        "distortion": float(codes.distortion.mean(dtype=float)),
        "rate": float(codes.rate.sum(1).mean(dtype=float)) if variational else 0.0,
        "elbo": None,
        "rates": codes.rate.mean(0, dtype=float).tolist(),
        "active_units": active_units(codes.mean),
    }


def _manifest(
    data: DataConfig | None,
    dataset: ImageDataset | None,
    shape: tuple[int, int, int],
    d: int,
    variational: bool,
    files: Mapping[str, bytes],
) -> dict[str, Any]:
    convolutional = any(b"Conv" in content for content in files.values())
    config = RunConfig.from_flat(
        {
            "latent_size": d,
            "posterior": "diagonal" if variational else "point",
            "body": "conv" if convolutional else "mlp",
        }
    )
    values = config.model_dump() | {"image_shape": shape, "versions": versions()}
    values["data"] = (data or DataConfig(data=UNKNOWN)).model_dump()
    return values if dataset is None else values | data_fields(dataset)


def _rehearse(name: str, contents: Mapping[str, bytes], manifest: Mapping[str, Any]) -> None:
    """Write it elsewhere first and decode: what cannot be opened is never left under its name."""
    import tempfile

    with tempfile.TemporaryDirectory() as place:
        store.verify(store.write(Path(place) / name, manifest, contents))


# --- images and codes ---


def _images(data: DataConfig, shape: tuple[int, int, int], name: str) -> tuple[ImageDataset, DataConfig]:
    """The data at the size that the model takes, and what to ask for to have them so. Raises ExplorerError if they do
    not fit."""
    images = load(data)
    if (
        images.image_shape != shape
        and data.image_size is None
        and shape[1] == shape[2]
        and 8 <= shape[1] <= 128
    ):
        data = data.model_copy(update={"image_size": shape[1]})
        images = load(data)
    if images.image_shape != shape:
        raise ExplorerError(
            f"{name} takes images of {said(shape)}, but {data.data} has {said(images.image_shape)}: give the data "
            "that it was trained on, or its --image-size and --channels."
        )
    return images, data


def _tried(dataset: ImageDataset) -> int:
    return min(TRIED, len(dataset.test_index))


def _unit(dataset: ImageDataset, data: DataConfig | None, index: np.ndarray | None = None) -> np.ndarray:
    """Test images in [0, 1], float32 `(n, C, H, W)`; the first few without an index."""
    import torch

    chosen = dataset.test_index[:TRIED] if index is None else index
    images = torch.from_numpy(materialise(dataset.images, chosen))
    unit: np.ndarray = seen(images, data.binarize if data else "none").numpy()
    return unit


def _random_codes(d: int, count: int = 64) -> np.ndarray:
    return np.random.default_rng(0).standard_normal((count, d), np.float32)


def _drawn(d: int) -> Codes:
    """Draws from N(0, I) in the place of codes."""
    z = _random_codes(d, DRAWN)
    return Codes(z, np.zeros_like(z), np.zeros_like(z), np.zeros(len(z), np.float32), np.arange(len(z)))


def _decoded_images(decode: Any, d: int) -> ImageDataset:
    """What a model draws, as data to encode."""
    pixels = np.rint(decode(_random_codes(d, DRAWN)).clip(0, 1) * 255).astype(np.uint8)
    every: Sequence[int] = range(len(pixels))
    index = np.array(every, np.int64)
    return ImageDataset(UNKNOWN, pixels, index, index)
