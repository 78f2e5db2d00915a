"""Results of long computations, stored with their checkpoint.

The name of a result's file contains a hash of what it depends on, so a replaced checkpoint has no results yet.
Nothing here imports torch until a computation needs it.
"""

import hashlib
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Generic, TypeVar

import numpy as np

from explorer.config import Config, parse
from explorer.disk import check_writable, disk_errors, read_file, replace_file
from explorer.errors import ExplorerError
from explorer.latents.projection import METHODS, project
from explorer.metrics import classifier, interval, leakage, manifold, sample_quality
from explorer.metrics import label_efficiency as efficiency
from explorer.metrics.disentanglement import evaluation
from explorer.metrics.disentanglement.evaluation import DisentanglementReport
from explorer.metrics.label_efficiency import LabelReport
from explorer.metrics.leakage import LeakageReport
from explorer.metrics.real_images import real_images_of
from explorer.metrics.sample_quality import SampleReport
from explorer.store import CODES, DECODER, WEIGHTS, Checkpoint
from explorer.store.originals import load_images

R = TypeVar("R")
C = TypeVar("C", bound=Config)
Report = Callable[[float, str], None]


@dataclass(frozen=True)
class Result(Generic[R]):
    """One kind of result.

    title: its name in sentences. command, options: the subcommand that computes it. filename: its file for a
    checkpoint. calculate: computes it and reports progress. dump, load: to bytes and back; load raises ValueError or
    ExplorerError if the bytes do not fit the checkpoint.
    """

    title: str
    command: str
    filename: Callable[[Checkpoint], str]
    calculate: Callable[[Checkpoint, Report], R]
    dump: Callable[[R], bytes]
    load: Callable[[bytes, Checkpoint], R]
    options: str = ""

    def path(self, checkpoint: Checkpoint) -> Path:
        """The file that holds the result."""
        return checkpoint.path / self.filename(checkpoint)

    def stored(self, checkpoint: Checkpoint) -> bool:
        """Whether the result has been computed."""
        return self.path(checkpoint).is_file()

    def read(self, checkpoint: Checkpoint) -> R:
        """The stored result. Raises ExplorerError if there is none or it is damaged."""
        path = self.path(checkpoint)
        try:
            return self.load(read_file(path), checkpoint)
        except OSError:
            command = f"python -m explorer {self.command} {checkpoint.name} {self.options}".rstrip()
            raise ExplorerError(
                f"{self.title} of {checkpoint.name} has not been computed yet; compute it with: {command}"
            ) from None
        except (ValueError, EOFError, ExplorerError):
            raise ExplorerError(
                f"{path.name} of {checkpoint.name} is damaged; delete it and compute it again."
            ) from None

    def find(self, checkpoint: Checkpoint) -> R | None:
        """The stored result; None if it is missing, or damaged and has to be computed again."""
        try:
            return self.read(checkpoint)
        except ExplorerError:
            return None

    def compute(self, checkpoint: Checkpoint, report: Report = lambda *_: None) -> R:
        """Compute the result and store it with the checkpoint. report(fraction, message) receives the progress.

        Raises ExplorerError if the data are missing or unsuitable, or the result cannot be written.
        """
        check_writable(checkpoint.path)
        result = self.calculate(checkpoint, report)
        path = self.path(checkpoint)
        with disk_errors(path.name, path.parent):
            replace_file(path, self.dump(result))
        return result


# --- kinds of results ---


def projection(method: str, seed: int = 0) -> Result[np.ndarray]:
    """A nonlinear projection of the codes, `(N, 2)` float32, by one of `METHODS`."""
    return Result(
        METHODS[method],
        "project",
        lambda checkpoint: f"{method}-{checkpoint.manifest.files[CODES][:12]}.npy",
        lambda checkpoint, report: project(checkpoint.codes.mean, method, seed, report),
        _dump_array,
        _load_points,
        f"--method {method}",
    )


def stored_projections(checkpoint: Checkpoint) -> list[str]:
    """The methods whose projections are stored."""
    return [method for method in METHODS if projection(method).stored(checkpoint)]


def samples(kind: str = "prior", seeds: int = sample_quality.SEEDS) -> Result[SampleReport]:
    """The quality of samples whose codes come from `kind`, one of `sample_quality.DENSITIES`."""

    def filename(checkpoint: Checkpoint) -> str:
        files, data = checkpoint.manifest.files, checkpoint.manifest.data.model_dump_json()
        settings = (sample_quality.REVISION, manifold.K, interval.CONFIDENCE, seeds)
        return f"samples-{kind}-{_digest(*settings, files[CODES], files[DECODER], data)}.json"

    def calculate(checkpoint: Checkpoint, report: Report) -> SampleReport:
        dataset, session = load_images(checkpoint), checkpoint.decoder_session()
        return sample_quality.compute_sample_quality(
            partial(checkpoint.decode, session),
            checkpoint.codes,
            dataset,
            checkpoint.manifest.data.binarize,
            kind,
            seeds,
            report,
        )

    load = partial(_load_config, SampleReport)
    return Result(
        f"Sample quality ({kind})", "samples", filename, calculate, _dump_config, load, f"--kind {kind}"
    )


