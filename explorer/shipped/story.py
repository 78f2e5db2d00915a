"""The ready-made deck: the story of autoencoders and their latent spaces in eight scenes."""

from collections.abc import Iterable, Sequence

from explorer.errors import ExplorerError
from explorer.live.choice import data_rank
from explorer.live.scenes import PageName, Scene
from explorer.store import Checkpoint


def story(found: Sequence[Checkpoint]) -> list[Scene]:
    """The scenes for which there are checkpoints among `found`, in order; with those that ship, all eight.

    One data set throughout, as far as it goes.
    """
    plane = _group(found, 2) or _group(found)
    space = _group(found, 10) or plane
    line = [c for c in found if c.manifest.model.latent_size == 1]
    ae, vae = _plain(plane), _variational(plane)
    deep_ae, deep_vae = _plain(space), _variational(space)
    ladder = [c for c in (deep_vae, _strongest(space)) if c]
    turned = _strongest(space) or deep_vae or vae
    scenes = [
        _scene(
            "explore",
            "Compress and restore. An encoder turns each image into two numbers, its place on the map; a "
            "decoder makes an image of them again. Click any dot: what did not fit through two numbers is"
            " lost.",
            checkpoint=[ae],
            extra={"selected": "3", "z": _code(ae, 3)},
        ),
        _scene(
            "samples",
            "Use the decoder alone? Draw codes at random and decode. A plain autoencoder makes something "
            "of them only by luck: nothing said where its codes lie.",
            models=[deep_ae],
            extra={"n": "36", "seed": "5"},
        ),
        _scene(
            "samples",
            "The holes. Every phase of the moon is one number here. Between two of them lies a place that"
            " no image was ever put at, and nothing forced it to be a moon.",
            models=[_plain(line)],
        ),
        _scene(
            "draws",
            "From points to distributions. The encoder now gives a mean and a width, and the decoder must"
            " cope with every draw z = μ + σ·ε. The chance ε is an input, so the gradient reaches μ and "
            "σ. Turn σ up.",
            checkpoint=[vae],
        ),
        _scene(
            "tug",
            "The tug of war. Reconstruction wants σ narrow and codes far apart; the rate KL(q‖p) pulls "
            "every q to N(0, 1). Drag q and let go: which divergence keeps it wide?",
        ),
        _scene(
            "samples",
            "Now the same random codes through both. The VAE was trained to make something of every code "
            "that N(0, I) draws, and pays with blur.",
            models=[deep_ae, deep_vae],
            extra={"n": "36", "seed": "5"},
        ),
        _scene(
            "compare",
            "β, and what it costs. A larger β weighs the rate more: codes carry less, images blur, and "
            "the dimensions that stay alive say one thing each.",
            models=ladder if len(ladder) == 2 else [deep_ae, deep_vae],
        ),
        _scene(
            "rotate",
            "Rotate, and lose the axes. Turn two latent axes: p(x) and the samples stay what they are, yet a slider "
            "now mixes two meanings. Only a q with independent dimensions notices, and pays for it: that is why "
            "a VAE finds axes at all.",
            checkpoint=[turned],
        ),
    ]
    return [scene for scene in scenes if scene]


def _scene(
    page: PageName,
    caption: str,
    extra: dict[str, str] | None = None,
    **models: Sequence[Checkpoint | None],
) -> Scene | None:
    """The scene, or None where one of its models is missing."""
    address: dict[str, str] = {}
    for name, chosen in models.items():
        if any(c is None for c in chosen):
            return None
        address[name] = ",".join(c.name for c in chosen if c)
    return Scene(page=page, address=address | (extra or {}), caption=caption)


def _code(checkpoint: Checkpoint | None, row: int) -> str:
    try:
        return ",".join(f"{value:.6g}" for value in checkpoint.codes.mean[row]) if checkpoint else ""
    except ExplorerError:  # said where the scene is shown
        return ""


def _group(found: Iterable[Checkpoint], d: int = 0) -> list[Checkpoint]:
    """Models of one data set with d latents (0: two or more), the best data set that has an AE beside a VAE."""
    by_data: dict[str, list[Checkpoint]] = {}
    for c in found:
        if c.manifest.model.latent_size == d or (not d and c.manifest.model.latent_size > 1):
            by_data.setdefault(c.manifest.data.data, []).append(c)
    both = [name for name, models in by_data.items() if _plain(models) and _variational(models)]
    ranked = sorted(both, key=data_rank)
    if not ranked:
        return []
    models = by_data[ranked[0]]
    sizes = {c.manifest.model.latent_size for c in models}
    return [c for c in models if c.manifest.model.latent_size == (d or min(sizes))]


def _plain(models: Iterable[Checkpoint]) -> Checkpoint | None:
    return next((c for c in models if c.manifest.model.posterior == "point"), None)


def _variational(models: Iterable[Checkpoint]) -> Checkpoint | None:
    """The VAE: β as near to 1 as there is."""
    found = [c for c in models if c.manifest.model.posterior != "point"]
    return min(found, key=lambda c: (abs(c.manifest.objective.beta - 1), c.name), default=None)


def _strongest(models: Iterable[Checkpoint]) -> Checkpoint | None:
    """Of β from 2 to 8, which still makes images, the largest."""
    found = [
        c for c in models if c.manifest.model.posterior != "point" and 2 <= c.manifest.objective.beta <= 8
    ]
    return max(found, key=lambda c: (c.manifest.objective.beta, c.name), default=None)
