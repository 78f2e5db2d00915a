"""The first page, served and looked at in a real browser. (A message in the browser's console fails each test.)"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = sorted(path.parent.name for path in (ROOT / "checkpoints").glob("*/config.json"))


def settle(page: Page) -> None:
    """Wait until the script has run and nothing on the page says that it failed."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_the_first_page_opens(page: Page, app_url: str) -> None:
    page.goto(app_url)
    settle(page)
    expect(page).to_have_title("Latent Explorer")
    expect(page.locator("a.card").first).to_be_visible()
    expect(page.get_by_test_id("stAlert")).to_have_count(0)


@pytest.mark.slow
def test_every_shipped_checkpoint_has_an_address(page: Page, app_url: str) -> None:
    for name in SHIPPED:
        page.goto(f"{app_url}/explore?checkpoint={name}")
        settle(page)
        chosen = page.get_by_role("combobox", name="Checkpoint")
        expect(chosen).to_have_value(re.compile(f"{re.escape(name)}$"))


def test_an_older_link_leads_to_explore(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/?checkpoint={SHIPPED[-1]}")
    chosen = page.get_by_role("combobox", name="Checkpoint")
    expect(chosen).to_have_value(re.compile(f"{re.escape(SHIPPED[-1])}$"))
    expect(page).to_have_url(re.compile(f"/explore.*checkpoint={re.escape(SHIPPED[-1])}"))


def test_an_address_of_nothing_opens_the_page(page: Page, app_url: str) -> None:
    page.goto(f"{app_url}/?checkpoint=../../etc/passwd&z=nonsense")
    expect(page.get_by_role("combobox").first).to_be_visible()
    settle(page)


@pytest.mark.slow
def test_the_samples_page_shows_both_models(page: Page, app_url: str) -> None:
    page.goto(app_url)
    settle(page)
    page.get_by_role("link", name="Samples").click()
    for _ in range(2):  # by the link, and by the address
        expect(page.get_by_role("region", name="AE", exact=True)).to_be_visible()
        expect(page.get_by_role("region", name=re.compile("VAE")).first).to_be_visible()
        settle(page)
        expect(page).to_have_url(re.compile("/samples"))
        page.reload()
