"""Results of long computations, stored with their checkpoint.

The name of a result's file contains a hash of what it depends on, so a replaced checkpoint has no results yet.
Nothing here imports torch until a computation needs it.
"""

from functools import partial

import numpy as np

from explorer.data.dataset import materialise
from explorer.errors import ExplorerError
from explorer.latents.projection import METHODS, project
from explorer.metrics import classifier, clustering, interval, leakage, manifold, sample_quality
from explorer.metrics import exchange as exchanging
from explorer.metrics import label_efficiency as efficiency
from explorer.metrics.clustering import ClassReport
from explorer.metrics.disentanglement import evaluation
from explorer.metrics.disentanglement.by_beta import ScoresByBeta, compute_scores_by_beta
from explorer.metrics.disentanglement.evaluation import DisentanglementReport
from explorer.metrics.exchange import ExchangeReport
from explorer.metrics.label_efficiency import LabelReport
from explorer.metrics.leakage import LeakageReport
from explorer.metrics.real_images import real_images_of
from explorer.metrics.sample_quality import SampleReport
from explorer.reports.stored_result import (
    Report,
    Result,
    digest,
    dump_array,
    dump_config,
    load_config,
    load_points,
)
from explorer.reports.token_priors import has_prior, learned_sampler, prior_network, token_prior
from explorer.store import CODES, DECODER, Checkpoint
from explorer.store.originals import load_images
from explorer.store.peers import codes_of_vae


def _data(checkpoint: Checkpoint) -> str:
    return checkpoint.manifest.data.model_dump_json()


def projection(method: str, seed: int = 0) -> Result[np.ndarray]:
    """A nonlinear projection of the codes, `(N, 2)` float32, by one of `METHODS`."""
    return Result(
        METHODS[method],
        "project",
        lambda checkpoint: f"{method}-{checkpoint.manifest.files[CODES][:12]}.npy",
        lambda checkpoint, report: project(checkpoint.codes.mean, method, seed, report),
        dump_array,
        load_points,
        f"--method {method}",
    )


def stored_projections(checkpoint: Checkpoint) -> list[str]:
    """The methods whose projections are stored."""
    return [method for method in METHODS if projection(method).stored(checkpoint)]


def samples(kind: str = "prior", seeds: int = sample_quality.SEEDS) -> Result[SampleReport]:
    """The quality of samples whose codes come from `kind`, one of `sample_quality.DENSITIES`."""

    def filename(checkpoint: Checkpoint) -> str:
        files = checkpoint.manifest.files
        settings: tuple[object, ...] = (sample_quality.REVISION, manifold.K, interval.CONFIDENCE, seeds)
        settings += (token_prior().filename(checkpoint),) if kind == "learned" else ()
        return f"samples-{kind}-{digest(*settings, files[CODES], files[DECODER], _data(checkpoint))}.json"

    def calculate(checkpoint: Checkpoint, report: Report) -> SampleReport:
        return sample_quality.compute_sample_quality(
            partial(checkpoint.decode, checkpoint.decoder_session()),
            checkpoint.codes,
            load_images(checkpoint),
            checkpoint.manifest.data.binarize,
            kind,
            seeds,
            report,
            learned_sampler(checkpoint) if kind == "learned" else None,
        )

    load = partial(load_config, SampleReport)
    return Result(
        f"Sample quality ({kind})", "samples", filename, calculate, dump_config, load, f"--kind {kind}"
    )


def real_images() -> Result[bytes]:
    """How far an image lies from every real one: a network for browsers, of `explorer.metrics.real_images`."""

    def filename(checkpoint: Checkpoint) -> str:
        # not the codes: it is about images
        index = np.ascontiguousarray(checkpoint.codes.index, "<i8").tobytes().hex()
        revisions = sample_quality.REVISION, classifier.REVISION
        return f"real-images-{digest(*revisions, index, _data(checkpoint))}.onnx"

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
        content = digest(evaluation.REVISION, checkpoint.manifest.network_hash, _data(checkpoint))
        return f"disentanglement-{content}{'-exact' if exact else ''}.json"

    def calculate(checkpoint: Checkpoint, report: Report) -> DisentanglementReport:
        report(0.0, "loading the model")
        from explorer.latents.encode import encode_means
        from explorer.models.device import pick_device
        from explorer.store.weights import load_model

        dataset, model = load_images(checkpoint), load_model(checkpoint).to(pick_device("auto"))
        binarize = checkpoint.manifest.data.binarize
        return evaluation.compute_report(
            lambda index: encode_means(model, dataset, index, binarize),
            dataset,
            checkpoint.manifest.model.latent_size,
            seeds,
            report,
            exact,
        )

    load = partial(load_config, DisentanglementReport)
    return Result("Disentanglement", "disentangle", filename, calculate, dump_config, load)


