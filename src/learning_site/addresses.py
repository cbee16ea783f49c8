"""The promise that an address, once published, goes on working: what is promised, and which promises a build breaks."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from learning_site import claims, pages
from learning_site.model import Addresses, Released, Site

HEADINGS = "article :is(h1, h2, h3, h4, h5, h6)[id]"
# What belongs to a build and not to its readers; commit.txt is not even there while a change is uncommitted.
NOT_LINKED_TO = re.compile(r"(?:.*/)?(?:assets|search|pagefind)/|(?:.*/)?(?:[._][^/]*|sitemap\.xml.*|commit\.txt)$")
ABOVE = re.compile(r"[^/]+/(?:two-up/)?$")  # both forms of a sheet stand in one folder
WITHDRAWN = re.compile(r"^withdrawn:(?: *\[ *\])?", re.MULTILINE)
INDENT = re.compile(r"^withdrawn:.*\n(?:[ \t]*(?:#.*)?\r?\n)*( *)- ", re.MULTILINE)
NEXT_KEY = re.compile(r"^(?:released|files):|\Z", re.MULTILINE)
PLAIN = re.compile(r"\w[\w/#.-]*")  # what YAML reads as it stands
STILL_THERE = "data/addresses.yml says that this was taken out, but it is there: {}; take the entry out"
BY_BROWSER = ".pdf"  # printed only where there is a browser


@dataclass(frozen=True)
class _Page:
    """A built page: its ids, those of its headings and of what was withdrawn, and where it leads if it moved."""

    ids: frozenset[str]
    headings: tuple[str, ...]
    withdrawn: tuple[str, ...]
    leads_to: str | None


def in_build(folder: Path, site: Site) -> Addresses:
    """The addresses of a built site that others may point at, in the main language: other languages have the same.

    These are pages, headings, and each claim on the page of its record; other pages may show it or not.
    """
    roots = tuple(f"{language.code}/" for language in site.languages[1:])
    claimed = _claims(site)
    released = [
        Released(page=address, anchors=list(dict.fromkeys([*page.headings, *claimed.get(address, ())])))
        for address, page in _pages(folder).items()
        if page.leads_to is None and not address.startswith(roots)
    ]
    names = (path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")) if path.is_file())
    files = [name for name in names if not name.endswith(".html") and not NOT_LINKED_TO.match(name)]
    return Addresses(withdrawn=[], released=released, files=files)


def _claims(site: Site) -> dict[str, list[str]]:
    """The places of all claims, by page."""
    found: dict[str, list[str]] = {}
    for placed in claims.every(site):
        page, _, anchor = placed.location.partition("#")
        found.setdefault(page, []).append(anchor)
    return found


def _pages(folder: Path) -> dict[str, _Page]:
    """The pages of a built site by address."""
    names = (path.relative_to(folder).as_posix() for path in sorted(folder.rglob("index.html")))
    return {(address := name.removesuffix("index.html")): _page(folder / name, address) for name in names}


def _page(path: Path, address: str) -> _Page:
    tree = LexborHTMLParser(path.read_text(encoding="utf-8"))
    now = tree.css_first("a#now")
    leads_to = urlsplit(urljoin(f"/{address}", now.attributes["href"] or "")).path[1:] if now else None
    ids, headings, gone = (
        tuple(node.attributes["id"] or "" for node in tree.css(chosen))
        for chosen in ("[id]:not(.withdrawn)", HEADINGS, ".withdrawn[id]")
    )
    return _Page(frozenset(ids), headings, gone, leads_to)


def together(promised: Addresses, built: Addresses) -> Addresses:
    """What is promised once a build is published: nothing is ever taken back."""
    anchors = {released.page: list(released.anchors) for released in promised.released}
    for released in built.released:
        held = anchors.setdefault(released.page, [])
        held += [anchor for anchor in released.anchors if anchor not in held]
    return Addresses(
        withdrawn=promised.withdrawn,
        released=[Released(page=page, anchors=anchors[page]) for page in sorted(anchors)],
        files=sorted({*promised.files, *built.files}),
    )


def ending_with(site: Site, kind: str, record_id: str, after: Site) -> dict[str, str]:
    """The promised addresses that end with a record, each with where it can lead: what stands above it.

    These are the record's own, also under its former ids, and those of all claims that are not there `after` it went.
    """
    ids = (record_id, *getattr(site.kind(kind)[record_id], "former_ids", ()))
    own = {pages.address(path) for one in ids for path in pages.sources_of(kind, one) if "#" not in path}
    shown = {pages.location(kind, one) for one in ids}
    claimed = {placed.anchor for placed in claims.every(site)} - {placed.anchor for placed in claims.every(after)}
    renamed, withdrawn = pages.renamed(site), pages.withdrawn_places(site)
    found: dict[str, str] = {}
    for released in site.addresses.released:
        page = renamed.get(released.page, released.page)
        if page in own or released.page in own:
            found[released.page] = _above(released.page)
            continue
        for anchor in released.anchors:
            if (anchor in claimed or f"{page}#{anchor}" in shown) and anchor not in withdrawn.get(page, ()):
                found[f"{page}#{anchor}"] = page
    return {address: leads_to for address, leads_to in found.items() if address not in pages.taken_out(site)}


def _above(page: str) -> str:
    return ABOVE.sub("", page)


def with_withdrawn(text: str, entries: Mapping[str, str]) -> str:
    """The file of addresses with more that are withdrawn, each with where it leads."""
    if not entries:
        return text
    if not WITHDRAWN.search(text):
        text = NEXT_KEY.sub(lambda found: f"withdrawn: []\n{found[0]}", text, count=1)
    held = INDENT.search(text)
    before = held[1] if held else "  "
    lines = "".join(
        f"\n{before}- {{address: {_written(address)}, leads_to: {_written(leads_to)}}}"
        for address, leads_to in entries.items()
    )
    return WITHDRAWN.sub(lambda found: f"withdrawn:{lines}", text, count=1)


def _written(value: str) -> str:
    """An address as YAML reads it: the home page's is empty, and a place on it begins like a comment."""
    return value if PLAIN.fullmatch(value) else json.dumps(value, ensure_ascii=False)


