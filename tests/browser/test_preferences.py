"""What readers need of their device is kept: large targets, no movement, colours of their own."""

import base64
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from test_pages import KINDS_OF_PAGE

IN_PAGE = Path(__file__).parent / "in_page"
pytestmark = pytest.mark.browser

# ------------------------------------------------------------ targets

TOO_SMALL = (IN_PAGE / "crowded_targets.js").read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("language", ["", "fr/", "ne/"])
def test_targets_are_large_enough_or_stand_alone(
    language: str, width: int, browser: Browser, built: Path, serve: Callable[[Path], str]
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    found = []
    for path in KINDS_OF_PAGE:
        page.goto(f"{serve(built)}{language}{path}")
        if width == 320:
            page.locator(".menu summary").click()
        count, crowded = page.evaluate(TOO_SMALL)
        assert count > 10, path
        found += [f"{language}{path}: {target}" for target in crowded]
    page.close()
    assert not found, "\n".join(found)


# ------------------------------------------------------------ movement

MOVES = (IN_PAGE / "movement.js").read_text(encoding="utf-8")


def test_nothing_moves_where_the_reader_wants_no_movement(
    browser: Browser, built: Path, serve: Callable[[Path], str]
) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    for path in ("", "elements/conscientization/", "cases/mali/", "evidence/"):
        page.goto(f"{serve(built)}{path}")
        count, moving = page.evaluate(MOVES)
        assert count > 200, path
        assert moving == [], path
    page.close()


# ------------------------------------------------------------ colours of the reader's own

COLOURS = (IN_PAGE / "colours.js").read_text(encoding="utf-8")


def colours(shown: Locator | Page, blank: Page, **what: object) -> tuple[int, float]:
    return tuple(blank.evaluate(COLOURS, base64.b64encode(shown.screenshot(**what)).decode()))  # type: ignore[arg-type]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_signs_and_focus_stay_visible_in_forced_colours(
    scheme: str, browser: Browser, built: Path, screenshots: Path, serve: Callable[[Path], str]
) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 800}, forced_colors="active", color_scheme=scheme)  # type: ignore[arg-type]
    blank = browser.new_page()
    looked_at = 0
    for path, icons in {
        "": [".brand img", ".scheme svg", ".sign", ".dots", ".header"],
        "elements/": [".model-picture svg", ".sign"],
        "cases/mali/": [".chart__lane:has(.chart__bar)", ".mark--care"],
        "evidence/": [".chart__lane:has(.chart__point)", ".mark--independent"],
        "elements/conscientization/": [".exit__link", ".search__field", ".term__word"],
    }.items():
        page.goto(f"{serve(built)}{path}")
        assert page.evaluate("matchMedia('(forced-colors: active)').matches")
        page.screenshot(path=screenshots / f"forced-{scheme}-{path.strip('/').replace('/', '-') or 'home'}.png")
        for icon in icons:
            shown = page.locator(f"{icon}:visible").first
            number, share = colours(shown, blank)
            assert number > 2, f"{icon} on {path} is one flat colour"
            assert share < 0.995, f"{icon} on {path} has nearly vanished"
            looked_at += 1
    for what in (".brand", ".search__field", ".scheme", ".tabs a", ".exit__link", ".term__word", "article p a"):
        shown = page.locator(f"{what}:visible").first
        shown.scroll_into_view_if_needed()
        box = shown.bounding_box()
        assert box is not None
        around = {"x": box["x"] - 7, "y": box["y"] - 7, "width": box["width"] + 14, "height": box["height"] + 14}
        plain = page.screenshot(clip=around)  # type: ignore[arg-type]
        page.keyboard.press("Tab")
        shown.focus()
        expect(shown).to_be_focused()
        assert shown.evaluate("node => node.matches(':focus-visible')"), what
        assert page.screenshot(clip=around) != plain, f"{what} does not show the focus"  # type: ignore[arg-type]
        looked_at += 1
    assert looked_at > 15
    page.close()
    blank.close()
