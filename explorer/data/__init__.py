"""Image data sets: `load` returns a data set, by name or by path, as an `ImageDataset`."""

from explorer.data.catalog import add, attribution, describe_datasets, load
from explorer.data.dataset import ImageDataset

__all__ = ["ImageDataset", "add", "attribution", "describe_datasets", "load"]
