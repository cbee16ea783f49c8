"""The handbook before it is printed: which pages are in it, what each loses and keeps, where its links lead."""

import datetime
import os
import subprocess
import sys
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from learning_site import browser, handbook, pages
from learning_site.handbook import HandbookError
from learning_site.loading import load_site
from learning_site.model import LanguageCode, Site

MADE = datetime.date(2024, 2, 29)
PATHS = ["index.md", "elements/index.md", "elements/first.md", "glossary.md", "cards/first.md", "about.md"]
ARTICLES = {
    "index.md": '<h1 id="home">Good site</h1><p><a href="elements/first/#why">why</a> <a href=".">here</a></p>',
    "elements/index.md": '<h1 id="elements">Elements</h1><h2 id="why">Why</h2><p>All of them.</p>',
    "elements/first.md": """
        <a href="https://forge.example.org/" rel="edit">Edit</a>
        <p class="translation-notice">fr translation-notice</p><p class="translation-notice">fr page-in-english</p>
        <h1 id="first"><span class="sign" aria-hidden="true">1</span> First &amp; foremost</h1>
        <p hidden>Only offline</p><p class="sheet-help">Print me</p><div class="downloads">A zip</div>
        <div class="ways"><h2>Ways in</h2></div><ul class="glance"><li>3 tools</li></ul>
        <h2 id="why">Why</h2>
        <p><span class="term"><a aria-describedby="term-word" href="../../glossary/#word">word</a><span
          class="term__definition" id="term-word" role="tooltip">What is said.</span></span>
          <a href="#source-1">1</a> <a href="../">up</a> <a href="../../maintain/">for editors</a>
          <a href="https://other.example.org/a">other</a>
          <a href="https://other.example.org/b">https://other.example.org/b</a></p>
        <h3 id="picture">Picture</h3>
        <figure><svg role="img" aria-labelledby="t d"><title id="t">T</title><desc id="d">D</desc>
          <linearGradient id="g"></linearGradient><rect fill="url(#g)"></rect></svg></figure>
        <div class="page-terms">word: What is said.</div><p id="source-1">A source</p>""",
    "glossary.md": '<h1 id="glossary">Glossary</h1><h2 id="word">Word</h2><p>What is said.</p>',
    "cards/first.md": '<div class="sheet"><h1 id="first">First</h1><p>A card. <a href="two-up/">Two</a></p></div>',
    "about.md": '<h1 id="about">"About" \\ this</h1><img src="../assets/logo.svg" alt="Logo">',
}


def page(language: str, article: str, styles: str = "") -> str:
    return f"""<!doctype html><html lang="{language}"><head>
        <link rel="stylesheet" href="https://good.example.org/assets/site.css">
        <link rel="stylesheet" href="https://good.example.org/assets/dark.css" media="(prefers-color-scheme: dark)">
        {styles}</head><body><nav><h2>Menu</h2></nav><main><article>{article}</article></main></body></html>"""


@pytest.fixture
def site(good_data: Path) -> Site:
    return load_site(good_data)


@pytest.fixture
def made(tmp_path: Path, site: Site) -> Path:
    """A made-up built site in which every page is the same in all languages."""
    for language in site.languages:
        root = tmp_path / "built" / ("" if language.code == site.main_language else language.code)
        for path, article in ARTICLES.items():
            file = root / handbook.key(path).replace("home", "") / "index.html"
            file.parent.mkdir(parents=True, exist_ok=True)
            paper = '<link rel="stylesheet" href="../../assets/portrait.css" media="print">' * path.startswith("cards")
            file.write_text(page(language.code, article, paper), encoding="utf-8")
    return tmp_path / "built"


def book(made: Path, site: Site, language: LanguageCode = "fr", paths: list[str] | None = None) -> LexborHTMLParser:
    return LexborHTMLParser(handbook.compose(made, site, language, paths or PATHS, MADE))


def chapter(tree: LexborHTMLParser, key: str) -> LexborHTMLParser:
    (found,) = (node for node in tree.css("section.chapter") if node.attributes["id"] == key)
    return LexborHTMLParser(found.html or "")


def links(tree: LexborHTMLParser) -> dict[str, str]:
    return {" ".join(link.text().split()): link.attributes["href"] or "" for link in tree.css("a")}