def broken(folder: Path, site: Site) -> Iterator[str]:
    """Each promise that a built site does not keep, in any language, with what to do."""
    for file in site.addresses.files:
        if not (folder / file).is_file() and not file.endswith(BY_BROWSER):
            yield f"the file {file} was published and is no more: put it back"
    built = _pages(folder)
    yield from dict.fromkeys(_wrongly_withdrawn(folder, built, site))
    if missing := _missing(built, site):
        yield _what_to_do(missing, built, site)


def _roots(site: Site) -> dict[str, str]:
    """The folder of each language in a built site."""
    return {one.code: "" if one.code == site.main_language else f"{one.code}/" for one in site.languages}


def _wrongly_withdrawn(folder: Path, built: Mapping[str, _Page], site: Site) -> Iterator[str]:
    """What data/addresses.yml says is gone and is not, and what it leads to and is not there."""
    for root in _roots(site).values():
        for gone in site.addresses.withdrawn:
            page, _, anchor = gone.leads_to.partition("#")
            there = _arrived_at(built, f"{root}{page}")
            if not (folder / f"{root}{page}").is_file() and (
                there is None or (anchor and anchor not in built[there].ids)
            ):
                yield (
                    f"data/addresses.yml says that {gone.address} leads to `{gone.leads_to}`, but that is not there:"
                    " write under `leads_to:` an address that is"
                )
            if not gone.anchor:
                continue  # there is no page to look at, or else the build has stopped
            holding = _arrived_at(built, f"{root}{gone.page}")
            if holding is None:
                yield (
                    f"data/addresses.yml says that {gone.address} was taken out of its page, but there is no such page:"
                    " name one that is there, or was before it was renamed"
                )
            elif gone.anchor in built[holding].ids and gone.page not in pages.taken_out(site):
                yield STILL_THERE.format(gone.address)


def _missing(built: Mapping[str, _Page], site: Site) -> dict[str, list[str]]:
    """The promised addresses that lead nowhere, each with the languages in which they do."""
    renamed, gone = _renamed(site), pages.taken_out(site)
    missing: dict[str, dict[str, None]] = {}
    for language, root in _roots(site).items():
        for released in site.addresses.released:
            there = _arrived_at(built, f"{root}{released.page}")
            if there is None:
                missing.setdefault(released.page, {})[language] = None
            elif released.page not in gone:
                # Named as the page is called now: that is where a reader arrives, with the place that was asked for.
                ids = built[there].ids.union(built[there].withdrawn)
                for anchor in released.anchors:
                    if anchor not in ids and not _named_now(anchor, renamed) & ids:
                        missing.setdefault(f"{there.removeprefix(root)}#{anchor}", {})[language] = None
    return {address: list(languages) for address, languages in missing.items()}


def _what_to_do(missing: Mapping[str, list[str]], built: Mapping[str, _Page], site: Site) -> str:
    """All addresses that lead nowhere, and lines to paste that let each lead to what is surely right."""
    entries = ""
    for address in missing:
        page, _, anchor = address.partition("#")
        instead = _place_by_name(site, page, anchor) or page if anchor else _above(page)
        while instead and instead.partition("#")[0] not in built:
            instead = _above(instead.partition("#")[0])
        entries += f"\n  - address: {_written(address)}\n    leads_to: {_written(instead)}"
    listed = "".join(f"\n  {address} ({', '.join(languages)})" for address, languages in missing.items())
    first = not site.addresses.withdrawn
    where = "in place of `withdrawn: []` write" if first else "write below `withdrawn:`, as deep as what stands there"
    return (
        f"what was published here is no more:{listed}\n"
        f"put it back; or say where it leads: in data/addresses.yml {where}:\n" + ("withdrawn:" if first else "")
    ) + (entries if first else entries[1:])


def _place_by_name(site: Site, page: str, anchor: str) -> str | None:
    """Where a claim is now, or a record that stood on a page of several; None if nobody can tell."""
    for placed in claims.every(site):
        if placed.anchor == anchor:
            return placed.location
    places = [pages.location(kind, one) for kind, one, _ in site.every() if "#" in pages.ADDRESSES[kind]]
    named = [place for place in places if place.partition("#")[2] == anchor]
    shared = page in {place.partition("#")[0] for place in places}
    return named[0] if shared and len(named) == 1 else None


def _renamed(site: Site) -> dict[str, str]:
    """The ids that records had before, with those that they have now."""
    return {former: record_id for _, record_id, record in site.every() for former in getattr(record, "former_ids", ())}


def _named_now(anchor: str, renamed: Mapping[str, str]) -> set[str]:
    """What a heading that is named after a record may be called since the record was renamed."""
    ends = {former: now for former, now in renamed.items() if anchor == former or anchor.endswith(f"-{former}")}
    return {anchor.removesuffix(former) + now for former, now in ends.items()}


def _arrived_at(built: Mapping[str, _Page], address: str) -> str | None:
    """The address at which somebody who asks for a page arrives, None if there is none."""
    for _ in built:
        page = built.get(address)
        if page is None:
            return None
        if page.leads_to is None:
            return address
        address = page.leads_to
    return None
