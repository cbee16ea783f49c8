"""The frame of a page: colours, search, menu; what it stores, what it fetches, and what is there without a script."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from learning_site import protection
from learning_site.model import Site

pytestmark = pytest.mark.browser

WHITE = "rgb(255, 255, 255)"


def paper(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


def test_the_chosen_colours_stay_and_are_all_that_is_stored(
    browser: Browser, real_site: Site, built: Path, serve: Callable[[Path], str]
) -> None:
    context = browser.new_context(color_scheme="light")
    page = context.new_page()
    root = serve(built)
    page.goto(root)
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    page.get_by_role("button", name=real_site.ui["to_dark"].en).click()
    assert paper(page) != WHITE
    page.goto(f"{root}ne/elements/")
    assert paper(page) != WHITE
    assert page.evaluate("({...localStorage})") == {"scheme": "dark"}
    assert page.evaluate("sessionStorage.length") == 0
    assert context.cookies() == []
    assert page.evaluate("caches.keys()") == []
    page.get_by_role("button", name=real_site.ui["to_light"].ne).click()
    assert paper(page) == WHITE
    context.close()


def test_colours_follow_the_device_without_a_script(
    browser: Browser, built: Path, serve: Callable[[Path], str]
) -> None:
    context = browser.new_context(color_scheme="dark", java_script_enabled=False)
    page = context.new_page()
    page.goto(serve(built))
    assert paper(page) != WHITE
    expect(page.locator(".scheme")).to_be_hidden()
    expect(page.locator(".search")).to_be_hidden()
    page.locator(".search-off").click()
    listed = {link.get_attribute("href") for link in page.locator(".all-pages a").all()}
    assert len(listed) > 30
    context.close()


def test_without_a_script_the_menu_of_a_phone_opens(
    browser: Browser, built: Path, serve: Callable[[Path], str]
) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 800})
    page = context.new_page()
    page.goto(f"{serve(built)}elements/conscientization/")
    page.locator(".menu summary").click()
    page.locator(".menu a", has_text="Alliances").click()
    assert page.url.endswith("elements/alliances-for-advocacy/")
    page.locator(".toc summary").click()
    page.locator(".toc a").first.click()
    assert "#what-it-is" in page.url
    context.close()


def test_nothing_is_fetched_for_the_search_before_it_is_used(
    page: Page, built: Path, serve: Callable[[Path], str]
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(serve(built), wait_until="networkidle")
    assert asked
    assert not [url for url in asked if "/search/" in url or "/workers/" in url]
    page.locator(".search__field").focus()
    page.wait_for_timeout(500)
    assert len([url for url in asked if "/search/" in url or "/workers/" in url]) == 2


def test_the_search_by_keyboard(page: Page, real_site: Site, built: Path, serve: Callable[[Path], str]) -> None:
    page.goto(serve(built))
    page.keyboard.press("Control+k")
    expect(page.locator(".search__field")).to_be_focused()
    page.keyboard.type("nepal")
    page.wait_for_selector(".search__result a")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".search__result a").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".search__output")).to_be_hidden()
    expect(page.locator(".search__field")).to_be_focused()
    page.keyboard.type(" ")
    page.keyboard.press("Backspace")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/nepal/")


def test_the_search_says_what_it_found(page: Page, real_site: Site, built: Path, serve: Callable[[Path], str]) -> None:
    page.goto(f"{serve(built)}ne/")
    field, status = page.locator(".search__field"), page.locator(".search__status")
    field.fill("qqqq")
    expect(status).to_have_text(real_site.ui["search_none"].ne)
    field.fill("नेपाल")
    page.wait_for_selector(".search__result a")
    assert not set("0123456789").intersection(status.inner_text()), "a number in the digits of the language"
    field.fill("")
    expect(page.locator(".search__output")).to_be_hidden()


def test_a_search_that_cannot_be_loaded_says_so(
    page: Page, real_site: Site, built: Path, serve: Callable[[Path], str]
) -> None:
    page.route("**/search_index.json", lambda route: route.abort())
    page.goto(serve(built))
    page.locator(".search__field").fill("nepal")
    expect(page.locator(".search__status")).to_have_text(real_site.ui["search_failed"].en)


def test_what_the_index_holds_never_becomes_markup(page: Page, built: Path, serve: Callable[[Path], str]) -> None:
    nasty = '<p>nepal <img src=x onerror=window.ran=1> <svg onload=window.ran=1> <a href="javascript:x">x</a></p>'
    doc = {"location": "cases/nepal/", "title": f"nepal {nasty}", "text": nasty}

    def poison(route: Route) -> None:
        index = route.fetch().json()
        route.fulfill(json={**index, "docs": [doc]})

    page.route("**/search_index.json", poison)
    page.goto(serve(built))
    page.locator(".search__field").fill("nepal")
    page.wait_for_selector(".search__result a")
    kinds = page.evaluate("[...new Set([...document.querySelectorAll('.search__results *')].map(n => n.localName))]")
    assert set(kinds) <= {"li", "a", "strong", "span", "mark"}
    assert "mark" in kinds
    assert page.evaluate("window.ran") is None


def test_the_headers_of_a_host_break_nothing(page: Page, built: Path, serve: Callable[[Path], str]) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    headers = protection.headers()

    def with_headers(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, headers={**answer.headers, **headers})

    page.route("**/*", with_headers)
    page.goto(f"{serve(built)}elements/conscientization/")
    page.locator(".search__field").fill("nepal")
    page.wait_for_selector(".search__result a")
    page.locator(".scheme").click()
    assert said == []
    page.evaluate(
        "() => { const made = document.createElement('script'); made.textContent = 'window.ran = 1';"
        " document.head.append(made); }"
    )
    assert page.evaluate("window.ran") is None
    assert any("Content Security Policy" in text for text in said), "the policy is in force"
