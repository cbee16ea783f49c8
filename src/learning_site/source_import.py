"""Sources from a reference manager: items of BibTeX, RIS or CSL-JSON as records of the register.

What an item does not say is not made up: how much of a document was read is known only to whoever read it.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any
from urllib.parse import quote, unquote

import yaml

from learning_site import citing
from learning_site.citation_formats import AND_OTHERS, READERS, Item, Unreadable
from learning_site.language_codes import code_of
from learning_site.model import ID_PATTERN, MAIN_LANGUAGE, WEB_PATTERN, Site, SourceType

ENDINGS = {".bib": "bib", ".ris": "ris", ".json": "json"}
LEAST = "record"  # what claims least of how much was read
WIDTH = 110
DOI = re.compile(r"10\.\d{4,9}/\S+")
DOI_ADDRESS = "https://doi.org/{}"
DOI_SIGNS = "/:;()[]@!$&'*+,=~"  # which stand in addresses as they are


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


def read(name: str, content: bytes) -> list[Item]:
    """The items of a file. Raises Unreadable, also for a name that ends in nothing known."""
    form = ENDINGS.get(PurePath(name).suffix.lower())
    if form is None:
        raise Unreadable(f"a name ends in {', '.join(ENDINGS)}, so that it is known what is in the file")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable("its signs are not in UTF-8: save it again with the encoding (character set) UTF-8") from None
    return READERS[form](text)


def imported(items: Iterable[Item], site: Site, how_read: str | None = None) -> Imported:
    """What items are as records. `how_read` says how much of all of them was read, if somebody knows."""
    made = Imported()
    taken = {*site.sources, *(former for source in site.sources.values() for former in source.former_ids)}
    holders: dict[str, str] = {}
    for source_id, source in site.sources.items():
        for mark in _marks(source.addresses):
            holders.setdefault(mark, source_id)
    types = _types(site)
    for item in items:
        title = _line(item.get("title", ""))
        addresses = _addresses(item)
        if held := next((holders[mark] for mark in _marks(addresses) if mark in holders), None):
            made.known.append((title or addresses[0], held))
            continue
        if not title or not addresses:
            missing = "title" if not title else "web address"
            made.left.append(f"`{title or item.get('id') or 'an entry'}` has no {missing}, so it is left out")
            made.left += _no_addresses(item)
            continue
        record_id = _free_id(item, taken)
        taken.add(record_id)
        holders |= dict.fromkeys(_marks(addresses), record_id)
        made.new[record_id] = _record(item, title, addresses, types, how_read or LEAST)
        made.left += [f"{record_id}: {said}" for said in [*_unsaid(item, how_read), *_no_addresses(item)]]
    return made


def _unsaid(item: Item, how_read: str | None) -> list[str]:
    """What an item does not say, or says in a way that a person has to look at."""
    said = [] if how_read else [f"`read:` how much of it you could read; `{LEAST}` claims least"]
    language = item.get("language", "")
    if not code_of(language):
        written = f"; the file says `{_line(language)}`" if language else ""
        said.append(f"`language:` {MAIN_LANGUAGE} is a guess{written}")
    if not _publisher(item):
        said.append("`publisher:` who published it")
    if "issued" not in item:
        said.append("`published:` the year, if it has one")
    for author in item.get("author", []):
        name = _line(author.get("literal", ""))
        if name.endswith(f" {AND_OTHERS}"):
            said.append(f"`authors:` `{name}`: the file does not name all of them")
        elif ", " in name:
            said.append(f"`authors:` `{name}` would be cited as a person; write it without `, `")
    return said


def _addresses(item: Item) -> list[str]:
    """The addresses of an item; that of its DOI among them, so that it is known again by it."""
    found = [url for url in _written(item) if re.match(WEB_PATTERN, url)]
    doi = DOI.search(unquote(item.get("DOI", "")))
    if doi and _doi_mark(doi[0]) not in _marks(found):
        found.append(DOI_ADDRESS.format(quote(doi[0], safe=DOI_SIGNS)))
    return found


def _written(item: Item) -> list[str]:
    """What an item has for addresses, each once."""
    every = (item.get("URL"), *item.get("custom", {}).get("also", []))
    return list(dict.fromkeys(url for held in every if (url := str(held or "").strip())))


def _no_addresses(item: Item) -> list[str]:
    """What is said of addresses that are none."""
    wrong = [url for url in _written(item) if not re.match(WEB_PATTERN, url)]
    return [f"`{_line(url)}` is no web address, https://… without spaces, so it is left out" for url in wrong]


def _marks(addresses: Iterable[str]) -> list[str]:
    """By what a document is known again: its addresses, however these are written, and its DOI."""
    found = []
    for url in addresses:
        host, slash, path = url.partition("://")[2].partition("/")
        found.append(f"{host.lower()}{slash}{path}".rstrip("/"))
        if doi := citing.DOI.search(unquote(url)):
            found.append(_doi_mark(doi[1]))
    return found


def _doi_mark(doi: str) -> str:
    """A DOI as DOIs are compared: without regard to capitals."""
    return f"doi:{doi.lower().rstrip('/.')}"


def _types(site: Site) -> dict[tuple[str, str], SourceType]:
    """The type of a source by that of an item and its genre."""
    found: dict[tuple[str, str], SourceType] = {}
    for kind, csl in citing.CSL_TYPES.items():
        genres = [citing.genre(site, kind, language.code) for language in site.languages]
        for said in genres if kind in citing.GENRES else [""]:
            found[csl, said] = kind
    return found


def _record(
    item: Item, title: str, addresses: list[str], types: Mapping[tuple[str, str], SourceType], how_read: str
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
        "language": code_of(item.get("language", "")) or MAIN_LANGUAGE,
        "read": how_read,
        "note": {MAIN_LANGUAGE: _line(item["note"])} if item.get("note") else None,
        "url": addresses[0],
        "also": addresses[1:],
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
