"""The built front end, and the address under which it is served."""

import hashlib
from functools import cache
from pathlib import Path

DIST = Path(__file__).parent / "dist"


@cache
def build_hash() -> str:
    """Content hash of the built front end; part of the address of each of its files."""
    digest = hashlib.sha256()
    for path in sorted(DIST.iterdir()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
