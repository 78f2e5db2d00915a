"""Which of the stored models a page shows: all that are there, and the ones that a link asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from explorer import store
from explorer.live.schema import StageState
from explorer.store import Checkpoint, cache


def stored_models() -> tuple[list[Checkpoint], list[str]]:
    """The stored checkpoints, models of the same images side by side, from the plain AE to the largest β; and a
    sentence about each that cannot be opened."""
    good, bad = store.list_checkpoints()
    return sorted(good, key=_place), bad


def _place(checkpoint: Checkpoint) -> tuple[str, int, bool, float, str]:
    m = checkpoint.manifest
    return m.data.data, m.model.latent_size, m.model.posterior != "point", m.objective.beta, checkpoint.name


def ready(checkpoint: Checkpoint) -> Checkpoint:
    """A checkpoint that is fit to be shown: codes and decoder are read and checked, once. Raises ExplorerError."""
    checked = cache.shared(checkpoint)
    checked.codes  # noqa: B018 (reads and checks)
    cache.decoder_session(checked)
    return checked


def linked_names(names: str, found: Sequence[Checkpoint]) -> tuple[list[str], str]:
    """Those of the names in a link, with commas between them, that are here, and a sentence about the others."""
    here, named = {c.name for c in found}, list(dict.fromkeys(name for name in names.split(",") if name))
    missing = ", ".join(repr(name[:80]) for name in named if name not in here)
    which = "checkpoints {}, which are" if "," in missing else "checkpoint {}, which is"
    sentence = f"The link asks for the {which.format(missing)} not among the checkpoints here."
    return [name for name in named if name in here], sentence if missing else ""


def explore_choice(
    found: Sequence[Checkpoint], query: Mapping[str, str], before: Sequence[str] = ()
) -> tuple[str, StageState, str]:
    """What Explore shows for a link: the name of a checkpoint, the state that the link asks for, and a sentence if it
    is another one than was asked for. before: what was shown in this visit."""
    names, missing = linked_names(query.get("checkpoint", ""), found)
    here = {c.name for c in found}
    name = next(iter([*names[:1], *(n for n in before if n in here), first_choice(found)]))
    return name, StageState() if missing else StageState.from_link(query), missing


def first_choice(found: Sequence[Checkpoint]) -> str:
    """The first whose codes make a map in which every place means something."""
    good = (
        c.name for c in found if c.manifest.model.posterior != "point" and c.manifest.model.latent_size > 1
    )
    return next(good, found[0].name)
