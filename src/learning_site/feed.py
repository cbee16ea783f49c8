"""What changed on the site, newest first, for those who follow it with a feed reader: the entries of the Atom feeds.

Source of the terms: RFC 4287, The Atom Syndication Format. The template is docs/overrides/feed.xml.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from learning_site import pages
from learning_site.model import MAIN_LANGUAGE, LanguageCode, Localized, MarkdownText, Site
from learning_site.staff_markdown import words

MOST = 50  # entries; who comes later finds the rest on the site
NEWS = (
    "initiative", "elements", "cases", "questions", "evidence", "testimonies", "tools", "safeguards", "glossary",
    "sources",
)  # fmt: skip
SAYS = ("summary", "definition", "offers", "quote", "text", "design", "publisher")  # what tells most of a record


@dataclass(frozen=True)
class Said:
    """Words, and the language that they are in."""

    text: str
    language: str


@dataclass(frozen=True)
class Entry:
    """A record that changed: its address, the first that it had, and what is said of it."""

    kind: str
    title: Said
    summary: Said
    address: str
    id: str
    changed: date


Changed = Callable[[str, str], date | None]


def entries(site: Site, language: LanguageCode, root: str, changed: Changed) -> list[Entry]:
    """The latest changes of records that are shown, for a language whose pages are below `root`.

    A record of which nobody knows when it changed is left out. Those of the same day stand in the order of the site.
    """
    dated = [
        (day, kind, record_id) for kind in NEWS for record_id in site.kind(kind) if (day := changed(kind, record_id))
    ]
    dated.sort(key=lambda found: found[0], reverse=True)
    return [_entry(site, language, root, *found) for found in dated[:MOST]]


def _entry(site: Site, language: LanguageCode, root: str, day: date, kind: str, record_id: str) -> Entry:
    record = site.kind(kind)[record_id]
    first_id = next(iter(getattr(record, "former_ids", ())), record_id)
    own_language = getattr(record, "language", MAIN_LANGUAGE)
    title = site.name(kind, record_id)
    return Entry(
        kind,
        _said(title, language, own_language),
        next(_told(record, language, own_language)),
        root + pages.location(kind, record_id),
        root + pages.location(kind, first_id),
        day,
    )


def _told(record: object, language: LanguageCode, own_language: str) -> Iterator[Said]:
    for field in SAYS:
        if text := getattr(record, field, None):
            yield _said(text, language, own_language)


def _said(text: Localized | str | None, language: LanguageCode, own_language: str) -> Said:
    if isinstance(text, Localized):
        best, written_in = text.best(language)
        return Said(words(best) if isinstance(text, MarkdownText) else best, written_in)
    return Said(text or "", own_language)
