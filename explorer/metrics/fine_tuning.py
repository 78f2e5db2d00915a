"""An encoder as a classifier: its body with a new linear layer, trained for a few steps on labelled images."""

import copy

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from explorer.data.batches import Batches, to_unit_mean
from explorer.data.dataset import ImageDataset
from explorer.models import Autoencoder

STEPS, BATCH, RATE = 200, 128, 1e-3
CHUNK = 500


class FineTuning:
    """Fine-tunes the encoder of `model` on images of `train`, and tests it on those of `test`, indices into a data set
    with classes."""

    def __init__(
        self, model: Autoencoder, dataset: ImageDataset, train: np.ndarray, test: np.ndarray, binarize: str
    ) -> None:
        device = next(model.parameters()).device
        self.model, self.binarize, self.classes = model, binarize, len(dataset.label_names)
        self.train, self.test = (Batches(dataset, index, device) for index in (train, test))

    def __call__(self, own: bool, rows: np.ndarray, seed: int) -> float:
        """The accuracy on test images after STEPS steps of Adam on the training images numbered `rows`, all weights
        changing: from the model's own weights, or from random ones."""
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            network = self._network(own)
            optimizer = torch.optim.Adam(network.parameters(), RATE)
            labelled = torch.from_numpy(rows)
            order = torch.empty(0, dtype=torch.int64)
            network.train()
            for _ in range(STEPS):
                if len(order) < min(BATCH, len(labelled)):
                    order = torch.randperm(len(labelled))
                batch, order = labelled[order[:BATCH]], order[BATCH:]
                x, y = self._take(self.train, batch)
                loss = F.cross_entropy(network(x), y)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
        return self._accuracy(network.eval())

    def _network(self, own: bool) -> nn.Sequential:
        body = copy.deepcopy(self.model.encoder)
        if not own:
            for module in body.modules():
                if callable(reset := getattr(module, "reset_parameters", None)):
                    reset()
        features = self.model.head.linear.in_features
        return nn.Sequential(body, nn.Linear(features, self.classes)).to(self.train.device)

    def _take(self, images: Batches, rows: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        assert images.labels is not None
        return to_unit_mean(images.take(rows), self.binarize), images.labels[rows.to(images.device)]

    @torch.no_grad()
    def _accuracy(self, network: nn.Module) -> float:
        right = 0
        for rows in torch.arange(len(self.test)).split(CHUNK):
            x, y = self._take(self.test, rows)
            right += int((network(x).argmax(1) == y).sum())
        return right / len(self.test)
