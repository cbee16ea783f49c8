"""The handbook as it is printed: every page is in it, it can be read aloud, and nothing of it leads nowhere."""

import dataclasses
import datetime
import itertools
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader
from pypdf.generic import ContentStream, DictionaryObject, NullObject, PdfObject
from selectolax.lexbor import LexborHTMLParser

from learning_site import handbook, pages
from learning_site.mkdocs_events import LANGUAGE_SUFFIX
from learning_site.model import LanguageCode, Site
from learning_site.rendering import Renderer

pytestmark = pytest.mark.browser

MADE = datetime.date(2024, 2, 29)
MOST_PAGES, MOST_BYTES = 200, 4_000_000
DRAWING = {b"Tj", b"TJ", b"f", b"f*", b"B", b"S", b"s", b"Do", b"sh"}
# The structure types of PDF 1.7 (ISO 32000-1, 14.8.4).
STANDARD = {
    "Document", "Part", "Art", "Sect", "Div", "BlockQuote", "Caption", "TOC", "TOCI", "Index", "NonStruct", "Private",
    "P", "H", "H1", "H2", "H3", "H4", "H5", "H6", "L", "LI", "Lbl", "LBody", "Table", "TR", "TH", "TD", "THead",
    "TBody", "TFoot", "Span", "Quote", "Note", "Reference", "BibEntry", "Code", "Link", "Annot", "Ruby", "Warichu",
    "Figure", "Formula", "Form",
}  # fmt: skip


@dataclass
class Printed:
    """A handbook with what its pages are made of."""

    file: Path
    reader: PdfReader
    titles: dict[str, str]  # the h1 of each page, by its key in the book


@pytest.fixture(scope="session")
def paths(real_site: Site, project: Path) -> list[str]:
    docs = project / "docs"
    written = [path.relative_to(docs).as_posix() for path in sorted(docs.rglob("*.md"))]
    prose = {path: path for path in written if not LANGUAGE_SUFFIX.match(path) and not path.endswith("README.md")}
    return handbook.paths_in(pages.navigation(real_site, "en", prose))


@pytest.fixture(scope="session")
def books(
    browser: Browser, built: Path, real_site: Site, paths: list[str], tmp_path_factory: pytest.TempPathFactory
) -> dict[LanguageCode, Printed]:
    """The handbooks of the real site, printed once."""
    site = tmp_path_factory.mktemp("handbook") / "site"
    shutil.copytree(built, site)
    made = handbook.print_handbooks(site, real_site, paths, MADE, browser)
    assert list(made) == [language.code for language in real_site.languages]
    return {
        code: Printed(file, PdfReader(file), {handbook.key(p): title(built, real_site, code, p) for p in paths})
        for code, file in made.items()
    }


@pytest.fixture(params=["en", "fr", "ne"])
def language(request: pytest.FixtureRequest) -> LanguageCode:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def book(books: dict[LanguageCode, Printed], language: LanguageCode) -> Printed:
    return books[language]


def title(built: Path, site: Site, language: LanguageCode, path: str) -> str:
    """The h1 of a built page; that of the home page is the title of the book, where it has another."""
    if path == pages.HOME:
        return Renderer(site, language).word("handbook_start")
    root = built if language == site.main_language else built / language
    file = root / path.removesuffix(".md").removesuffix("index") / "index.html"
    heading = LexborHTMLParser(file.read_text(encoding="utf-8")).css_first("article h1")
    for sign in heading.css("[aria-hidden=true]"):
        sign.decompose()
    return " ".join(heading.text().split())


def elements(parent: PdfObject) -> Iterator[DictionaryObject]:
    """The tag tree below an element, in order."""
    kids = parent.get_object().get("/K", NullObject()).get_object()
    for kid in kids if isinstance(kids, list) else [kids]:
        child = kid.get_object()
        if isinstance(child, DictionaryObject) and "/S" in child:
            yield child
            yield from elements(child)


def tags(book: Printed) -> list[DictionaryObject]:
    found = list(elements(book.reader.trailer["/Root"]["/StructTreeRoot"]))
    assert len(found) > 1000
    return found


def bookmarks(outline: list[Any], depth: int = 1) -> Iterator[tuple[int, Any]]:
    for item in outline:
        if isinstance(item, list):
            yield from bookmarks(item, depth + 1)
        else:
            yield depth, item


