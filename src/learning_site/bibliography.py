"""What the site says of citations in one language: each page how to cite it, and lists as files."""

import copy
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from learning_site import citation_formats, citing, claims
from learning_site.model import Claim, LanguageCode, Site
from learning_site.pages import inert_html
from learning_site.references import references, spoken

FOLDER = "cite"
NAMES = {"bib": "BibTeX", "ris": "RIS", "json": "CSL-JSON"}


@dataclass(frozen=True)
class CitedPage:
    """A page: its address below the root of its language, its title as text, the day of its last change if known."""

    url: str
    title: str
    changed: date | None


def _claims(site: Site) -> dict[str, dict[str, Claim]]:
    """All claims by page and anchor: what is said twice has one address there."""
    found: dict[str, dict[str, Claim]] = {}
    for placed in claims.all_of(site):
        found.setdefault(placed.location.partition("#")[0], {})[placed.anchor] = placed.claim
    return found


class Bibliography:
    """The citations of all pages and claims in a language; `root` is the address of the language."""

    def __init__(self, site: Site, language: LanguageCode, root: str, pages: Iterable[CitedPage]) -> None:
        self._site = site
        self._language = language
        self._pages = {
            page.url: citing.of_page(site, language, root, page.url, page.title, page.changed) for page in pages
        }
        self._references = references(self._pages.values(), spoken(language))
        self._claims = _claims(site)

    def renewed(self, site: Site) -> "Bibliography":
        """The same pages with other claims."""
        other = copy.copy(self)
        other._site, other._claims = site, _claims(site)
        return other

    def page(self, url: str) -> dict[str, Any] | None:
        """What a page says of how to cite it and its claims, as HTML that is safe in its frame; None for no page."""
        if url not in self._pages:
            return None
        item = self._pages[url]
        standing = self._claims.get(url, {})
        shown = [(anchor, *citing.beginning(claim, self._language)) for anchor, claim in standing.items()]
        return {
            "reference": [(inert_html(text), emphasised) for text, emphasised in self._references[item["id"]]],
            "spoken": spoken(self._language),
            "formats": [(NAMES[form], inert_html(write([item]))) for form, write in citation_formats.WRITERS.items()],
            "claims": [(anchor, inert_html(said), language) for anchor, said, language in shown],
            "lists": [(name, f"{FOLDER}/statements.{form}") for form, name in NAMES.items()],
        }

    def files(self) -> dict[str, str]:
        """The lists of sources and of claims in each format, by path below the root of the language."""
        lists = {
            "sources": [citing.of_source(self._site, source_id, self._language) for source_id in self._site.sources],
            "statements": [
                citing.of_claim(self._site, self._language, self._pages[url], claim)
                for url, standing in self._claims.items()
                for claim in standing.values()
            ],
        }
        return {
            f"{FOLDER}/{name}.{form}": write(items)
            for name, items in lists.items()
            for form, write in citation_formats.WRITERS.items()
        }
