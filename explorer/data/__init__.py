"""Where images come from: `load` gives any data set, by name or by path, as an `ImageDataset`."""

from explorer.data.catalog import catalogue, load
from explorer.data.dataset import ImageDataset, ImageSource, materialise

__all__ = ["ImageDataset", "ImageSource", "catalogue", "load", "materialise"]
