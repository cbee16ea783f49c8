"""The promise that an address, once published, goes on working: what is promised, and which promises a build breaks."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from learning_site import claims, pages
from learning_site.messages import nearest
from learning_site.model import Addresses, Released, Site

HEADINGS = "article :is(h1, h2, h3, h4, h5, h6)[id]"
# What belongs to a build and not to its readers; commit.txt is not even there while a change is uncommitted.
NOT_LINKED_TO = re.compile(r"(?:.*/)?(?:assets|search|pagefind)/|(?:.*/)?(?:[._][^/]*|sitemap\.xml.*|commit\.txt)$")
ABOVE = re.compile(r"[^/]+/(?:two-up/)?$")  # both forms of a sheet stand in one folder
WITHDRAWN = re.compile(r"^withdrawn:(?: \[\])?", re.MULTILINE)
BY_BROWSER = ".pdf"  # printed only where there is a browser


@dataclass(frozen=True)
class _Page:
    """A built page: its ids, those of its headings, and the address that it leads to if it moved."""

    ids: frozenset[str]
    headings: tuple[str, ...]
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
    for placed in claims.all_of(site):
        page, _, anchor = placed.location.partition("#")
        found.setdefault(page, []).append(anchor)
    return found


def _pages(folder: Path) -> dict[str, _Page]:
    """The pages of a built site by address."""
    names = (path.relative_to(folder).as_posix() for path in sorted(folder.rglob("index.html")))
    return {(address := name.removesuffix("index.html")): _page(folder / name, address) for name in names}


def _page(path: Path, address: str) -> _Page:
    tree = LexborHTMLParser(path.read_text(encoding="utf-8"))
    now = tree.css_first("a#now") if tree.css_first("meta[http-equiv=refresh]") else None
    leads_to = urlsplit(urljoin(f"/{address}", now.attributes["href"] or "")).path[1:] if now else None
    ids, headings = ([node.attributes["id"] or "" for node in tree.css(chosen)] for chosen in ("[id]", HEADINGS))
    return _Page(frozenset(ids), tuple(headings), leads_to)


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


def ending_with(site: Site, kind: str, record_id: str) -> dict[str, str]:
    """The promised addresses that end with a record, each with where it can lead: what stands above it.

    These are the record's own and those of the claims that it holds.
    """
    own = {pages.address(path) for path in pages.sources_of(kind, record_id) if "#" not in path}
    claimed = {placed.anchor for placed in claims.all_of(site) if (placed.kind, placed.record_id) == (kind, record_id)}
    found: dict[str, str] = {}
    for released in site.addresses.released:
        if released.page in own:
            found[released.page] = _above(released.page)
            continue
        for anchor in released.anchors:
            if anchor in claimed or f"{released.page}#{anchor}" == pages.location(kind, record_id):
                found[f"{released.page}#{anchor}"] = released.page
    return found


def _above(page: str) -> str:
    return ABOVE.sub("", page)


def with_withdrawn(text: str, entries: Mapping[str, str]) -> str:
    """The file of addresses with more that are withdrawn, each with where it leads."""
    lines = "".join(f"\n  - {{address: {address}, leads_to: {leads_to}}}" for address, leads_to in entries.items())
    return WITHDRAWN.sub(lambda found: f"withdrawn:{lines}", text, count=1) if entries else text


def broken(folder: Path, site: Site) -> Iterator[str]:
    """Each promised address that a built site neither holds nor leads on from, in any language, with what to do."""
    promised = site.addresses
    for file in promised.files:
        if not (folder / file).is_file() and not file.endswith(BY_BROWSER):
            yield f"the file {file} was published and is no more: put it back"
    built = _pages(folder)
    places = {placed.anchor: placed.location for placed in claims.all_of(site)}
    gone = {withdrawn.address for withdrawn in promised.withdrawn}
    renamed = _renamed(site)
    missing: dict[str, list[str]] = {}
    for language in site.languages:
        root = "" if language.code == site.main_language else f"{language.code}/"
        for released in promised.released:
            page = _arrived_at(built, f"{root}{released.page}")
            if page is None:
                missing.setdefault(released.page, []).append(language.code)
            elif released.page not in gone:
                for anchor in released.anchors:
                    if anchor not in page.ids and not _named_now(anchor, renamed) & page.ids:
                        missing.setdefault(f"{released.page}#{anchor}", []).append(language.code)
    for address, languages in missing.items():
        of_page, _, anchor = address.partition("#")
        like = nearest(anchor, built[of_page].headings) if anchor else None
        instead = places.get(anchor) or (f"{of_page}#{like}" if like else of_page if anchor else _above(of_page))
        yield (
            f"{address} was published and is no more ({', '.join(languages)}): put it back,"
            " or add to `withdrawn:` in data/addresses.yml:\n"
            f"  - address: {address}\n    leads_to: {instead}"
        )


def _renamed(site: Site) -> dict[str, str]:
    """The ids that records had before, with those that they have now."""
    return {former: record_id for _, record_id, record in site.every() for former in getattr(record, "former_ids", ())}


def _named_now(anchor: str, renamed: Mapping[str, str]) -> set[str]:
    """What a heading that is named after a record may be called since the record was renamed."""
    ends = {former: now for former, now in renamed.items() if anchor == former or anchor.endswith(f"-{former}")}
    return {anchor.removesuffix(former) + now for former, now in ends.items()}


def _arrived_at(built: dict[str, _Page], address: str) -> _Page | None:
    """The page at an address, or that to which it leads on."""
    page = built.get(address)
    for _ in built:
        if page is None or page.leads_to is None:
            break
        page = built.get(page.leads_to)
    return page
