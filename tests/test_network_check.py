"""ONNX files that read other files, never end or fill the memory: refused at import and where stored ones are opened;
what keeps to the rules and is slow all the same is ended."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import psutil
import pytest
from onnx import TensorProto, helper, numpy_helper

from explorer import store
from explorer.errors import ExplorerError
from explorer.importing.importer import import_model
from explorer.store import Checkpoint, decoder
from explorer.store.network_check import MAX_ELEMENTS, check_sizes, parse_network
from tests import networks, tiny


def in_an_initializer() -> Any:
    proto = networks.plain()
    networks.external(proto.graph.initializer[0])
    return proto


def in_a_constant() -> Any:
    constant = helper.make_node("Constant", [], ["c"], value=numpy_helper.from_array(np.zeros(1, np.float32)))
    proto = networks.plain(before=[constant, helper.make_node("Add", ["linear", "c"], ["odd"])])
    networks.external(next(node for node in proto.graph.node if node.op_type == "Constant").attribute[0].t)
    return proto


def in_a_list_of_tensors() -> Any:
    proto = in_a_constant()
    (attribute,) = next(node for node in proto.graph.node if node.op_type == "Constant").attribute
    attribute.tensors.add().CopyFrom(attribute.t)
    attribute.ClearField("t")
    return proto


def in_a_function() -> Any:
    constant = helper.make_node("Constant", [], ["c"], value=numpy_helper.from_array(np.zeros(1, np.float32)))
    add = helper.make_node("Add", ["x", "c"], ["y"])
    function = helper.make_function("own", "F", ["x"], ["y"], [constant, add], [helper.make_opsetid("", 18)])
    proto = networks.plain(before=[helper.make_node("F", ["linear"], ["odd"], domain="own")])
    proto.functions.append(function)
    proto.opset_import.append(helper.make_opsetid("own", 1))
    networks.external(proto.functions[0].node[0].attribute[0].t)
    return proto


def in_a_branch() -> Any:
    branch = helper.make_graph(
        [helper.make_node("Identity", ["inner"], ["y"])],
        "branch",
        [],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1])],
        [numpy_helper.from_array(np.zeros(1, np.float32), "inner")],
    )
    node = helper.make_node("If", ["yes"], ["odd"], then_branch=branch, else_branch=branch)
    proto = networks.plain(before=[node], yes=np.array(True))
    networks.external(next(n for n in proto.graph.node if n.op_type == "If").attribute[0].g.initializer[0])
    return proto


def weights_of_another_size() -> Any:
    proto = networks.plain()
    proto.graph.initializer[0].dims[0] = 3
    return proto


def a_name_that_is_no_text() -> Any:
    content = networks.plain().SerializeToString().replace(b"shaped", b"\xff\xff\xff\xff\xff\xff")
    return onnx.load_from_string(content)


def another_domain() -> Any:
    proto = networks.plain()
    proto.graph.node[2].domain = "com.microsoft"
    return proto


FILES = "keeps its weights in another file"
HARMFUL: dict[str, tuple[Callable[[], Any], str]] = {
    "external: initializer": (in_an_initializer, FILES),
    "external: constant": (in_a_constant, FILES),
    "external: tensors": (in_a_list_of_tensors, FILES),
    "external: function": (in_a_function, "not run here|another file"),
    "external: branch": (in_a_branch, "not run here|another file"),
    "loop": (networks.loop, "not run here"),
    "repeats": (networks.repeat, "sizes that depend on its input"),
    "huge": (networks.huge, f"more than {MAX_ELEMENTS:,}"),
    "no text": (a_name_that_is_no_text, "is no text"),
    "domain": (another_domain, "'com.microsoft.Sigmoid', which is not run here"),
    "dims": (weights_of_another_size, "the weight 'w' is not of its size|no ONNX file"),
}


def stored(folder: Path, proto: Any) -> Checkpoint:
    """A checkpoint whose hashes fit, with a foreign decoder."""
    path = tiny.write(folder / "foreign").path
    (path / store.DECODER).write_bytes(proto.SerializeToString())
    tiny.sign(path)
    return store.open_checkpoint(path)


@pytest.mark.parametrize("harm", HARMFUL)
def test_harmful_networks_are_refused_everywhere(harm: str, tmp_path: Path) -> None:
    make, words = HARMFUL[harm]
    proto = make()
    file = tmp_path / "decoder.onnx"
    file.write_bytes(proto.SerializeToString())
    with pytest.raises(ExplorerError, match=words) as caught:
        import_model([file], "new", tmp_path / "models")
    assert str(caught.value).startswith("decoder.onnx ")
    checkpoint = stored(tmp_path, proto)
    for remote in (False, True):
        with pytest.raises(
            ExplorerError, match=f"Checkpoint foreign cannot be used, decoder.onnx .*({words})"
        ):
            checkpoint.decoder_session(remote=remote)


def test_what_a_file_says_of_its_sizes_proves_nothing() -> None:
    """Shapes that are declared in the file are not believed."""
    proto = networks.repeat()
    for node in proto.graph.node:
        proto.graph.value_info.append(helper.make_tensor_value_info(node.output[0], TensorProto.FLOAT, [1]))
    with pytest.raises(ValueError, match=r"sizes that depend|does not fit together"):
        check_sizes(parse_network(proto.SerializeToString()))


def test_networks_without_harm_pass() -> None:
    for proto in (networks.plain(), networks.slow(3)):
        check_sizes(parse_network(proto.SerializeToString()))


def test_a_decoder_runs_alike_in_both_places(tmp_path: Path) -> None:
    proto = networks.plain(2, 8)
    z = np.random.default_rng(0).normal(size=(600, 2)).astype(np.float32)
    expected = 1 / (1 + np.exp(-0.1 * z.sum(1)))
    for start in (decoder.open_decoder, decoder.RemoteDecoder):
        images = start(proto.SerializeToString(), 2, (1, 8, 8)).decode(z)
        np.testing.assert_allclose(
            images, np.broadcast_to(expected[:, None, None, None], (600, 1, 8, 8)), rtol=1e-5
        )
    assert start(proto.SerializeToString(), 2, (1, 8, 8)).decode(z[:0]).shape == (0, 1, 8, 8)


def test_an_output_of_another_rank_than_declared() -> None:
    proto = networks.network(
        [helper.make_node("Gemm", ["z", "w"], ["image"])], {"w": np.zeros((2, 64), np.float32)}, 2, 8
    )
    for start in (decoder.open_decoder, decoder.RemoteDecoder):
        with pytest.raises(ValueError, match=r"need|not a decoder|does not fit"):
            start(proto.SerializeToString(), 2, (1, 8, 8)).decode(np.zeros((3, 2), np.float32))


@pytest.mark.slow
def test_a_slow_network_is_told_to_end() -> None:
    session = decoder.open_session(networks.slow().SerializeToString())
    began = time.monotonic()
    with pytest.raises(Exception, match=r"(?i)terminate"):
        decoder.run(session, {"z": np.zeros((1, 2), np.float32)}, seconds=0.5)
    assert time.monotonic() - began < 10


@pytest.mark.slow
def test_a_slow_network_does_not_hold_up_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """It runs in a process of its own, which is ended; the next decoder has a new one, and the slow one no turn."""
    own = psutil.Process()
    slow = decoder.RemoteDecoder(networks.slow().SerializeToString(), 2, (1, 8, 8))
    monkeypatch.setattr(decoder, "SECONDS", 4.0)
    spent, z = own.cpu_times().user, np.zeros((1, 2), np.float32)
    with pytest.raises(ValueError, match="it takes longer than 4 s"):
        slow.decode(z)
    assert own.cpu_times().user - spent < 2
    began = time.monotonic()
    with pytest.raises(ValueError, match="it takes longer than 4 s"):
        slow.decode(z)
    assert time.monotonic() - began < 0.5
    quick = decoder.RemoteDecoder(networks.plain().SerializeToString(), 2, (1, 8, 8))
    np.testing.assert_allclose(quick.decode(z), 0.5)
