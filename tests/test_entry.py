"""The pages' HTML: Streamlit's own, with the address of the server, at every address that a page has."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import streamlit
from starlette.applications import Starlette

from explorer.live.bundle import build_hash
from explorer.server.early import entry
from tests.live.conftest import serving

ROOT = Path(__file__).resolve().parent.parent
INDEX = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")


class Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(tag)


class Scripts(Tags):
    """The address of every script; empty where it is in the page."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script":
            self.found.append(dict(attrs).get("src") or "")


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
                rest = answer.text.replace(own[0], "")
                opening = (
                    f'<link rel="modulepreload" fetchpriority="high" href="./live/{build_hash()}/stage.js">'
                    '<script type="module" async fetchpriority="high" src="./live/opening.js?checkpoint=x"></script>'
                )
                assert (opening in rest) == (page == "explore")
                assert rest.replace(opening, "") == INDEX


def test_a_link_is_handed_on_to_the_script_that_opens_it_and_cannot_leave_its_place() -> None:
    query = {"checkpoint": '"></script><script>alert(1)</script>', "z": "1,-2", "colour": "factor:a & b"}
    with serving(Starlette(routes=entry.page_routes())) as client:
        found = Scripts(client.get("/explore?" + urlencode(query)).text).found
    (opening,) = (src for src in found if "opening" in src)
    assert dict(parse_qsl(urlsplit(opening).query)) == query
    assert len(found) == len(Scripts(INDEX).found) + 2


def test_no_page_is_forgotten() -> None:
    text = (ROOT / "explorer" / "ui" / "pages" / "navigation.py").read_text(encoding="utf-8")
    assert set(re.findall(r'url_path="([^"]+)"', text)) == set(entry.PAGES)
