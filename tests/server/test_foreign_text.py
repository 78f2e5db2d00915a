"""Text of others on the page: what it may not become, and that no page shows any without escaping it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from explorer.ui.parts.foreign_text import WORD_JOINER, plain

UI = Path(__file__).resolve().parents[2] / "explorer" / "ui"
HOSTILE = "![x](https://evil.example/p.png) <img src=//evil.example/q.png> [free](http://evil.example) www.evil.example"
MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])


@given(
    st.one_of(
        st.text(),
        st.lists(st.sampled_from([*"![]()<>*_`~#-+=|$&;:/\\ \n\ta1.", "http://", "<img"])).map("".join),
    )
)
def test_markdown_shows_any_text_as_it_is(text: str) -> None:
    tokens = MARKDOWN.parse("Name: " + plain(text))
    assert [t.type for t in tokens] in (["paragraph_open", "inline", "paragraph_close"], [])
    (inline,) = (t for t in tokens if t.type == "inline")
    assert {t.type for t in inline.children or []} <= {"text", "text_special"}
    shown = "".join(t.content for t in inline.children or [])
    expected = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in " ".join(text.split()))
    assert (
        shown.removeprefix("Name:").strip().replace(WORD_JOINER, "")
        == expected.replace(WORD_JOINER, "").strip()
    )


@pytest.mark.parametrize(
    "text", ["# a", "- a", "+ a", "1. a", "1) a", "=== a", "> a", "    a", "| a |", "***", "```a"]
)
def test_text_that_begins_a_line_is_no_heading_list_or_block(text: str) -> None:
    assert [t.type for t in MARKDOWN.parse(plain(text))] == ["paragraph_open", "inline", "paragraph_close"]


def test_addresses_and_formulas_are_broken_up() -> None:
    said = plain("see https://evil.example, www.evil.example, a@evil.example and $x$")
    assert not [word for word in ("https://", "www.", "a@") if word in said]
    assert "\\$x\\$" in said
    assert plain("two\nlines and \u202eturned") == "two lines and \N{REPLACEMENT CHARACTER}turned"


def test_colours_icons_emoji_and_arrows_are_broken_up() -> None:
    for text in (":red[x]", ":streamlit:", ":material/home:", ":smile:", ":+1:", "a -> b <- c -- d >= e"):
        assert not re.search(r":[\w+-]|->|<-|--|>=", plain(text).replace("\\", "")), text


def test_ordinary_names_stay_as_they_are() -> None:
    for name in ("mnist-vae-z10", "my_model_2", "β = 4, 10 latents.", "a.b=c", "3,000 images (64×64)"):
        assert plain(name) == name


# --- the pages ---

SAYING = {
    "caption", "error", "expander", "header", "html", "info", "markdown", "popover", "spinner", "subheader", "success",
    "title", "toast", "warning", "write", "progress",
}  # fmt: skip
REVIEWED = {
    "estimate_line.py": {"h", "w"},
    "explore.py": {"LINE", "MAP", "WORDS", "METHODS[method]"},
    "export_menu.py": {"len(deck)", "MAX_SCENES"},
    "gallery.py": {"c"},  # `live.card`, no element of Streamlit
    "glossary.py": {"term.title", "term.sentence"},
    "samples.py": {"WORDS if models and all((c.manifest.model.code for c in models)) else CODES"},
    "words_panel.py": {"charts.SCROLLING", "table(found.report)"},  # numbers, and words of its own
    "imports.py": {
        "summary",
        "icon",
        "len(names)",
        "kind",
        "listed",
    },  # of numbers, and of names that pass `plain`
    "ladder_panel.py": {"len(runs)", "charts.SCROLLING"},
    "navigation.py": {"script"},
    "probe_panel.py": {
        "charts.SCROLLING",
        "found.test",
        "found.classes",
        "found.size",
        "found.steps",
        "found.draws",
    },
    "train.py": {"title"},
    "train_form.py": {
        "now",
        "ABOUT[now]",
        "epoch",
    },
}
"""What is neither: constants of the project and numbers, by the file in which they are shown."""


def is_safe(value: ast.expr, reviewed: set[str]) -> bool:
    """Whether what is shown is written in the source, escaped, or a number."""
    source = ast.unparse(value)
    if isinstance(value, ast.Constant) or source in reviewed:
        return True
    if isinstance(value, ast.JoinedStr):
        return all(
            is_safe(part.value, reviewed) or part.format_spec is not None
            for part in value.values
            if isinstance(part, ast.FormattedValue)
        )
    if isinstance(value, ast.IfExp):
        return is_safe(value.body, reviewed) and is_safe(value.orelse, reviewed)
    return isinstance(value, ast.Call) and ast.unparse(value.func) in ("plain", "jobs.duration")


def unsafe(path: Path) -> list[str]:
    reviewed = REVIEWED.get(path.name, set())
    wrong = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in SAYING:
            said = node.args[-1:] if node.func.attr == "progress" else node.args[:1]
            wrong += [f"{path.name}:{node.lineno} {ast.unparse(x)}" for x in said if not is_safe(x, reviewed)]
    return wrong


def test_pages_show_only_their_own_words_and_escaped_text() -> None:
    assert [line for path in sorted(UI.rglob("*.py")) for line in unsafe(path)] == []
