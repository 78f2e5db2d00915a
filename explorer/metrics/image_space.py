"""The space in which images are compared: principal components of pixels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

COMPONENTS = 100


@dataclass(frozen=True)
class ImageSpace:
    """Coordinates of images along the first principal components, at most 100, of the images it was fitted to.

    Not whitened: a distance is a distance of images, summed over the pixels in [0, 1], seen through `components
    (f, pixels)` around `centre (pixels,)`. explained: share of the variance that they hold. The solver starts from a
    fixed seed, so the same images always give the same space.
    """

    centre: np.ndarray
    components: np.ndarray
    explained: float

    @classmethod
    def fit(cls, images: np.ndarray) -> ImageSpace:
        """From images `(N, C, H, W)`, as `to_unit` gives them."""
        from sklearn.decomposition import PCA

        flat = images.reshape(len(images), -1)
        size = min(COMPONENTS, len(flat) - 1, flat.shape[1])
        with np.errstate(
            invalid="ignore"
        ):  # images that are all equal have no variance, of which all is explained
            pca = PCA(size, random_state=0).fit(flat)
        explained = float(np.nan_to_num(pca.explained_variance_ratio_.sum(), nan=1.0))
        return cls(pca.mean_, pca.components_, explained)

    def place(self, images: np.ndarray) -> np.ndarray:
        """Features `(N, f)` float64 of images `(N, C, H, W)` in [0, 1]."""
        features: np.ndarray = (images.reshape(len(images), -1) - self.centre) @ self.components.T
        return features.astype(np.float64)

    @property
    def network(self) -> bytes:
        """The same as ONNX: input `image` (B, C, H, W) float32, output `features` (B, f)."""
        import onnx

        model = onnx.parser.parse_model("""
            <ir_version: 10, opset_import: ["" : 18]>
            pixels (float[batch, c, h, w] image) => (float[batch, f] features) {
                flat = Flatten (image)
                centred = Sub (flat, centre)
                features = MatMul (centred, components)
            }""")
        for name, array in {"centre": self.centre, "components": self.components.T}.items():
            model.graph.initializer.append(onnx.numpy_helper.from_array(array.astype(np.float32), name))
        data: bytes = model.SerializeToString()
        return data


def to_unit(images: np.ndarray, binarize: str = "none") -> np.ndarray:
    """uint8 images to float32 in [0, 1], black and white if a model was trained on that: cut at 1/2.

    Stochastic binarization gives the grey values, the mean of what the model saw; decoders give means as well.
    """
    x = images.astype(np.float32) / 255
    return (x >= 0.5).astype(np.float32) if binarize == "threshold" else x
