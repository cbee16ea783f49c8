"""After a rename old addresses lead to the new ones, with the place on the page; links and copies stay sound.

Of a page that was taken out it is said that it was, and where to go on.
"""

import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from selectolax.lexbor import LexborHTMLParser

from learning_site import addresses, records
from learning_site.links import broken_links, unreachable_pages
from learning_site.loading import load_site
from learning_site.model import KINDS

pytestmark = pytest.mark.browser


GONE = "tools/gone/"


@dataclass
class Moved:
    """The real site, built after two renames, of an element and of a term; with a page and a place taken out."""

    site: Path
    element: str
    term: str


@pytest.fixture(scope="module")
def moved(
    copy_project: Callable[[Path], Path],
    build: Callable[..., subprocess.CompletedProcess[str]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Moved:
    home = tmp_path_factory.mktemp("moved")
    project = copy_project(home / "project")
    before = load_site(project / "data")
    element, term = next(iter(before.with_card)), next(iter(before.glossary))
    records.rename(project, KINDS["elements"], element, "new-element").write()
    records.rename(project, KINDS["glossary"], term, "new-term").write()
    held = project / "data" / "addresses.yml"
    gone = {GONE: "glossary/#new-term", f"elements/{element}/#lost": f"elements/{element}/"}
    held.write_text(addresses.with_withdrawn(held.read_text("utf-8"), gone), "utf-8")
    done = build(home / "site", data=project / "data", config=project / "mkdocs.yml")
    assert done.returncode == 0, done.stdout + done.stderr
    return Moved(home / "site", element, term)


@pytest.mark.parametrize("folder", ["", "fr/", "ne/"])
@pytest.mark.parametrize("path", ["elements/{}/", "cards/{}/", "cards/{}/two-up/"])
def test_an_old_address_leads_to_the_new_one_and_keeps_the_place(
    folder: str, path: str, moved: Moved, page: Page, serve: Callable[[Path], str]
) -> None:
    root = serve(moved.site) + folder
    page.goto(f"{root}{path.format(moved.element)}#sources-of-this-page")
    page.wait_for_url(f"{root}{path.format('new-element')}#sources-of-this-page")


def test_without_a_script_the_page_leads_on(moved: Moved, browser: Browser, serve: Callable[[Path], str]) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    root = serve(moved.site)
    page.goto(f"{root}fr/elements/{moved.element}/")
    expect(page.locator("#moved")).to_be_visible()
    page.wait_for_url(f"{root}fr/elements/new-element/")
    context.close()


@pytest.mark.parametrize(("folder", "said"), [("", "no longer on this site"), ("fr/", "plus sur ce site")])
def test_a_page_that_was_taken_out_says_so_and_stays_until_a_reader_goes_on(
    folder: str, said: str, moved: Moved, page: Page, serve: Callable[[Path], str]
) -> None:
    root = serve(moved.site) + folder
    page.goto(f"{root}{GONE}#some-place")
    expect(page.locator("#moved")).to_contain_text(said)
    page.wait_for_timeout(1500)  # as long as a page that was renamed would stay
    page.locator("#now").click()
    page.wait_for_url(f"{root}glossary/#new-term")


def test_a_place_withdrawn_under_a_former_address_is_told_of(
    moved: Moved, page: Page, serve: Callable[[Path], str]
) -> None:
    page.goto(f"{serve(moved.site)}elements/{moved.element}/#lost")
    page.wait_for_url("**/elements/new-element/#lost")
    expect(page.locator("p.withdrawn#lost")).to_be_visible()


def test_a_page_that_is_there_cannot_be_taken_out(
    project_copy: Path, build: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    held = project_copy / "data" / "addresses.yml"
    held.write_text(addresses.with_withdrawn(held.read_text("utf-8"), {"glossary/": "tools/"}), "utf-8")
    done = build(tmp_path / "site", data=project_copy / "data", config=project_copy / "mkdocs.yml")
    assert done.returncode != 0
    assert "this was taken out, but it is there: glossary/; take the entry out" in done.stdout + done.stderr
    assert not (tmp_path / "site").exists()


def test_an_old_place_on_a_page_is_still_there(moved: Moved, page: Page, serve: Callable[[Path], str]) -> None:
    page.goto(f"{serve(moved.site)}glossary/#{moved.term}")
    old, new = page.locator(f"#{moved.term}"), page.locator("#new-term")
    assert abs((old.bounding_box() or {})["y"] - (new.bounding_box() or {})["y"]) < 60
    expect(new).to_be_in_viewport()


def test_links_search_and_the_copy_know_only_the_new_address(moved: Moved) -> None:
    assert broken_links(moved.site, load_site_address(moved)) == []
    assert unreachable_pages(moved.site) == []
    assert moved.element not in (moved.site / "sitemap.xml").read_text("utf-8")
    with zipfile.ZipFile(moved.site / "downloads" / "offline-copy.zip") as packed:
        names = [name for name in packed.namelist() if f"/{moved.element}/" in name]
    assert names == []
    for page in moved.site.rglob("index.html"):
        tree = LexborHTMLParser(page.read_text("utf-8"))
        assert not tree.css(f'a[href*="elements/{moved.element}/"]'), page


def load_site_address(moved: Moved) -> str:
    return load_site(moved.site.parent / "project" / "data").settings.address
