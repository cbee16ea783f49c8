"""Everything can be done with the keys alone, and where they are is always seen."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

IN_PAGE = Path(__file__).parent / "in_page"
pytestmark = pytest.mark.browser

STOP = (IN_PAGE / "focus_faults.js").read_text(encoding="utf-8")
MISSED = (IN_PAGE / "not_visited.js").read_text(encoding="utf-8")


def stops(page: Page) -> list[dict[str, Any]]:
    """Walk a page from its start with Tab until the focus leaves it: every stop."""
    found: list[dict[str, Any]] = []
    while len(found) < 600:
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is None or (found and page.evaluate("document.activeElement.classList.contains('skip')")):
            return found
        found.append(stop)
    raise AssertionError(f"the focus never leaves the page; last: {found[-3:]}")


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("path", ["", "elements/conscientization/", "cases/mali/", "matrix/", "ne/cases/nepal/"])
def test_every_stop_is_seen_and_nothing_is_left_out(
    path: str, width: int, browser: Browser, built: Path, serve: Callable[[Path], str]
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800}, reduced_motion="reduce")
    page.goto(f"{serve(built)}{path}")
    found = stops(page)
    missed = page.evaluate(MISSED)
    page.close()
    assert len(found) > 30
    assert found[0]["name"].startswith("a.skip")
    assert missed == []
    faults = [f"{stop['name']}: {fault}" for stop in found for fault in stop["faults"]]
    assert not faults, "\n".join(faults)


def test_every_stop_is_reached_backwards_too(page: Page, built: Path, serve: Callable[[Path], str]) -> None:
    page.goto(f"{serve(built)}elements/conscientization/")
    there = [stop["name"] for stop in stops(page)]
    page.goto(f"{serve(built)}elements/conscientization/")
    page.locator("a[href]:visible").last.focus()
    back = [page.evaluate(STOP)["name"]]
    while len(back) < len(there):
        page.keyboard.press("Shift+Tab")
        back.append(page.evaluate(STOP)["name"])
    assert back == there[::-1]


def tab_to(page: Page, what: str, most: int = 80) -> None:
    """Press Tab until the focus is on the first element of a kind."""
    wanted = page.locator(what).first
    for _ in range(most):
        page.keyboard.press("Tab")
        if wanted.evaluate("node => node === document.activeElement"):
            return
    raise AssertionError(f"{what} is not reached with {most} times Tab")


@pytest.mark.parametrize("width", [320, 1280])
def test_the_skip_link_shows_and_skips(width: int, page: Page, built: Path, serve: Callable[[Path], str]) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{serve(built)}elements/conscientization/")
    skip = page.locator(".skip")
    expect(skip).not_to_be_in_viewport()
    page.keyboard.press("Tab")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    expect(skip).not_to_be_in_viewport()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_the_language_is_switched_by_keys(page: Page, built: Path, serve: Callable[[Path], str]) -> None:
    root = serve(built)
    page.goto(f"{root}elements/conscientization/")
    tab_to(page, ".header a[hreflang=fr]")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{root}fr/elements/conscientization/")


@pytest.mark.parametrize("key", ["ArrowDown", "Tab"])
def test_a_result_of_the_search_is_opened_by_keys(
    key: str, page: Page, built: Path, serve: Callable[[Path], str]
) -> None:
    page.goto(f"{serve(built)}about/")
    tab_to(page, ".search__field")
    page.keyboard.type("conscientization")
    first = page.locator(".search__link").first
    expect(first).to_be_visible()
    page.keyboard.press(key)
    expect(first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/elements/conscientization/**")


def test_enter_in_the_search_opens_the_first_result(page: Page, built: Path, serve: Callable[[Path], str]) -> None:
    page.goto(f"{serve(built)}about/")
    tab_to(page, ".search__field")
    page.keyboard.type("conscientization")
    expect(page.locator(".search__link").first).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url("**/elements/conscientization/**")


def test_escape_closes_the_search_from_the_field_and_from_a_result(
    page: Page, built: Path, serve: Callable[[Path], str]
) -> None:
    page.goto(f"{serve(built)}about/")
    field, output = page.locator(".search__field"), page.locator(".search__output")
    tab_to(page, ".search__field")
    page.keyboard.type("mali")
    expect(page.locator(".search__link").nth(2)).to_be_visible()
    for downs in (2, 0):
        for _ in range(downs):
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Escape")
        expect(output).to_be_hidden()
        expect(field).to_be_focused()
        field.fill("nepal")  # browsers may empty a search field on Escape
        expect(page.locator(".search__link").nth(2)).to_be_visible()
    page.keyboard.press("Shift+Tab")
    expect(output).to_be_hidden()


def test_the_colours_are_switched_by_keys(page: Page, built: Path, serve: Callable[[Path], str]) -> None:
    page.goto(serve(built))
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    name = page.locator(".scheme").get_attribute("aria-label")
    tab_to(page, ".scheme")
    page.keyboard.press("Enter")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != before
    assert page.locator(".scheme").get_attribute("aria-label") != name
    page.keyboard.press("Space")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == before


def test_the_main_menu_and_the_matrix_are_followed_by_keys(
    page: Page, built: Path, serve: Callable[[Path], str]
) -> None:
    page.goto(serve(built))
    tab_to(page, ".tabs a[href^='matrix/'], .tabs a[href^='cases/']")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/(matrix|cases)/"))
    page.goto(f"{serve(built)}matrix/")
    tab_to(page, "article tbody td a")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/matrix/#source-|/cases/"))


def test_a_term_is_explained_and_followed_by_keys(page: Page, built: Path, serve: Callable[[Path], str]) -> None:
    page.goto(f"{serve(built)}elements/conscientization/")
    tab_to(page, ".term__word")
    definition = page.locator(".term__definition").first
    expect(definition).to_be_visible()
    page.keyboard.press("Escape")
    expect(definition).to_be_hidden()
    page.keyboard.press("Enter")
    page.wait_for_url("**/glossary/#*")


def test_the_menu_of_a_phone_opens_leads_on_and_closes_by_keys(
    page: Page, built: Path, serve: Callable[[Path], str]
) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(f"{serve(built)}elements/conscientization/")
    link = page.locator(".menu nav a").first
    expect(link).to_be_hidden()
    for closed_by in ("Escape", "Enter"):
        tab_to(page, ".menu summary")
        page.keyboard.press("Enter")
        expect(link).to_be_visible()
        if closed_by == "Escape":
            page.keyboard.press("Tab")
            expect(link).to_be_focused()
        page.keyboard.press(closed_by)
        expect(link).to_be_hidden()
        expect(page.locator(".menu summary")).to_be_focused()
        page.keyboard.press("Shift+Tab")
    tab_to(page, ".menu summary")
    page.keyboard.press("Space")
    tab_to(page, ".menu nav a[href*='cases/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/")
