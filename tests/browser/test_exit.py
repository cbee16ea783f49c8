"""Leaving a page at once: where the control is, what it leaves in the history, which keys do it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from selectolax.lexbor import LexborHTMLParser

from learning_site.model import Site

pytestmark = pytest.mark.browser

SENSITIVE = "elements/intimate-dialogues/"


def exits(real_site: Site) -> dict[str, str]:
    return {language.code: language.exit_to or "" for language in real_site.languages}


@pytest.fixture
def quiet(page: Page, real_site: Site) -> Page:
    """A page whose ways out lead to an answer made here."""
    for address in exits(real_site).values():
        page.route(
            f"{address}**", lambda route: route.fulfill(body="<title>elsewhere</title>", content_type="text/html")
        )
    return page


def test_every_page_that_warns_has_a_way_out_and_no_other(real_site: Site, built: Path) -> None:
    warned = 0
    for path in built.rglob("*.html"):
        parser = LexborHTMLParser(path.read_text(encoding="utf-8"))
        location = path.parent.relative_to(built).as_posix()
        leads = [node.attributes["href"] for node in parser.css(".exit a")]
        code = parser.css("html")[0].attributes["lang"]
        if parser.css(".content-note") or location.endswith("safety"):
            assert leads == [exits(real_site)[str(code)]], path
            assert len(parser.css("script[src$='exit.js']")) == 1
            warned += 1
        elif "cards/" not in location:
            assert leads == [], path
    assert warned > 30


def test_a_click_puts_another_page_in_the_place_of_this_one(
    quiet: Page, real_site: Site, built: Path, serve: Callable[[Path], str]
) -> None:
    root = serve(built)
    quiet.goto(root)
    quiet.goto(f"{root}fr/{SENSITIVE}")
    quiet.locator(".exit a").click()
    quiet.wait_for_url(exits(real_site)["fr"])
    quiet.go_back()
    assert quiet.url == root


@pytest.mark.parametrize("language", ["en", "ne"])
def test_three_presses_of_shift_leave(
    language: str, quiet: Page, real_site: Site, built: Path, serve: Callable[[Path], str]
) -> None:
    quiet.goto(f"{serve(built)}{'' if language == 'en' else language + '/'}{SENSITIVE}")
    said = quiet.locator(".exit [role=status]")
    quiet.keyboard.press("Shift")
    expect(said).to_have_text(getattr(real_site.ui["exit_more_two"], language))
    quiet.keyboard.press("Shift")
    expect(said).to_have_text(getattr(real_site.ui["exit_more_one"], language))
    quiet.keyboard.press("Shift")
    quiet.wait_for_url(exits(real_site)[language])


def test_typing_and_escape_do_not_leave(quiet: Page, built: Path, serve: Callable[[Path], str]) -> None:
    address = f"{serve(built)}{SENSITIVE}"
    quiet.goto(address)
    for _ in range(5):
        quiet.keyboard.press("Escape")
    quiet.locator(".search__field").click()
    for _ in range(4):
        quiet.keyboard.press("Shift+A")
        quiet.keyboard.press("b")
    quiet.keyboard.press("Shift")
    quiet.keyboard.press("Shift")
    quiet.keyboard.press("a")
    quiet.keyboard.press("Shift")
    quiet.wait_for_timeout(200)
    assert quiet.url == address
    expect(quiet.locator(".search__field")).to_have_value("AbAbAbAba")


@pytest.mark.parametrize("width", [320, 1280])
def test_it_is_in_sight_wherever_the_reader_is(
    width: int, browser: Browser, built: Path, serve: Callable[[Path], str]
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 600})
    for language in ("", "fr/", "ne/"):
        page.goto(f"{serve(built)}{language}{SENSITIVE}")
        for share in (0, 0.5, 1):
            page.evaluate("share => scrollTo(0, share * document.body.scrollHeight)", share)
            expect(page.locator(".exit a")).to_be_in_viewport(ratio=1)
            on_top = page.locator(".exit a").evaluate(
                "node => { const b = node.getBoundingClientRect();"
                " return document.elementFromPoint(b.x + b.width / 2, b.y + b.height / 2) === node; }"
            )
            assert on_top, (language, share)
    page.close()


def test_without_a_script_it_is_a_link(
    browser: Browser, real_site: Site, built: Path, serve: Callable[[Path], str]
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.route("**/*.wikipedia.org/**", lambda route: route.fulfill(body="elsewhere", content_type="text/html"))
    page.goto(f"{serve(built)}{SENSITIVE}")
    expect(page.locator(".exit__hint")).to_be_hidden()
    page.locator(".exit a").click()
    assert page.url == exits(real_site)["en"]
    context.close()
