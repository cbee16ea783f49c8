"""The page that says how the site is checked says what was measured on this very build, or nothing."""

import json
import shutil
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from learning_site import links, output_check, proof
from learning_site.model import Site
from learning_site.rendering import PROOF


@pytest.fixture
def copy(built: Path, tmp_path: Path) -> Path:
    """A copy of the built site, made from a commit."""
    folder = tmp_path / "site"
    shutil.copytree(built, folder)
    (folder / "commit.txt").write_text(f"{'0123456789' * 4}\n")
    return folder


@pytest.fixture
def notes(copy: Path, tmp_path: Path) -> Path:
    """All that tests have to measure on the copy, in two parts each."""
    folder = tmp_path / "measured"
    of = proof.digest(copy)
    for figure in PROOF.by_tests:
        for part, looked_at in (("one", 1200), ("two", 34)):
            proof.note(folder, figure, part, of, proof.Measured(looked_at, 0))
    return folder


def said(site: Path, language: str = "") -> dict[str, str]:
    tree = LexborHTMLParser((site / language / "checked" / "index.html").read_text(encoding="utf-8"))
    return {node.attributes["data-measured"] or "": node.text() for node in tree.css("[data-measured]")}


def test_a_build_says_that_nothing_was_measured(built: Path, real_site: Site) -> None:
    figures = said(built)
    assert len(figures) == 2 * len(PROOF.every) + 2
    assert set(figures.values()) == {real_site.ui["not_measured"].en}
    page = LexborHTMLParser((built / "checked" / "index.html").read_text(encoding="utf-8"))
    assert [node.text() for node in page.css("[data-unmeasured]")] == [real_site.ui["nothing_measured"].en]
    assert {node.tag for node in page.css(".proof[hidden]")} == {"table", "ul"}
    assert not page.css(".proof:not([hidden])")
    known = page.css("#the-site ~ ul:not([hidden]) li")
    assert len(known) == len(real_site.languages), "the links to sources, and each other language"


def test_all_figures_are_put_in_and_nothing_else_changes(copy: Path, notes: Path, real_site: Site) -> None:
    before = {path: path.read_bytes() for path in copy.rglob("*") if path.is_file()}
    written = proof.write(copy, real_site, notes)
    changed = [path for path, content in before.items() if path.read_bytes() != content]
    assert sorted(changed) == sorted(written)
    assert len(written) == len(real_site.languages)
    page = LexborHTMLParser((copy / "ne" / "checked" / "index.html").read_text(encoding="utf-8"))
    assert page.css(".proof")
    assert not page.css(".proof[hidden], [data-unmeasured]")
    figures = said(copy)
    assert figures["accessibility"] == "1,234"
    assert said(copy, "ne")["accessibility"] == "१,२३४"
    assert figures["commit"] == "012345678901"
    assert int(figures["pages"]) == len(output_check.read_pages(copy))
    assert int(figures["links"].replace(",", "")) > 5000
    assert int(figures["claims"]) > 400
    assert {figures[f"{name}-faults"] for name in PROOF.every} == {"0"}
    assert 20 < int(figures["weight"].split()[0]) < 100
    assert real_site.ui["not_measured"].en not in figures.values()
    assert list(output_check.faults(copy)) == []
    assert links.broken_links(copy, real_site.settings.address) == []


@pytest.mark.parametrize("figure", PROOF.by_tests)
def test_what_was_not_measured_is_not_said(figure: str, copy: Path, notes: Path, real_site: Site) -> None:
    before = said(copy)
    for path in notes.glob(f"{figure}-*.json"):
        path.unlink()
    with pytest.raises(proof.NotMeasured, match=figure):
        proof.write(copy, real_site, notes)
    assert said(copy) == before


def test_what_was_measured_on_another_build_is_not_said(copy: Path, notes: Path, real_site: Site) -> None:
    (copy / "index.html").write_text("<p>another", encoding="utf-8")
    with pytest.raises(proof.NotMeasured, match="another build"):
        proof.write(copy, real_site, notes)


def test_a_fault_that_was_found_is_said(copy: Path, notes: Path, real_site: Site) -> None:
    path = next(notes.glob("requests-*.json"))
    path.write_text(json.dumps(json.loads(path.read_text()) | {"faults": 3}))
    proof.write(copy, real_site, notes)
    assert said(copy)["requests-faults"] == "3"


def test_a_site_without_a_commit_says_nothing(copy: Path, notes: Path, real_site: Site) -> None:
    (copy / "commit.txt").unlink()
    with pytest.raises(proof.NotMeasured, match="commit"):
        proof.write(copy, real_site, notes)
