"""No page breaks a rule of axe: WCAG 2.0 to 2.2, levels A and AA, and good practice, wide and narrow, light and dark.

Every kind of page in every language is opened once and looked at four times; then what can be opened on a page.
Nothing is excluded.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page, expect
from test_pages import KINDS_OF_PAGE

from learning_site.model import Site

IN_PAGE = Path(__file__).parent / "in_page"
pytestmark = pytest.mark.browser

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
START = (IN_PAGE / "axe_faults.js").read_text(encoding="utf-8")
ALL = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
# The rules that look at colours. No other can change its mind in the dark, where a page keeps its shape.
OF_COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
SHAPE = """() => [...document.querySelectorAll("body *")].filter((node) => node.checkVisibility()).map((node) => {
  const { x, y, width, height } = node.getBoundingClientRect();
  return [x, y, width, height].map(Math.round).join(" ");
}).join()"""
PAPER = "() => getComputedStyle(document.body).backgroundColor"
# What follows the width, such as the list of headings, has followed it.
SETTLED = (
    "() => new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); setTimeout(done, 100); })"
)
AT_ONCE = 3  # pages: while axe looks at one, others load


def faults(pages: dict[str, Page], rules: dict[str, Any]) -> list[str]:
    """What axe finds on open pages: the page's name, the rule, the first element and how many more, what is wrong."""
    for page in pages.values():
        page.evaluate(START, rules)
    found = []
    for name, page in pages.items():
        result: Any = page.evaluate("window.looked")
        assert result["passed"] > (15 if rules == ALL else 0), name
        found += [f"{name}: {' '.join(fault.split())}" for fault in result["faults"]]
    return found


@pytest.fixture(scope="module")
def tabs(browser: Browser) -> Iterator[list[Page]]:
    """Empty tabs, each in a process of its own, with axe in every page that they open."""
    tabs = [browser.new_page(reduced_motion="reduce") for _ in range(AT_ONCE)]
    for tab in tabs:
        tab.add_init_script(AXE)
    yield tabs
    for tab in tabs:
        tab.close()


@pytest.mark.parametrize("language", ["", "fr/", "ne/"])
def test_axe_finds_nothing_on_any_kind_of_page(
    language: str,
    tabs: list[Page],
    built: Path,
    serve: Callable[[Path], str],
    measured: Callable[[str, str, int, int], None],
) -> None:
    found = []
    looked_at = 0
    for start in range(0, len(KINDS_OF_PAGE), AT_ONCE):
        pages = dict(zip(KINDS_OF_PAGE[start : start + AT_ONCE], tabs, strict=False))
        for path, page in pages.items():
            page.goto(f"{serve(built)}{language}{path}", wait_until="commit")
        for width in (1280, 320):
            seen = []
            for scheme, rules in (("light", ALL), ("dark", OF_COLOURS)):
                for page in pages.values():
                    page.set_viewport_size({"width": width, "height": 800})
                    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                    page.wait_for_load_state("load")
                    page.evaluate(SETTLED)
                seen.append([(page.evaluate(PAPER), page.evaluate(SHAPE)) for page in pages.values()])
                found += faults({f"{language}{path} at {width} {scheme}": page for path, page in pages.items()}, rules)
                looked_at += len(pages)
            for (light, shape), (dark, shape_in_the_dark) in zip(*seen, strict=True):
                assert light != dark
                assert shape == shape_in_the_dark
    assert looked_at == 4 * len(KINDS_OF_PAGE)
    measured("accessibility", language.strip("/") or "main", looked_at, len(found))
    assert not found, "\n".join(found)


def open_menu(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 800})
    page.locator(".menu summary").click()
    expect(page.locator(".menu nav a").last).to_be_visible()


def open_headings(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 800})
    page.locator(".toc summary").click()
    expect(page.locator(".toc a").last).to_be_visible()


def show_results(page: Page) -> None:
    page.locator(".search__field").fill("mali" if page.locator("html").get_attribute("lang") != "ne" else "माली")
    expect(page.locator(".search__link").nth(3)).to_be_visible()


def show_results_on_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 800})
    show_results(page)


def find_nothing(page: Page) -> None:
    page.locator(".search__field").fill("qqqq")
    expect(page.locator(".search__status")).not_to_be_empty()
    expect(page.locator(".search__link")).to_have_count(0)


def show_a_definition(page: Page) -> None:
    page.locator(".term__word").first.focus()
    expect(page.locator(".term__definition").first).to_be_visible()


def warn_before_leaving(page: Page) -> None:
    page.keyboard.press("Shift")
    expect(page.locator(".exit__said")).to_be_visible()


STATES = [
    open_menu, open_headings, show_results, show_results_on_a_phone, find_nothing, show_a_definition,
    warn_before_leaving,
]  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["", "fr/", "ne/"])
def test_axe_finds_nothing_in_what_opens(
    language: str, scheme: str, real_site: Site, tabs: list[Page], built: Path, serve: Callable[[Path], str]
) -> None:
    element_id = next(name for name in real_site.elements if real_site.subjects("elements", name))
    found = []
    for start in range(0, len(STATES), AT_ONCE):
        pages = {}
        for state, page in zip(STATES[start : start + AT_ONCE], tabs, strict=False):
            page.set_viewport_size({"width": 1280, "height": 800})
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.goto(f"{serve(built)}{language}elements/{element_id}/")
            state(page)
            pages[f"{language} {state.__name__} {scheme}"] = page
        found += faults(pages, ALL)
    assert not found, "\n".join(found)
