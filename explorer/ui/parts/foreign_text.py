"""Text that comes from an address, a file or an error, as Streamlit's Markdown shows it letter by letter."""

from __future__ import annotations

import re

MARKUP = re.compile(r"[\\`*\[\]<>$~#|&]|(?<![^\W_])_|_(?![^\W_])|^[-+=](?=\s)|(?<=^\d)[.)]")
LINKS = re.compile(r"(?<=https:)(?=//)|(?<=http:)(?=//)|(?<=www)(?=\.)|(?=@)", re.IGNORECASE)
WORD_JOINER = "\u2060"  # invisible; what holds one is not taken for an address


def plain(text: object) -> str:
    """Markdown that shows `text` as it is: no link, no picture, no formula, no HTML, on one line.

    All that a page says and that is not written in its own source passes here: a link or a file name could otherwise
    have the browser fetch what it likes. `tests/server/test_foreign_text.py` holds the pages to it.
    """
    line = " ".join(str(text).split())
    printable = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in line)
    return LINKS.sub(WORD_JOINER, MARKUP.sub(r"\\\g<0>", printable))
