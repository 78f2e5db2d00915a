"""How far an image lies from every real one, in the features of the data set's classifier, or in pixels without one.

What a decoder makes of a hole between codes looks like no image of the data: it is farther from every training image
than nearly all real images are that no model has seen.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from explorer.data.dataset import ImageDataset, materialise
from explorer.errors import ExplorerError
from explorer.metrics.feature_space import FeatureSpace
from explorer.metrics.image_space import ImageSpace, to_unit
from explorer.metrics.training_images import place_stored, spread

MAX_IMAGES = 2_000  # training images that are searched: a browser does it too, at the rate of the display
MAX_TEST_IMAGES = 5_000
TRUSTED = 0.8
"""Least accuracy of a classifier in whose features images count as real or not. On the faces it is 0.61, and smears lie
as near to real images as faces do."""
INSIDE = 0.95
"""Share of real test images that lie no farther than 1 from a training image, by definition of 1."""


@dataclass(frozen=True)
class RealImages:
    """features `(M, f)`: of training images. radius: the distance within which 95% of test images have one."""

    space: FeatureSpace | ImageSpace
    features: np.ndarray
    radius: float

    @classmethod
    def build(
        cls, dataset: ImageDataset, space: FeatureSpace | ImageSpace, test: np.ndarray, binarize: str
    ) -> RealImages:
        """test `(N, f)`: features of real images that no model has seen."""
        index = dataset.train_index[spread(len(dataset.train_index), MAX_IMAGES)]
        features = place_stored(space, dataset.images, index, binarize)
        return cls(space, features, float(np.quantile(_nearest(test, features), INSIDE)) or 1.0)

    def distances(self, features: np.ndarray) -> np.ndarray:
        """Of each row of `features (n, f)` to the nearest training image, in radii, `(n,)`: above 1 is a hole."""
        distance: np.ndarray = _nearest(features, self.features) / self.radius
        return distance

    def network(self) -> bytes:
        """The same distances as ONNX, for a browser: images `(B, C, H, W)` float32 in [0, 1] to `distance` `(B,)`."""
        import onnx

        from explorer.models.onnx_graph import store_weights_as_float16

        model = onnx.load_from_string(self.space.network)
        graph = model.graph
        (features,) = [output.name for output in graph.output]
        # |f − b|² = |f|² − 2 f·b + |b|², of which the least over b is wanted
        more = onnx.parser.parse_graph(f"""
            distances (float[batch, f] {features}) => (float[batch] distance) {{
                crossed = MatMul ({features}, bank)
                shifted = Add (crossed, squares)
                least = ReduceMin <keepdims = 0> (shifted, across)
                length = ReduceSumSquare <keepdims = 0> ({features}, across)
                summed = Add (least, length)
                square = Max (summed, nothing)
                apart = Sqrt (square)
                distance = Div (apart, radius)
            }}""")
        constants = {
            "bank": np.asarray(-2 * self.features.T, np.float32),
            "squares": (self.features**2).sum(1).astype(np.float32),
            "radius": np.array(self.radius, np.float32),
            "nothing": np.array(0.0, np.float32),
            "across": np.array([1], np.int64),
        }
        graph.initializer.extend(
            onnx.numpy_helper.from_array(array, name) for name, array in constants.items()
        )
        graph.node.extend(more.node)
        graph.output[0].CopyFrom(more.output[0])
        onnx.checker.check_model(model)
        return store_weights_as_float16(model.SerializeToString())


def real_images_of(dataset: ImageDataset, test_index: np.ndarray, binarize: str) -> RealImages:
    """In the features of the data set's classifier; in pixels for images of which nothing is known.

    test_index: of images that no model has seen. Raises ExplorerError if the classifier is not to be trusted.
    """
    from explorer.metrics.classifier import find_space

    index = test_index[spread(len(test_index), MAX_TEST_IMAGES)]
    test = to_unit(materialise(dataset.images, index), binarize)
    space = find_space(dataset, binarize) or ImageSpace.fit(test)
    if isinstance(space, FeatureSpace) and not is_trusted(space):
        raise ExplorerError(
            f"Which samples lie in a hole is not measured: the classifier of {space.about} is right on "
            f"{100 * space.accuracy:.0f} % of images it has not seen, and {100 * TRUSTED:.0f} % are needed."
        )
    return RealImages.build(dataset, space, space.place(test), binarize)


def is_trusted(space: FeatureSpace) -> bool:
    """Whether a classifier is accurate enough to say which images look real."""
    return space.accuracy >= TRUSTED


def _nearest(points: np.ndarray, others: np.ndarray) -> np.ndarray:
    from scipy.spatial.distance import cdist

    parts = [points[start : start + 1000] for start in range(0, len(points), 1000)]
    return np.concatenate([cdist(part, others).min(1) for part in parts])
