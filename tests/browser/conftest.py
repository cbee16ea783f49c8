"""A real browser: the one that is here, or one that Playwright fetches; without either, tests say how to get one."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from learning_site import browser as finder

expect.set_options(timeout=20_000)  # milliseconds: how long is for benchmarks to say, and a machine may be busy


def _launch(playwright: Playwright) -> Browser:
    try:
        return finder.launch(playwright)
    except finder.NoBrowser:
        fetch = [sys.executable, "-m", "playwright", "install", "chromium", "--only-shell"]
        try:
            subprocess.run(fetch, check=True, capture_output=True, timeout=300)
            return finder.launch(playwright)
        except (finder.NoBrowser, subprocess.SubprocessError):
            how = f"no browser for the browser tests: {finder.HOW}"
            if os.environ.get("CI"):
                pytest.fail(how, pytrace=False)
            pytest.skip(how)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = _launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    yield page
    page.close()


@pytest.fixture(scope="session")
def screenshots(artefacts: Path) -> Path:
    """Where pictures for people go."""
    folder = artefacts / "screenshots"
    folder.mkdir(exist_ok=True)
    return folder
