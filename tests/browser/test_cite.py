"""How to cite follows the statement that the address names, and says of it what the files of all statements say."""

import json
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from learning_site.downloads import FOLDER, NAME
from learning_site.model import LANGUAGES, LanguageCode, Site
from learning_site.references import references
from learning_site.rendering import Renderer

pytestmark = pytest.mark.browser

PAGES = ("elements/conscientization/", "questions/evolution/", "safeguards/", "initiative/")
EACH_TARGET = """async () => {
  const found = [];
  for (const line of document.querySelectorAll(".how-to-cite li > a")) {
    const changed = new Promise((resolve) => addEventListener("hashchange", resolve, { once: true }));
    location.hash = line.hash;
    await changed;
    const entry = document.querySelector(".how-to-cite__entry");
    const shown = { reference: entry.querySelector(".how-to-cite__reference").textContent };
    entry.querySelectorAll("pre").forEach((block) => { shown[block.dataset.form] = block.textContent; });
    found.push([line.nextElementSibling.textContent, shown]);
  }
  return found;
}"""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("where", PAGES)
def test_a_statement_is_cited_as_the_files_cite_it(
    where: str, language: LanguageCode, page: Page, built: Path, serve: Callable[[Path], str], real_site: Site
) -> None:
    inner = "" if language == real_site.main_language else f"{language}/"
    files = {form: (built / inner / f"cite/statements.{form}").read_text(encoding="utf-8") for form in ("bib", "ris")}
    lines = (built / inner / "cite/statements.json").read_text(encoding="utf-8").splitlines()
    written = {json.loads(line)["URL"]: line for line in (line.removesuffix(",") for line in lines[1:-1])}
    page.goto(f"{serve(built)}{inner}{where}")
    shown: list[tuple[str, dict[str, str]]] = page.evaluate(EACH_TARGET)
    assert len(shown) >= 8
    renderer = Renderer(real_site, language)
    made = references([worded(json.loads(written[url]), renderer) for url, _ in shown], language)
    for url, entry in shown:
        assert entry["json"] == f"[\n{written[url]}\n]\n"
        for form, text in files.items():
            assert entry[form].strip() in text, (url, form)
            assert url in entry[form]
        assert entry["reference"] == "".join(text for text, _ in made[json.loads(written[url])["id"]])


def worded(item: dict[str, Any], renderer: Renderer) -> dict[str, Any]:
    """An item with its date in words, as references in other languages than the main one have it."""
    if renderer.language == "en":
        return item
    parts = item.pop("issued", None)
    return {**item, "status": renderer.day_in_reference(date(*parts["date-parts"][0]) if parts else None)}


def test_one_link_leads_to_the_statement_and_one_to_how_it_is_cited(
    page: Page, built: Path, serve: Callable[[Path], str]
) -> None:
    page.goto(f"{serve(built)}{PAGES[0]}")
    link = page.locator(".cite__claim").nth(4)
    expect(link).to_have_css("opacity", "0")
    link.focus()
    expect(link).to_have_css("opacity", "1")
    page.keyboard.press("Enter")
    statement = page.locator(":target")
    expect(statement).to_be_in_viewport()
    assert page.url.endswith(f"#{statement.get_attribute('id')}")
    page.get_by_role("link", name="How to cite", exact=True).click()
    entry = page.locator(".how-to-cite__entry")
    expect(entry).to_be_visible()
    assert statement.get_attribute("id") in entry.locator("pre").first.inner_text()
    page.get_by_role("link", name="Cite the whole page instead").click()
    expect(entry.locator("pre").first).not_to_contain_text("claim-")
    expect(entry).to_be_visible()


def test_a_button_copies_and_says_so(browser: Browser, built: Path, serve: Callable[[Path], str]) -> None:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{serve(built)}{PAGES[0]}#{'claim-'}")
    page.locator("#how-to-cite summary").click()
    expect(page.get_by_role("status").filter(has_text="Copied")).to_have_count(0)
    page.get_by_role("button", name="Copy: BibTeX").click()
    expect(page.get_by_role("status").filter(has_text="Copied")).to_be_visible()
    said = page.evaluate("navigator.clipboard.readText()")
    assert said == page.locator("#how-to-cite pre").first.text_content().strip()  # type: ignore[union-attr]
    context.close()


def test_without_a_script_addresses_stand_to_be_selected(
    browser: Browser, built: Path, serve: Callable[[Path], str], real_site: Site
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{serve(built)}{PAGES[0]}")
    assert page.locator(".copy").count() == 0
    page.locator(".how-to-cite summary").nth(1).click()
    addresses = page.locator(".how-to-cite .address")
    expect(addresses.first).to_be_visible()
    assert all(said.startswith(real_site.settings.address) for said in addresses.all_inner_texts())
    assert addresses.count() > 30
    context.close()


def test_the_copy_for_a_disk_cites_the_site(page: Page, built: Path, tmp_path: Path, real_site: Site) -> None:
    with zipfile.ZipFile(built / FOLDER / NAME) as packed:
        packed.extractall(tmp_path)
    home = next(tmp_path.iterdir()) / PAGES[0] / "index.html"
    page.goto(home.as_uri())
    anchor = page.locator("[id^=claim-]").nth(2).get_attribute("id")
    page.goto(f"{home.as_uri()}#{anchor}")
    entry = page.locator(".how-to-cite__entry")
    expect(entry).to_contain_text(f"{real_site.settings.address}{PAGES[0]}#{anchor}")
    assert "file:" not in (entry.text_content() or "")


def test_the_contents_mark_the_part_of_the_statement(page: Page, built: Path, serve: Callable[[Path], str]) -> None:
    address = f"{serve(built)}{PAGES[0]}"
    page.goto(address)
    last = page.locator("article h2:has(~ * .claim, ~ .claim)").last.get_attribute("id")
    anchor = page.locator(f"#{last} ~ * .claim[id], #{last} ~ .claim[id]").last.get_attribute("id")
    page.set_viewport_size({"width": 1280, "height": 3000})  # so high that the next part is in sight, too
    page.goto(f"{address}#{anchor}")
    page.reload()
    heading = page.evaluate(
        "(id) => [...document.querySelectorAll('article h2')].filter((one) => one.compareDocumentPosition("
        "document.getElementById(id)) & Node.DOCUMENT_POSITION_FOLLOWING).at(-1).id",
        anchor,
    )
    expect(page.locator(".toc [aria-current]")).to_have_attribute("href", f"#{heading}")
