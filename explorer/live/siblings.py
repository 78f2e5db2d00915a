"""Models whose rate and distortion compare: those of one β beside one of a range, and those of discrete codes."""

from collections.abc import Sequence

from explorer import reports
from explorer.live.choice import default_models
from explorer.live.model_schema import Sibling, Siblings, WordsRate
from explorer.live.titles import kind
from explorer.store import Checkpoint, Manifest


def siblings(checkpoint: Checkpoint, stored: Sequence[Checkpoint]) -> Siblings:
    """The models of one β whose rate and distortion compare with those of `checkpoint`: of the same images, likelihood
    and latent size, trained to their end and evaluated."""
    kin = [c for c in default_models(stored) if _key(c.manifest) == _key(checkpoint.manifest)]
    rows = [
        (c.name, c.manifest, c.manifest.metric("rate"), c.manifest.metric("distortion"))
        for c in kin
        if c.manifest.model.beta_range is None
    ]
    return Siblings(
        models=[
            Sibling(name=name, beta=m.beta, rate=rate, distortion=distortion)
            for name, m, rate, distortion in sorted(rows, key=lambda row: row[1].beta)
            if rate is not None and distortion is not None
        ]
    )


def words_beside(checkpoint: Checkpoint, stored: Sequence[Checkpoint]) -> list[WordsRate]:
    """The models of discrete codes whose distortion compares with that of `checkpoint`: of the same images and
    likelihood, trained to their end and evaluated; their rate rises."""
    rows = []
    for m, c in ((c.manifest, c) for c in stored if not c.manifest.unfinished):
        rate, distortion = m.metric("rate"), m.metric("distortion")
        if (
            not m.model.code
            or _pixels(m) != _pixels(checkpoint.manifest)
            or rate is None
            or distortion is None
        ):
            continue
        prior = reports.token_prior().find(c) if reports.has_prior(c) else None
        learned = prior.report.learned if prior else None
        rows.append(WordsRate(title=kind(m.run), rate=rate, learned=learned, distortion=distortion))
    return sorted(rows, key=lambda row: row.rate)


def _pixels(m: Manifest) -> tuple[object, ...]:
    return m.data, m.image_shape, m.model.likelihood, m.model.variance, m.model.condition


def _key(m: Manifest) -> tuple[object, ...]:
    model = m.model
    fixed = model.latent_size, model.likelihood, model.variance, model.posterior, model.condition
    return m.data, m.image_shape, *fixed
