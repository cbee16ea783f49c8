"""What was measured on a built site, and the page of it that says so: no figure stands there that is not of this build.

Tests leave what they measured in a folder, each with the digest of the site that they looked at. What needs no browser
is measured here. Until all is there, the page says that nothing was measured.
"""

import gzip
import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from learning_site import claims, links, output_check, pages, publishing
from learning_site.model import LanguageCode, Site, sources_cited
from learning_site.rendering import PROOF, Renderer

FETCHED = {"link[rel=stylesheet]": "href", "link[rel=icon]": "href", "script[src]": "src", "img[src]": "src"}


class NotMeasured(Exception):
    """Something that the page would say was not measured on this build; the text says what."""


@dataclass(frozen=True)
class Measured:
    """What was looked at, how often, and how many faults there were."""

    looked_at: int
    faults: int


def digest(site: Path) -> str:
    """The SHA-256 of all files of a built site, with their names."""
    found = hashlib.sha256()
    for path in sorted(path for path in site.rglob("*") if path.is_file()):
        found.update(f"{path.relative_to(site).as_posix()}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def note(folder: Path, name: str, part: str, of: str, measured: Measured) -> None:
    """Leave what a test measured: one part of a figure, such as a language, on the site with the digest `of`."""
    folder.mkdir(parents=True, exist_ok=True)
    said = json.dumps({"figure": name, "site": of, **asdict(measured)})
    (folder / f"{name}-{part}.json").write_text(f"{said}\n", encoding="utf-8")


def noted(folder: Path, of: str) -> dict[str, Measured]:
    """What tests measured on the site with a digest, by figure, all parts together.

    Raises NotMeasured for a figure of which nothing is there, or something of another build.
    """
    found: dict[str, Measured] = {}
    for path in sorted(folder.glob("*.json")):
        said = json.loads(path.read_text(encoding="utf-8"))
        if said["site"] != of:
            raise NotMeasured(f"{path.name} is of another build: run the tests on this one")
        before = found.get(said["figure"], Measured(0, 0))
        found[said["figure"]] = Measured(before.looked_at + said["looked_at"], before.faults + said["faults"])
    if missing := [name for name in PROOF.by_tests if name not in found or not found[name].looked_at]:
        raise NotMeasured(f"not measured on this build: {', '.join(missing)}")
    return found


def measured_here(built: Path, site: Site) -> dict[str, Measured]:
    """What is measured without a browser: pages, links, and the sources of claims."""
    read = [page for page in output_check.read_pages(built) if not page.leads_on]
    followed, broken = links.followed(built, site.settings.address)
    every = claims.every(site)
    without = sum(not sources_cited(placed.claim) for placed in every)
    return {
        "pages": Measured(len(read), len(list(output_check.faults(built)))),
        "links": Measured(followed, len(broken)),
        "claims": Measured(len(every), without),
    }


def heaviest(built: Path, site: Site, language: LanguageCode) -> int:
    """The most bytes that a page of a language fetches before its reader does anything, as hosts send them."""
    others = tuple(f"{other.code}/" for other in site.languages[1:])
    root = "" if language == site.main_language else f"{language}/"
    sizes: dict[Path, int] = {}

    def sent(file: Path) -> int:
        if file not in sizes:
            sizes[file] = len(gzip.compress(file.read_bytes(), 9, mtime=0))
        return sizes[file]

    weights = []
    for path in sorted((built / root).rglob("index.html")):
        inside = path.relative_to(built).as_posix()
        if root or not inside.startswith(others):
            tree = LexborHTMLParser(path.read_text(encoding="utf-8"))
            asked = {node.attributes[name] or "" for selector, name in FETCHED.items() for node in tree.css(selector)}
            files = {built / urlsplit(urljoin(f"/{inside}", address)).path.lstrip("/") for address in asked}
            weights.append(sent(path) + sum(map(sent, files)))
    return max(weights)


def write(built: Path, site: Site, folder: Path) -> list[Path]:
    """Put what was measured on a built site into the page that says so, in each language; the files.

    Raises NotMeasured, and then writes nothing.
    """
    commit = built / publishing.COMMIT
    if not commit.is_file():
        raise NotMeasured("this site was not built from a commit")
    figures = {**measured_here(built, site), **noted(folder, digest(built))}
    made: dict[Path, str] = {}
    for language in (other.code for other in site.languages):
        root = built if language == site.main_language else built / language
        path = root / pages.address(pages.CHECKED) / "index.html"
        tree = LexborHTMLParser(path.read_text(encoding="utf-8"))
        said = dict(_said(Renderer(site, language), figures, commit.read_text(encoding="utf-8")[:12]))
        said["weight"] = _kilobytes(Renderer(site, language), heaviest(built, site, language))
        for node in tree.css(".proof"):
            del node.attrs["hidden"]
        for node in tree.css("[data-unmeasured]"):
            node.decompose()
        for node in tree.css("[data-measured]"):
            _replace(node, said.pop(node.attributes["data-measured"] or ""))
        if said:
            raise NotMeasured(f"the page has no place for: {', '.join(said)}")
        made[path] = tree.html or ""
    for path, text in made.items():
        path.write_text(text, encoding="utf-8", newline="\n")
    return list(made)


def _said(renderer: Renderer, figures: dict[str, Measured], commit: str) -> Iterator[tuple[str, str]]:
    yield "commit", commit
    for name, found in figures.items():
        yield name, str(renderer.number(found.looked_at))
        yield f"{name}-faults", str(renderer.number(found.faults))


def _kilobytes(renderer: Renderer, size: int) -> str:
    return renderer.word("kilobytes", size=renderer.number(Decimal(size).scaleb(-3).quantize(Decimal(1))))


def _replace(node: LexborNode, text: str) -> None:
    for held in list(node.iter(include_text=True)):
        held.replace_with(text)
