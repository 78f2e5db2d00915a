"""What benchmarks found, as JSON: `scripts/tables.py` writes the documents' tables from `benchmarks/results/`."""

from __future__ import annotations

import argparse
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("results")


def add_option(parser: argparse.ArgumentParser) -> None:
    """The option that keeps the figures."""
    parser.add_argument(
        "--json",
        type=Path,
        metavar="FILE",
        help="keep the figures here; the documents quote those in benchmarks/results, see scripts/tables.py",
    )


def drag_options(description: str | None) -> argparse.Namespace:
    """The options of a benchmark that drags: seconds of each drag, rounds, and the file of its figures."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--rounds", type=int, default=3)
    add_option(parser)
    return parser.parse_args()


def keep(file: Path | None, figures: dict[str, Any], **more: Any) -> None:
    """Write the figures with the month and the machine that they were measured on, if there is a file to write."""
    if file is None:
        return
    found = {"date": f"{datetime.now(UTC):%Y-%m}", "machine": machine(), "figures": _rounded(figures)} | more
    file.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def machine() -> str:
    """The machine in words."""
    graphics = any(Path("/dev").glob("nvidia[0-9]*")) or Path("/dev/dri").exists()
    return f"{os.cpu_count()} cores, {'a' if graphics else 'no'} GPU"


def _rounded(value: Any) -> Any:
    """Numbers with five significant digits: more is noise."""
    if isinstance(value, dict):
        return {key: _rounded(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_rounded(part) for part in value]
    return float(f"{value:.5g}") if isinstance(value, float) else value
