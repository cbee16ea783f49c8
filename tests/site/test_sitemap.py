"""What tells machines where all is: sitemap, robots.txt and llms.txt, judged by their own formats."""

from pathlib import Path
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

import pytest
from llms_txt import parse_llms_file
from lxml import etree
from selectolax.lexbor import LexborHTMLParser

from learning_site.model import Site

HERE = Path(__file__).parent
SCHEMA = HERE / "sitemap-with-links.xsd"  # beside what it lets in
NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
WRONG = '<urlset xmlns="{s}" xmlns:x="{x}"><url><loc>https://x.example/</loc>{more}</url></urlset>'


def schema(project: Path) -> etree.XMLSchema:
    own = project / "tests" / "outside" / "node_modules" / "sitemap" / "schema" / "sitemap.xsd"
    if not own.is_file():
        pytest.fail("no schema of sitemaps: run `npm ci --omit=dev --ignore-scripts` in tests/outside", pytrace=False)
    return etree.XMLSchema(etree.parse(SCHEMA))


def listed(built: Path) -> dict[str, dict[str, str]]:
    """The addresses of the sitemap, each with its links to other languages."""
    tree = etree.parse(built / "sitemap.xml")
    return {
        url.findtext("s:loc", namespaces=NAMES): {
            link.get("hreflang"): link.get("href") for link in url.findall("x:link", NAMES)
        }
        for url in tree.findall("s:url", NAMES)
    }


def test_the_sitemap_is_one_by_its_schema(built: Path, project: Path) -> None:
    judge = schema(project)
    judge.assertValid(etree.parse(built / "sitemap.xml"))
    for wrong in (
        "<lastmod>yesterday</lastmod>",
        '<x:link rel="alternate" href="/"/>',
        "<changefreq>often</changefreq>",
    ):
        assert not judge.validate(etree.fromstring(WRONG.format(**NAMES, more=wrong))), wrong
    assert sorted(path.relative_to(built).as_posix() for path in built.rglob("sitemap.xml*")) == [
        "sitemap.xml",
        "sitemap.xml.gz",
    ]


def test_the_sitemap_holds_every_page_and_its_other_languages(built: Path, real_site: Site) -> None:
    found = listed(built)
    wanted = {}
    for file in built.rglob("index.html"):
        head = LexborHTMLParser(file.read_text(encoding="utf-8"))
        if canonical := head.css_first("link[rel=canonical]"):
            links = head.css("link[rel=alternate][hreflang]")
            wanted[canonical.attributes["href"]] = {n.attributes["hreflang"]: n.attributes["href"] for n in links}
    assert len(wanted) > 120
    assert found == wanted
    codes = {language.code for language in real_site.languages}
    assert all(set(links) == {*codes, "x-default"} for links in found.values())
    assert all(address in links.values() for address, links in found.items())


def test_robots_may_read_all_and_find_the_sitemap(built: Path, real_site: Site) -> None:
    robots = RobotFileParser()
    robots.parse((built / "robots.txt").read_text(encoding="utf-8").splitlines())
    assert robots.site_maps() == [f"{real_site.settings.address}sitemap.xml"]
    assert robots.can_fetch("*", f"{real_site.settings.address}sources/")
    assert list(built.rglob("robots.txt")) == [built / "robots.txt"]


def test_llms_txt_is_read_by_its_own_parser(built: Path, real_site: Site) -> None:
    address = real_site.settings.address
    for language in real_site.languages:
        code = "" if language.code == real_site.main_language else f"{language.code}/"
        text = (built / code / "llms.txt").read_text(encoding="utf-8")
        parsed = parse_llms_file(text)
        assert text.startswith(f"# {parsed.title}\n")
        assert parsed.title == real_site.settings.name.best(language.code)[0]
        assert parsed.summary == real_site.settings.description.best(language.code)[0]
        assert real_site.settings.licence.url in parsed.info
        assert list(parsed.sections)[-1] == "Optional"
        links = [link for section in parsed.sections.values() for link in section]
        pages = [link for link in links if not link.url.endswith("llms.txt")]
        assert len(pages) > 40
        assert all(link.desc and "&" not in link.title for link in pages)
        assert all((built / urlsplit(link.url).path.lstrip("/") / "index.html").is_file() for link in pages)
        assert len({link.title for link in links}) == len({link.url for link in links}) == len(links)
        shown = LexborHTMLParser((built / code / "all-pages" / "index.html").read_text(encoding="utf-8"))
        assert len(shown.css(".all-pages a")) == len(pages) + 1  # and home
        others = {f"{address}{o.code}/".replace(f"{real_site.main_language}/", "") for o in real_site.languages}
        assert {link.url.removesuffix("llms.txt") for link in links if link not in pages} == others - {address + code}
