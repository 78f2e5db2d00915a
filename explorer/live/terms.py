"""The terms of the field that the pages use, each with a sentence and a formula; the front end reads the same file."""

import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

GLOSSARY = Path(__file__).with_name("glossary.json")


class Term(NamedTuple):
    """A term, what it means in a sentence or two, and its formula as plain text."""

    title: str
    sentence: str
    formula: str


@cache
def terms() -> dict[str, Term]:
    """All terms by key, in the order in which they build on each other."""
    found = json.loads(GLOSSARY.read_text(encoding="utf-8"))
    return {key: Term(**entry) for key, entry in found.items()}
