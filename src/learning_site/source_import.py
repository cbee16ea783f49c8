"""Sources from a reference manager: items of BibTeX, RIS or CSL-JSON as records of the register.

What an item does not say is not made up: how much of a document was read is known only to whoever read it.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

import yaml

from learning_site import citing
from learning_site.citation_formats import READERS, Item, Unreadable
from learning_site.model import ID_PATTERN, MAIN_LANGUAGE, Site, SourceType

ENDINGS = {".bib": "bib", ".ris": "ris", ".json": "json"}
LEAST = "record"  # what claims least of how much was read
WIDTH = 110
DOI_ADDRESS = "https://doi.org/{}"


@dataclass
class Imported:
    """What a file holds: new records by id, items that the register has already, and what there is to say of them."""

    new: dict[str, dict[str, Any]] = field(default_factory=dict)
    known: list[tuple[str, str]] = field(default_factory=list)  # title, and the id that it has
    left: list[str] = field(default_factory=list)

    def as_yaml(self) -> str:
        """The new records as they are added to the register."""
        return "".join(
            yaml.safe_dump({key: record}, sort_keys=False, allow_unicode=True, default_flow_style=None, width=WIDTH)
            for key, record in self.new.items()
        )


def read(name: str, text: str) -> list[Item]:
    """The items of a file. Raises Unreadable, also for a name that ends in nothing known."""
    form = ENDINGS.get(PurePath(name).suffix.lower())
    if form is None:
        raise Unreadable(f"a name ends in {', '.join(ENDINGS)}, so that it is known what is in the file")
    return READERS[form](text)


def imported(items: Iterable[Item], site: Site, how_read: str | None = None) -> Imported:
    """What items are as records. `how_read` says how much of all of them was read, if somebody knows."""
    made = Imported()
    addresses = {url: source_id for source_id, source in site.sources.items() for url in source.addresses}
    dois = {doi: source_id for source_id, source in site.sources.items() if (doi := citing.doi_of(source))}
    taken = {*site.sources, *(former for source in site.sources.values() for former in source.former_ids)}
    types = _types(site)
    for item in items:
        title = _line(item.get("title", ""))
        doi = item.get("DOI")
        url = item.get("URL") or (DOI_ADDRESS.format(doi) if doi else None)
        if held := addresses.get(url or "") or dois.get(doi or ""):
            made.known.append((title, held))
            continue
        if not title or not url:
            missing = "title" if not title else "web address"
            made.left.append(f"`{title or item.get('id', 'an entry')}` has no {missing}, so it is left out")
            continue
        record_id = _free_id(item, taken)
        taken.add(record_id)
        addresses[url] = record_id
        made.new[record_id] = _record(item, title, url, types, how_read or LEAST)
        unsaid = [] if how_read else [f"`read:` how much of it you could read; `{LEAST}` claims least"]
        unsaid += [] if "language" in item else [f"`language:` {MAIN_LANGUAGE} is a guess"]
        unsaid += [] if _publisher(item) else ["`publisher:` who published it"]
        made.left += [f"{record_id}: {said}" for said in unsaid]
    return made


def _types(site: Site) -> dict[tuple[str, str], SourceType]:
    """The type of a source by that of an item and its genre."""
    found: dict[tuple[str, str], SourceType] = {}
    for kind, csl in citing.CSL_TYPES.items():
        genres = [citing.genre(site, kind, language.code) for language in site.languages]
        for said in genres if kind in citing.GENRES else [""]:
            found[csl, said] = kind
    return found


def _record(
    item: Item, title: str, url: str, types: Mapping[tuple[str, str], SourceType], how_read: str
) -> dict[str, Any]:
    kind = types.get((item["type"], item.get("genre", ""))) or types.get((item["type"], ""))
    issued = (item.get("issued", {}).get("date-parts") or [[]])[0]
    published = "-".join(f"{int(part):0{4 if place == 0 else 2}}" for place, part in enumerate(issued))
    record = {
        "title": title,
        "type": kind,
        "authors": [_name(author) for author in item.get("author", [])],
        "publisher": _publisher(item) or "?",
        "published": published,
        "language": item.get("language", MAIN_LANGUAGE)[:2].lower(),
        "read": how_read,
        "note": {MAIN_LANGUAGE: _line(item["note"])} if item.get("note") else None,
        "url": url,
        "also": item.get("custom", {}).get("also", []),
    }
    return {key: value for key, value in record.items() if value}


def _publisher(item: Item) -> str:
    """Who published it; of a journal its name, with volume and issue as the register has them."""
    holder = _line(item.get("container-title", ""))
    if holder and "volume" in item:
        issue = f"({item['issue']})" if "issue" in item else ""
        return f"{holder} {item['volume']}{issue}"
    return _line(item.get("publisher", "")) or holder


def _name(author: Item) -> str:
    return _line(author["literal"] if "literal" in author else f"{author['family']}, {author.get('given', '')}")


def _line(text: str) -> str:
    return " ".join(str(text).split())


def _free_id(item: Item, taken: set[str]) -> str:
    """The id of an item if it can be one here, else one from its first author and year; never one that is taken."""
    first = (item.get("author") or [{}])[0]
    year = (item.get("issued", {}).get("date-parts") or [[""]])[0][0]
    named = first.get("family") or first.get("literal") or _publisher(item) or item.get("title", "")
    wanted = str(item.get("id", ""))
    if not re.match(ID_PATTERN, wanted):
        wanted = _slug(f"{' '.join(named.split()[:3])} {year}") or "source"
    number = 1
    free = wanted
    while free in taken:
        number += 1
        free = f"{wanted}-{number}"
    return free


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
