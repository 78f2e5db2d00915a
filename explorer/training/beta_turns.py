"""β turned by hand while a training runs: requests in the folder of its job, and the settings that repeat the run."""

import contextlib
import math
from pathlib import Path

from explorer.config import RunConfig
from explorer.disk import read_json, replace_json
from explorer.jobs.queue import SETTINGS

REQUEST = "beta.json"
MAX_BETA = 1e6


def request_beta(folder: Path, beta: float) -> None:
    """Ask the training in `folder` for another β from now on. Raises OSError."""
    replace_json(folder / REQUEST, {"beta": beta})


def can_turn(config: RunConfig) -> bool:
    """Whether the objective has one β that can be turned."""
    return (
        config.model.posterior != "point"
        and config.model.beta_range is None
        and config.objective.capacity is None
    )


class BetaTurns:
    """The settings of a run, in which each β that was asked for is recorded with the epoch from which it holds.

    folder: that of the job; None for a run in the foreground, which takes no requests.
    """

    def __init__(self, config: RunConfig, folder: Path | None) -> None:
        self.config, self.folder = config, folder

    def take(self, epoch: float) -> bool:
        """Turn β from `epoch` on if that was asked for since the last call. Returns whether the settings changed."""
        beta = self._requested()
        objective = self.config.objective
        if beta is None or beta == objective.last_beta:
            return False
        earlier = (
            objective.beta_turns[:-2] if objective.beta_turns[-2:-1] == (epoch,) else objective.beta_turns
        )
        turned = objective.model_copy(update={"beta_turns": (*earlier, epoch, beta)})
        self.config = self.config.model_copy(update={"objective": turned})
        assert self.folder is not None
        if settings := read_json(self.folder / SETTINGS):
            # so that the run can be resumed; if the disk is full, its checkpoint still has the turn
            with contextlib.suppress(OSError):
                replace_json(self.folder / SETTINGS, settings | {"beta_turns": turned.beta_turns})
        return True

    def _requested(self) -> float | None:
        if self.folder is None or not can_turn(self.config):
            return None
        request = read_json(self.folder / REQUEST)
        if request is None:
            return None
        with contextlib.suppress(OSError):
            (self.folder / REQUEST).unlink()
        beta = request.get("beta")
        if isinstance(beta, int | float) and math.isfinite(beta) and 0 <= beta <= MAX_BETA:
            return float(beta)
        return None