def disentanglement_by_beta() -> Result[ScoresByBeta]:
    """The disentanglement scores of a model of a range of β at the β of its stored codes."""

    def filename(checkpoint: Checkpoint) -> str:
        return f"disentanglement-by-beta-{digest(evaluation.REVISION, checkpoint.manifest.files[CODES])}.json"

    def calculate(checkpoint: Checkpoint, report: Report) -> ScoresByBeta:
        codes = checkpoint.codes
        known = codes.factors if codes.factors is not None else codes.labels
        if codes.betas is None or codes.beta_mean is None:
            raise ExplorerError(
                f"{checkpoint.name} is a model of one β: its scores are those of disentangle."
            )
        if known is None:
            raise ExplorerError(
                f"The images of {checkpoint.name} have neither factors nor labels, so there is nothing to compare with."
            )
        return compute_scores_by_beta(
            codes.betas.tolist(), codes.beta_mean, known.reshape(len(codes), -1), report
        )

    load = partial(load_config, ScoresByBeta)
    return Result("Disentanglement at every β", "disentangle", filename, calculate, dump_config, load)


def exchange() -> Result[ExchangeReport]:
    """In how many pairs of images exactly the asked factor changes when its dimensions are exchanged."""

    def filename(checkpoint: Checkpoint) -> str:
        revisions = exchanging.REVISION, evaluation.REVISION
        return f"exchange-{digest(*revisions, checkpoint.manifest.network_hash, _data(checkpoint))}.json"

    def calculate(checkpoint: Checkpoint, report: Report) -> ExchangeReport:
        if checkpoint.manifest.classes or checkpoint.manifest.model.code:
            raise ExplorerError(f"{checkpoint.name} has no dimensions of factors that could be exchanged.")
        dimensions = evaluation.dimensions_of(disentanglement().read(checkpoint))
        report(0.0, "loading the model")
        from explorer.latents.encode import encode_means
        from explorer.metrics.factor_judge import train_factor_judge
        from explorer.store.weights import load_model

        dataset, model = load_images(checkpoint), load_model(checkpoint)
        binarize = checkpoint.manifest.data.binarize
        return exchanging.compute_exchange(
            lambda index: encode_means(model, dataset, index, binarize),
            partial(checkpoint.decode, checkpoint.decoder_session()),
            dataset,
            dimensions,
            train_factor_judge(dataset),
            report=report,
        )

    load = partial(load_config, ExchangeReport)
    return Result("The exchange of factors", "exchange", filename, calculate, dump_config, load)


def class_leakage() -> Result[LeakageReport]:
    """What the codes of a conditional model still say of the class that it is given."""

    def filename(checkpoint: Checkpoint) -> str:
        return f"leakage-{digest(leakage.REVISION, checkpoint.manifest.network_hash, _data(checkpoint))}.json"

    def calculate(checkpoint: Checkpoint, report: Report) -> LeakageReport:
        if not checkpoint.manifest.classes:
            raise ExplorerError(
                f"{checkpoint.name} is not given the class of an image, so there is nothing that could leak; train a "
                "conditional model with --condition label."
            )
        report(0.0, "loading the model")
        from explorer.latents.encode import encode
        from explorer.store.weights import load_model

        dataset, model = load_images(checkpoint), load_model(checkpoint)
        binarize = checkpoint.manifest.data.binarize
        return leakage.compute_report(
            lambda index: encode(model, dataset, index, binarize),
            partial(checkpoint.decode, checkpoint.decoder_session()),
            dataset,
            binarize,
            report,
        )

    load = partial(load_config, LeakageReport)
    return Result("The leakage of the class", "leakage", filename, calculate, dump_config, load)


def classes() -> Result[ClassReport]:
    """How well the boxes of a one-hot code agree with the classes, beside k-means on pixels."""

    def filename(checkpoint: Checkpoint) -> str:
        codes = checkpoint.manifest.files[CODES]
        return f"classes-{digest(clustering.REVISION, codes, _data(checkpoint))}.json"

    def calculate(checkpoint: Checkpoint, report: Report) -> ClassReport:
        codes, code, names = checkpoint.codes, checkpoint.manifest.model.code, checkpoint.manifest.label_names
        if code is None or codes.tokens is None or code.tokens > 1:
            raise ExplorerError(
                f"{checkpoint.name} does not put every image in one of several boxes; train a categorical posterior "
                "with one group."
            )
        if codes.labels is None:
            raise ExplorerError(f"The images of {checkpoint.name} have no classes to compare with.")
        report(0.0, "k-means on pixels")
        pixels = materialise(load_images(checkpoint).images, codes.index).reshape(len(codes), -1)
        others = {"pixels": pixels.astype(np.float32) / 255} | codes_of_vae(checkpoint)
        return clustering.compute_class_report(codes.tokens[:, 0], codes.labels, names, code.words, others)

    load = partial(load_config, ClassReport)
    return Result("Agreement with the classes", "classes", filename, calculate, dump_config, load)


def label_efficiency() -> Result[LabelReport]:
    """How well a class is read from the codes with few labels, and how well the encoder is fine-tuned."""

    def filename(checkpoint: Checkpoint) -> str:
        return (
            f"labels-{digest(efficiency.REVISION, checkpoint.manifest.network_hash, _data(checkpoint))}.json"
        )

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

    load = partial(load_config, LabelReport)
    return Result("The use of the codes", "probe", filename, calculate, dump_config, load)
