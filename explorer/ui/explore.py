"""Explore: the map of a checkpoint's codes, and one slider per latent dimension."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from explorer.live.columns import described_planes, positions
from explorer.store import Checkpoint
from explorer.ui import shared

REACH = 3.0


def show() -> None:
    """The page."""
    st.title("Look inside an autoencoder", anchor=False)
    st.markdown(
        "Every dot is an image, placed by its code. Move a slider to walk through the codes between them."
    )
    checkpoint = _choose()
    left, right = st.columns([3, 2], gap="large")
    with right:
        z = _sliders(checkpoint)
    with left:
        _map(checkpoint, z)


def _choose() -> Checkpoint:
    found = {c.name: c for c in shared.checkpoints()}
    name = st.selectbox(
        "Checkpoint",
        list(found),
        index=next((i for i, c in enumerate(found.values()) if c.manifest.model.posterior != "point"), 0),
        format_func=lambda n: f"{n}: {shared.describe(found[n])}",
        key="checkpoint",
        bind="query-params",
    )
    return found[name]


def _sliders(checkpoint: Checkpoint) -> np.ndarray:
    """One slider per latent dimension, the one with the highest rate first; returns the code `(d,)`."""
    codes = shared.opened(str(checkpoint.path), checkpoint.version)[0].codes
    d = checkpoint.manifest.model.latent_size
    z = np.zeros(d, np.float32)
    picture = st.empty()
    plain = checkpoint.manifest.model.posterior == "point"
    weight = codes.mean.var(0) if plain else codes.rate.mean(0)
    for k in np.argsort(weight)[::-1].tolist():
        reach = REACH if not plain else float(np.ceil(np.abs(codes.mean[:, k]).max()))
        what = f"z{k + 1}" + ("" if plain else f" · rate {weight[k]:.2f} nats")
        z[k] = st.slider(what, -reach, reach, 0.0, reach / 50, key=f"{checkpoint.name} z{k}")
    image = shared.decode(checkpoint, z[None])
    picture.image(shared.enlarged(image, 1, 256), width=280)
    return z


def _map(checkpoint: Checkpoint, z: np.ndarray) -> None:
    codes = shared.opened(str(checkpoint.path), checkpoint.version)[0].codes
    manifest, planes = checkpoint.manifest, described_planes(codes)
    if not planes:
        st.info("This model has one latent dimension: its slider is its map.")
        return
    plane = planes[0]
    xy = positions(codes, plane["key"])
    here = (z - np.array(plane["mean"])) @ np.array(plane["components"]).reshape(2, -1).T
    figure = go.Figure()
    labels = codes.labels if codes.labels is not None else np.zeros(len(codes), int)
    names = manifest.label_names or (manifest.data.data,)
    for k in np.unique(labels):
        of_class = xy[labels == k]
        marker = {"size": 7, "opacity": 0.85}
        figure.add_scattergl(x=of_class[:, 0], y=of_class[:, 1], mode="markers", name=names[k], marker=marker)
    cross = {"symbol": "cross-thin", "size": 18, "line": {"width": 3, "color": "#e8590c"}}
    figure.add_scatter(x=here[:1], y=here[1:], mode="markers", name="your code", marker=cross)
    figure.update_layout(
        height=640,
        margin={"l": 0, "r": 0, "t": 8, "b": 0},
        xaxis_title=plane["axes"][0],
        yaxis={"title": plane["axes"][1], "scaleanchor": "x"},
        legend={"itemsizing": "constant"},
    )
    st.plotly_chart(figure, key="map")
