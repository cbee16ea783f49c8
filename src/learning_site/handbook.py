"""The handbook: the pages of a language as one book, a tagged PDF that a browser prints. Reads the built site.

A page is whatever stands in its one <article>. The book keeps the pages' own markup, so that the site's stylesheet fits
it; what only a book needs is in paper/. Which level a heading has in the book is said
beside its tag, for the same reason. The browser gets the site's addresses from the built folder: no network is used.
"""

import fnmatch
import mimetypes
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from selectolax.lexbor import LexborHTMLParser, LexborNode

from learning_site import browser, downloads, pages
from learning_site.model import LanguageCode, Site
from learning_site.rendering import Renderer

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Route

STYLE = "handbook.css"  # in paper/: no reader of the site needs it
# What makes no sense on paper: a sheet's second form, how to edit the site, files for programs, figures of one build,
# the list of pages, which a book has anyway.
LEFT_OUT = (pages.SHEETS["two-up"].format(id="*"), "maintain/*", pages.DATA, pages.CHECKED, pages.ALL_PAGES)
# Within a page: what is not to be seen, and what only helps at a screen or to find the way on the site.
NOT_PRINTED = (
    "[hidden], [rel=edit], script, style, .sheet-help, .downloads, .ways, .glance, .term__definition, .if-dead, "
    ".cite__claim"
)
TERMS = "glossary.md"
TERMS_OF_PAGE = ".page-terms"  # once more what the chapter of terms says
HEADINGS = "h1, h2, h3, h4, h5, h6"
REFERRING = ("aria-labelledby", "aria-describedby", "aria-details", "aria-controls", "aria-owns", "headers", "for")
CHAPTER, WITHIN = 2, 3  # heading levels: the book's title is the first
OR_WITHOUT = "or build without the handbook"
UNKNOWN = 888  # the page number of a chapter until it is known, as wide as one that is


class HandbookError(Exception):
    """Why no book can be made of these pages."""


@dataclass(frozen=True)
class Chapter:
    """A page as part of the book: its id there, its title, what it says, the page it begins on."""

    key: str
    title: str
    content: Markup
    level: int
    fills_sheet: bool
    number: int
    parts: "list[Chapter]" = field(default_factory=list)


def _css_string(text: str) -> Markup:
    """A text as a string of CSS, in which no sign ends the string or the style."""
    signs = (sign if sign.isalnum() or ord(sign) > 127 else f"\\{ord(sign):x} " for sign in text)
    return Markup(f'"{"".join(signs)}"')


