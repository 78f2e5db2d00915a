"""Image files from a folder, or from a `.zip` that is read in memory and never unpacked to disk."""

import math
import os
import posixpath
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import BinaryIO

import numpy as np
from PIL import Image, ImageOps

from explorer.data import limits
from explorer.data.dataset import ImageDataset
from explorer.data.split import tenth_split
from explorer.errors import ExplorerError

SUFFIXES = (
    *(".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".tif", ".tiff"),
    *(".pbm", ".pgm", ".ppm", ".pnm"),
)
FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF", "PPM")
MAX_PIXELS = 50_000_000  # per image, at its original size
MAX_TOTAL_PIXELS = 4_000_000_000

Source = Path | BinaryIO


def read_folder(folder: Path, image_size: int | None = None) -> ImageDataset:
    """Read all images in `folder` and its sub-folders, in natural order (2 before 10).

    Skips other files and hidden ones. If every image is in a sub-folder, and there is more than one, the sub-folders
    are the labels. Raises ExplorerError that names an unreadable image, or two images of different size if `image_size`
    is None; OSError if the folder cannot be read.
    """
    names = []
    for parent, inner, files in os.walk(folder, onerror=_raise):
        inner[:] = [name for name in inner if _is_wanted(name)]
        below = Path(parent).relative_to(folder)
        names += [(below / name).as_posix() for name in files if _is_image(name) and _is_file(parent, name)]
    return _collect(folder, names, folder.joinpath, image_size)


def read_zip(path: Path, image_size: int | None = None) -> ImageDataset:
    """Read all images in a `.zip`, as `read_folder` would after unpacking it.

    Raises ExplorerError like `read_folder`, and if the archive is damaged, encrypted or unpacks to an excessive size.
    """

    def unpack(name: str) -> BytesIO:
        try:
            return BytesIO(archive.read(entries[name]))
        except Exception as error:  # every compression method raises its own errors
            raise ExplorerError(f"{name} in {path} cannot be unpacked ({error}): pack it again.") from error

    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise ExplorerError(f"{path} is not a readable .zip ({error}): pack it again.") from error
    with archive:
        limits.check_names(path, archive.infolist())
        entries = {}
        for entry in archive.infolist():
            name = posixpath.normpath(entry.filename.replace("\\", "/")).lstrip("/")
            if not entry.is_dir() and _is_image(name) and all(map(_is_wanted, name.split("/"))):
                entries[name] = entry
        limits.check_archive(path, list(entries.values()))
        return _collect(path, list(entries), unpack, image_size)


@dataclass
class Budget:
    """The number of pixels that may still be decoded."""

    pixels: int = MAX_TOTAL_PIXELS

    def spend(self, image: Image.Image) -> None:
        pixels = image.width * image.height
        if pixels > MAX_PIXELS:
            raise Image.DecompressionBombError
        self.pixels -= pixels


def decode(source: Source, name: str, side: int | None = None, budget: Budget | None = None) -> np.ndarray:
    """Decode one image as uint8 `(C, H, W)`: C is 1 if the file is grey, else 3; H = W = `side` unless it is None.

    Applies the EXIF orientation, makes transparent parts white, converts 16 bits to 8, and takes the first frame of an
    animation. Raises ExplorerError with `name` if it is not an image or has more than 50 million pixels.
    """
    budget = budget or Budget()
    try:
        with Image.open(source, formats=FORMATS) as image:
            if side is not None:
                image.draft(None, (2 * side, 2 * side))  # decodes a JPEG at 1/2, 1/4 or 1/8 of its size
            budget.spend(image)
            array = _pixels(ImageOps.exif_transpose(image), side)
    except Image.DecompressionBombError:
        raise ExplorerError(
            f"{name} has more than {MAX_PIXELS // 10**6} million pixels: make it smaller first."
        ) from None
    except MemoryError:
        raise
    except Exception as error:  # Pillow raises nearly any error on damaged files
        reason = "" if isinstance(error, Image.UnidentifiedImageError) else f" ({error})"
        raise ExplorerError(f"{name} is not a readable image{reason}: remove it or save it again.") from error
    if budget.pixels < 0:
        raise ExplorerError(
            f"The images up to {name} have more than {MAX_TOTAL_PIXELS // 10**9} billion pixels: make them smaller "
            "first."
        )
    return array


def _pixels(image: Image.Image, side: int | None) -> np.ndarray:
    if image.mode.startswith("I"):  # 16 bits: Pillow clips values above 255
        wide = np.asarray(image)
        if wide.min() < 0 or wide.max() > 65535:
            raise ValueError("more than 16 bits per pixel")
        image = Image.fromarray(np.rint(wide / np.float32(257)).astype(np.uint8))
    if image.mode == "F":
        raise ValueError("floating-point pixels")
    grey = image.mode in ("1", "L", "LA", "La")
    transparent = image.has_transparency_data
    image = image.convert("RGBA" if transparent else "L" if grey else "RGB")
    if side is not None and image.size != (side, side):
        image = _square(image, side)
    if transparent:
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
        image = image.convert("L" if grey else "RGB")
    array = np.asarray(image)
    return array[None] if grey else array.transpose(2, 0, 1)


def _square(image: Image.Image, side: int) -> Image.Image:
    """Like `explorer.data.resize.to_square`, for one image and without torch."""
    width, height = image.size
    short = min(width, height)
    # rounds like torchvision's center_crop
    left, top = round((width - short) / 2), round((height - short) / 2)
    image = image.crop((left, top, left + short, top + short))
    return image.resize((side, side), Image.Resampling.BILINEAR, reducing_gap=3.0)


def _collect(
    where: Path, names: list[str], open_one: Callable[[str], Source], image_size: int | None
) -> ImageDataset:
    """Read the images `names` in `where`, opened by `open_one`, into a data set."""
    if not names:
        raise ExplorerError(f"{where} holds no images: put {', '.join(SUFFIXES)} files there.")
    if len(names) > limits.MAX_IMAGES:
        raise ExplorerError(f"{where} holds {len(names):,} images: at most {limits.MAX_IMAGES:,} are read.")
    names = sorted(names, key=natural_key)
    budget = Budget()
    images = np.empty((0, 1, 0, 0), np.uint8)
    for i, name in enumerate(names):
        image = decode(open_one(name), f"{name} in {where}", image_size, budget)
        if not i:
            images = _allocate(where, (len(names), *image.shape))
        if image.shape[1:] != images.shape[2:]:
            raise ExplorerError(
                f"The images in {where} differ in size ({names[0]} has {_format_size(images[0])} pixels, {name} has "
                f"{_format_size(image)}): resize them, for example with --image-size 64."
            )
        if len(image) > images.shape[1]:  # the first colour image
            grey, images = images, _allocate(where, (len(names), *image.shape))
            images[:i] = grey[:i]
            del grey
        images[i] = image
    labels, label_names = labels_from(names)
    train, test = tenth_split(len(images))
    return ImageDataset(where.resolve().name, images, train, test, labels=labels, label_names=label_names)


def _allocate(where: Path, shape: tuple[int, ...]) -> np.ndarray:
    if math.prod(shape) > limits.MAX_BYTES:
        raise ExplorerError(
            f"The images in {where} take more than {limits.MAX_BYTES >> 30} GiB at full size: make them "
            "smaller, for example with --image-size 64."
        )
    return np.empty(shape, np.uint8)


def labels_from(names: list[str]) -> tuple[np.ndarray | None, tuple[str, ...]]:
    """Labels int64 `(N,)` and their names: the sub-folder of each image below the common folder.

    None if an image is in the common folder itself.
    """
    folders = [PurePosixPath(name).parent.parts for name in names]
    shared = len(PurePosixPath(posixpath.commonpath([posixpath.dirname(name) for name in names])).parts)
    if any(len(parts) == shared for parts in folders):
        return None, ()
    labels = [parts[shared] for parts in folders]
    classes = sorted(set(labels), key=natural_key)
    number = {name: i for i, name in enumerate(classes)}
    # a folder name may be invalid Unicode
    label_names = tuple(name.encode(errors="replace").decode() for name in classes)
    return np.array([number[name] for name in labels], dtype=np.int64), label_names


def natural_key(name: str) -> tuple[list[list[str | int]], str]:
    """Sort key for paths that compares numbers numerically, folder by folder, ignoring case."""

    def part(text: str) -> list[str | int]:  # text and numbers alternate, so that types match
        return [
            int(piece) if i % 2 else piece.casefold()
            for i, piece in enumerate(re.split("([0-9]{1,18})", text))
        ]

    return [part(text) for text in name.split("/")], name


def _is_image(name: str) -> bool:
    return name.lower().endswith(SUFFIXES) and _is_wanted(name)


def _is_wanted(name: str) -> bool:
    """Whether a name is neither hidden nor metadata of macOS."""
    return not name.startswith(".") and name != "__MACOSX"


def _is_file(parent: str, name: str) -> bool:
    return os.path.isfile(os.path.join(parent, name))  # not a pipe, which blocks


def _format_size(image: np.ndarray) -> str:
    return f"{image.shape[2]}×{image.shape[1]}"


def _raise(error: OSError) -> None:
    raise error