def test_the_book_has_the_navigations_pages_in_its_order(site: Site) -> None:
    written = {"index.md": "Home", "about.md": "About", "maintain/index.md": "Maintain", "maintain/rules.md": "Rules"}
    more: pages.Navigation = [{"More": [{"Two on one": pages.sheet("two-up", "first")}, {"All": "all-pages.md"}]}]
    paths = handbook.paths_in([*pages.navigation(site, "en", written), *more])
    assert paths[0] == "index.md"
    assert paths[-1] == "about.md"
    assert {page.path for page in pages.pages(site)} - set(paths) == {
        "all-pages.md",
        "checked.md",
        "cards/first/two-up.md",
    }
    assert len(paths) == len(set(paths))
    assert paths.index("elements/index.md") < paths.index("elements/first.md") < paths.index("glossary.md")


def test_the_cover_says_what_this_is(made: Path, site: Site) -> None:
    cover = book(made, site).css_first(".cover")
    said = " ".join(cover.text().split())
    assert cover.css_first("h1").text() == "Bon site"
    assert "fr translation-notice" in said
    assert "29 février 2024" in said
    assert f"fr handbook-sources {len(site.sources)}" in said
    assert links(LexborHTMLParser(cover.html or "")) == {
        "https://good.example.org/fr/": "https://good.example.org/fr/",
        "CC BY 4.0": "https://creativecommons.org/licenses/by/4.0/",
    }
    reviewed = book(made, site, "en")
    assert reviewed.css_first("html").attributes["lang"] == "en"
    assert "translation-notice" not in reviewed.css_first(".cover").text()
    assert reviewed.css(".cover .translation-notice") == []


def test_contents_list_every_chapter_in_the_languages_digits(made: Path, site: Site) -> None:
    numbers = {handbook.key(path): number for number, path in enumerate(PATHS, start=9)}
    tree = LexborHTMLParser(handbook.compose(made, site, "ne", PATHS, MADE, numbers))
    entries = [" ".join(entry.text().split()) for entry in tree.css(".contents a")]
    assert entries == [
        "ने handbook-start ९", "Elements १०", "First & foremost ११", "Glossary १२", "First १३", '"About" \\ this १४',
    ]  # fmt: skip
    assert [entry.attributes["href"] for entry in tree.css(".contents a")] == [f"#{key}" for key in numbers]
    assert [" ".join(entry.text().split()) for entry in tree.css(".contents ol ol a")] == ["First & foremost ११"]
    assert [node.attributes["id"] for node in tree.css("section.chapter")] == list(numbers)


def test_headings_stand_at_their_level_in_the_book(made: Path, site: Site) -> None:
    levels = [
        (" ".join(heading.text().split()), int(heading.attributes.get("aria-level") or str(heading.tag)[1]))
        for heading in book(made, site).css("h1, h2, h3")
    ]
    assert levels == [
        ("Bon site", 1), ("fr handbook-contents", 2), ("fr handbook-start", 2), ("Elements", 2), ("Why", 3),
        ("1 First & foremost", 3), ("Why", 4), ("Picture", 5), ("Glossary", 2), ("Word", 3), ("First", 2),
        ('"About" \\ this', 2),
    ]  # fmt: skip


def test_links_lead_to_chapters_or_to_full_addresses(made: Path, site: Site) -> None:
    tree = book(made, site)
    assert links(chapter(tree, "home")) == {"why": "#elements/first:why", "here": "#home"}
    assert links(chapter(tree, "elements/first")) == {
        "word": "#glossary:word",
        "1": "#elements/first:source-1",
        "up": "#elements",
        "for editors": "https://good.example.org/fr/maintain/",
        "other": "https://other.example.org/a",
        "https://other.example.org/b": "https://other.example.org/b",
    }
    assert links(chapter(tree, "cards/first")) == {"Two": "https://good.example.org/fr/cards/first/two-up/"}
    shown = [link.attributes["data-address"] for link in tree.css("a[data-address]")]
    assert shown == ["https://other.example.org/a"]
    assert tree.css_first("img").attributes["src"] == "https://good.example.org/fr/assets/logo.svg"


def test_ids_and_what_refers_to_them_are_the_pages_own(made: Path, site: Site) -> None:
    tree = chapter(book(made, site), "elements/first")
    assert tree.css_first("svg").attributes["aria-labelledby"] == "elements/first:t elements/first:d"
    assert tree.css_first("title").attributes["id"] == "elements/first:t"
    assert tree.css_first("rect").attributes["fill"] == "url(#elements/first:g)"
    assert "aria-describedby" not in tree.css_first(".term a").attributes
    assert tree.css_first("figure").attributes["role"] == "group"


