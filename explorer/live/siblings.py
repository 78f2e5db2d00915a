"""Models of one β beside a model of a range: the dots beside its rate–distortion curve."""

from collections.abc import Sequence

from explorer.live.choice import default_models
from explorer.live.model_schema import Sibling, Siblings
from explorer.store import Checkpoint, Manifest


def siblings(checkpoint: Checkpoint, stored: Sequence[Checkpoint]) -> Siblings:
    """The models of one β whose rate and distortion compare with those of `checkpoint`: of the same images, likelihood
    and latent size, trained to their end and evaluated."""
    kin = [c.manifest for c in default_models(stored) if _key(c.manifest) == _key(checkpoint.manifest)]
    rows = [(m, m.metric("rate"), m.metric("distortion")) for m in kin if m.model.beta_range is None]
    return Siblings(
        models=[
            Sibling(beta=m.beta, rate=rate, distortion=distortion)
            for m, rate, distortion in sorted(rows, key=lambda row: row[0].beta)
            if rate is not None and distortion is not None
        ]
    )


def _key(m: Manifest) -> tuple[object, ...]:
    model = m.model
    fixed = model.latent_size, model.likelihood, model.variance, model.posterior, model.condition
    return m.data, m.image_shape, *fixed
