"""What can be cited, as CSL-JSON (citeproc-js.readthedocs.io/en/latest/csl-json): sources, pages, claims.

Everything else that is said of a citation is made from these items. An item holds what is known and nothing more: a
source that names no author has none here, and a page whose last change is not known has no date.
"""

import re
import textwrap
from datetime import date
from typing import Any

from learning_site.model import MAIN_LANGUAGE, Claim, LanguageCode, Localized, Site, Source, SourceType, once
from learning_site.staff_markdown import words

Item = dict[str, Any]

CSL_TYPES: dict[SourceType, str] = {
    "report": "report",
    "manual": "report",
    "journal-article": "article-journal",
    "conference-paper": "paper-conference",
    "book": "book",
    "thesis": "thesis",
    "news-article": "article-newspaper",
    "blog-post": "post-weblog",
    "webpage": "webpage",
    "entry": "entry-encyclopedia",
    "slides": "speech",
    "video": "motion_picture",
}
UNKNOWN_TYPE = "document"
GENRES: tuple[SourceType, ...] = ("manual", "slides")  # for which CSL has no type; it says them as a genre
PARTS = frozenset({"journal-article", "conference-paper", "news-article", "blog-post", "entry"})  # of what is published
SAID_BY_DAY = frozenset({"document", "speech", "webpage", "post-weblog", "article-newspaper"})  # in APA; else by year
VOLUME = re.compile(r"(.+) (\d+)\((\d+)\)")
DOI = re.compile(r"/(10\.\d{4,9}/[^\s?#]+)")
TITLE_WIDTH = 90  # signs of a claim that stand for it
NOT_BEFORE_CUT = " .,;:!?–—-।("  # what reads wrong before the sign of what was cut off
ANY_SAID = "0000000"  # no format changes it, and site.js knows it
ANY_ANCHOR = f"claim-{ANY_SAID}"


def of_source(site: Site, source_id: str, language: LanguageCode = MAIN_LANGUAGE) -> Item:
    """A source of the register; `language` is that of the few words of ours in it."""
    source = site.sources[source_id]
    item: Item = {"id": source_id, "type": CSL_TYPES[source.type] if source.type else UNKNOWN_TYPE}
    item["title"] = source.title
    item |= {"language": source.language, "URL": source.url}
    if source.type in GENRES:
        item["genre"] = genre(site, source.type, language)
    if source.authors:
        item["author"] = [_name(author) for author in source.authors]
    if source.type not in PARTS:
        item["publisher"] = source.publisher
    elif numbered := VOLUME.fullmatch(source.publisher):
        item |= dict(zip(("container-title", "volume", "issue"), numbered.groups(), strict=True))
    else:
        item["container-title"] = source.publisher
    if source.published:
        item["issued"] = {"date-parts": [[int(part) for part in source.published.split("-")]]}
    if doi := doi_of(source):
        item["DOI"] = doi
    if source.note:
        item["note"] = source.note.best(language)[0]
    if source.also:
        item["custom"] = {"also": source.also}
    return item


def genre(site: Site, kind: SourceType, language: LanguageCode) -> str:
    """What a type of source is called."""
    return site.ui[f"type_{kind.replace('-', '_')}"].written_in(language) or ""


def doi_of(source: Source) -> str | None:
    """The DOI of a source, if one of its addresses holds it."""
    return next((found[1] for url in (source.url, *source.also) if (found := DOI.search(url))), None)


def _name(author: str) -> Item:
    """A name as CSL has it: of a person in two parts, else as it stands."""
    family, comma, given = author.partition(", ")
    return {"family": family, "given": given} if comma else {"literal": author}


def of_page(site: Site, language: LanguageCode, root: str, url: str, title: str, changed: date | None) -> Item:
    """A page of the site, by its address below the root of the language; the home page stands for the site itself."""
    name = site.settings.name.best(language)[0]
    path = url.strip("/").replace("/", "-") or "home"
    own_id = path if language == site.main_language else f"{path}-{language}"
    item: Item = {"id": own_id, "type": "webpage"}
    item |= {"title": title if url else name, "language": language, "URL": root + url}
    item["author"] = [{"literal": editors(site, language)}]
    if url:
        item["container-title"] = name
    if changed:
        item["issued"] = {"date-parts": [[changed.year, changed.month, changed.day]]}
    return item


def editors(site: Site, language: LanguageCode) -> str:
    """Who wrote what the site itself says; those whose work it tells of did not."""
    return (site.ui["editors_of_site"].written_in(language) or "").format(site=site.settings.name.best(language)[0])


def worded(item: Item, day: str) -> Item:
    """An item for a reference that says its date in these words."""
    return {**{key: value for key, value in item.items() if key != "issued"}, "status": day}


def of_claim(site: Site, language: LanguageCode, page: Item, claim: Claim) -> Item:
    """A claim, given the item of the page where it stands: that page at the claim's own address."""
    return _at(site, language, page, claim.anchor, beginning(claim, language)[0])


def of_any_claim(site: Site, language: LanguageCode, page: Item) -> Item:
    """The item of every claim of a page, with signs that no claim has where its anchor and its beginning belong."""
    return _at(site, language, page, ANY_ANCHOR, ANY_SAID)


def _at(site: Site, language: LanguageCode, page: Item, anchor: str, said: str) -> Item:
    title = (site.ui["cite_statement_title"].written_in(language) or "").format(page=page["title"], statement=said)
    return {**page, "id": f"{page['id']}-{anchor}", "title": title, "URL": f"{page['URL']}#{anchor}"}


def beginning(claim: Claim, language: LanguageCode) -> tuple[str, LanguageCode]:
    """How a claim begins, in plain words, and in which language these are."""
    known = _beginnings(claim)
    if language not in known:
        known[language] = _beginning(claim, language)
    return known[language]


@once
def _beginnings(_: Claim) -> dict[LanguageCode, tuple[str, LanguageCode]]:
    return {}


def _beginning(claim: Claim, language: LanguageCode) -> tuple[str, LanguageCode]:
    text: Localized = next(getattr(claim, key) for key in ("text", "role", "what") if hasattr(claim, key))
    said, written_in = text.best(language)
    whole = " ".join(words(said).split())
    if len(whole) <= TITLE_WIDTH:
        return whole, written_in
    cut = textwrap.shorten(whole, TITLE_WIDTH, placeholder="")
    return f"{cut.rstrip(NOT_BEFORE_CUT)}…", written_in
