"""The pages' HTML: Streamlit's own, with the address of the server, at every address that a page has."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager
from html.parser import HTMLParser
from pathlib import Path
from threading import Event
from unittest.mock import Mock
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
import streamlit
from starlette.applications import Starlette
from streamlit import file_util

from explorer import environment
from explorer.live.bundle import build_hash
from explorer.server.early import entry, opening
from tests.live.conftest import Client, serving

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


BUNDLE = f'<link rel="modulepreload" fetchpriority="high" href="./live/{build_hash()}/stage.js">'


def event(ready: bool) -> Event:
    made = Event()
    if ready:
        made.set()
    return made


def client(ready: bool = False, base: str = "") -> AbstractContextManager[Client]:
    return serving(Starlette(routes=entry.page_routes(base, event(ready))))


@pytest.mark.parametrize("base", ["", "/lab"])
def test_every_page_begins_as_streamlits_with_one_script_before_all_others(base: str) -> None:
    with client(base=base) as browser:
        for page in entry.PAGES:
            answer = browser.get(f"{base}/{page}?checkpoint=x")
            assert answer.status_code == 200
            assert answer.headers["cache-control"] == ("no-store" if page == "explore" else "no-cache")
            tags = Tags(answer.text).found
            assert tags.index("script") == tags.index("head") + 1
            own = re.search(r"<script>window.__streamlit = .*?</script>", answer.text)
            assert own
            rest = answer.text.replace(own[0], "")
            opening = (
                BUNDLE
                + '<script type="module" async fetchpriority="high" src="./live/opening.js?checkpoint=x"></script>'
            )
            assert (opening in rest) == (page == "explore")
            assert rest.replace(opening, "") == INDEX


def test_a_link_is_handed_on_to_the_script_that_opens_it_and_cannot_leave_its_place() -> None:
    query = {"checkpoint": '"></script><script>alert(1)</script>', "z": "1,-2", "colour": "factor:a & b"}
    with client() as browser:
        found = Scripts(browser.get("/explore?" + urlencode(query)).text).found
    (opening,) = (src for src in found if "opening" in src)
    assert dict(parse_qsl(urlsplit(opening).query)) == query
    assert len(found) == len(Scripts(INDEX).found) + 2


def test_a_warm_server_hands_the_stage_over_with_the_page_and_computes_it_once(
    shipped_checkpoints: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    computed = Mock(side_effect=opening.opening)
    monkeypatch.setattr(opening, "opening", computed)
    with client(ready=True) as browser:
        text = browser.get("/explore?checkpoint=digits-vae-z2&z=1,-2").text
    assert computed.call_count == 1
    data = opening.opening({"checkpoint": "digits-vae-z2", "z": "1,-2"})
    assert data is not None
    script = re.search(r'<script type="module" async>(.*?)</script>', text, re.DOTALL)
    assert script
    assert script[1] == opening.script(data, "./live/")
    for address in opening.arrays(data):
        assert f'<link rel="preload" as="fetch" crossorigin fetchpriority="high" href="./{address}">' in text
    assert text.index(BUNDLE) < text.index(script[0])
    assert "opening.js" not in text


def test_what_cannot_be_shown_is_left_to_the_page() -> None:
    with client(ready=True) as browser:  # there are no checkpoints
        text = browser.get("/explore").text
    assert BUNDLE not in text
    assert len(Scripts(text).found) == len(Scripts(INDEX).found) + 1


def test_words_of_a_link_stay_words_in_the_script(shipped_checkpoints: Path) -> None:
    query = {"checkpoint": "digits-vae-z2", "projection": "</script>", "path": "<!--", "colour": "<script>"}
    with client(ready=True) as browser:
        text = browser.get("/explore?" + urlencode(query)).text
    script = re.search(r'<script type="module" async>(.*?)</script>', text, re.DOTALL)
    assert script
    assert "<" not in script[1]
    assert len(Scripts(text).found) == len(Scripts(INDEX).found) + 2


@pytest.mark.parametrize(
    ("known", "other"),
    [
        ("<head>", '<head lang="en">'),
        ("<head>", "<head><head>"),
        ('<div id="root"></div>', '<div id="app"></div>'),
        ('src="./static/js/', 'src="./assets/'),
        ('<script type="module"', "<script defer"),
    ],
)
def test_another_page_of_streamlit_is_left_as_it_is(
    known: str, other: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    assert known in INDEX
    (tmp_path / "index.html").write_text(INDEX.replace(known, other), encoding="utf-8")
    monkeypatch.setattr(file_util, "get_static_dir", lambda: str(tmp_path))
    assert entry.page_routes("", event(True)) == []
    assert "unknown index.html" in caplog.text


def test_one_setting_turns_it_off(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setenv(environment.EARLY, "0")
    assert entry.page_routes("", event(True)) == []
    assert caplog.text == ""
    monkeypatch.setenv(environment.EARLY, "1")
    assert len(entry.page_routes("", event(True))) == len(entry.PAGES)


def test_no_page_is_forgotten() -> None:
    text = (ROOT / "explorer" / "ui" / "pages" / "navigation.py").read_text(encoding="utf-8")
    assert set(re.findall(r'url_path="([^"]+)"', text)) == set(entry.PAGES)
