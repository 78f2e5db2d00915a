"""The types of the front end are those of the models that Python checks with."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_stored_schema_is_that_of_the_models() -> None:
    made = subprocess.run([sys.executable, "-m", "scripts.schema"], cwd=ROOT, capture_output=True, check=True)
    stored = (ROOT / "explorer/live/frontend/src/schema.json").read_bytes()
    assert stored == made.stdout, "run python -m scripts.schema explorer/live/frontend/src/schema.json"
