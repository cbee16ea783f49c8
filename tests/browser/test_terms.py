"""A term shows its definition on hover, focus, tap and paper, hides it on Escape, and needs no script for it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

pytestmark = pytest.mark.browser
PAGE = "elements/conscientization/"


@pytest.fixture
def opened(page: Page, built: Path, serve: Callable[[Path], str]) -> Page:
    page.goto(f"{serve(built)}{PAGE}")
    return page


@pytest.fixture
def phone(browser: Browser, built: Path, serve: Callable[[Path], str]) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 320, "height": 640}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(f"{serve(built)}{PAGE}")
    yield page
    context.close()


def first(page: Page) -> tuple[Locator, Locator]:
    term = page.locator(".term").first
    return term.locator(".term__word"), term.locator(".term__definition")


def test_a_definition_shows_on_hover_and_can_be_pointed_at(opened: Page) -> None:
    word, definition = first(opened)
    expect(definition).to_be_hidden()
    word.hover()
    expect(definition).to_be_visible()
    definition.hover()
    expect(definition).to_be_visible()
    opened.locator("h1").hover()
    expect(definition).to_be_hidden()


def test_a_definition_shows_on_focus_and_hides_on_escape(opened: Page) -> None:
    word, definition = first(opened)
    word.focus()
    expect(definition).to_be_visible()
    opened.keyboard.press("Escape")
    expect(definition).to_be_hidden()
    expect(word).to_be_focused()
    opened.keyboard.press("Tab")
    expect(definition).to_be_hidden()
    word.focus()
    expect(definition).to_be_visible()


def test_what_is_read_out_is_the_definition(opened: Page) -> None:
    word, definition = first(opened)
    described = word.get_attribute("aria-describedby")
    assert described == definition.get_attribute("id")
    expect(word).to_have_accessible_description(definition.text_content() or "?")


def test_a_tap_shows_the_definition_and_a_second_one_follows_the_link(phone: Page) -> None:
    word, definition = first(phone)
    word.tap()
    expect(definition).to_be_visible()
    assert phone.url.endswith(PAGE)
    box = definition.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 320
    phone.locator("h2").first.tap()
    expect(definition).to_be_hidden()
    word.tap()
    word.tap()
    phone.wait_for_url("**/glossary/#masculinities")


def test_definitions_never_leave_the_page_at_any_width(opened: Page) -> None:
    for width in (320, 480, 800, 1280):
        opened.set_viewport_size({"width": width, "height": 800})
        for term in opened.locator(".term").all():
            box = term.locator(".term__definition").bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width


def test_definitions_are_on_paper_at_the_end_of_the_page(opened: Page) -> None:
    explained = [term.text_content() or "" for term in opened.locator(".term__definition").all()]
    expect(opened.locator(".page-terms")).to_be_hidden()
    opened.emulate_media(media="print")
    listed = opened.locator(".page-terms li").all()
    assert len(listed) == len(explained) > 3
    for item, definition in zip(listed, explained, strict=True):
        expect(item).to_be_visible()
        assert (item.text_content() or "").endswith(definition)
    for term in opened.locator(".term__definition").all():
        expect(term).to_be_hidden()


def test_terms_work_without_javascript(browser: Browser, built: Path, serve: Callable[[Path], str]) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{serve(built)}{PAGE}")
    word, definition = first(page)
    word.hover()
    expect(definition).to_be_visible()
    word.click()
    page.wait_for_url("**/glossary/#masculinities")
    context.close()
