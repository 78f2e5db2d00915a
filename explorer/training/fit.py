"""The training loop: a generator that the command line, jobs, sweeps and tests iterate over."""

import math
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

import torch
from torch import Tensor, nn

from explorer.beta_schedule import beta_at, range_at, turned_beta, weights_at
from explorer.config import ObjectiveConfig, RunConfig, beta_grid
from explorer.data.batches import Batches, epoch_order, to_unit
from explorer.data.dataset import ImageDataset
from explorer.discrete import rates_of_tokens
from explorer.errors import ExplorerError
from explorer.models import Autoencoder
from explorer.models.device import computes_bfloat16, order_channels_last
from explorer.objectives import LossTerms, check_objective, compute_loss
from explorer.training.allocator import keep_freed_memory
from explorer.training.beta_turns import BetaTurns
from explorer.training.box_start import start_boxes
from explorer.training.corruption import corrupt
from explorer.training.loss_sums import loss_means, loss_row
from explorer.training.pretrain import LayerProgress, pretrain
from explorer.training.schedule import is_plateau, rate_of_step
from explorer.training.state import TrainingState, build_optimizer, own_randomness

REPORT_SECONDS = 0.25
VALIDATION_SEED = 0x7E57  # fixes the draws from q(z|x), so that epochs are comparable
VALIDATION_BATCH = 500
VALIDATION_BETAS = 5  # of a model of a range of β, log-spaced over it


@dataclass(frozen=True)
class Progress:
    """Progress of a run. Losses are in nats per image.

    phase: "train", or the layer that is being pretrained. epoch, step: completed epochs of `epochs` and completed
    steps of `steps` in the whole run. train: means over the current epoch so far. validation: means over the
    validation split with the final β; only at the end of an epoch, else None. rates: training KL per latent
    dimension, `(d,)`. Of a model of a range of β, all are means over the range: over random β in training, over a
    fixed grid in validation. seconds_left: an estimate.
    """

    phase: str
    epoch: int
    epochs: int
    step: int
    steps: int
    train: dict[str, float]
    validation: dict[str, float] | None
    rates: list[float]
    images_per_second: float
    seconds_left: float


