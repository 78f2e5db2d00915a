"""Ways to train one and the same VAE, for `benchmarks.training` to race against each other.

A contestant is a function from a task and its images to a `Train`: train for about so many seconds, return how
many images went through. All of them draw one code per image, minimise the same loss and use Adam at 1e-3.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from benchmarks.tasks import RATE, PlainVAE, Task, dataset, in_memory, kl, plain_loss

Train = Callable[[float], int]
REQUIREMENTS = Path(__file__).with_name("requirements.txt")


def _until(steps: Iterator[int], seconds: float) -> int:
    """Take steps, each of which yields its number of images, until the time is over."""
    end, images = time.perf_counter() + seconds, 0
    while time.perf_counter() < end:
        images += next(steps)
    return images


def ours(task: Task, small: bool = False, compiled: bool = False) -> Train:
    """`explorer.training.fit`, with everything that it does between two yields."""
    from explorer.training.fit import fit, new_model

    images = dataset(task, small)
    training = task.config.training.model_copy(update={"compile": compiled})
    config = task.config.model_copy(update={"training": training})
    count = len(images.train_index)

    def steps() -> Iterator[int]:
        seen = 0
        for progress in fit(new_model(config, images), images, config):
            epochs, step = divmod(progress.step, progress.steps // progress.epochs)
            now = epochs * count + min(step * task.batch, count)
            yield now - seen
            seen = now

    return partial(_until, steps())


def usual(task: Task, small: bool = False) -> Train:
    """The loop of most tutorials: images through PIL and ToTensor one by one, a DataLoader, `.item()`."""
    from PIL import Image
    from torch.utils.data import DataLoader, Dataset
    from torchvision.transforms import ToTensor

    arrays, to_tensor = in_memory(task, dataset(task, small), small), ToTensor()

    class Images(Dataset[Tensor]):
        def __len__(self) -> int:
            return len(arrays)

        def __getitem__(self, i: int) -> Tensor:  # what torchvision's MNIST does for each image
            image: Tensor = to_tensor(Image.fromarray(arrays[i, 0]))
            return image

    def steps() -> Iterator[int]:
        model, total = PlainVAE(task), 0.0
        optimizer = torch.optim.Adam(model.parameters(), lr=RATE)
        loader = DataLoader(Images(), batch_size=task.batch, shuffle=True)
        while True:
            for x in loader:
                loss = plain_loss(model, x)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                total += loss.item()
                yield len(x)

    return partial(_until, steps())


def bound(task: Task, small: bool = False, variant: str = "") -> Train:
    """Nothing but forward, backward and a fused optimizer on one batch that lies ready.

    variant: one thing changed, to see what it brings: see VARIANTS.
    """
    images = in_memory(task, dataset(task, small), small=True)[: task.batch]
    x = torch.from_numpy(images).float() / 255
    model: nn.Module = PlainVAE(task)
    loss_of = plain_loss
    if variant == "kept-memory":
        from explorer.training.allocator import keep_freed_memory

        keep_freed_memory()
    elif variant == "compiled":
        loss_of = torch.compile(plain_loss)
    elif variant == "no-denormals":
        torch.set_flush_denormal(True)
    elif variant == "channels-last":
        model, x = model.to(memory_format=torch.channels_last), x.to(memory_format=torch.channels_last)
    elif variant == "log-sigmoid":
        loss_of = _log_sigmoid_loss
    parameters = list(model.parameters())
    flat = _flattened(parameters) if variant == "flat" else None
    optimizer = torch.optim.Adam(parameters if flat is None else [flat], lr=RATE, fused=True)

    def steps() -> Iterator[int]:
        while True:
            with torch.autocast("cpu", torch.bfloat16, enabled=variant == "bfloat16"):
                loss = loss_of(model, x)
            optimizer.zero_grad(set_to_none=flat is None)
            loss.backward()
            optimizer.step()
            yield len(x)

    return partial(_until, steps())


def _flattened(parameters: list[nn.Parameter]) -> Tensor:
    """One tensor, with its gradient, of which the parameters become parts."""
    flat = nn.Parameter(torch.cat([p.detach().flatten() for p in parameters]))
    flat.grad = torch.zeros_like(flat)
    sizes = [p.numel() for p in parameters]
    for p, part, grad in zip(parameters, flat.detach().split(sizes), flat.grad.split(sizes), strict=True):
        p.data, p.grad = part.view_as(p), grad.view_as(p)
    return flat


def _log_sigmoid_loss(model: nn.Module, x: Tensor) -> Tensor:
    """`plain_loss`, its softplus written max(l, 0) − log σ(|l|): torch's log1p is slow."""
    logits, mean, log_variance = model(x)
    softplus = logits.relu() - logits.abs().sigmoid().log()
    return ((softplus - x * logits).sum() + kl(mean, log_variance)) / len(x)