def begins(book: Printed) -> dict[str, int]:
    """The page on which each chapter begins, from the places that links lead to."""
    places = book.reader.named_destinations
    return {key: book.reader.get_destination_page_number(places[f"/{key}"]) + 1 for key in book.titles}


def links(book: Printed) -> Iterator[tuple[int, DictionaryObject]]:
    for number, sheet in enumerate(book.reader.pages, start=1):
        for annotation in sheet.get("/Annots", []):
            if annotation.get_object()["/Subtype"] == "/Link":
                yield number, annotation.get_object()


def test_every_page_of_the_site_is_a_chapter(built: Path, paths: list[str]) -> None:
    left_out = re.compile(r"^(fr|ne)/|^maintain/|/two-up/|^all-pages/|^(checked|data)/")
    folders = {f"{file.parent.relative_to(built).as_posix()}/" for file in built.rglob("index.html")}
    expected = {folder.rstrip("/") for folder in folders if not left_out.search(folder)}
    assert len(expected) > 30
    assert {handbook.key(path) for path in paths} == {key.replace(".", "home") for key in expected}


def test_every_chapter_is_in_bookmarks_and_contents_with_its_page(
    book: Printed, language: LanguageCode, real_site: Site
) -> None:
    renderer = Renderer(real_site, language)
    pages_of = begins(book)
    assert list(pages_of.values()) == sorted(set(pages_of.values()))
    marks = [
        (" ".join(item.title.split()), book.reader.get_destination_page_number(item) + 1)
        for _, item in bookmarks(book.reader.outline)
    ]
    assert marks[0] == (renderer.words(real_site.settings.name), 1)
    for key, words in book.titles.items():
        assert (words, pages_of[key]) in marks, key

    first = pages_of["home"]
    entries = [link["/Dest"] for number, link in links(book) if 1 < number < first]
    assert [str(entry) for entry, _ in itertools.groupby(entries)] == [f"/{key}" for key in book.titles]
    contents = " ".join(book.reader.pages[number].extract_text() for number in range(1, first - 1))
    numbers = [str(renderer.number(number)) for number in pages_of.values()]
    said = [word for word in contents.split() if word.strip("".join(str(renderer.number(d)) for d in range(10))) == ""]
    assert [word for word in said if word in numbers][-len(numbers) :] == numbers
    if language != "ne":  # of Devanagari pypdf gives glyphs, not letters; the bookmarks have the letters
        for words in book.titles.values():
            assert "".join(words.split()) in "".join(contents.split()), words


def test_bookmarks_hang_together_and_open_at_the_chapters(book: Printed) -> None:
    depths = [depth for depth, _ in bookmarks(book.reader.outline)]
    assert depths.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(depths))
    assert max(depths) >= 4
    root = book.reader.trailer["/Root"]["/Outlines"]["/First"]
    assert root["/Count"] > 0
    child, closed = root["/First"], 0
    while child:
        closed += child.get("/Count", 0) < 0
        assert child.get("/Count", 0) <= 0
        child = child.get("/Next")
    assert closed > 5


def test_it_says_title_language_and_date(book: Printed, language: LanguageCode, real_site: Site) -> None:
    root = book.reader.trailer["/Root"]
    about = Renderer(real_site, language).word("handbook_title", name=real_site.settings.name)
    assert root["/Lang"] == language
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712 - an object of pypdf
    assert book.reader.metadata is not None
    assert book.reader.metadata.title == about
    assert book.reader.metadata.creation_date == datetime.datetime(2024, 2, 29, tzinfo=datetime.UTC)
    assert book.reader.xmp_metadata is not None
    assert about in book.reader.xmp_metadata.dc_title.values()
    assert book.reader.xmp_metadata.dc_language == [language]


