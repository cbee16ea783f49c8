"""What the site says of citations in one language: each page how to cite it, and lists as files."""

import copy
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from learning_site import citation_formats, citing, claims
from learning_site.citing import Item
from learning_site.model import MAIN_LANGUAGE, Claim, LanguageCode, Site
from learning_site.pages import inert_html
from learning_site.references import Reference, references

FOLDER = "cite"
NAMES = {"bib": "BibTeX", "ris": "RIS", "json": "CSL-JSON"}
OWN = re.compile('["“”«»‘;:?!\u00a0\u202f]')  # what a style may write in its own way inside of a title
HEADING, NAMED = "## ", "{: #"  # how a heading of a page and its id begin in Markdown


@dataclass(frozen=True)
class CitedPage:
    """A page: its address below the root of its language, its title as text, the day of its last change if known."""

    url: str
    title: str
    changed: date | None


class Bibliography:
    """The citations of all pages and claims in a language.

    `root` is the address of the language, `said` how a reference in it says a day, or that none is known.
    """

    def __init__(
        self,
        site: Site,
        language: LanguageCode,
        root: str,
        pages: Iterable[CitedPage],
        said: Callable[[date | None], str],
    ) -> None:
        self._site = site
        self._language = language
        listed = {page.url: page for page in pages}
        self._pages = {
            url: citing.of_page(site, language, root, url, page.title, page.changed) for url, page in listed.items()
        }
        self._days = {url: said(page.changed) for url, page in listed.items()}
        self._take(site)

    def renewed(self, site: Site) -> "Bibliography":
        """The same pages with other claims."""
        other = copy.copy(self)
        other._take(site)
        return other

    def _take(self, site: Site) -> None:
        """Find all claims, and make the references of them and of their pages."""
        self._site, language = site, self._language
        self._claims: dict[str, dict[str, Claim]] = {}  # by page and anchor: what is said twice has one address there
        self._home: dict[str, str] = {}  # the page of a claim; of one that several pages hold, the first
        for placed in claims.every(site):
            url = placed.location.partition("#")[0]
            self._claims.setdefault(url, {})[placed.anchor] = placed.claim
            self._home.setdefault(placed.anchor, url)
        self._any_claim = {url: citing.of_any_claim(site, language, self._pages[url]) for url in self._claims}
        of_quoting = [
            (url, citing.of_claim(site, language, self._pages[url], claim))
            for url, standing in self._claims.items()
            for claim in standing.values()
            if OWN.search(citing.beginning(claim, language)[0])
        ]
        every = [*self._pages.items(), *self._any_claim.items(), *of_quoting]
        self._references = references((self._worded(item, self._days[url]) for url, item in every), language)

    def _worded(self, item: Item, day: str) -> Item:
        """An item whose date is said as its language says it: the style has that of the main language alone."""
        return item if self._language == MAIN_LANGUAGE else citing.worded(item, day)

    def page(self, url: str, markdown: str) -> dict[str, Any] | None:
        """What a page says of how to cite it and the claims that it shows, as HTML that is safe in its frame.

        None for no page. `markdown` is the page with all components drawn.
        """
        if url not in self._pages:
            return None
        homes: dict[str, int] = {}  # the number of each page that holds claims which this one shows
        groups: dict[str, list[dict[str, Any]]] = {}
        for heading, anchor in _shown(markdown):
            if anchor not in self._home:  # of something else with a name like that
                continue
            home = url if anchor in self._claims.get(url, ()) else self._home[anchor]
            said, language = citing.beginning(self._claims[home][anchor], self._language)
            address = f"{self._pages[home]['URL']}#{anchor}"
            shown = {
                "anchor": anchor,
                "said": inert_html(said),
                "language": language,
                "address": inert_html(address),
                "home": homes.setdefault(home, len(homes)),
                "in_reference": inert_html(self._in_reference(home, anchor, said)),
            }
            groups.setdefault(heading, []).append(shown)
        return {
            "whole": self._entry(self._pages[url]),
            "claims": [{"heading": heading, "claims": found} for heading, found in groups.items()],
            "any_claim": [self._entry(self._any_claim[home]) for home in homes],
            "lists": [(name, f"{FOLDER}/statements.{form}") for form, name in NAMES.items()],
        }

    def _in_reference(self, home: str, anchor: str, said: str) -> str:
        """The beginning of a claim as a reference has it, where that has other marks or spaces; else nothing."""
        reference = self._references.get(f"{self._pages[home]['id']}-{anchor}")
        if not reference:
            return ""
        before, _, after = _emphasised(self._references[self._any_claim[home]["id"]]).partition(citing.ANY_SAID)
        written = _emphasised(reference).removeprefix(before).removesuffix(after)
        return written if written != said.replace("'", "’") else ""

    def _entry(self, item: Item) -> dict[str, Any]:
        return {
            "reference": [(inert_html(text), emphasised) for text, emphasised in self._references[item["id"]]],
            "formats": [
                (form, NAMES[form], inert_html(write([item]))) for form, write in citation_formats.WRITERS.items()
            ],
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


def _emphasised(reference: Reference) -> str:
    """What is emphasised in a reference: the title."""
    return "".join(text for text, emphasised in reference if emphasised)


def _shown(markdown: str) -> Iterator[tuple[str, str]]:
    """Each claim that a page shows, by the id of the heading above it and its own anchor, in order."""
    heading = ""
    for line in markdown.splitlines():
        if line.startswith(HEADING):
            heading = line.rpartition(NAMED)[2].partition(" ")[0].rstrip("}")
        elif 'id="claim-' in line:
            for node in LexborHTMLParser(line).css("[id^=claim-]"):
                yield heading, node.attributes["id"] or ""
