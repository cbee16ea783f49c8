"""Pictures of every kind of page for people to look at, in artefacts/screenshots/: its first 2000 px."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from test_pages import KINDS_OF_PAGE

pytestmark = pytest.mark.browser

IN_EVERY_LANGUAGE = {"", "elements/conscientization/", "cases/mali/"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_every_kind_of_page_has_its_picture(
    width: int, scheme: str, browser: Browser, built: Path, screenshots: Path, serve: Callable[[Path], str]
) -> None:
    page = browser.new_page(
        viewport={"width": width, "height": 2000},
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    made = set()
    for language in ("", "fr/", "ne/"):
        for path in KINDS_OF_PAGE if language == "" else sorted(IN_EVERY_LANGUAGE):
            page.goto(f"{serve(built)}{language}{path}")
            assert len(page.locator("article").inner_text()) > 100, path
            name = f"{language.strip('/') or 'en'}-{path.strip('/').replace('/', '-') or 'home'}-{width}-{scheme}.jpeg"
            page.screenshot(path=screenshots / name, type="jpeg", quality=60)
            made.add(name)
    page.close()
    assert len(made) == len(KINDS_OF_PAGE) + 2 * len(IN_EVERY_LANGUAGE)
    assert all((screenshots / name).stat().st_size > 5000 for name in made)
