"""x -> q(z|x) -> p(x|z)."""

from explorer.models.autoencoder import Autoencoder
from explorer.models.discrete_posteriors import CategoricalCode, DiscreteCode
from explorer.models.posteriors import Point, standard_normal
