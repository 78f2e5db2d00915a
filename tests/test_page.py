"""The page, run by Streamlit's own test runner: it opens for everything that ships, and needs no torch for that."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from explorer import store
from tests import tiny

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = sorted(path.parent.name for path in (ROOT / "checkpoints").glob("*/config.json"))
PAGE = str(ROOT / "explorer" / "ui" / "pages" / "navigation.py")


def opened(**query: str) -> AppTest:
    page = AppTest.from_function(explore, default_timeout=120)
    for name, value in query.items():
        page.query_params[name] = value
    return page.run()


def explore() -> None:
    """What the Explore page runs."""
    from explorer.ui.pages import explore

    explore.show()


def samples() -> None:
    """What the Samples page runs."""
    from explorer.ui.pages import samples

    samples.show()


@pytest.mark.parametrize("name", SHIPPED)
def test_the_page_opens_for_every_shipped_checkpoint(name: str, shipped_checkpoints: Path) -> None:
    page = opened(checkpoint=name)
    assert not page.exception
    assert not page.error
    assert not page.warning
    assert page.selectbox(key="checkpoint").value == name


def test_a_broken_checkpoint_is_named_and_the_others_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXPLORER_CHECKPOINTS", str(tmp_path / "c"))
    tiny.write(tmp_path / "c" / "good")
    tiny.write(tmp_path / "c" / "broken")
    (tmp_path / "c" / "broken" / store.CODES).unlink()
    page = opened()
    assert not page.exception
    assert [w.value for w in page.warning] == [
        "Checkpoint broken has no codes.safetensors; copy the whole folder again."
    ]
    assert page.selectbox(key="checkpoint").value == "good"


def test_the_gallery_opens_for_all_that_ships(shipped_checkpoints: Path) -> None:
    page = AppTest.from_file(PAGE, default_timeout=120).run()
    assert not page.exception
    assert not page.error
    assert not page.warning


def test_without_checkpoints_the_page_says_how_to_make_one(tmp_path: Path) -> None:
    page = AppTest.from_file(PAGE, default_timeout=120).run()
    assert not page.exception
    assert "python -m explorer train" in page.info[0].value


def test_samples_opens_for_every_comparison_and_all_its_models_take_the_same_codes(
    shipped_checkpoints: Path,
) -> None:
    page = AppTest.from_function(samples, default_timeout=120).run()
    *proposals, by_hand = page.selectbox(key="proposal").options
    assert proposals
    found = {c.name: c.manifest for c in store.list_checkpoints(shipped_checkpoints)[0]}
    for proposal in proposals:
        page.selectbox(key="proposal").set_value(proposal).run()
        assert not page.exception
        assert not page.error
        models = [found[name] for name in str(page.query_params["models"]).split(",")]
        if models[0].model.code:  # of words: by itself, in a column for each prior
            assert len(models) == 1
            continue
        assert models[0].model.posterior == "point"
        assert any(m.model.posterior != "point" for m in models)
        assert len({(m.data, m.model.latent_size, m.image_shape) for m in models}) == 1
    page.selectbox(key="proposal").set_value(by_hand).run()
    assert not page.exception


NO_TORCH = """
import json, sys
from streamlit.testing.v1 import AppTest
page = AppTest.from_file({page!r}, default_timeout=120).run()
assert not page.exception, page.exception
heavy = {{"torch", "torchvision", "umap", "sklearn", "numba", "pandas", "pyarrow"}}
print(json.dumps(sorted(heavy & sys.modules.keys())))
"""


def test_the_first_view_imports_nothing_heavy() -> None:
    env = os.environ | {"EXPLORER_CHECKPOINTS": str(ROOT / "checkpoints")}
    script = NO_TORCH.format(page=PAGE)
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == []
