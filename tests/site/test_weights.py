"""What a reader's phone has to fetch: budgets of the design in bytes, and nothing shipped that no page uses."""

import gzip
import hashlib
import shutil
import subprocess
import zipfile
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from learning_site import downloads, pages, protection
from learning_site.model import Site

FIRST_VIEW = 60_000  # bytes on the wire, everything before the reader acts
SEARCH_INDEX = 200_000
ZIP = 2_000_000
MARKS = (downloads.SIZE, downloads.SUM, downloads.HANDBOOK_SIZE)
LOADED = {"link[rel=stylesheet]": "href", "link[rel=icon]": "href", "script[src]": "src", "img[src]": "src"}


def wire(path: Path) -> int:
    """The bytes of a file as a host sends them."""
    return len(gzip.compress(path.read_bytes(), 9, mtime=0))


def loaded(built: Path, page: str) -> dict[str, int]:
    """What a page fetches by itself, with itself, in bytes on the wire."""
    base = f"https://x.example/{page}"
    parser = LexborHTMLParser((built / page / "index.html").read_text(encoding="utf-8"))
    found = {page or "home": wire(built / page / "index.html")}
    for selector, attribute in LOADED.items():
        for node in parser.css(selector):
            path = urlsplit(urljoin(base, node.attributes[attribute])).path.lstrip("/")
            found[path] = wire(built / path)
    return found


def test_the_first_view_of_every_page_is_light(real_site: Site, built: Path, artefacts: Path) -> None:
    weighed = {
        page: loaded(built, page)
        for page in sorted(p.parent.relative_to(built).as_posix() for p in built.rglob("index.html"))
    }
    assert len(weighed) > 120
    assert all(len(found) >= 6 for found in weighed.values())
    heaviest = sorted(weighed, key=lambda page: -sum(weighed[page].values()))
    element = pages.location("elements", next(iter(real_site.numbered)))
    lines = [f"| {part} | {size} |" for part, size in loaded(built, element).items()]
    rows = [f"| {page} | {sum(weighed[page].values())} | {weighed[page][page]} |" for page in heaviest]
    table = "\n".join(
        ["# Bytes of an element page", "", "| what | gzip -9 |", "| --- | ---: |", *lines, "",
         "# First view of each page", "", "| page | all | HTML |", "| --- | ---: | ---: |", *rows, ""]
    )  # fmt: skip
    (artefacts / "weights.md").write_text(table, encoding="utf-8")
    assert [page for page in heaviest if sum(weighed[page].values()) > FIRST_VIEW] == []


def test_the_search_index_of_each_language_is_light(real_site: Site, built: Path) -> None:
    for language in real_site.languages:
        root = built if language.code == real_site.main_language else built / language.code
        assert wire(root / "search" / "search_index.json") < SEARCH_INDEX, language.code


def test_the_offline_copy_is_light_and_whole(built: Path) -> None:
    path = built / downloads.FOLDER / downloads.NAME
    assert path.stat().st_size < ZIP
    with zipfile.ZipFile(path) as packed:
        names = packed.namelist()
    inside = [p.relative_to(built).as_posix() for p in built.rglob("index.html")]
    assert len(inside) > 120
    assert {f"offline-copy/{name}" for name in inside} <= set(names)


def test_nothing_is_shipped_that_no_page_uses(built: Path) -> None:
    used: set[str] = set()
    for path in built.rglob("*.html"):
        parser = LexborHTMLParser(path.read_text(encoding="utf-8"))
        base = f"https://x.example/{path.relative_to(built).as_posix()}"
        for selector, attribute in {**LOADED, "form[data-engine]": "data-engine"}.items():
            used |= {
                urlsplit(urljoin(base, node.attributes[attribute])).path.lstrip("/") for node in parser.css(selector)
            }
    style = (built / "assets" / "site.css").read_text(encoding="utf-8")
    shipped = [path.relative_to(built).as_posix() for path in (built / "assets").rglob("*") if path.is_file()]
    assert len(shipped) > 8
    assert [path for path in shipped if path not in used and Path(path).name not in style] == []
    assert not list(built.rglob("*.map"))
    assert not [path for path in built.rglob("assets") if path != built / "assets"], "languages share one copy"


def test_every_page_bears_the_policy(built: Path) -> None:
    found = 0
    for path in built.rglob("*.html"):
        (meta,) = LexborHTMLParser(path.read_text(encoding="utf-8")).css("meta[http-equiv=Content-Security-Policy]")
        assert meta.attributes["content"] == protection.policy(in_page=True), path
        found += 1
    assert found > 120
    for name, text in protection.host_files(["fr", "ne"]).items():
        assert (built / name).read_text(encoding="utf-8") == text


def test_pages_say_how_heavy_the_copy_is_and_how_to_check_it(real_site: Site, built: Path) -> None:
    path = built / downloads.FOLDER / downloads.NAME
    megabytes = f"{path.stat().st_size / 1e6:.1f}"
    assert downloads.SIZE not in megabytes
    for code, said in {"": megabytes, "fr": megabytes.replace(".", ","), "ne": None}.items():
        for page in ("", "elements", "offline"):
            parser = LexborHTMLParser((built / code / page / "index.html").read_text(encoding="utf-8"))
            box = parser.css("footer .downloads[data-only=online]")[0]
            sums = [node.text() for node in parser.css(".downloads code")]  # of use only where it says how to check it
            assert sums == [hashlib.sha256(path.read_bytes()).hexdigest()] * (page == "offline"), page
            assert said is None or said in box.text(), (code, page)
            parser.strip_tags(["script"])
            assert not any(mark in parser.css("body")[0].text() for mark in MARKS)


def test_the_checksums_beside_the_copies_are_true(real_site: Site, built: Path, tmp_path: Path) -> None:
    folder = built / downloads.FOLDER
    files = {path.name for path in folder.iterdir()} - {downloads.SUMS}
    assert {downloads.NAME, downloads.SBOM} <= files
    command = ["sha256sum", "--check", "--strict", downloads.SUMS]
    said = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout
    assert {line.removesuffix(": OK") for line in said.splitlines()} == files
    shutil.copy(folder / downloads.SUMS, tmp_path)
    (tmp_path / downloads.NAME).write_bytes((folder / downloads.NAME).read_bytes()[:-1])
    cut = subprocess.run([*command, "--ignore-missing"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (cut.returncode, cut.stdout) == (1, f"{downloads.NAME}: FAILED\n"), "a copy that is not whole is found"
    for language in real_site.languages:
        root = built if language.code == real_site.main_language else built / language.code
        page = LexborHTMLParser((root / "offline" / "index.html").read_text(encoding="utf-8"))
        links = {str(node.attributes["href"]).rpartition("/")[2] for node in page.css("article .downloads a")}
        assert links >= {downloads.NAME, downloads.SBOM, downloads.SUMS}