def test_what_makes_no_sense_on_paper_is_left_out(made: Path, site: Site) -> None:
    text = chapter(book(made, site), "elements/first").text()
    gone = ["Edit", "Only offline", "Print me", "A zip", "Ways in", "3 tools", "What is said.", "fr translation-notice"]
    assert [words for words in gone if words in text] == []
    assert "fr page-in-english" in text
    without_glossary = handbook.compose(made, site, "fr", ["index.md", "cards/first.md"], MADE)
    assert "Menu" not in without_glossary


def test_terms_stay_on_a_page_where_the_book_has_no_glossary(made: Path, site: Site) -> None:
    file = made / "about" / "index.html"
    file.write_text(page("en", '<h1>About</h1><div class="page-terms">A term</div>'), encoding="utf-8")
    assert "A term" in book(made, site, "en", ["about.md"]).text()
    assert "A term" not in book(made, site, "en", ["about.md", "glossary.md"]).text()


def test_the_book_has_the_stylesheets_that_all_pages_share(made: Path, site: Site) -> None:
    styles = [(link.attributes["href"], link.attributes.get("media")) for link in book(made, site).css("link")]
    assert styles == [
        ("https://good.example.org/assets/site.css", "all"),
        ("https://good.example.org/assets/dark.css", "(prefers-color-scheme: dark)"),
        ("https://good.example.org/handbook.css", None),
    ]


def test_running_heads_and_digits_are_style_that_no_title_can_end(made: Path, site: Site) -> None:
    file = made / "fr" / "about" / "index.html"
    file.write_text(page("fr", "<h1>&lt;/style&gt;&lt;b&gt;</h1>"), encoding="utf-8")
    tree = book(made, site)
    assert tree.css("b") == []
    style = tree.css_first("style").text()
    assert r'"\3c \2f style\3e \3c b\3e "' in style
    assert '"0" "1" "2"' in style
    assert '"०" "१" "२"' in book(made, site, "ne").css_first("style").text()
    assert chapter(tree, "cards/first").css_first("section").attributes["class"] == "chapter chapter--sheet"


@pytest.mark.parametrize(
    ("article", "why"),
    [
        ("<h1>About</h1><h1>Again</h1>", "about.md has 2 headings of the first level"),
        ("<p>About</p>", "about.md has 0 headings of the first level"),
        ("<h1>About</h1></article><article>", "about.md has 2 articles"),
        ('<h1>About</h1><a href="../glossary/#nothing">x</a>', "links that lead nowhere: ['glossary:nothing']"),
        ('<h1 id="a">About</h1><p id="a"></p>', "ids that are there twice: ['about:a']"),
    ],
)
def test_a_page_that_makes_no_chapter_is_refused(article: str, why: str, made: Path, site: Site) -> None:
    (made / "about" / "index.html").write_text(page("en", article), encoding="utf-8")
    with pytest.raises(HandbookError) as refused:
        book(made, site, "en")
    assert why in str(refused.value)


def test_a_page_that_was_not_built_is_said(made: Path, site: Site) -> None:
    with pytest.raises(HandbookError, match=r"missing\.md is in the navigation but was not built"):
        book(made, site, "en", ["index.md", "missing.md"])


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ([], "install Chromium "),
        (["playwright", "playwright.sync_api"], "Playwright is not installed: pip install "),
        (["pikepdf"], "pikepdf is not installed: pip install "),
    ],
)
def test_what_printing_lacks_is_said_with_what_to_do(
    missing: list[str], said: str, made: Path, good_data: Path, tmp_path: Path
) -> None:
    code = f"""if True:
        import datetime, pathlib, sys
        sys.modules.update(dict.fromkeys({missing}))
        from learning_site import handbook, loading
        site = loading.load_site(pathlib.Path({str(good_data)!r}))
        try:
            handbook.print_handbooks(pathlib.Path({str(made)!r}), site, ["index.md"], datetime.date(2024, 2, 29))
        except handbook.HandbookError as error:
            print(error)"""
    environment = {**os.environ, "CHROMIUM": str(tmp_path / "nowhere")}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert said in done.stdout
    assert done.stdout.strip().endswith(", or build without the handbook")
    assert list(made.rglob("*.pdf")) == []


def test_the_browser_named_in_the_environment_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", "/some/browser")
    assert browser.installed() == "/some/browser"
    monkeypatch.delenv("CHROMIUM")
    monkeypatch.setattr("shutil.which", lambda name: f"/bin/{name}" if name == browser.NAMES[-1] else None)
    assert browser.installed() == f"/bin/{browser.NAMES[-1]}"


def test_all_else_works_without_what_only_printing_needs() -> None:
    code = (
        "import sys; sys.modules.update(dict.fromkeys(['playwright', 'pikepdf'])); "
        "import learning_site.__main__, learning_site.mkdocs_events, learning_site.handbook"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
