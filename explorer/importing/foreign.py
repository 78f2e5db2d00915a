"""Convert foreign weights and networks to checkpoints."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import safetensors.numpy

from explorer import store
from explorer.config import DataConfig, RunConfig
from explorer.data import describe_datasets, load
from explorer.data.batches import to_unit_mean
from explorer.data.dataset import ImageDataset, materialise
from explorer.errors import ExplorerError
from explorer.importing import checks, networks
from explorer.importing.architectures import read_model
from explorer.importing.checks import Finding, Reading
from explorer.importing.networks import Layout, Network
from explorer.importing.result import UNKNOWN, Imported
from explorer.latents.codes import Codes, active_units
from explorer.latents.encode import known_columns, spread_over_test
from explorer.metrics.likelihood import compute_likelihood
from explorer.store.weights import data_fields, save_checkpoint, versions

CHECK_IMAGES = 200
"""Test images on which readings are compared."""
RANDOM_CODES = 500
"""Random codes that take the place of images' codes when there are no images."""


# --- weights of a known architecture: the whole model is built ---


def import_state(
    name: str, files: Mapping[str, bytes], target: Path, data: DataConfig | None, caption: str
) -> Imported:
    """Import a state_dict with its settings, of disentangling-vae or pythae. Raises ExplorerError."""
    import torch

    kind, model, config, trained_on, note = read_model(name, files)
    if data is None and trained_on in describe_datasets():
        data = DataConfig.model_validate({"data": trained_on})

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
            only = (
                "mean and log-variance are swapped" if reading.swapped else "its input is scaled differently"
            )
            raise ExplorerError(
                f"{name} reconstructs {data.data if data else 'the images'} only if {only}, so its layout is not that "
                f"of {kind}: export encoder and decoder as ONNX and import those."
            )
    findings = checks.findings(
        reading, usual, raw, variational, 0 if images is None else _check_count(images)
    )
    notes = [Finding(False, note)] if note else []
    config = config.model_copy(update={"data": data or DataConfig(data=UNKNOWN)})
    if images is None:
        images = _decoded_images(decode, d)
        notes.append(
            Finding(False, "No images were given: its codes are those of images that it decoded itself.")
        )
        metrics: dict[str, Any] = {}
    else:
        metrics = compute_likelihood(model, images, config.data.binarize).as_dict()
    caption = f"{caption} {note}".strip()
    checkpoint = save_checkpoint(
        target, model, images, config, None, metrics, caption, imported=f"{kind} weights"
    )
    return Imported(checkpoint, kind, (*findings, *notes))


# --- ONNX networks: a decoder to explore, and codes if there is an encoder ---


def import_networks(
    files: Mapping[str, bytes], target: Path, data: DataConfig | None, caption: str
) -> Imported:
    """Import an ONNX decoder, with or without an encoder. Raises ExplorerError."""
    decoder, encoder, d = networks.pair(
        [networks.open_network(name, content) for name, content in files.items()]
    )
    networks.check_decoder(decoder)
    raw = decoder.run(_random_codes(d))[0]
    alone = np.concatenate([decoder.run(z[None])[0] for z in _random_codes(d)[:2]])
    if alone.shape != raw[:2].shape or not np.allclose(alone, raw[:2], rtol=1e-3, atol=1e-3):
        raise ExplorerError(
            f"{decoder.name} decodes the same code differently in another batch: export it in evaluation mode."
        )
    dataset, data_shape = None, None if data is None else load(data).image_shape
    layout = networks.layout_of(decoder, raw, data_shape)
    if data is not None:
        dataset, data = _images(data, layout.shape, decoder.name)
    reading = Reading(checks.output_by_range(raw))
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
        reading, usual, layout.images(raw), variational, 0 if dataset is None else _check_count(dataset)
    )
    codes = (
        _prior_codes(d)
        if encoder is None or dataset is None
        else _encode(dataset, data, run, decode, reading)
    )
    manifest = _manifest(data, dataset, layout.shape, d, variational, files) | {
        "caption": caption,
        "imported": kind,
        "metrics": _figures(codes, variational) if encoder is not None and dataset is not None else {},
    }
    contents = {
        store.DECODER: networks.adapt_decoder(decoder, layout, reading.output),
        store.CODES: safetensors.numpy.save(codes.stored_arrays()),
        store.HISTORY: store.history_csv([]),
    }
    if encoder is not None:
        contents[store.ENCODER] = encoder.data
    _verify(target.name, contents, manifest)
    return Imported(store.write(target, manifest, contents), kind, tuple(findings))


