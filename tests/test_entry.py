"""The pages' HTML: Streamlit's own, with the address of the server, at every address that a page has."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import streamlit
from starlette.applications import Starlette

from explorer.ui import entry
from tests.live.conftest import serving

INDEX = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")


class Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, _: list[tuple[str, str | None]]) -> None:
        self.found.append(tag)


def test_every_page_begins_as_streamlits_with_one_script_before_all_others() -> None:
    for base in ("", "/lab"):
        with serving(Starlette(routes=entry.page_routes(base))) as client:
            for page in entry.PAGES:
                answer = client.get(f"{base}/{page}?checkpoint=x")
                assert answer.status_code == 200
                assert answer.headers["cache-control"] == "no-cache"
                tags = Tags(answer.text).found
                assert tags.index("script") == tags.index("head") + 1
                own = re.search(r"<script>window.__streamlit = .*?</script>", answer.text)
                assert own
                assert answer.text.replace(own[0], "") == INDEX


def test_no_page_is_forgotten() -> None:
    text = Path(entry.__file__).with_name("page.py").read_text(encoding="utf-8")
    assert set(re.findall(r'url_path="([^"]+)"', text)) == set(entry.PAGES)
