"""The autoregressive prior of a checkpoint's codes, which is trained once the model is."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

from explorer.errors import ExplorerError
from explorer.metrics import prior_bits
from explorer.metrics.prior_bits import PriorReport
from explorer.reports.stored_result import Report, Result, digest
from explorer.store import Checkpoint
from explorer.store.originals import load_images
from explorer.store.prior_graph import prior_onnx
from explorer.store.stored_prior import StoredPrior, load_prior

if TYPE_CHECKING:
    from explorer.discrete import CodeShape
    from explorer.latents.learned_sampler import LearnedSampler

TEST_SEED, HELD_SEED = 1 << 20, 1 << 21
"""Seeds of the draws of test and validation codes; those of training codes are the numbers of epochs."""


def has_prior(checkpoint: Checkpoint) -> bool:
    """Whether a prior can be learned: the codes are several tokens, and the encoder is there."""
    code = checkpoint.manifest.model.code
    return code is not None and code.tokens > 1 and checkpoint.manifest.rebuildable


def _code(checkpoint: Checkpoint) -> CodeShape:
    code = checkpoint.manifest.model.code
    if code is None or code.tokens < 2:
        raise ExplorerError(
            f"{checkpoint.name} has no codes of several tokens, so there is no order to learn; train a model with "
            "--grid, or with several groups or switches."
        )
    return code


def token_prior() -> Result[StoredPrior]:
    """A prior that draws each token given those before it, with what codes cost under it."""

    def filename(checkpoint: Checkpoint) -> str:
        manifest = checkpoint.manifest
        content = digest(prior_bits.REVISION, manifest.network_hash, manifest.data.model_dump_json())
        return f"prior-{content}.safetensors"

    def calculate(checkpoint: Checkpoint, report: Report) -> StoredPrior:
        code = _code(checkpoint)
        report(0.0, "loading the model")
        from explorer.latents import prior_fit
        from explorer.latents.prior_fit import draw_codes
        from explorer.store.weights import load_model

        images, model = load_images(checkpoint), load_model(checkpoint)
        binarize = checkpoint.manifest.data.binarize

        def draw(epoch: int) -> prior_fit.Drawn:
            return draw_codes(model, images, images.train_index, binarize, epoch)

        first = draw(0)
        held = draw_codes(model, images, images.validation_index, binarize, HELD_SEED)
        test = draw_codes(model, images, images.test_index, binarize, TEST_SEED)
        fixed = binarize != "stochastic" and not float(
            first.entropy.abs().max()
        )  # every epoch has the same codes
        prior = prior_fit.fit_prior(
            code,
            lambda epoch: first.tokens if fixed or not epoch else draw(epoch).tokens,
            held.tokens,
            report=report,
        )
        prior = prior.half().float()  # as it is stored
        free = float(test.entropy.double().mean())
        found = PriorReport(
            images=len(test.tokens),
            training=len(first.tokens),
            epochs=prior_fit.EPOCHS,
            tokens=code.tokens,
            words=code.words,
            distortion=checkpoint.manifest.metric("distortion") or float(checkpoint.codes.distortion.mean()),
            uniform=code.tokens * math.log(code.words) - free,
            marginal=prior_bits.compute_marginal(first.tokens.numpy(), test.tokens.numpy(), code.words)
            - free,
            learned=prior_fit.mean_nats(prior, test.tokens) - free,
        )
        weights = {name: weight.half().numpy() for name, weight in prior.state_dict().items()}
        return StoredPrior(weights, found)

    return Result(
        "The learned prior",
        "prior",
        filename,
        calculate,
        StoredPrior.dump,
        lambda data, checkpoint: load_prior(data, _code(checkpoint), checkpoint.name),
    )


def prior_network(checkpoint: Checkpoint) -> bytes:
    """One step of the stored prior as ONNX (`explorer.store.prior_graph`). Raises ExplorerError if there is none."""
    return prior_onnx(_code(checkpoint), token_prior().read(checkpoint).weights)


@lru_cache(maxsize=8)
def learned_sampler(checkpoint: Checkpoint) -> LearnedSampler:
    """Draws codes from the stored prior. Raises ExplorerError if there is none, or it is damaged."""
    words = checkpoint.codes.words
    assert words is not None
    try:
        return token_prior().read(checkpoint).sampler(_code(checkpoint), words)
    except ValueError as error:
        raise ExplorerError(
            f"The learned prior of {checkpoint.name} {error}; delete it and train it again."
        ) from None
