"""What is printed: each facilitator card fills one sheet, upright or two on a sheet on its side, in every language."""

import io
from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import Browser

from learning_site.model import Site

pytestmark = pytest.mark.browser

A4 = (595, 842)  # points, upright


@pytest.mark.parametrize("language", ["", "fr/", "ne/"])
def test_each_card_is_one_sheet(
    language: str, browser: Browser, real_site: Site, built: Path, serve: Callable[[Path], str]
) -> None:
    page = browser.new_page()
    assert real_site.with_card
    for element_id in real_site.with_card:
        for form, (width, height) in (("", A4), ("two-up/", A4[::-1])):
            page.goto(f"{serve(built)}{language}cards/{element_id}/{form}")
            printed = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
            assert len(printed.pages) == 1, (language, element_id, form)
            box = printed.pages[0].mediabox
            assert (round(box.width), round(box.height)) == (width, height)
            times = printed.pages[0].extract_text().count(getattr(real_site.ui["card_referral"], language[:2] or "en"))
            if not language.startswith("ne"):  # how Devanagari is extracted depends on the font
                assert times == (2 if form else 1), (element_id, form)
    page.close()


def test_charts_keep_their_marks_on_paper(browser: Browser, built: Path, serve: Callable[[Path], str]) -> None:
    page = browser.new_page()
    page.goto(f"{serve(built)}evidence/")
    page.emulate_media(media="print")
    bars = page.locator(".chart__bar, .chart__interval, .chart__point").all()
    assert len(bars) > 20
    for bar in bars:
        assert bar.evaluate("node => getComputedStyle(node).printColorAdjust") == "exact"
        box = bar.bounding_box()
        assert box is not None
        assert box["width"] > 0
    page.close()