def test_it_is_tagged_as_a_whole(book: Printed, language: LanguageCode) -> None:
    root = book.reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712
    found = tags(book)
    kinds = Counter(str(tag["/S"]) for tag in found)
    assert {"/H1", "/H2", "/H3", "/P", "/L", "/LI", "/Lbl", "/LBody", "/Table", "/TR", "/TH", "/TD", "/Link"} <= set(
        kinds
    )
    known = STANDARD | {name.removeprefix("/") for name in root["/StructTreeRoot"]["/RoleMap"]}
    assert {name.removeprefix("/") for name in kinds} <= known
    levels = [int(str(tag["/S"])[2:]) for tag in found if re.fullmatch(r"/H\d", str(tag["/S"]))]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    assert len(levels) == len(list(bookmarks(book.reader.outline)))
    figures = [tag for tag in found if tag["/S"] == "/Figure"]
    assert len(figures) >= 2
    assert all(len(tag.get("/Alt", "")) > 20 for tag in figures)
    heads = [tag for tag in found if tag["/S"] == "/TH"]
    assert all(any("/Scope" in part.get_object() for part in tag["/A"]) for tag in heads)
    for item in (tag for tag in found if tag["/S"] == "/LI"):
        kids = item["/K"] if isinstance(item["/K"], list) else [item["/K"]]
        assert [kid.get_object()["/S"] for kid in kids][-1] == "/LBody"
        assert {kid.get_object()["/S"] for kid in kids} <= {"/Lbl", "/LBody"}
    if language != "en":
        assert {"en"} <= {str(tag["/Lang"]) for tag in found if "/Lang" in tag}


def test_all_that_is_drawn_is_tagged_or_decoration_and_in_a_glyph(book: Printed) -> None:
    drawn = 0
    for sheet in [*book.reader.pages[:12], *book.reader.pages[12::9]]:
        marks: list[bool] = []
        for operands, operator in ContentStream(sheet.get_contents(), book.reader).operations:
            if operator in (b"BDC", b"BMC"):
                properties = operands[1] if len(operands) > 1 else {}
                marks.append(operands[0] == "/Artifact" or "/MCID" in properties)
            elif operator == b"EMC":
                marks.pop()
            elif operator in DRAWING:
                drawn += 1
                assert any(marks), (sheet.page_number, operator, operands)
                if operator == b"Tj":
                    glyphs = operands[0].original_bytes
                    assert b"\0\0" not in [glyphs[i : i + 2] for i in range(0, len(glyphs), 2)], sheet.page_number
        assert marks == []
    assert drawn > 5000


def test_decoration_drawn_as_a_picture_of_its_own_holds_no_words(book: Printed) -> None:
    for sheet in book.reader.pages:
        for form in sheet["/Resources"].get("/XObject", {}).values():
            assert b"BT" not in form.get_object().get_data().split(), sheet.page_number


def test_every_link_leads_somewhere_and_says_where(book: Printed, real_site: Site) -> None:
    places = book.reader.named_destinations
    inside, outside = [], []
    for _, link in links(book):
        assert link["/Contents"]
        if "/A" in link:
            outside.append(link["/A"]["/URI"])
        else:
            inside.append(str(link["/Dest"]))
    assert len(inside) > 1000
    assert set(inside) <= set(places)
    assert len(outside) > 100
    assert {address.split(":")[0] for address in outside} <= {"https", "http", "mailto"}
    assert not any("handbook.html" in address for address in outside)
    addresses = {source.url for source in real_site.sources.values()}
    assert len(addresses - set(outside)) < 5  # some are written with signs that browsers write otherwise


def test_fonts_are_inside_and_fit_the_script(book: Printed, language: LanguageCode) -> None:
    names: Counter[str] = Counter()
    for sheet in book.reader.pages:
        for font in sheet["/Resources"].get("/Font", {}).values():
            if font["/Subtype"] == "/Type3":  # drawn in the file itself, stroke by stroke
                continue
            (inner,) = font["/DescendantFonts"]
            descriptor = inner.get_object()["/FontDescriptor"]
            assert any(name in descriptor for name in ("/FontFile2", "/FontFile3")), font["/BaseFont"]
            names[str(font["/BaseFont"]).split("+")[-1]] += 1
    assert sum(names.values()) > len(book.reader.pages)
    if language == "ne":
        used = {name for name in names if "Devanagari" in name}
        assert any("Regular" in name for name in used), names
        assert any("Bold" in name for name in used), names