def real_images() -> Result[bytes]:
    """How far an image lies from every real one: a network for browsers, of `explorer.metrics.real_images`."""

    def filename(checkpoint: Checkpoint) -> str:
        data = checkpoint.manifest.data.model_dump_json()
        index = (
            np.ascontiguousarray(checkpoint.codes.index, "<i8").tobytes().hex()
        )  # not the codes: it is about images
        return f"real-images-{_digest(sample_quality.REVISION, classifier.REVISION, index, data)}.onnx"

    def calculate(checkpoint: Checkpoint, report: Report) -> bytes:
        report(0.0, "learning what images show")
        dataset, binarize = load_images(checkpoint), checkpoint.manifest.data.binarize
        return real_images_of(dataset, checkpoint.codes.index, binarize).network()

    return Result(
        "Distances to real images",
        "samples",
        filename,
        calculate,
        lambda network: network,
        lambda data, _: data,
    )


def disentanglement(seeds: int = evaluation.SEEDS, exact: bool = False) -> Result[DisentanglementReport]:
    """The disentanglement scores over `seeds` evaluation seeds; a stored report may have another number of seeds.

    exact: DCI by exact trees, in a report of its own.
    """

    def filename(checkpoint: Checkpoint) -> str:
        files, data = checkpoint.manifest.files, checkpoint.manifest.data.model_dump_json()
        weights = files.get(WEIGHTS) or files[DECODER]  # some imported models have no weights
        return (
            f"disentanglement-{_digest(evaluation.REVISION, weights, data)}{'-exact' if exact else ''}.json"
        )

    def calculate(checkpoint: Checkpoint, report: Report) -> DisentanglementReport:
        report(0.0, "loading the model")
        from explorer.latents.encode import encode_means
        from explorer.models.device import pick_device
        from explorer.store.weights import load_model

        dataset, model = load_images(checkpoint), load_model(checkpoint).to(pick_device("auto"))
        binarize, latents = checkpoint.manifest.data.binarize, checkpoint.manifest.model.latent_size
        return evaluation.compute_report(
            lambda index: encode_means(model, dataset, index, binarize),
            dataset,
            latents,
            seeds,
            report,
            exact,
        )

    load = partial(_load_config, DisentanglementReport)
    return Result("Disentanglement of {name}", "disentangle {name}", filename, calculate, _dump_config, load)


def class_leakage() -> Result[LeakageReport]:
    """What the codes of a conditional model still say of the class that it is given."""

    def filename(checkpoint: Checkpoint) -> str:
        data = checkpoint.manifest.data.model_dump_json()
        return f"leakage-{_digest(leakage.REVISION, checkpoint.manifest.files[WEIGHTS], data)}.json"

    def calculate(checkpoint: Checkpoint, report: Report) -> LeakageReport:
        if not checkpoint.manifest.classes:
            raise ExplorerError(
                f"{checkpoint.name} is not given the class of an image, so there is nothing that could leak; train a "
                "conditional model with --condition label."
            )
        report(0.0, "loading the model")
        from explorer.latents.encode import encode
        from explorer.store.weights import load_model

        dataset, model, session = (
            load_images(checkpoint),
            load_model(checkpoint),
            checkpoint.decoder_session(),
        )
        binarize = checkpoint.manifest.data.binarize
        return leakage.compute_report(
            lambda index: encode(model, dataset, index, binarize),
            partial(checkpoint.decode, session),
            dataset,
            binarize,
            report,
        )

    load = partial(_load_config, LeakageReport)
    return Result("The leakage of the class", "leakage", filename, calculate, _dump_config, load)


def label_efficiency() -> Result[LabelReport]:
    """How well a class is read from the codes with few labels, and how well the encoder is fine-tuned."""

    def filename(checkpoint: Checkpoint) -> str:
        files, data = checkpoint.manifest.files, checkpoint.manifest.data.model_dump_json()
        weights = files.get(WEIGHTS) or files[DECODER]  # some imported models have no weights
        return f"labels-{_digest(efficiency.REVISION, weights, data)}.json"

    def calculate(checkpoint: Checkpoint, report: Report) -> LabelReport:
        if checkpoint.manifest.classes:
            raise ExplorerError(
                f"{checkpoint.name} is given the class of every image that it encodes, so nothing is left to be read; "
                f"what its codes still say of the class: python -m explorer leakage {checkpoint.name}"
            )
        report(0.0, "loading the model")
        from explorer.latents.encode import encode_means
        from explorer.metrics import fine_tuning
        from explorer.store.weights import load_model

        dataset, model = load_images(checkpoint), load_model(checkpoint)
        binarize = checkpoint.manifest.data.binarize
        return efficiency.compute_report(
            lambda index: encode_means(model, dataset, index, binarize),
            lambda train, test: fine_tuning.FineTuning(model, dataset, train, test, binarize),
            fine_tuning.STEPS,
            dataset,
            binarize,
            report,
        )

    load = partial(_load_config, LabelReport)
    return Result("The use of the codes", "probe", filename, calculate, _dump_config, load)


# --- files ---


def _digest(*parts: object) -> str:
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:12]


def _dump_config(report: Config) -> bytes:
    return json.dumps(report.model_dump(mode="json"), indent=2, allow_nan=False).encode()


def _load_config(kind: type[C], data: bytes, checkpoint: Checkpoint) -> C:
    return parse(kind, json.loads(data), checkpoint.name)


def _dump_array(points: np.ndarray) -> bytes:
    out = io.BytesIO()
    np.save(out, points)
    return out.getvalue()


def _load_points(data: bytes, checkpoint: Checkpoint) -> np.ndarray:
    points = np.load(io.BytesIO(data), allow_pickle=False)
    if points.shape != (len(checkpoint.codes), 2) or not np.isfinite(points).all():
        raise ValueError("not a projection of these codes")
    return np.asarray(points, np.float32)
