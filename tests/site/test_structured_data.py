"""What pages say of themselves to machines is true, and right by schema.org's types and by what search engines ask."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from selectolax.lexbor import LexborHTMLParser

from learning_site import pages, structured_data
from learning_site.editions import Edition, configured
from learning_site.model import Site

Thing = dict[str, Any]
HOW = "no {}: run `npm ci --omit=dev --ignore-scripts` in tests/outside"
TYPED = 'import type {{ Graph }} from "schema-dts";\nexport const all: Graph[] = [\n{}\n];\n'
WRONG = [
    {"@type": "Article", "headlin": "A property that there is not"},
    {"@type": "Artcle", "headline": "A type that there is not"},
    {"@type": "Article", "headline": 3},
    {"@type": "DefinedTermSet", "hasDefinedTerm": [{"@type": "DefinedTerm", "nam": "Deep inside"}]},
]


def tree(file: Path) -> LexborHTMLParser:
    return LexborHTMLParser(file.read_text(encoding="utf-8"))


def said(file: Path) -> list[Thing]:
    """The things that a page describes."""
    (script,) = tree(file).css("script[type='application/ld+json']")
    content = json.loads(script.text())
    assert content["@context"] == "https://schema.org"
    return content["@graph"]


def every_page(built: Path) -> Iterator[Path]:
    for file in sorted(built.rglob("*.html")):
        parser = tree(file)
        if file.name != "404.html" and not parser.css("a#now"):
            yield file


def outside(name: str, project: Path) -> Path:
    """A program or script that checks, with what it needs."""
    place = project / "tests" / "outside"
    if not shutil.which("node") or not (place / "node_modules" / name).exists():
        if os.environ.get("CI"):
            pytest.fail(HOW.format(name), pytrace=False)
        pytest.skip(HOW.format(name))
    return place


def type_errors(graphs: list[list[Thing]], project: Path, folder: Path) -> list[str]:
    """What the types of schema.org say against graphs: TypeScript reads them as it reads a programmer's own."""
    place = outside("schema-dts", project)
    (folder / "node_modules").symlink_to(place / "node_modules")
    listed = [json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False) for graph in graphs]
    (folder / "said.ts").write_text(TYPED.format(",\n".join(listed)), encoding="utf-8")
    options = ["--noEmit", "--strict", "--module", "node16", "--moduleResolution", "node16", "--pretty", "false"]
    done = subprocess.run(
        ["node", place / "node_modules" / "typescript" / "bin" / "tsc", *options, "said.ts"],
        cwd=folder, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    return [line for line in (done.stdout + done.stderr).splitlines() if line.startswith("said.ts")]


def test_every_page_speaks_in_the_types_of_schema_org(built: Path, project: Path, tmp_path: Path) -> None:
    graphs = [said(file) for file in every_page(built)]
    assert len(graphs) > 120
    for wrong in WRONG:
        graphs.append([wrong])
    found = type_errors(graphs, project, tmp_path)
    # It found each thing that is wrong on purpose, so it was looking; and nothing else.
    first_wrong = 3 + len(graphs) - len(WRONG)
    lines = [int(line.partition("(")[2].partition(",")[0]) for line in found]
    assert sorted(set(lines)) == list(range(first_wrong, first_wrong + len(WRONG))), "\n".join(found)


def test_every_page_says_what_search_engines_ask(built: Path, project: Path, tmp_path: Path) -> None:
    script = outside("@adobe/structured-data-validator", project) / "structured_data.mjs"
    wrong = tmp_path / "wrong.html"
    way = {"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": [{"@type": "ListItem"}]}
    wrong.write_text(f"<script type=application/ld+json>{json.dumps(way)}</script>", encoding="utf-8")
    files = [*every_page(built), wrong]
    done = subprocess.run(
        ["node", script], input="\n".join(map(str, files)), capture_output=True, text=True, check=True, timeout=300
    )
    judged = {Path(page["file"]): page for page in json.loads(done.stdout)}
    assert len(judged) == len(files) > 120
    assert judged.pop(wrong)["issues"]
    assert {file: page["issues"] for file, page in judged.items() if page["issues"]} == {}
    assert all(
        "BreadcrumbList" in page["types"] or file.parent.name in ("site", "fr", "ne") for file, page in judged.items()
    )


def test_each_kind_of_page_says_what_it_is(built: Path, real_site: Site) -> None:
    element, case, question = (next(iter(real_site.kind(kind))) for kind in ("elements", "cases", "questions"))
    carded = next(iter(real_site.with_card))
    wanted = {
        "": "WebSite",
        pages.location("elements", element): "Article",
        pages.location("cases", case): "Article",
        pages.location("questions", question): "Article",
        "initiative/": "Article",
        f"cards/{carded}/": "LearningResource",
        f"cards/{carded}/two-up/": "LearningResource",
        "elements/": "CollectionPage",
        "glossary/": "DefinedTermSet",
        "sources/": "CollectionPage",
        "data/": "Dataset",
        "about/": "WebPage",
    }
    for code in ("", "fr/", "ne/"):
        for location, name in wanted.items():
            main = said(built / code / location / "index.html")[0]
            assert (location, main["@type"]) == (location, name)
            assert main["@id"] == main["url"] == f"{real_site.settings.address}{code}{location}"
            languages = [language.code for language in real_site.languages]
            own = code.strip("/") or real_site.main_language
            assert main["inLanguage"] == (languages if name == "Dataset" else own)
            assert main["license"] == real_site.settings.licence.url
            assert "dateModified" not in main or main["dateModified"] > "2026"


def test_translations_name_each_other(built: Path, real_site: Site) -> None:
    address = real_site.settings.address
    others = [f"{address}{other.code}/" for other in real_site.languages[1:]]
    for location in ("", "glossary/", "about/", "cards/"):
        main = said(built / location / "index.html")[0]
        assert [work["@id"] for work in main["workTranslation"]] == [f"{other}{location}" for other in others]
        for other in real_site.languages[1:]:
            translated = said(built / other.code / location / "index.html")[0]
            assert translated["translationOfWork"] == {"@id": f"{address}{location}"}


def test_the_way_to_a_page_is_the_one_that_readers_see(built: Path, real_site: Site) -> None:
    checked = 0
    for file in every_page(built):
        things = said(file)
        base = things[0]["url"]
        seen = [(node.text(strip=True), urljoin(base, node.attributes["href"])) for node in tree(file).css(".path a")]
        ways = [thing for thing in things if thing["@type"] == "BreadcrumbList"]
        if things[0]["@type"] == "WebSite":
            assert (seen, ways) == ([], [])
            continue
        steps = [(step["name"], step["item"]) for step in ways[0]["itemListElement"]]
        assert [step["position"] for step in ways[0]["itemListElement"]] == list(range(1, len(steps) + 1))
        assert steps[:-1] == seen, file
        assert steps[-1][1] == base
        checked += 1
    assert checked > 120


def test_what_a_page_cites_stands_among_its_sources(built: Path, real_site: Site) -> None:
    checked = 0
    for kind in ("elements", "cases", "questions"):
        for record_id in real_site.kind(kind):
            file = built / pages.location(kind, record_id) / "index.html"
            main = said(file)[0]
            shown = {
                urljoin(main["url"], node.attributes["href"]) for node in tree(file).css("article a[href*='sources/#']")
            }
            cited = [work["@id"] for work in main.get("citation", [])]
            assert len(set(cited)) == len(cited)
            assert set(cited) <= shown, file
            checked += len(cited)
    assert checked > 50


def test_terms_and_sources_are_those_of_the_register(built: Path, real_site: Site) -> None:
    for code in ("", "fr/", "ne/"):
        root = f"{real_site.settings.address}{code}"
        terms = said(built / code / "glossary" / "index.html")[0]["hasDefinedTerm"]
        assert [term["@id"] for term in terms] == [root + pages.location("glossary", i) for i in real_site.glossary]
        assert all(term["name"] and term["description"] and "](" not in term["description"] for term in terms)
    works = said(built / "sources" / "index.html")[0]["citation"]
    assert [work["url"] for work in works] == [source.url for source in real_site.sources.values()]
    assert {work["@type"] for work in works} <= {"CreativeWork", *structured_data.WORKS.values()}
    undated = [i for i, source in real_site.sources.items() if not source.published]
    assert len([work for work in works if "datePublished" not in work]) == len(undated) > 0
    described = {work["@id"] for work in works}
    element = pages.location("elements", next(iter(real_site.elements)))
    for code in ("fr/", "ne/"):
        assert "citation" not in said(built / code / "sources" / "index.html")[0]
        assert {work["@id"] for work in said(built / code / element / "index.html")[0]["citation"]} <= described


def test_the_data_names_files_that_are_there(built: Path, real_site: Site) -> None:
    data = said(built / "fr" / "data" / "index.html")[0]
    assert data["sameAs"] == f"{real_site.settings.address}data/"
    files = [file["contentUrl"].removeprefix(real_site.settings.address) for file in data["distribution"]]
    assert len(set(files)) == len(files) > 20
    assert [path for path in files if not (built / path).is_file()] == []


def test_a_source_says_who_wrote_it_and_in_what(built: Path, real_site: Site) -> None:
    works = said(built / "sources" / "index.html")[0]["citation"]
    parts = 0
    for work, source in zip(works, real_site.sources.values(), strict=True):
        persons = all(", " in name for name in source.authors)
        assert [author["name"] for author in work.get("author", [])] == (source.authors if persons else [])
        assert work.get("creditText", "") == ("" if persons else "; ".join(source.authors))
        assert work.get("publisher", work.get("isPartOf"))["name"] == source.publisher
        parts += "isPartOf" in work
        assert not (work["@type"] == "ScholarlyArticle" and "publisher" in work), "a journal is no publisher"
    assert parts > 5


def test_what_is_not_translated_is_no_translation(project_copy: Path, tmp_path: Path, real_site: Site) -> None:
    (project_copy / "docs" / "about.fr.md").unlink()
    (project_copy / "data" / "elements" / "seventh.yml").write_text(
        "name: {en: Seventh}\norder: 6\nsummary: {en: One more.}\nwhat_it_is:\n  - {text: {en: New.}, sources: [c01]}\n"
    )
    into = tmp_path / "site"
    for code in ("en", "fr"):
        own, folder = (None, into) if code == "en" else (code, into / code)
        settings = str(project_copy / "mkdocs.yml")
        config = configured(settings, into, "https://x.example/", own, "serve", strict=False)
        edition = Edition(config, config.theme.get_env())
        for location in ("about", "elements/seventh", "accessibility"):
            assert edition.draw(f"{location}/index.html") == []
            main = said(folder / location / "index.html")[0]
            translated = location == "accessibility"
            assert main["inLanguage"] == (code if translated else "en"), location
            others = [work["@id"] for work in main.get("workTranslation", [])]
            assert (f"{real_site.settings.address}fr/{location}/" in others) == (translated and code == "en")
            assert ("translationOfWork" in main) == (translated and code == "fr")