@pytest.mark.parametrize("code", ["en", "fr", "ne"])
def test_what_is_said_once_is_not_said_on_every_page(
    code: LanguageCode, built: Path, real_site: Site, paths: list[str]
) -> None:
    tree = LexborHTMLParser(handbook.compose(built, real_site, code, paths, MADE))
    notice = Renderer(real_site, code).word("translation_notice")
    assert tree.text().count(notice) == (code != real_site.main_language)
    assert len(tree.css(".term")) > 50
    assert tree.css(".term__definition, .page-terms, .sheet-help, [rel=edit]") == []


def test_each_card_is_one_sheet(book: Printed, real_site: Site) -> None:
    pages_of = begins(book)
    order = list(pages_of)
    cards = [pages.sheet("one", element_id).removesuffix(".md") for element_id in real_site.with_card]
    assert len(cards) > 3
    for card in cards:
        after = order[order.index(card) + 1]
        assert pages_of[after] == pages_of[card] + 1, card


def test_it_is_no_heavier_than_promised(
    book: Printed, language: LanguageCode, record_property: Callable[[str, object], None]
) -> None:
    record_property(f"handbook_pages_{language}", len(book.reader.pages))
    record_property(f"handbook_bytes_{language}", book.file.stat().st_size)
    assert len(book.reader.pages) < MOST_PAGES
    assert book.file.stat().st_size < MOST_BYTES
    boxes = {(round(sheet.mediabox.width), round(sheet.mediabox.height)) for sheet in book.reader.pages}
    assert boxes == {(595, 842)}


def test_two_prints_of_one_day_are_the_same(
    browser: Browser,
    books: dict[LanguageCode, Printed],
    built: Path,
    real_site: Site,
    paths: list[str],
    tmp_path: Path,
) -> None:
    site = tmp_path / "site"
    shutil.copytree(built, site)
    again = handbook.print_handbooks(site, real_site, paths, MADE, browser)
    assert {code: file.read_bytes() for code, file in again.items()} == {
        code: printed.file.read_bytes() for code, printed in books.items()
    }


def test_what_the_built_site_lacks_is_not_fetched(
    browser: Browser, built: Path, real_site: Site, paths: list[str], tmp_path: Path
) -> None:
    site = tmp_path / "site"
    shutil.copytree(built, site)
    (site / "assets" / "site.css").unlink()
    one = dataclasses.replace(
        real_site, settings=real_site.settings.model_copy(update={"languages": real_site.languages[:1]})
    )
    with pytest.raises(handbook.HandbookError, match=r"asks for what is not in the built site: .*site\.css"):
        handbook.print_handbooks(site, one, paths, MADE, browser)


@pytest.mark.parametrize("wanted", ["yes", "if-possible"])
def test_a_build_that_is_asked_for_it_offers_it_on_every_page(
    wanted: str, build: Callable, good_data: Path, project_copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in (project_copy / "docs").glob("index*.md"):
        path.write_text("# Home\n\nA home page that calls no record of the real data, and is long enough.\n")
    monkeypatch.setenv("LEARNING_SITE_HANDBOOK", wanted)
    done = build(tmp_path / "site", good_data, project_copy / "mkdocs.yml")
    assert done.returncode == 0, done.stdout + done.stderr
    for code, folder in {"en": "", "fr": "fr", "ne": "ne"}.items():
        file = tmp_path / "site" / "downloads" / f"handbook-{code}.pdf"
        assert len(PdfReader(file).pages) > 10
        parser = LexborHTMLParser((tmp_path / "site" / folder / "cases" / "index.html").read_text(encoding="utf-8"))
        links = [node for node in parser.css("footer .downloads a") if "handbook" in str(node.attributes["href"])]
        assert [Path(str(node.attributes["href"])).name for node in links] == [file.name]
        assert "@" not in parser.css("footer")[0].text()


def test_a_build_that_insists_says_that_there_is_no_browser(
    build: Callable, good_data: Path, project_copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in (project_copy / "docs").glob("index*.md"):
        path.write_text("# Home\n\nA home page that calls no record of the real data, and is long enough.\n")
    monkeypatch.setenv("LEARNING_SITE_HANDBOOK", "yes")
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "no-browser"))
    done = build(tmp_path / "site", good_data, project_copy / "mkdocs.yml")
    assert done.returncode != 0
    said = done.stdout + done.stderr
    assert "install Chromium" in said
    assert "or build without the handbook" in said
    assert "Traceback" not in said
    assert not (tmp_path / "site").exists()
