"""What readers can take with them: one zip of the whole site that opens from a disk, and what pages say about files.

In the zip, addresses lead to files instead of folders, and the search needs no server; files of data are not in it, so
links to them lead to the site. Two builds of the same day give the same bytes.
"""

import hashlib
import posixpath
import zipfile
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path, PurePath, PurePosixPath
from typing import Any
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from learning_site import bibliography, open_data, search_chunks
from learning_site.model import LanguageCode, Site
from learning_site.rendering import Renderer

FOLDER = "downloads"
NAME = "offline-copy.zip"
HANDBOOK = "handbook-{language}.pdf"
SUMS = "SHA256SUMS"
SBOM = "sbom.cdx.json"
SIZE, SUM, HANDBOOK_SIZE = "@offline-size@", "@offline-sum@", "@handbook-size@"  # on pages until the files are made
LEFT_OUT = (  # for hosts and machines, not for readers
    "_headers", ".htaccess", "sitemap.xml", "sitemap.xml.gz", "robots.txt", "llms.txt", "feed.xml", "404.html",
)  # fmt: skip
ONLY_ONLINE = "[data-only=online], link[rel=canonical], link[rel=alternate], script[type='application/ld+json']"
DATA = frozenset({open_data.FOLDER, bibliography.FOLDER})  # folders of files for programs
INDEX = "search_index.json"
CHUNKS = frozenset({search_chunks.FOLDER, PurePosixPath(search_chunks.SCRIPT).name})  # pages of a disk cannot read them
FOLDERS = ("/", ".")  # how an address ends that leads to a folder
DATA_FORMS = {"data_csv": "{}.csv", "data_json": "{}.json", "data_schema": "schema/{}.json"}  # by their word
ADDRESSES = {"href": "a[href], link[href]", "src": "script[src], img[src]", "action": "form[action]"}


def announced(renderer: Renderer, made: date, with_handbook: bool) -> dict[str, str]:
    """What the pages of a language say about the files before they are made."""
    day = renderer.date(made.isoformat())
    said = {
        "offline": f"{FOLDER}/{NAME}",
        "offline_size": renderer.word("offline_size", size=SIZE, date=day),
        "offline_sum": SUM,
        "sums": f"{FOLDER}/{SUMS}",
        "sbom": f"{FOLDER}/{SBOM}",
        "offline_here": renderer.word("offline_here", date=day),
    }
    if with_handbook:
        said["handbook"] = f"{FOLDER}/{HANDBOOK.format(language=renderer.language)}"
        said["handbook_size"] = renderer.word("handbook_size", size=HANDBOOK_SIZE, date=day)
    return said


def announced_data(renderer: Renderer, files: Mapping[str, bytes], release: open_data.Release) -> dict[str, Any]:
    """What the page about open data says about its files: which there are, how big, of which state."""

    def file(path: str) -> dict[str, str] | None:
        if path not in files:
            return None
        size = renderer.word("kilobytes", size=-(-len(files[path]) // 1000))
        media_type = open_data.MEDIA_TYPES[PurePosixPath(path).suffix[1:]]
        return {"path": f"{open_data.FOLDER}/{path}", "name": path, "type": media_type, "size": size}

    day = renderer.date(release.built.isoformat())
    state = renderer.word("data_state", version=release.version, date=day)
    return {
        "state": renderer.word("data_commit", state=state, commit=release.commit[:10]) if release.commit else state,
        "forms": list(DATA_FORMS),
        "rows": [
            {"word": open_data.word(name), "files": [file(form.format(name)) for form in DATA_FORMS.values()]}
            for name in (open_data.WHOLE, *open_data.TABLES)
        ],
        "package": file(open_data.PACKAGE),
    }


def write_data(built: Path, files: Mapping[str, bytes]) -> None:
    """Write the files of data beside the page about them."""
    for path, content in files.items():
        file = built / open_data.FOLDER / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


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
    files = sorted(path for path in site.rglob("*") if path.is_file())
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for path in files:
            inside = path.relative_to(site)
            if _stays(inside):
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


def sum_up(folder: Path) -> None:
    """Write the checksums of all files of a folder beside them, in the form that `sha256sum -c` reads."""
    files = sorted(path for path in folder.iterdir() if path.is_file() and path.name != SUMS)
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8", newline="\n")


def _stays(inside: PurePath) -> bool:
    """Whether a file of the site is not in the zip."""
    is_data = not DATA.isdisjoint(inside.parts) and inside.suffix != ".html"
    is_left_out = inside.name in LEFT_OUT or not CHUNKS.isdisjoint(inside.parts)
    return inside.parts[0] == FOLDER or is_left_out or is_data


def _as_script(index: Path) -> bytes:
    """A search index that a page can load without a server: browsers let no page of a disk read another file."""
    return b"window.searchIndex = " + index.read_bytes()


def _page(site: Path, path: Path) -> bytes | None:
    """A page whose links lead to files, with what is said only offline, without what is said only online.

    None for an address that a page had before: no link leads there from a disk.
    """
    tree = LexborHTMLParser(path.read_text(encoding="utf-8"))
    if tree.css_first("a#now"):
        return None
    canonical = tree.css_first("link[rel=canonical]")
    online = canonical.attributes["href"] or "" if canonical else ""
    for node in tree.css(ONLY_ONLINE):
        node.decompose()
    for node in tree.css("[data-only=offline]"):
        del node.attrs["hidden"]
    for node in tree.css("form[data-chunks]"):
        del node.attrs["data-chunks"], node.attrs["data-chunked"]
    for attribute, selector in ADDRESSES.items():
        for node in tree.css(selector):
            _lead_to_file(path.relative_to(site).parent.as_posix(), online, node, attribute)
    return (tree.html or "").encode()


def _lead_to_file(here: str, online: str, node: LexborNode, attribute: str) -> None:
    """Make an address that of a file; `here` is the folder of its page, `online` the address of it on the site."""
    address = node.attributes[attribute] or ""
    parts = urlsplit(address)
    if parts.netloc or not parts.path:
        return
    if parts.path.endswith(FOLDERS):
        node.attrs[attribute] = parts._replace(path=posixpath.join(parts.path, "index.html")).geturl()
    elif online and _stays(PurePosixPath(posixpath.normpath(posixpath.join(here, parts.path)))):
        node.attrs[attribute] = urljoin(online, address)
