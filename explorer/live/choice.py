"""The stored models, and the ones that a link names."""

from collections.abc import Mapping, Sequence

from explorer import store
from explorer.live.schema import StageState
from explorer.store import Checkpoint, cache

DATA_ORDER = ("faces", "mnist", "fashion-mnist", "sprites", "digits", "moons")
"""Data sets that come before the others: those that people recognise from the back of a room first."""


def data_rank(name: str) -> tuple[int, str]:
    """A sort key for the names of data sets."""
    return DATA_ORDER.index(name) if name in DATA_ORDER else len(DATA_ORDER), name


def stored_models() -> tuple[list[Checkpoint], list[str]]:
    """The stored checkpoints by data set and latent size, from the plain AE to the largest β, those of a range of β
    last; and a sentence about each that cannot be opened."""

    def order(checkpoint: Checkpoint) -> tuple[tuple[int, str], int, bool, bool, bool, float, str]:
        m = checkpoint.manifest
        return (
            data_rank(m.data.data),
            m.model.latent_size,
            bool(m.classes),
            not m.plain,
            m.model.beta_range is not None,
            m.beta,
            checkpoint.name,
        )

    models, problems = store.list_checkpoints()
    return sorted(models, key=order), problems


def ready(checkpoint: Checkpoint) -> Checkpoint:
    """The checkpoint with its codes and decoder read and checked. Raises ExplorerError."""
    checked = cache.shared(checkpoint)
    checked.codes  # noqa: B018 (reads and checks)
    cache.decoder_session(checked)
    return checked


def linked_names(names: str, checkpoints: Sequence[Checkpoint]) -> tuple[list[str], str]:
    """The comma-separated names in a link that exist, and a sentence about the others."""
    here, named = (
        {c.name for c in checkpoints},
        list(dict.fromkeys(name for name in names.split(",") if name)),
    )
    missing = ", ".join(repr(name[:80]) for name in named if name not in here)
    which = "checkpoints {}, which are" if "," in missing else "checkpoint {}, which is"
    sentence = f"The link asks for the {which.format(missing)} not among the checkpoints here."
    return [name for name in named if name in here], sentence if missing else ""


def explore_choice(
    checkpoints: Sequence[Checkpoint], query: Mapping[str, str], before: Sequence[str] = ()
) -> tuple[str, StageState, str]:
    """What Explore shows for a link: a checkpoint's name, the link's state, and a sentence if its checkpoint does not
    exist. before: the models of this visit."""
    names, missing = linked_names(query.get("checkpoint", ""), checkpoints)
    here = {c.name for c in checkpoints}
    name = next(iter([*names[:1], *(n for n in before if n in here), first_choice(checkpoints)]))
    return name, StageState() if missing else StageState.from_link(query), missing


def default_models(checkpoints: Sequence[Checkpoint]) -> list[Checkpoint]:
    """The models that a page may choose by itself: none whose training has not ended, and none of discrete codes, which
    have no dimensions to slide along."""
    return [c for c in checkpoints if not c.manifest.unfinished and c.manifest.model.code is None]


def first_choice(checkpoints: Sequence[Checkpoint]) -> str:
    """The first variational model with a map whose training has ended; otherwise the first model."""
    checkpoints = default_models(checkpoints) or checkpoints
    models = [c.manifest.model for c in checkpoints]
    variational = (i for i, m in enumerate(models) if m.posterior != "point" and m.latent_size > 1)
    return checkpoints[next(variational, 0)].name
