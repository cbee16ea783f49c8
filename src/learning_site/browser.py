"""Which browser prints and tests the pages: the one that is installed, or else Playwright's own. Starts it, no more.

Playwright is imported only when a browser is asked for, so that all else works without it.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
FLAGS = ("--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run")
HOW = "install Chromium (Debian: apt-get install chromium), or set CHROMIUM to the path of a Chromium or Chrome"


class NoBrowser(Exception):
    """There is no browser to start; the text says how to get one."""


def installed() -> str | None:
    """Where a browser is on this machine: CHROMIUM in the environment, or the first that has a known name."""
    return os.environ.get("CHROMIUM") or next((found for name in NAMES if (found := shutil.which(name))), None)


def launch(playwright: "Playwright") -> "Browser":
    """A running browser."""
    from playwright.sync_api import Error

    as_root = hasattr(os, "geteuid") and os.geteuid() == 0  # Chromium's sandbox refuses root
    flags = [*FLAGS, *(["--no-sandbox"] if as_root else [])]
    try:
        return playwright.chromium.launch(executable_path=installed(), args=flags)
    except Error as error:
        said = error.message.strip().splitlines()[0] if installed() else "there is no browser"
        raise NoBrowser(f"{said}: {HOW}") from None


@contextmanager
def opened() -> Iterator["Browser"]:
    """A running browser, closed at the end."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise NoBrowser("Playwright is not installed: pip install -r requirements.txt") from None
    with sync_playwright() as playwright:
        browser = launch(playwright)
        try:
            yield browser
        finally:
            browser.close()
