"""Import: your own images to train on, and your own models to explore."""

import base64
import hashlib
import re
import shutil
import uuid
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from explorer import data, environment, jobs, store
from explorer.config import DataConfig
from explorer.data import ImageDataset, upload
from explorer.data.dataset import materialise
from explorer.disk import disk_errors
from explorer.errors import ExplorerError
from explorer.training.presets import MAX_SIDE
from explorer.ui.parts import job_view, links
from explorer.ui.parts.foreign_text import plain, show_errors
from explorer.ui.session import session

AUTOMATIC, AS_THEY_ARE = "automatic", "as they are"
SIZES = (AUTOMATIC, AS_THEY_ARE, "16", "28", "32", "64", "96", "128")
USUAL_SIZE = 64
SIZE_HELP = (
    f"Sides in pixels. Automatic: their own if all have the same, up to {MAX_SIDE}; else {USUAL_SIZE}."
)
COLOURS = {"keep": "as they are", "grey": "grey", "colour": "in colour"}
SHOWN, ACROSS = 48, 12
NONE = "none"
MODEL_FILES = ["zip", "onnx", "pt", "pth", "ckpt", "json"]


def show() -> None:
    """The page."""
    links.arrived("bring")
    st.markdown(
        "**Import your own** images to train on, or a model that was trained elsewhere. No uploaded file is run as a "
        "program, and all files stay on this machine."
    )
    if environment.read_only():
        st.info(
            "This server is read-only: to import images and models, run the explorer on your own machine."
        )
        return
    images, model = st.columns(2, gap="large")
    with images:
        st.markdown("#### Images")
        _images()
    with model:
        st.markdown("#### A model")
        _model()


# --- images ---


def _images() -> None:
    file = st.file_uploader(
        "A .zip of a folder of images (sub-folders are classes), or an .npz with `images` and, optionally, `labels`",
        type=["zip", "npz"],
        key="import images",
    )
    if file is None:
        _image_sets()
        return
    size, colours = st.columns(2)
    side = size.selectbox("Size", SIZES, key="import size", help=SIZE_HELP)
    channels = colours.selectbox(
        "Colours", list(COLOURS), format_func=COLOURS.__getitem__, key="import colours"
    )
    content = file.getvalue()
    with show_errors():
        dataset = _prepared(file.name, content, side, channels)
        _preview(dataset)
        proposal = upload.safe_name(file.name)
        name = st.text_input("Name", proposal, key=f"import name {file.file_id}", max_chars=40)
        with st.container(horizontal=True):
            train = st.button("Save and train", type="primary", key="import train")
            if train or st.button("Save", key="import save"):
                _save(name, dataset, train)


def _prepared(name: str, content: bytes, side: str, channels: str) -> ImageDataset:
    """The images in the chosen size and colours; read once for each choice in this visit."""
    key = f"{hashlib.sha256(content).hexdigest()} {side} {channels}"
    visit = session()
    if visit.images is None or visit.images[0] != key:
        visit.images = None
        with st.spinner("Reading the images"):
            visit.images = key, _read(name, content, side, channels)
    return visit.images[1]


def _read(name: str, content: bytes, side: str, channels: str) -> ImageDataset:
    """Images of one size that are not too large are kept as they are, unless another size is chosen."""
    from explorer.data.resize import prepare

    def read(size: int | None) -> ImageDataset:
        config = DataConfig.model_validate({"image_size": size, "channels": channels})
        return prepare(upload.read(name, content, size), config)

    if side != AUTOMATIC:
        return read(None if side == AS_THEY_ARE else int(side))
    try:
        dataset = read(None)
    except ExplorerError:  # of several sizes, or damaged: then the second reading says so
        return read(USUAL_SIZE)
    return dataset if max(dataset.image_shape[1:]) <= MAX_SIDE else read(USUAL_SIZE)


