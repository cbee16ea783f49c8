"""How to cite stands on every page; the lists are whole, and another program reads in them what we know."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from selectolax.lexbor import LexborHTMLParser

from learning_site import claims
from learning_site.model import Site

CHECKER = "tests/outside/citations.mjs"
HOW = "no Citation.js: install Node.js, then run `npm ci --omit=dev --ignore-scripts` in tests/outside"
FORMS = ("bib", "ris", "json")


def read_by_others(project: Path, file: Path) -> list[dict[str, Any]]:
    node = shutil.which("node")
    if not node or not (project / "tests/outside/node_modules/@citation-js/core").is_dir():
        if os.environ.get("CI"):
            pytest.fail(HOW, pytrace=False)
        pytest.skip(HOW)
    done = subprocess.run([node, CHECKER, str(file)], cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def year(item: dict[str, Any]) -> int | None:
    return int(item["issued"]["date-parts"][0][0]) if "issued" in item else None


@pytest.mark.parametrize("form", FORMS)
def test_another_program_reads_every_source(form: str, built: Path, project: Path, real_site: Site) -> None:
    items = {item["id"]: item for item in read_by_others(project, built / "cite" / f"sources.{form}")}
    assert list(items) == list(real_site.sources)
    for source_id, source in real_site.sources.items():
        item = items[source_id]
        assert item["title"] == source.title, source_id
        first = item["URL"][0] if isinstance(item["URL"], list) else item["URL"]  # of RIS it keeps the others too
        assert unquote(first) == unquote(source.url)
        assert year(item) == (int(source.published[:4]) if source.published else None)
        names = [author.get("family") or author.get("literal") for author in item.get("author", [])]
        assert names == [author.partition(", ")[0] for author in source.authors]


@pytest.mark.parametrize("form", FORMS)
def test_another_program_reads_every_statement(form: str, built: Path, project: Path, real_site: Site) -> None:
    items = read_by_others(project, built / "cite" / f"statements.{form}")
    addresses = {f"{real_site.settings.address}{placed.location}" for placed in claims.every(real_site)}
    assert len(addresses) > 400
    assert {item["URL"] for item in items} == addresses
    assert any("/safeguards/#" in address for address in addresses), "a record can be a claim itself"


def test_every_page_says_how_to_cite_it_and_where_its_statements_are(built: Path, real_site: Site) -> None:
    said = 0
    anchors = {placed.anchor for placed in claims.every(real_site)}
    cited = {
        item["URL"]
        for file in built.rglob("cite/statements.json")
        for item in json.loads(file.read_text(encoding="utf-8"))
    }
    for language in real_site.languages:
        root = built if language.code == real_site.main_language else built / language.code
        for path in sorted(root.rglob("index.html")):
            tree = LexborHTMLParser(path.read_text(encoding="utf-8"))
            canonical = tree.css_first("link[rel=canonical]")
            if canonical is None:
                continue
            reference = tree.css(".about-page .how-to-cite__reference")
            assert len(reference) == 1, path
            assert (canonical.attributes["href"] or "") in reference[0].text()
            ids = [node.attributes["id"] for node in tree.css("article [id^=claim-]")]
            shown = [f"#{anchor}" for anchor in ids if anchor in anchors]
            assert [link.attributes["href"] for link in tree.css(".cite__claim")] == shown, path
            lines = tree.css(".how-to-cite li")
            assert [line.css("a")[0].attributes["href"] for line in lines] == shown, path
            assert {line.css(".address")[0].text() for line in lines} <= cited, path
            said += len(lines)
    assert said > 3 * 900, "pages also show what other records say"
