"""The state of a run: everything needed to resume it bit for bit."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from explorer import store
from explorer.config import RunConfig, TrainingConfig
from explorer.errors import ExplorerError
from explorer.store import Checkpoint, Trained
from explorer.store.weights import load_tensors

OPTIMIZERS = {
    "adam": torch.optim.Adam,
    "adamw": torch.optim.AdamW,
    "rmsprop": torch.optim.RMSprop,
    "sgd": torch.optim.SGD,
}
ADAM_SLOTS = {"step", "exp_avg", "exp_avg_sq"}
SLOTS: dict[type, set[str]] = {  # the tensors that each optimizer keeps per parameter
    torch.optim.Adam: ADAM_SLOTS,
    torch.optim.AdamW: ADAM_SLOTS,
    torch.optim.RMSprop: {"step", "square_avg"},
    torch.optim.SGD: set(),
}
SCALARS = ("epoch", "step", "seconds", "pretrained", "finished", "best", "epochs_since_best", "reductions")
"""The numbers of a state, in the order in which they are stored."""


def build_optimizer(model: nn.Module, config: TrainingConfig) -> torch.optim.Optimizer:
    """Build the optimizer that `config` names, with its fused kernel (RMSprop has none)."""
    parameters = [p for p in model.parameters() if p.requires_grad]
    options = {} if config.optimizer == "rmsprop" else {"fused": True}
    return OPTIMIZERS[config.optimizer](parameters, lr=config.learning_rate, **options)


@dataclass
class TrainingState:
    """Updated in place by `fit`; between two of its yields it is consistent and can be saved.

    epoch, step: completed epochs, and completed steps of the current epoch. seconds: training time so far.
    best, epochs_since_best: the best validation loss in nats per image, and the epochs since. reductions: how often
    the schedule `plateau` reduced the learning rate. best_weights: weights of the best epoch, for early stopping.
    last_weights: weights of the last epoch, from which more epochs continue after `fit` restored the best ones.
    random, random_cuda: states of the random number generators. sums: see `fit`. history: one row per epoch, as in
    `history.csv`.
    """

    optimizer: torch.optim.Optimizer
    epoch: int = 0
    step: int = 0
    seconds: float = 0.0
    pretrained: bool = False
    finished: bool = False
    best: float = float("inf")
    epochs_since_best: int = 0
    reductions: int = 0
    best_weights: dict[str, Tensor] = field(default_factory=dict)
    last_weights: dict[str, Tensor] = field(default_factory=dict)
    random: Tensor | None = None
    random_cuda: Tensor | None = None
    sums: Tensor | None = None
    history: list[dict[str, float]] = field(default_factory=list)

    @property
    def trained(self) -> Trained:
        """Progress of the run for `config.json`."""
        return Trained(
            epochs=self.epoch, step=self.step, seconds=round(self.seconds, 1), finished=self.finished
        )

    def tensors(self) -> dict[str, Tensor]:
        """Everything except the history as flat tensors, for a file without pickle."""
        scalars = [float(getattr(self, name)) for name in SCALARS]
        flat = {"scalars": torch.tensor(scalars, dtype=torch.float64)}
        for name in ("random", "random_cuda", "sums"):
            value = getattr(self, name)
            if value is not None:
                flat[name] = value
        flat |= {f"best.{name}": tensor for name, tensor in self.best_weights.items()}
        flat |= {f"last.{name}": tensor for name, tensor in self.last_weights.items()}
        for number, slots in self.optimizer.state_dict()["state"].items():
            flat |= {f"optimizer.{number}.{slot}": torch.as_tensor(value) for slot, value in slots.items()}
        return {name: tensor.detach().cpu().contiguous() for name, tensor in flat.items()}

    def restore(self, flat: dict[str, Tensor], history: list[dict[str, float]]) -> None:
        """Restore what `tensors` returned. Raises ExplorerError if it does not fit the optimizer."""
        try:
            numbers = flat["scalars"].tolist()
            older = [0.0] if len(numbers) == len(SCALARS) - 1 else []  # from before there were reductions
            scalars = dict(zip(SCALARS, numbers + older, strict=True))
            slots: dict[int, dict[str, Tensor]] = {}
            for name, tensor in flat.items():
                if name.startswith("optimizer."):
                    _, number, slot = name.split(".", 2)
                    slots.setdefault(int(number), {})[slot] = tensor
            parameters = self.optimizer.param_groups[0]["params"]
            for position, values in slots.items():
                if values.keys() != SLOTS[type(self.optimizer)] or any(
                    tensor.shape != parameters[position].shape
                    for slot, tensor in values.items()
                    if slot != "step"
                ):
                    raise ValueError(position)
            groups = self.optimizer.state_dict()["param_groups"]
            self.optimizer.load_state_dict({"state": slots, "param_groups": groups})
        except (KeyError, ValueError, IndexError):
            raise ExplorerError(
                "The saved training state does not fit this model and optimizer; "
                "start a new run instead of resuming."
            ) from None
        for name, value in scalars.items():
            setattr(self, name, type(getattr(self, name))(value))
        self.best_weights = {n.removeprefix("best."): t for n, t in flat.items() if n.startswith("best.")}
        self.last_weights = {n.removeprefix("last."): t for n, t in flat.items() if n.startswith("last.")}
        self.random, self.random_cuda = flat.get("random"), flat.get("random_cuda")
        self.sums, self.history = flat.get("sums"), history


def load_state(checkpoint: Checkpoint, model: nn.Module, config: RunConfig) -> TrainingState:
    """Load the saved state of a run to continue training `model`. Raises ExplorerError if it is missing or misfits."""
    if store.RESUME not in checkpoint.manifest.files:
        raise ExplorerError(
            f"Checkpoint {checkpoint.name} has no training state, so it cannot be resumed; train a new one."
        )
    state = TrainingState(build_optimizer(model, config.training))
    state.restore(load_tensors(checkpoint, store.RESUME), checkpoint.history())
    return state


@contextmanager
def own_randomness(state: TrainingState, seed: int, device: torch.device) -> Iterator[None]:
    """Use the run's own random state inside, seeded with `seed` at first; the global state is unchanged outside.

    Interleaved runs in one process therefore give the same results as separate ones.
    """
    cuda = device.type == "cuda"
    with torch.random.fork_rng(devices=[torch.cuda.current_device()] if cuda else []):
        if state.random is None:
            torch.manual_seed(seed)
        else:
            torch.set_rng_state(state.random)
            if cuda and state.random_cuda is not None:
                torch.cuda.set_rng_state(state.random_cuda)
        yield
        state.random = torch.get_rng_state()
        state.random_cuda = torch.cuda.get_rng_state() if cuda else None