def _posterior(encoder: Network, layout: Layout, x: np.ndarray, d: int) -> list[np.ndarray]:
    """An encoder's outputs for images: mean and log-variance, or the code alone, `(B, d)` each."""
    outputs = [
        out.reshape(len(out), -1) for out in encoder.run(layout.inputs(x.astype(np.float32), encoder.size))
    ]
    if len(outputs) == 1 and outputs[0].shape[1] == 2 * d:
        return [outputs[0][:, :d], outputs[0][:, d:]]
    parameters = [out for out in outputs if out.shape[1] == d]
    if not parameters:
        sizes = ", ".join(str(out.shape[1]) for out in outputs)
        raise ExplorerError(
            f"{encoder.name} outputs {sizes} numbers per image, but the decoder takes {d}: they do not belong together."
        )
    return parameters[:2]


def _encode(dataset: ImageDataset, data: DataConfig | None, run: Any, decode: Any, reading: Reading) -> Codes:
    """Codes of test images, by the encoder with the conventions of `reading`."""
    index = spread_over_test(dataset)
    scale_input, to_mean = checks.INPUTS[reading.input][1], checks.OUTPUTS[reading.output][1]
    columns: dict[str, list[np.ndarray]] = {"mean": [], "scale": [], "rate": [], "distortion": []}
    for start in range(0, len(index), 500):
        x = _unit(dataset, data, index[start : start + 500])
        parts = run(scale_input(x))
        mean, log_variance = (parts[::-1] if reading.swapped else [*parts, None])[:2]
        scale = np.zeros_like(mean) if log_variance is None else np.exp(0.5 * log_variance.clip(-60, 60))
        rate = np.zeros_like(mean) if log_variance is None else 0.5 * (mean**2 + scale**2 - 1) - np.log(scale)
        p = to_mean(decode(mean)).clip(1e-6, 1 - 1e-6)
        cross_entropy = -(x * np.log(p) + (1 - x) * np.log1p(-p)).reshape(len(x), -1).sum(1)
        for key, value in (("mean", mean), ("scale", scale), ("rate", rate), ("distortion", cross_entropy)):
            columns[key].append(value.astype(np.float32))
    return Codes(
        **{key: np.concatenate(parts) for key, parts in columns.items()}, **known_columns(dataset, index)
    )


def _figures(codes: Codes, variational: bool) -> dict[str, Any]:
    """The known part of the likelihood report: the distortion, of Bernoulli pixels, is at the mean of q(z|x)."""
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


def _verify(name: str, contents: Mapping[str, bytes], manifest: Mapping[str, Any]) -> None:
    """Write the checkpoint to a temporary folder and decode with it. Raises ExplorerError if it cannot be opened."""
    import tempfile

    with tempfile.TemporaryDirectory() as place:
        store.verify(store.write(Path(place) / name, manifest, contents))


# --- images and codes ---


def _images(data: DataConfig, shape: tuple[int, int, int], name: str) -> tuple[ImageDataset, DataConfig]:
    """The images at the size of the model, and the settings that load them so. Raises ExplorerError if none fit."""
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
            f"{name} takes images of {networks.describe_shape(shape)}, but {data.data} has "
            f"{networks.describe_shape(images.image_shape)}: choose its training data, or set --image-size and "
            "--channels."
        )
    return images, data


def _check_count(dataset: ImageDataset) -> int:
    return min(CHECK_IMAGES, len(dataset.test_index))


def _unit(dataset: ImageDataset, data: DataConfig | None, index: np.ndarray | None = None) -> np.ndarray:
    """Test images in [0, 1], float32 `(n, C, H, W)`; without an index, the first `CHECK_IMAGES`."""
    import torch

    rows = dataset.test_index[:CHECK_IMAGES] if index is None else index
    images = torch.from_numpy(materialise(dataset.images, rows))
    unit: np.ndarray = to_unit_mean(images, data.binarize if data else "none").numpy()
    return unit


def _random_codes(d: int, count: int = 64) -> np.ndarray:
    return np.random.default_rng(0).standard_normal((count, d), np.float32)


def _prior_codes(d: int) -> Codes:
    """Draws from N(0, I) in place of images' codes."""
    z = _random_codes(d, RANDOM_CODES)
    return Codes(z, np.zeros_like(z), np.zeros_like(z), np.zeros(len(z), np.float32), np.arange(len(z)))


def _decoded_images(decode: Any, d: int) -> ImageDataset:
    """Images that a model decodes from N(0, I), as a data set."""
    pixels = np.rint(decode(_random_codes(d, RANDOM_CODES)).clip(0, 1) * 255).astype(np.uint8)
    index = np.arange(len(pixels))
    return ImageDataset(UNKNOWN, pixels, index, index)
