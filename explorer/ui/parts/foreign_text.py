"""Text from an address, a file or an error, escaped for Streamlit's Markdown."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from explorer.errors import ExplorerError

MARKUP = re.compile(r"[\\`*\[\]<>$~#|&]|(?<![^\W_])_|_(?![^\W_])|^[-+=](?=\s)|(?<=^\d)[.)]")
LINKS = re.compile(r"(?<=https:)(?=//)|(?<=http:)(?=//)|(?<=www)(?=\.)|(?=@)", re.IGNORECASE)
SHORTCODES = re.compile(r"(?<=:)(?=[\w+-])|(?<=-)(?=[->])|(?<=<)(?=-)|(?<=[<>~])(?==)")
"""What Streamlit turns into colours, icons, emoji, its logo, arrows and dashes, whether it is escaped or not."""
WORD_JOINER = "\u2060"  # invisible; what holds one is not taken for an address or a shortcode


def plain(text: object) -> str:
    """Markdown that shows `text` as it is: no link, picture, icon, colour, formula or HTML, on one line.

    Every text that a page shows and that is not in its own source passes here: a link or a file name could otherwise
    make the browser fetch any address. `tests/server/test_foreign_text.py` checks the pages.
    """
    line = " ".join(str(text).split())
    printable = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in line)
    return MARKUP.sub(r"\\\g<0>", SHORTCODES.sub(WORD_JOINER, LINKS.sub(WORD_JOINER, printable)))


@contextmanager
def show_errors() -> Iterator[None]:
    """Show an ExplorerError on the page, and continue after the block."""
    try:
        yield
    except ExplorerError as error:
        st.error(plain(error))