PAPER = resources.files("learning_site").joinpath("paper")
ENVIRONMENT = Environment(
    loader=PackageLoader("learning_site", "paper"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
ENVIRONMENT.filters["css_string"] = _css_string


# ------------------------------------------------------------ from pages to one page


def paths_in(navigation: pages.Navigation) -> list[str]:
    """The pages of a navigation that are in the book, in its order, as paths below docs/."""
    found: list[str] = []
    for entry in navigation:
        for content in entry.values():
            found += paths_in(content) if isinstance(content, list) else [str(content)]
    return [path for path in found if not any(fnmatch.fnmatch(path, pattern) for pattern in LEFT_OUT)]


def compose(
    built: Path,
    site: Site,
    language: LanguageCode,
    paths: list[str],
    made: date,
    numbers: dict[str, int] | None = None,
) -> str:
    """The book in a language as one HTML page: cover, contents, each page as a chapter in the order of `paths`.

    `numbers` says on which page each chapter begins, once that is known.
    """
    book = _Book(built, site, language, paths)
    chapters: list[Chapter] = []
    styles: Counter[tuple[str, str]] = Counter()
    folder = None
    for path in paths:
        within = folder is not None and path.startswith(folder)
        if not within:
            folder = path.removesuffix("index.md") if path.endswith("/index.md") else None
        page = book.page(path)
        styles.update(book.styles(page, path))
        number = (numbers or {}).get(key(path), UNKNOWN)
        chapter = book.chapter(page, path, WITHIN if within else CHAPTER, number)
        (chapters[-1].parts if within else chapters).append(chapter)
    renderer = Renderer(site, language)
    drawn = ENVIRONMENT.get_template("handbook.html.j2").render(
        site=site,
        language=language,
        reviewed=site.is_reviewed(language),
        word=renderer.word,
        words=renderer.words,
        number=renderer.number,
        day=renderer.date(made.isoformat()),
        root=book.root,
        style=urljoin(site.settings.address, STYLE),
        # What only some pages ask for is the form of their own sheets.
        styles=[(address, media) for (address, media), times in styles.items() if times == len(paths)],
        chapters=chapters,
        every=list(_every(chapters)),
    )
    _check_ids(drawn)
    return drawn


def key(path: str) -> str:
    """What a page below docs/ is called in the book: an id that its own ids follow after a colon."""
    return _address(path).rstrip("/") or "home"


def _address(path: str) -> str:
    """Where a page is, below the root of its language."""
    folder = path.removesuffix(".md").removesuffix("index")
    return f"{folder.rstrip('/')}/" if folder else ""


def _every(chapters: list[Chapter]) -> Iterator[Chapter]:
    for chapter in chapters:
        yield chapter
        yield from _every(chapter.parts)


class _Book:
    """Turns the built pages of a language into chapters."""

    def __init__(self, built: Path, site: Site, language: LanguageCode, paths: list[str]) -> None:
        self.built = built
        self.site = site
        self.root = urljoin(site.settings.address, "" if language == site.main_language else f"{language}/")
        self.keys = {urljoin(self.root, _address(path)): key(path) for path in paths}
        self.start = Renderer(site, language).word("handbook_start")
        self.said_on_cover = Renderer(site, language).word("translation_notice")
        self.not_printed = f"{NOT_PRINTED}, {TERMS_OF_PAGE}" if TERMS in paths else NOT_PRINTED
        self.of_sheets = {page.path for page in pages.pages(site) if page.paper}

    def page(self, path: str) -> LexborHTMLParser:
        """A built page, parsed."""
        file = self.built / _below(self.site, urljoin(self.root, _address(path))) / "index.html"
        if not file.is_file():
            raise HandbookError(f"{path} is in the navigation but was not built")
        return LexborHTMLParser(file.read_text(encoding="utf-8"))

    def styles(self, page: LexborHTMLParser, path: str) -> list[tuple[str, str]]:
        """The stylesheets of a page, each with the media that it is for."""
        here = urljoin(self.root, _address(path))
        links = page.css("link[rel=stylesheet]")
        return [(urljoin(here, _value(link, "href")), _value(link, "media") or "all") for link in links]

    def chapter(self, page: LexborHTMLParser, path: str, level: int, number: int) -> Chapter:
        """A page as a chapter whose title is a heading of the given level."""
        articles = page.css("article")
        if len(articles) != 1:
            raise HandbookError(f"{path} has {len(articles)} articles, exactly one is needed")
        article = articles[0]
        for node in article.css(self.not_printed):
            node.decompose()
        for node in article.css("p"):
            if node.text(strip=True) == self.said_on_cover:
                node.decompose()
        titles = article.css("h1")
        if len(titles) != 1:
            raise HandbookError(f"{path} has {len(titles)} headings of the first level, exactly one is needed")
        if path == pages.HOME:
            titles[0].inner_html = str(escape(self.start))  # the site's name is the title of the book
        for heading in article.css(HEADINGS):
            heading.attrs["aria-level"] = str(level - 1 + int(str(heading.tag)[1]))
        for figure in article.css("figure"):
            figure.attrs["role"] = "group"  # what it holds are words and pictures with words of their own
        self._bind(article, path)
        return Chapter(key(path), _words(titles[0]), Markup(article.html), level, path in self.of_sheets, number)

    def _bind(self, article: LexborNode, path: str) -> None:
        """Make the ids of a page its own in the book, and lead its links to chapters, or else to the site."""
        here, own = urljoin(self.root, _address(path)), key(path)
        ids = {_value(node, "id") for node in article.css("[id]")}
        for node in article.css("*"):
            for name, value in list(node.attributes.items()):
                if not value:
                    continue
                if name == "id":
                    node.attrs[name] = f"{own}:{value}"
                elif name in REFERRING:
                    kept = [f"{own}:{identifier}" for identifier in value.split() if identifier in ids]
                    if kept:
                        node.attrs[name] = " ".join(kept)
                    else:
                        del node.attrs[name]
                elif value.startswith("url(#"):
                    node.attrs[name] = f"url(#{own}:{value[5:]}"
                elif name == "href":
                    node.attrs[name] = leads_to = self._lead(here, value)
                    if node.tag == "a" and self._leaves_site(leads_to) and node.text(strip=True) != leads_to:
                        node.attrs["data-address"] = leads_to  # on paper nobody can follow it unless it is said
                elif name == "src":
                    node.attrs[name] = urljoin(here, value)

    def _lead(self, here: str, href: str) -> str:
        """Where a link of a page leads in the book: to a chapter, or to its full address."""
        address, fragment = urldefrag(urljoin(here, href))
        if address not in self.keys:
            return urljoin(here, href)
        return f"#{self.keys[address]}:{unquote(fragment)}" if fragment else f"#{self.keys[address]}"

    def _leaves_site(self, address: str) -> bool:
        return not address.startswith(("#", self.site.settings.address))


def _words(heading: LexborNode) -> str:
    """What a heading says, without signs that are for the eye only."""
    signs = [sign.text() for sign in heading.css("[aria-hidden=true]")]
    text = heading.text()
    for sign in signs:
        text = text.replace(sign, "", 1)
    return " ".join(text.split())


def _value(node: LexborNode, name: str) -> str:
    return node.attributes.get(name) or ""


def _below(site: Site, address: str) -> str:
    """The path of a file of the site in the built folder."""
    return unquote(urlsplit(address).path).removeprefix(urlsplit(site.settings.address).path)


def _check_ids(drawn: str) -> None:
    """Refuse a book in which an id is there twice or a link leads nowhere."""
    tree = LexborHTMLParser(drawn)
    ids = Counter(_value(node, "id") for node in tree.css("[id]"))
    twice = sorted(identifier for identifier, times in ids.items() if times > 1)
    dead = sorted({_value(link, "href")[1:] for link in tree.css("a[href^='#']")} - set(ids))
    if twice or dead:
        raise HandbookError(f"ids that are there twice: {twice}; links that lead nowhere: {dead}")


# ------------------------------------------------------------ from one page to paper


def print_handbooks(
    built: Path, site: Site, paths: list[str], made: date, chromium: "Browser | None" = None
) -> dict[LanguageCode, Path]:
    """Write the handbook of each language into the built site, as downloads/handbook-<language>.pdf; their paths.

    Two runs of one day give the same bytes. Who has a browser open can lend it: there can be only one in a thread.
    """
    written: dict[LanguageCode, Path] = {}
    try:
        from learning_site import tagged_pdf  # noqa: F401

        with nullcontext(chromium) if chromium else browser.opened() as printer:
            for language in (other.code for other in site.languages):
                written[language] = built / downloads.FOLDER / downloads.HANDBOOK.format(language=language)
                written[language].parent.mkdir(exist_ok=True)
                written[language].write_bytes(_printed_twice(printer, built, site, language, paths, made))
    except ImportError as error:
        raise HandbookError(f"{error.name} is not installed: pip install -r requirements.txt, {OR_WITHOUT}") from None
    except browser.NoBrowser as error:
        raise HandbookError(f"{error}, {OR_WITHOUT}") from None
    return written


def _printed_twice(
    chromium: "Browser", built: Path, site: Site, language: LanguageCode, paths: list[str], made: date
) -> bytes:
    """A book whose contents say the right pages: it is printed once to learn them and once to say them."""
    from learning_site import tagged_pdf

    first = _printed(chromium, built, site, compose(built, site, language, paths, made))
    numbers = _chapters_only(tagged_pdf.destinations(first), paths)
    book = compose(built, site, language, paths, made, numbers)
    second = _printed(chromium, built, site, book)
    if _chapters_only(tagged_pdf.destinations(second), paths) != numbers:
        raise HandbookError(f"the page numbers of the contents ({language}) move the chapters")
    return tagged_pdf.finished(second, made, _headings(book))


def _chapters_only(destinations: dict[str, int], paths: list[str]) -> dict[str, int]:
    return {key(path): destinations[key(path)] for path in paths}


def _headings(book: str) -> list[str]:
    """The words of every heading of a page, in order."""
    tree = LexborHTMLParser(book)
    return [_words(heading) for heading in tree.css(HEADINGS)]


def _printed(chromium: "Browser", built: Path, site: Site, html: str) -> bytes:
    """An HTML page as a tagged PDF; it can load files of the built site, and nothing else."""
    book, style = (urljoin(site.settings.address, name) for name in ("handbook.html", STYLE))
    refused = []

    def answer(route: "Route") -> None:
        address = route.request.url
        if address == book:
            route.fulfill(body=html, content_type="text/html; charset=utf-8")
            return
        if address == style:
            route.fulfill(
                body=PAPER.joinpath(STYLE).read_text(encoding="utf-8"), content_type="text/css; charset=utf-8"
            )
            return
        file = (built / _below(site, address)).resolve()
        if address.startswith(site.settings.address) and file.is_file() and file.is_relative_to(built.resolve()):
            kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            route.fulfill(body=file.read_bytes(), content_type=kind)
            return
        refused.append(address)
        route.abort()

    page = chromium.new_page(color_scheme="light", java_script_enabled=False)
    try:
        page.route("**/*", answer)
        page.goto(book, wait_until="load")
        printed = page.pdf(prefer_css_page_size=True, print_background=True, tagged=True, outline=True)
    finally:
        page.close()
    if refused:
        raise HandbookError(f"the book asks for what is not in the built site: {', '.join(sorted(set(refused)))}")
    return printed
