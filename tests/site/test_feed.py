"""The feeds of changes: what is in them, and that they are Atom by the grammar of its RFC and by a parser of feeds."""

from datetime import date
from pathlib import Path
from types import SimpleNamespace

import feedparser
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from lxml import etree
from selectolax.lexbor import LexborHTMLParser

from learning_site import feed, pages
from learning_site.model import LANGUAGES, LanguageCode, Site

ROOT = "https://x.example/"
DAY = date(2026, 11, 20)
GRAMMAR = Path(__file__).with_name("atom.rng")


def drawn(project: Path, site: Site, language: LanguageCode, changed: feed.Changed) -> bytes:
    """A feed as the build draws it, from dates of our own."""
    frame = Environment(loader=FileSystemLoader(project / "docs" / "overrides"), undefined=StrictUndefined)
    words = {key: pages.inert_html(getattr(word, language)) for key, word in site.ui.items()}
    licence = {"name": site.settings.licence.name.en, "url": site.settings.licence.url}
    extra = {"words": words, "language": language, "licence": licence}
    config = SimpleNamespace(site_name=pages.escaped(site.settings.name, language), site_url=ROOT, extra=extra)
    listed = feed.entries(site, language, ROOT, changed)
    page = frame.get_template("feed.xml").render(
        config=config, entries=listed, updated=listed[0].changed if listed else DAY
    )
    return page.encode()


def judged(content: bytes) -> feedparser.FeedParserDict:
    """A feed that both judges accept."""
    etree.RelaxNG(etree.parse(GRAMMAR)).assertValid(etree.fromstring(content))
    parsed = feedparser.parse(content)
    assert not parsed.bozo, parsed.get("bozo_exception")
    assert parsed.version == "atom10"
    assert parsed.feed.updated_parsed
    assert parsed.feed.author  # RFC 4287, 4.1.1: the feed has one, or else every entry
    return parsed


def test_the_grammar_refuses_what_is_no_feed(project: Path, real_site: Site) -> None:
    good = drawn(project, real_site, "en", lambda *_: DAY).decode()
    grammar = etree.RelaxNG(etree.parse(GRAMMAR))
    assert grammar.validate(etree.fromstring(good.encode()))
    slips = {
        "T00:00:00Z": "",
        "<id>": "<id><b/>",
        'href="': 'src="',
        "category term": "category name",
        "author>": "by>",
    }
    for right, wrong in slips.items():
        assert right in good
        assert not grammar.validate(etree.fromstring(good.replace(right, wrong).encode())), right


def test_a_feed_in_each_language_holds_the_newest(project: Path, real_site: Site) -> None:
    days = {("glossary", term_id): date(2026, 1 + place % 12, 5) for place, term_id in enumerate(real_site.glossary)}
    days["elements", next(iter(real_site.elements))] = date(2027, 1, 1)
    for code in LANGUAGES:
        found = judged(drawn(project, real_site, code, lambda kind, i: days.get((kind, i))))
        newest = sorted(days.values(), reverse=True)[: feed.MOST]
        assert [entry.updated[:10] for entry in found.entries] == [day.isoformat() for day in newest]
        assert found.entries[0].link.startswith(f"{ROOT}elements/")
        assert len({entry.id for entry in found.entries}) == len(found.entries)
        assert all(entry.title and entry.summary for entry in found.entries)


def test_every_kind_of_record_says_something(project: Path, real_site: Site) -> None:
    for kind in feed.NEWS:
        first = next(iter(real_site.kind(kind)))

        def known(other: str, record_id: str, wanted: tuple[str, str] = (kind, first)) -> date | None:
            return DAY if (other, record_id) == wanted else None

        (entry,) = judged(drawn(project, real_site, "fr", known)).entries
        assert entry.summary, kind
        assert entry.tags[0].term == kind


def test_what_nobody_knows_is_left_out(project: Path, real_site: Site) -> None:
    found = judged(drawn(project, real_site, "ne", lambda *_: None))
    assert found.entries == []
    assert found.feed.updated.startswith(DAY.isoformat())


def test_a_renamed_record_stays_the_same_entry(real_site: Site) -> None:
    term_id, term = next(iter(real_site.glossary.items()))
    renamed = {"new-name": term.model_copy(update={"former_ids": [term_id]})}
    site = SimpleNamespace(kind=lambda kind: renamed if kind == "glossary" else {}, name=lambda *_: term.term)
    (entry,) = feed.entries(site, "en", ROOT, lambda *_: DAY)
    assert (entry.id, entry.address) == (f"{ROOT}glossary/#{term_id}", f"{ROOT}glossary/#new-name")


def test_the_built_feeds_are_sound_and_every_page_names_its_own(built: Path, real_site: Site) -> None:
    for language in real_site.languages:
        root = built if language.code == real_site.main_language else built / language.code
        found = judged((root / "feed.xml").read_bytes())
        assert found.feed.language == language.code
        address = next(link.href for link in found.feed.links if link.rel == "self")
        for page in (root / "index.html", root / "elements" / "index.html"):
            (link,) = LexborHTMLParser(page.read_text(encoding="utf-8")).css("link[type='application/atom+xml']")
            assert link.attributes["href"] == address
        inside = [entry.link.removeprefix(real_site.settings.address).partition("#") for entry in found.entries]
        assert all((built / path / "index.html").is_file() for path, _, _ in inside)
