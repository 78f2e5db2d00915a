"""An autoregressive prior over rows of tokens: a small causal transformer."""

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, layer_norm, scaled_dot_product_attention, silu

from explorer.discrete import CodeShape, neighbours

WIDTH, LAYERS, HEADS, INNER = 64, 2, 4, 192
"""Features of a token, layers, heads of attention, and features inside of a layer's MLP."""


class Layer(nn.Module):
    """Attention to earlier tokens and an MLP, each of normalised features and added to them (Xiong et al. 2020)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.attention = nn.Linear(width, 3 * width)
        self.mixed = nn.Linear(width, width)
        self.wide, self.narrow = nn.Linear(width, INNER), nn.Linear(INNER, width)

    def forward(self, x: Tensor) -> Tensor:
        """x: `(B, T, width)`; what it gives at t depends on x at s ≤ t alone."""
        q, k, v = self.attention(normal(x)).unflatten(-1, (3, HEADS, -1)).permute(2, 0, 3, 1, 4)
        seen = scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.mixed(seen.transpose(1, 2).flatten(2))
        inner: Tensor = self.narrow(silu(self.wide(normal(x))))
        return x + inner


class TokenPrior(nn.Module):
    """p(tokens) = Π_t p(token_t | tokens before it), in reading order.

    A position is given its place and, beside what attention finds, the tokens near it that come before: the last one
    and, on a grid, the three above. Of K words, number K means that there is none.
    """

    near: Tensor

    def __init__(self, code: CodeShape) -> None:
        super().__init__()
        self.code = code
        places = torch.tensor(neighbours(code))
        self.register_buffer("near", places, persistent=False)
        self.place = nn.Parameter(0.02 * torch.randn(code.tokens, WIDTH))
        self.words = nn.Parameter(0.1 * torch.randn(places.shape[1], code.words + 1, WIDTH))
        self.layers = nn.ModuleList(Layer(WIDTH) for _ in range(LAYERS))
        self.logits = nn.Linear(WIDTH, code.words)

    def forward(self, tokens: Tensor) -> Tensor:
        """Logits `(B, T, K)` of every token, given those before it; tokens: `(B, T)` int64."""
        seen = torch.cat((tokens, tokens.new_full((len(tokens), 1), self.code.words)), 1)[:, self.near]
        return self.predict([table[seen[..., i]] for i, table in enumerate(self.words)])

    def predict(self, features: list[Tensor]) -> Tensor:
        """The same from the embedded neighbours, each `(B, T, width)`."""
        x = self.place.expand(len(features[0]), -1, -1)
        for feature in features:
            x = x + feature
        for layer in self.layers:
            x = layer(x)
        logits: Tensor = self.logits(normal(x))
        return logits

    def nats(self, tokens: Tensor) -> Tensor:
        """−log p of every row of tokens `(B, T)`, in nats, `(B,)`."""
        return cross_entropy(self(tokens).transpose(1, 2), tokens, reduction="none").sum(1)


def normal(x: Tensor) -> Tensor:
    """Features with mean 0 and variance 1 (Ba et al. 2016), without weights: a linear layer follows everywhere."""
    return layer_norm(x, x.shape[-1:])