def new_model(config: RunConfig, dataset: ImageDataset) -> Autoencoder:
    """Build the untrained model of a run, its weights initialised with the run's seed.

    Raises ExplorerError for a conditional model of images without classes.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.training.seed)
        shape, classes = dataset.image_shape, len(dataset.label_names)
        return Autoencoder(config.model, shape, config.objective.beta, classes)


def fit(
    model: Autoencoder,
    dataset: ImageDataset,
    config: RunConfig,
    state: TrainingState | None = None,
    turns: BetaTurns | None = None,
) -> Iterator[Progress]:
    """Train `model` in place on its current device; yields about four times per second and after every epoch.

    state: a new or a restored state, from which training continues; between two yields it is consistent and can be
    saved. turns: takes another β while training runs. Raises ExplorerError if the loss is no longer finite or the
    objective does not fit the posterior.
    """
    check_objective(config.objective, config.model.posterior)
    state = state or TrainingState(build_optimizer(model, config.training))
    return _Run(model, dataset, turns or BetaTurns(config, None), state).run()


class _Run:
    def __init__(
        self, model: Autoencoder, dataset: ImageDataset, turns: BetaTurns, state: TrainingState
    ) -> None:
        self.model, self.dataset, self.turns, self.state = model, dataset, turns, state
        config = turns.config
        self.device = next(model.parameters()).device
        if self.device.type == "cpu":
            keep_freed_memory()
            order_channels_last(model, state.optimizer)
        self.train = Batches(dataset, dataset.train_index, self.device)
        self.validation = Batches(dataset, dataset.validation_index, self.device)
        self.per_epoch = math.ceil(len(self.train) / config.training.batch_size)
        self.mixed = config.training.mixed_precision and computes_bfloat16(self.device)
        self.matrices = [p for p in model.parameters() if p.dim() > 1]
        self.compute_loss: Callable[..., LossTerms] = (
            torch.compile(compute_loss) if config.training.compile else compute_loss
        )
        betas = config.model.beta_range
        self.validation_betas = beta_grid(betas, VALIDATION_BETAS) if betas else [None]
        self.speed = 0.0

    @property
    def config(self) -> RunConfig:
        """The settings, with every turn of β so far."""
        return self.turns.config

    def run(self) -> Iterator[Progress]:
        state, training = self.state, self.config.training
        if (training.pretrain_epochs or training.boxes_from) and not state.pretrained:
            yield from self._pretrain()
        # early stopping restored the best weights; more epochs continue from the last ones
        if state.last_weights and state.epoch < training.epochs and not state.finished:
            self.model.load_state_dict(state.last_weights)
            state.last_weights = {}
        while state.epoch < training.epochs and not state.finished:
            self.model.train()
            order = epoch_order(len(self.train), training.seed, state.epoch)
            rest = order[state.step * training.batch_size :]
            batches = self.train.labelled(rest, training.batch_size)
            while state.step < self.per_epoch:
                self._steps(batches)
                yield self._progress()
            yield self._finish_epoch()

    def _steps(self, batches: Iterator[tuple[Tensor, Tensor | None]]) -> None:
        """Train until a report is due or the epoch ends."""
        state, count, started = self.state, 0, time.perf_counter()
        if self.turns.take(state.epoch + state.step / self.per_epoch):
            # losses at another β are not comparable
            state.best, state.epochs_since_best, state.best_weights = math.inf, 0, {}
        with own_randomness(state, self.config.training.seed, self.device):
            for images, label in batches:
                count += len(images)
                self._step(images, label)
                if time.perf_counter() - started > REPORT_SECONDS or state.step == self.per_epoch:
                    break
        assert state.sums is not None
        self._check_finite(state.sums.tolist())  # also waits for the device
        seconds = time.perf_counter() - started
        state.seconds += seconds
        self.speed = count / seconds

    def _check_finite(self, losses: Iterable[float]) -> None:
        if not all(map(math.isfinite, losses)):
            raise ExplorerError(
                f"The loss stopped being a finite number in epoch {self.state.epoch + 1}, so training was "
                "stopped; try a smaller learning rate or a warm-up. Earlier saves are kept."
            )

    def _step(self, images: Tensor, label: Tensor | None) -> None:
        state, training = self.state, self.config.training
        target = to_unit(images, self.config.data.binarize)
        x = corrupt(target, training.corruption, training.corruption_level)
        epoch = state.epoch + state.step / self.per_epoch
        steps, done = training.epochs * self.per_epoch, epoch / training.epochs
        for group in state.optimizer.param_groups:
            group["lr"] = rate_of_step(self.config, done, steps, state.reductions)
        objective = self.config.objective
        weights = weights_at(objective, self.config.model.beta_range, epoch, x)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.mixed):
            terms = self.compute_loss(objective, self.model, x, target, len(self.train), *weights, label)
        loss = terms.loss
        if training.l1:
            loss = loss + training.l1 * sum((w.abs().sum() for w in self.matrices), start=loss.new_zeros(()))
        if training.l2:
            loss = loss + training.l2 * sum(
                (w.square().sum() for w in self.matrices), start=loss.new_zeros(())
            )
        state.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        state.optimizer.step()
        row = loss_row(terms, len(images))
        state.sums = row if state.sums is None else state.sums.to(row.device) + row
        state.step += 1

    def _finish_epoch(self) -> Progress:
        state, training = self.state, self.config.training
        validation = self._validate()
        # no training loss is computed with the weights of the last step
        self._check_finite(validation.values())
        progress = self._progress(validation)
        state.history.append(
            {"epoch": state.epoch + 1, "seconds": round(state.seconds, 3)}
            | {f"train_{name}": value for name, value in progress.train.items()}
            | {f"validation_{name}": value for name, value in validation.items()}
            | {f"rate_{i}": value for i, value in enumerate(progress.rates)}
        )
        state.epoch, state.step, state.sums = state.epoch + 1, 0, None
        state.finished = state.epoch >= training.epochs
        improved = validation["loss"] < state.best
        state.best, state.epochs_since_best = (
            (validation["loss"], 0) if improved else (state.best, state.epochs_since_best + 1)
        )
        if training.schedule == "plateau" and is_plateau(state.epochs_since_best):
            state.reductions += 1
        if training.patience:
            self._stop_early()
        return progress

    def _stop_early(self) -> None:
        """Early stopping: finish when patience runs out. Every finished run gets the weights of its best epoch."""
        state = self.state
        if not state.epochs_since_best:
            state.best_weights = self._weights()
        state.finished = state.finished or state.epochs_since_best >= self.config.training.patience
        if state.finished and state.epochs_since_best:
            state.last_weights = self._weights()
            self.model.load_state_dict(state.best_weights)

    def _weights(self) -> dict[str, Tensor]:
        return {name: w.detach().clone() for name, w in self.model.state_dict().items()}

    @torch.no_grad()
    def _validate(self) -> dict[str, float]:
        self.model.eval()
        sums: Tensor | float = 0.0
        objective = self._objective_now()
        with torch.random.fork_rng(devices=[self.device] if self.device.type == "cuda" else []):
            torch.manual_seed(VALIDATION_SEED)
            rows = torch.arange(len(self.validation))
            for images, label in self.validation.labelled(rows, VALIDATION_BATCH):
                x = to_unit(images, self.config.data.binarize)
                for beta in self.validation_betas:
                    terms = compute_loss(objective, self.model, x, x, len(self.train), beta, label=label)
                    sums = sums + loss_row(terms, len(images))
        self.model.train()
        return loss_means(sums)[0]

    def _objective_now(self) -> ObjectiveConfig:
        """The objective with the β of the steps so far, without a warm-up."""
        state, objective = self.state, self.config.objective
        # a turn at this very moment is of the next step
        beta = turned_beta(objective, math.nextafter(state.epoch + state.step / self.per_epoch, -1))
        now = {"beta_turns": ()} if beta is None else {"beta": beta, "beta_turns": ()}
        return objective.model_copy(update=now)

    def _progress(self, validation: dict[str, float] | None = None) -> Progress:
        state, epochs = self.state, self.config.training.epochs
        train, rates = loss_means(state.sums)
        train["beta"] = self._beta(state.epoch + state.step / self.per_epoch)
        left = (epochs - state.epoch) * len(self.train) - state.step * self.config.training.batch_size
        return Progress(
            phase="train",
            epoch=state.epoch + (validation is not None),
            epochs=epochs,
            step=state.epoch * self.per_epoch + state.step,
            steps=epochs * self.per_epoch,
            train=train,
            validation=validation,
            rates=rates_of_tokens(rates, self.config.model.code),
            images_per_second=self.speed,
            seconds_left=max(0.0, left / self.speed) if self.speed else 0.0,
        )

    def _beta(self, epoch: float) -> float:
        """β after `epoch` epochs; of a model of a range of β, the largest that is drawn."""
        objective, betas = self.config.objective, self.config.model.beta_range
        return range_at(objective, betas, epoch)[1] if betas else beta_at(objective, epoch)

    def _pretrain(self) -> Iterator[Progress]:
        state, training = self.state, self.config.training
        if state.random is not None:  # start over: the result is that of an uninterrupted run
            state.random = state.random_cuda = None
            self.model.load_state_dict(new_model(self.config, self.dataset).state_dict())
        layers: Iterator[LayerProgress] = pretrain(self.model, self.train, self.config)
        if training.boxes_from:
            layers = chain(layers, start_boxes(self.model, self.train, self.dataset, self.config))
        while True:
            with own_randomness(state, training.seed, self.device):
                layer = next(layers, None)
            if layer is None:
                break
            total = self.per_epoch * training.epochs
            yield Progress(
                layer.phase,
                0,
                training.epochs,
                0,
                total,
                {"loss": layer.loss},
                None,
                [],
                layer.speed,
                math.nan,
            )
        state.pretrained = True


def count_parameters(model: nn.Module) -> int:
    """Number of trainable parameters."""
    return sum(p.numel() for p in model.parameters() if p.requires_grad)