def _preview(dataset: ImageDataset) -> None:
    from explorer.live.thumbnails import png

    c, h, w = dataset.image_shape
    count, classes = len(dataset), len(dataset.label_names)
    summary = f"**{count:,} images**, {w}×{h} pixels, {'in colour' if c == 3 else 'grey'}"
    if dataset.labels is not None:
        sizes = np.bincount(dataset.labels, minlength=classes)
        most = ", ".join(f"{plain(n)} ({k:,})" for n, k in zip(dataset.label_names[:8], sizes, strict=False))
        summary += f", {classes} class{'es' if classes != 1 else ''}: {most}{', …' if classes > 8 else ''}"
    st.markdown(summary if summary.endswith("…") else f"{summary}.")
    if dataset.factors is not None:
        names = dataset.factor_names or [f"factor {k + 1}" for k in range(dataset.factors.shape[1])]
        sizes_of = zip(names[:12], dataset.factor_sizes, strict=False)
        listed = ", ".join(f"{plain(name)} ({size:,} values)" for name, size in sizes_of)
        kind = "known factor" if len(names) == 1 else "known factors"
        st.markdown(f"**{len(names)} {kind}**: {listed}{', …' if len(names) > 12 else '.'}")
    index = np.linspace(0, count - 1, min(SHOWN, count)).round().astype(int)
    across = min(ACROSS, len(index))
    sheet = png(materialise(dataset.images, index), across=across, down=-(-len(index) // across))
    # inlined: an image by address is gone from the server when the page reruns while it loads
    inline = f"data:image/png;base64,{base64.b64encode(sheet).decode()}"
    st.image(inline, width="stretch", caption=f"{len(index)} of {count:,} images")


def _save(name: str, dataset: ImageDataset, train: bool) -> None:
    """Save the images under a name. Raises ExplorerError."""
    data.add(name, dataset)
    session().images = None
    if train:
        links.go("train", {"data": name})
    command = f"python -m explorer train --data {name}"
    st.success(plain(f"Saved as {name}: choose it on the Train page, or run {command}."))


def _image_sets() -> None:
    names = upload.names()
    if not names:
        return
    st.caption("Imported images:")
    for name in names:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(plain(name))
            if st.button("Train", key=f"train {name}"):
                links.go("train", {"data": name})
            if st.button("Delete", key=f"delete {name}"):
                with show_errors():  # another visit has deleted it, or the disk is read-only
                    upload.remove(name)
                    st.rerun()


# --- a model ---


def _model() -> None:
    files = st.file_uploader(
        "A checkpoint folder as .zip; an ONNX decoder, optionally with its encoder; or model.pt with its settings: "
        "specs.json (disentangling-vae) or model_config.json (pythae)",
        type=MODEL_FILES,
        accept_multiple_files=True,
        key="import model",
    )
    if not files:
        _progress()
        return
    name = st.text_input("Name", _proposal(files[0].name), key=f"import as {files[0].file_id}", max_chars=80)
    images = st.selectbox(
        "Images it was trained on",
        [NONE, *data.describe_datasets()],
        key="import data",
        help="For its codes and scores, and to detect which inputs and outputs it uses.",
    )
    if st.button("Import", type="primary", key="import submit"):
        with show_errors():
            _start(files, name, images)
    _progress()


def _proposal(file: str) -> str:
    return re.sub(r"[^A-Za-z0-9._=-]+", "-", Path(file).stem).strip("-._=")[:80] or "model"


def _start(files: list[Any], name: str, images: str) -> None:
    """Submit a job that reads the files in a separate process. Raises ExplorerError."""
    store.check_name(name)
    folder = jobs.job_folder("import", uuid.uuid4().hex[:12])
    place = folder / "files"
    with disk_errors("The uploaded model", folder.parent):
        place.mkdir(parents=True)
        for number, file in enumerate(files):
            plain = re.sub(r"[^A-Za-z0-9._-]+", "-", file.name).lstrip(".")[-80:] or f"file-{number}"
            if (place / plain).exists():
                raise ExplorerError(f"There are two files named {plain}: import one model at a time.")
            (place / plain).write_bytes(file.getvalue())
    settings = {
        "files": [str(path.resolve()) for path in sorted(place.iterdir())],
        "name": name,
        "data": None if images == NONE else images,
        "folder": str(store.checkpoints_folder().resolve()),
    }
    jobs.submit(folder, "import", settings)
    session().importing = folder, name


def _progress() -> None:
    """The import's progress; after it, its findings."""
    if importing := session().importing:
        folder, name = importing
        job_view.watch(lambda: [folder], lambda statuses: _draw(name, folder, statuses))


def _draw(name: str, folder: Path, statuses: job_view.Statuses) -> None:
    job_view.bars(statuses, lambda _: name, "imported")
    status = statuses[folder]
    if status is None or status.active:
        return
    shutil.rmtree(folder / "files", ignore_errors=True)
    if status.state != "done":
        return
    st.success(plain(f"{name} is imported."))
    for finding in (jobs.result(folder) or {}).get("findings", []):
        icon = ":material/check_circle:" if finding["good"] else ":material/help:"
        st.markdown(f"{icon} {plain(finding['sentence'])}")
    if st.button("Open it in Explore", key="import open", type="primary"):
        links.go("explore", {"checkpoint": name})
