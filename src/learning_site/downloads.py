"""What readers can take with them: one zip of the whole site that opens from a disk, and what pages say about files.

In the zip, addresses lead to files instead of folders, and the search needs no server. Two builds of the same day give
the same bytes.
"""

import hashlib
import posixpath
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from learning_site.model import LanguageCode, Site
from learning_site.rendering import Renderer

FOLDER = "downloads"
NAME = "offline-copy.zip"
HANDBOOK = "handbook-{language}.pdf"
SIZE, SUM, HANDBOOK_SIZE = "@offline-size@", "@offline-sum@", "@handbook-size@"  # on pages until the files are made
LEFT_OUT = (  # for hosts and machines, not for readers
    "_headers", ".htaccess", "sitemap.xml", "sitemap.xml.gz", "robots.txt", "llms.txt", "feed.xml", "404.html",
)  # fmt: skip
ONLY_ONLINE = "[data-only=online], link[rel=canonical], link[rel=alternate], script[type='application/ld+json']"
INDEX = "search_index.json"
ADDRESSES = {"href": "a[href], link[href]", "src": "script[src], img[src]", "action": "form[action]"}


def announced(renderer: Renderer, made: date, with_handbook: bool) -> dict[str, str]:
    """What the pages of a language say about the files before they are made."""
    day = renderer.date(made.isoformat())
    said = {
        "offline": f"{FOLDER}/{NAME}",
        "offline_size": renderer.word("offline_size", size=SIZE, date=day),
        "offline_sum": SUM,
        "offline_here": renderer.word("offline_here", date=day),
    }
    if with_handbook:
        said["handbook"] = f"{FOLDER}/{HANDBOOK.format(language=renderer.language)}"
        said["handbook_size"] = renderer.word("handbook_size", size=HANDBOOK_SIZE, date=day)
    return said


def make(built: Path, site: Site, made: date) -> None:
    """Write the zip of a built site, and the size and checksum of what can be taken away into the pages."""
    zipped, checksum = pack(built, made)
    for language in (other.code for other in site.languages):
        renderer = Renderer(site, language)
        filled = {SIZE: _megabytes(zipped, renderer), SUM: checksum}
        if (book := zipped.with_name(HANDBOOK.format(language=language))).exists():
            filled[HANDBOOK_SIZE] = _megabytes(book, renderer)
        for path in _pages_in(built, site, language):
            page = path.read_text(encoding="utf-8")
            for mark, value in filled.items():
                page = page.replace(mark, value)
            path.write_text(page, encoding="utf-8")


def _megabytes(file: Path, renderer: Renderer) -> str:
    return str(renderer.number(Decimal(file.stat().st_size).scaleb(-6).quantize(Decimal("0.1"))))


def _pages_in(built: Path, site: Site, language: LanguageCode) -> list[Path]:
    others = {other.code for other in site.languages[1:]}
    root = built if language == site.main_language else built / language
    return [path for path in root.rglob("*.html") if root != built or path.relative_to(built).parts[0] not in others]


def pack(site: Path, made: date) -> tuple[Path, str]:
    """Write the zip of a built site, in which all stands in one folder; its path and SHA-256."""
    target = site / FOLDER / NAME
    target.parent.mkdir(exist_ok=True)
    files = sorted(path for path in site.rglob("*") if path.is_file() and path.name not in LEFT_OUT)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for path in files:
            inside = path.relative_to(site)
            if inside.parts[0] == FOLDER:
                continue
            content: bytes | None
            if path.name == INDEX:
                inside, content = inside.with_suffix(".js"), _as_script(path)
            else:
                content = _page(site, path) if path.suffix == ".html" else path.read_bytes()
            if content is None:
                continue
            entry = zipfile.ZipInfo(f"{target.stem}/{inside.as_posix()}", (made.year, made.month, made.day, 0, 0, 0))
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            packed.writestr(entry, content)
    return target, hashlib.sha256(target.read_bytes()).hexdigest()


def _as_script(index: Path) -> bytes:
    """A search index that a page can load without a server: browsers let no page of a disk read another file."""
    return b"window.searchIndex = " + index.read_bytes()


def _page(site: Path, path: Path) -> bytes | None:
    """A page whose links lead to files, with what is said only offline, without what is said only online.

    None for an address that a page had before: no link leads there from a disk.
    """
    tree = LexborHTMLParser(path.read_text(encoding="utf-8"))
    if tree.css_first("meta[http-equiv=refresh]"):
        return None
    for node in tree.css(ONLY_ONLINE):
        node.decompose()
    for node in tree.css("[data-only=offline]"):
        del node.attrs["hidden"]
    here = path.relative_to(site).parent.as_posix()
    for attribute, selector in ADDRESSES.items():
        for node in tree.css(selector):
            _lead_to_file(site, here, node, attribute)
    return (tree.html or "").encode()


def _lead_to_file(site: Path, here: str, node: LexborNode, attribute: str) -> None:
    address = node.attributes[attribute] or ""
    parts = urlsplit(address)
    if parts.netloc or not parts.path:
        return
    if (site / posixpath.normpath(posixpath.join(here, parts.path))).is_dir():
        filed = posixpath.join(parts.path, "index.html")
        node.attrs[attribute] = parts._replace(path=filed).geturl()
