"""The offline copy as its reader has it: unpacked, opened from the disk, no network."""

import zipfile
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect
from selectolax.lexbor import LexborHTMLParser

from learning_site.downloads import FOLDER, NAME
from learning_site.model import Site

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def copy(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("a folder with ünusual signs")
    with zipfile.ZipFile(built / FOLDER / NAME) as packed:
        packed.extractall(folder)
    (top,) = folder.iterdir()
    return top


@pytest.fixture
def cut_off(browser: Browser) -> Page:
    """A page whose network is cut, which keeps what goes wrong."""
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.said = []  # type: ignore[attr-defined]
    page.on("console", lambda message: page.said.append(message.text))  # type: ignore[attr-defined]
    page.on("pageerror", lambda error: page.said.append(str(error)))  # type: ignore[attr-defined]
    page.on("requestfailed", lambda request: page.said.append(request.url))  # type: ignore[attr-defined]
    return page


@pytest.mark.parametrize(
    ("folder", "typed", "leads"),
    [
        ("", "synchronisation", "elements/synchronization/"),
        ("fr", "egalite", "glossary/"),
        ("ne", "नेपाल", "cases/nepal/"),
    ],
)
def test_the_search_works_from_the_disk(folder: str, typed: str, leads: str, copy: Path, cut_off: Page) -> None:
    home = copy / folder / "index.html"
    cut_off.goto(home.as_uri())
    cut_off.locator(".search__field").fill(typed)
    first = cut_off.locator(".search__result a").first
    expect(first).to_have_attribute("href", (copy / folder / leads / "index.html").as_uri())
    first.click()
    assert unquote(cut_off.url).endswith(f"{folder}/{leads}index.html".lstrip("/"))
    assert cut_off.said == []  # type: ignore[attr-defined]
    cut_off.context.close()


def test_it_says_that_it_is_a_copy_and_switches_languages(copy: Path, real_site: Site, cut_off: Page) -> None:
    cut_off.goto((copy / "elements" / "index.html").as_uri())
    note = cut_off.locator("footer .downloads")
    expect(note).to_have_count(1)
    expect(note).to_be_visible()
    expect(note.locator("a")).to_have_attribute("href", real_site.settings.address)
    cut_off.locator(".languages a[hreflang=ne]").click()
    expect(cut_off.locator("html")).to_have_attribute("lang", "ne")
    cut_off.locator(".scheme").click()
    assert cut_off.said == []  # type: ignore[attr-defined]
    cut_off.context.close()


def test_no_link_of_the_copy_is_dead(copy: Path) -> None:
    ids: dict[Path, set[str]] = {}
    links: list[tuple[Path, Path, str]] = []
    for path in copy.rglob("*.html"):
        parser = LexborHTMLParser(path.read_text(encoding="utf-8"))
        ids[path] = {str(node.attributes["id"]) for node in parser.css("[id]")}
        for node in parser.css("a[href], link[href], script[src], img[src]"):
            address = urlsplit(urljoin(path.as_uri(), node.attributes.get("href") or node.attributes.get("src") or ""))
            if address.scheme == "file":
                links.append((path, Path(unquote(address.path)), unquote(address.fragment)))
    assert len(ids) > 120
    assert len(links) > 5000
    dead = [
        (path, leads, anchor)
        for path, leads, anchor in links
        if not leads.is_file() or (anchor and anchor not in ids.get(leads, set()))
    ]
    assert dead == []