def pythae(task: Task, small: bool = False) -> Train:
    """pythae's trainer, with its own loss, on the same network.

    Its loss takes probabilities, so the decoder ends in a sigmoid. Its trainer runs whole epochs; a callback
    ends one when the time is over.
    """
    sys.path.append(str(_installed_pythae()))
    # it logs and draws a progress bar to stderr, as it does for everybody; only not into our table
    with contextlib.redirect_stderr(open(os.devnull, "w")):
        from pythae.data.datasets import BaseDataset
        from pythae.models import VAE, VAEConfig
        from pythae.models.base.base_utils import ModelOutput
        from pythae.models.nn import BaseDecoder, BaseEncoder
        from pythae.trainers import BaseTrainer, BaseTrainerConfig
        from pythae.trainers.training_callbacks import TrainingCallback
    network = PlainVAE(task)

    class Encoder(BaseEncoder):
        def __init__(self) -> None:
            super().__init__()
            self.layers = network.encoder

        def forward(self, x: Tensor) -> Any:
            mean, log_variance = self.layers(x).chunk(2, dim=1)
            return ModelOutput(embedding=mean, log_covariance=log_variance)

    class Decoder(BaseDecoder):
        def __init__(self) -> None:
            super().__init__()
            self.layers = network.decoder

        def forward(self, z: Tensor) -> Any:
            return ModelOutput(reconstruction=self.layers(z).sigmoid())

    class Over(Exception):  # noqa: N818
        pass

    class Clock(TrainingCallback):
        end, steps = 0.0, 0

        def on_train_step_end(self, *_: Any, **__: Any) -> None:
            self.steps += 1
            if time.perf_counter() >= self.end:
                raise Over

    x = torch.from_numpy(in_memory(task, dataset(task, small), small)).float() / 255
    settings = VAEConfig(input_dim=task.image_shape, latent_dim=task.latents, reconstruction_loss="bce")
    clock = Clock()
    trainer = BaseTrainer(
        VAE(settings, encoder=Encoder(), decoder=Decoder()),
        BaseDataset(x, torch.zeros(len(x))),
        training_config=BaseTrainerConfig(
            output_dir=tempfile.mkdtemp(),
            per_device_train_batch_size=task.batch,
            learning_rate=RATE,
            no_cuda=True,
        ),
        callbacks=[clock],
    )
    trainer.prepare_training()

    def train(seconds: float) -> int:
        clock.end, clock.steps = time.perf_counter() + seconds, 0
        with contextlib.redirect_stderr(open(os.devnull, "w")), contextlib.suppress(Over):
            while True:
                trainer.train_step(1)
        return clock.steps * task.batch

    return train


def _installed_pythae() -> Path:
    """pythae in a folder of its own, beside the torch that the project has: it is no part of the project."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "latent-explorer"
    folder = cache / REQUIREMENTS.read_text(encoding="utf-8").split()[0].replace("==", "-")
    if not (folder / "pythae").is_dir():
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(folder)]
        subprocess.run([*command, "-r", str(REQUIREMENTS)], check=True)
    return folder


CONTESTANTS: dict[str, tuple[str, Callable[..., Train]]] = {
    "ours": ("explorer.training.fit", ours),
    "usual": ("usual loop: PIL, ToTensor, DataLoader", usual),
    "pythae": ("pythae 0.1.2, its trainer", pythae),
    "bound": ("compute bound: plain, one ready batch", bound),
}
VARIANTS = {
    "ours-compiled": ("explorer.training.fit, compiled", partial(ours, compiled=True)),
    **{
        f"bound-{name}": (f"compute bound, {name.replace('-', ' ')}", partial(bound, variant=name))
        for name in (
            "kept-memory", "log-sigmoid", "no-denormals", "flat", "channels-last", "compiled", "bfloat16"
        )
    },
}  # fmt: skip
