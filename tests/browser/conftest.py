"""A real browser: the one that is here, or one that Playwright fetches; without either, tests say how to get one."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Error, Page, Playwright, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
HOW = (
    "no browser for the browser tests: install Chromium (Debian: apt-get install chromium), "
    "or set CHROMIUM to the path of a Chromium or Chrome"
)
FLAGS = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]


def _launch(playwright: Playwright) -> Browser:
    flags = [*FLAGS, *(["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else [])]
    here = os.environ.get("CHROMIUM") or next((found for name in NAMES if (found := shutil.which(name))), None)
    if here:
        return playwright.chromium.launch(executable_path=here, args=flags)
    try:
        return playwright.chromium.launch(args=flags)
    except Error:
        fetch = [sys.executable, "-m", "playwright", "install", "chromium", "--only-shell"]
        try:
            subprocess.run(fetch, check=True, capture_output=True, timeout=300)
            return playwright.chromium.launch(args=flags)
        except (Error, subprocess.SubprocessError):
            if os.environ.get("CI"):
                pytest.fail(HOW, pytrace=False)
            pytest.skip(HOW)


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
