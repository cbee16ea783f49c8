"""The same site under Zensical, from the pages that `learning-site write-pages` writes: the way out, should MkDocs end.

Every page is compared whole, the frame too. What may differ is listed here; a difference that is new, or gone, fails.
"""

import difflib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urljoin

import pytest
from selectolax.lexbor import LexborHTMLParser

from learning_site import links, output_check, search_words, zensical_project
from learning_site.editions import Stopped
from learning_site.model import Site

ADDRESSES = ("href", "src", "action", "data-index", "data-engine")
SOMEWHERE = "https://example.org/"

# What only MkDocs' build makes, as the last step before it publishes, or from templates that are no pages: the zip, the
# handbook, the files of data, the feed.
ONLY_IN_MKDOCS = (
    ".footer__part:has(.downloads)",
    ".downloads",
    ".data-files",
    "link[type='application/atom+xml']",
    "li:has(a[type='application/atom+xml'])",
)
# Classes that Zensical adds by itself.
ONLY_IN_ZENSICAL = ("pre.highlight",)
# Zensical takes an address in HTML as one from the file, MkDocs as one from the page: in other languages they differ.
FROM_THE_FILE = ".take a"


def zensical(settings: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "zensical", "build", "--strict", "-f", settings.name]
    return subprocess.run(command, cwd=settings.parent, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def written(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as a project for Zensical."""
    folder = tmp_path_factory.mktemp("zensical") / "project"
    relative = os.path.relpath(folder, project)  # as people give it
    command = [sys.executable, "-m", "learning_site", "write-pages", relative]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": os.environ.get("BUILT_AT", "1700000000")}  # the day of `built`
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def other(written: Path, real_site: Site) -> Path:
    """The site as Zensical builds it."""
    for language in real_site.languages:
        done = zensical(written / f"{language.code}.yml")
        assert done.returncode == 0, done.stdout + done.stderr
        assert "No issues found" in done.stderr
    return written / "site"


def test_a_folder_is_not_left_half_written(
    project: Path, real_site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> Path:
        (tmp_path / "en.yml").touch()
        raise Stopped([], "The site")

    monkeypatch.setattr(zensical_project, "_write_language", fail)
    with pytest.raises(Stopped):
        zensical_project.write(project, real_site, tmp_path)
    assert list(tmp_path.iterdir()) == []


def pages(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.html"))


def seen(folder: Path, page: str) -> tuple[list[str], set[str]]:
    """All that stands in a page, a line for each tag and text, addresses made whole; and which differences it has."""
    tree = LexborHTMLParser((folder / page).read_text(encoding="utf-8"))
    here = SOMEWHERE + page.removesuffix("index.html")
    found = set()
    for selector in ONLY_IN_MKDOCS:
        for node in tree.css(selector):
            found.add(selector)
            node.decompose()
    for selector in ONLY_IN_ZENSICAL:
        for node in tree.css(selector):
            found.add(selector)
            del node.attrs["class"]
    for node in tree.css(FROM_THE_FILE):
        found.add(FROM_THE_FILE)
        del node.attrs["href"]
    lines = []
    for node in tree.root.traverse(include_text=True) if tree.root else []:
        if node.tag == "-text":
            lines += [" ".join((node.text(deep=False)).split())]
        elif not node.tag.startswith("-"):
            attributes = {
                name: urljoin(here, value or "") if name in ADDRESSES else value
                for name, value in node.attributes.items()
            }
            lines.append(f"{node.tag} {attributes}")
    return [line for line in lines if line], found


def test_every_page_of_every_language_is_there(built: Path, other: Path, real_site: Site) -> None:
    assert pages(other) == pages(built)
    assert len(pages(other)) > 40 * len(real_site.languages)


def test_each_page_is_the_same_but_for_known_differences(built: Path, other: Path) -> None:
    known_found: dict[Path, set[str]] = {built: set(), other: set()}
    different = []
    for page in pages(built):
        lines = {}
        for folder in (built, other):
            lines[folder], found = seen(folder, page)
            known_found[folder] |= found
        assert len(lines[built]) > 100, page
        different += list(difflib.unified_diff(lines[built], lines[other], page, f"{page} under Zensical", n=0))
    assert different == []
    assert known_found == {
        built: {FROM_THE_FILE, *ONLY_IN_MKDOCS},
        other: {FROM_THE_FILE, *ONLY_IN_ZENSICAL},
    }


def test_what_is_checked_after_mkdocs_holds_too(other: Path, real_site: Site) -> None:
    assert list(output_check.faults(other)) == []
    assert links.broken_links(other, real_site.settings.address) == []


def test_the_search_has_other_words_but_the_same_places(built: Path, other: Path, real_site: Site) -> None:
    """Zensical writes the places under another name in another file, and all headings of the guide."""
    for language in real_site.languages:
        inner = Path("" if language.code == real_site.main_language else language.code)
        ours = json.loads((built / inner / "search/search_index.json").read_text(encoding="utf-8"))["docs"]
        theirs = json.loads((other / inner / "search.json").read_text(encoding="utf-8"))["items"]
        assert not (other / inner / "search/search_index.json").exists()
        places = {entry["location"] for entry in ours}
        more = {entry["location"] for entry in theirs} - places
        assert len(places) > 300
        assert places <= {entry["location"] for entry in theirs}
        assert more
        assert all(place.startswith(search_words.GUIDE) and "#" in place for place in more)
        assert not any("aliases" in entry for entry in theirs)


@pytest.mark.parametrize("link", ["[gone](gone.md)", "[gone](safety.md#gone)"])
def test_zensical_stops_at_a_broken_link(link: str, written: Path, real_site: Site, tmp_path: Path) -> None:
    copy = tmp_path / "project"
    shutil.copytree(written, copy, ignore=shutil.ignore_patterns("site", ".cache"))
    page = copy / "pages" / real_site.main_language / "about.md"
    page.write_text(f"{page.read_text(encoding='utf-8')}\n{link}\n", encoding="utf-8")
    done = zensical(copy / f"{real_site.main_language}.yml")
    assert done.returncode != 0
    assert "1 issue found" in done.stderr
