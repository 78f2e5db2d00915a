"""What makes a conditional model, q(z|x, y) and p(x|z, y): the class y modulates every layer of both networks.

Sohn et al. 2015 ("Learning Structured Output Representation using Deep Conditional Generative Models"). The label is
the content, and z is left with what it does not say, the style. In expectation over y the objective holds
KL(q(z|y)‖p(z)), so that z loses what the label says already, as far as the networks can use the label.
"""

import torch
from torch import Tensor
from torch.nn import functional as F

from explorer.config import ModelConfig
from explorer.errors import ExplorerError
from explorer.models.bodies import Body
from explorer.models.film import Modulations

Label = int | Tensor
"""A class: one for all images, or `(B,)` int64, or weights of the classes `(B, K)` floating point."""


class Classes(Modulations):
    """The modulations of a conditional model by `count` classes.

    Raises ExplorerError if there are fewer than two.
    """

    def __init__(
        self,
        count: int,
        config: ModelConfig,
        image_shape: tuple[int, int, int],
        body: Body,
        parameters: int,
    ) -> None:
        if count < 2:
            raise ExplorerError(
                "A conditional model is given the class of each image, and these images have "
                f"{'only one class' if count else 'no classes'}: set condition to none, or choose images with classes."
            )
        super().__init__(count, config, image_shape, body, parameters)
        self.count = count

    def weights(self, label: Label | None, shape: torch.Size, like: Tensor) -> Tensor:
        """Weights of the classes `(B, K)`, one-hot for numbers of classes, for codes of batch `shape`; a label `(B,)`
        belongs to its last dimension. Raises ValueError without a label."""
        if label is None:
            raise ValueError("a conditional model needs the label of every image or code")
        given = torch.as_tensor(label, device=like.device)
        if not given.is_floating_point():
            given = F.one_hot(given, self.count)
        return given.to(like.dtype).expand(*shape, self.count).reshape(-1, self.count)
