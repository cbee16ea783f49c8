"""The real site as it is built: its pages are its records, in every language, linked both ways, nothing broken."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
import yaml
from selectolax.lexbor import LexborHTMLParser

from learning_site import output_check, pages, prose
from learning_site.links import broken_links, unreachable_pages
from learning_site.loading import load_site
from learning_site.model import KINDS, Site

OWN_PAGE = ["elements", "cases", "questions"]


def tree(folder: Path, location: str) -> LexborHTMLParser:
    path, _, _ = location.partition("#")
    return LexborHTMLParser((folder / path / "index.html").read_text(encoding="utf-8"))


def text(parser: LexborHTMLParser, selector: str) -> str:
    node = parser.css_first(selector)
    assert node is not None, selector
    return " ".join(node.text().split())


def roots(site: Site, built: Path) -> Iterator[tuple[str, Path]]:
    for number, language in enumerate(site.languages):
        yield language.code, built if number == 0 else built / language.code


def test_the_pages_are_those_of_the_data_and_of_the_docs_in_every_language(
    real_site: Site, built: Path, project: Path
) -> None:
    made = {page.path for page in pages.pages(real_site)}
    written = {p.relative_to(project / "docs").as_posix() for p in (project / "docs").rglob("*.md")}
    written = {path for path in written if not re.search(r"\.(fr|ne)\.md$", path)}
    expected = {
        re.sub(r"(^|/)index/index\.html$", r"\1index.html", f"{path[:-3]}/index.html") for path in made | written
    }
    assert len(expected) > 25
    for code, root in roots(real_site, built):
        others = {language.code for language in real_site.languages}
        found = {p.relative_to(root).as_posix() for p in root.rglob("index.html")}
        assert {path for path in found if path.split("/")[0] not in others} == expected, code


def test_every_record_is_shown_at_its_address(real_site: Site, built: Path) -> None:
    checked = 0
    for code, root in roots(real_site, built):
        for kind, record_id, _ in real_site.every():
            location = pages.location(kind, record_id)
            path, _, anchor = location.partition("#")
            page = output_check.read_page(root / path / "index.html")
            assert page.language == code
            assert not anchor or anchor in page.ids, location
            checked += 1
    assert checked > 900


def test_output_check_finds_nothing(built: Path) -> None:
    assert list(output_check.faults(built)) == []


def test_every_link_leads_somewhere_and_every_page_is_reached(real_site: Site, built: Path) -> None:
    assert broken_links(built, real_site.settings.address) == []
    assert unreachable_pages(built) == []


@pytest.mark.parametrize("kind", OWN_PAGE)
def test_pages_of_a_kind_have_the_same_anatomy(kind: str, real_site: Site, built: Path) -> None:
    outlines = set()
    for record_id in real_site.kind(kind):
        parser = tree(built, pages.location(kind, record_id))
        own = {f"chapter-{chapter.id}" for chapter in getattr(real_site.kind(kind)[record_id], "chapters", [])}
        found = [node.attributes.get("id") for node in parser.css("article h2")]
        assert own <= set(found)
        outlines.add(tuple(identifier for identifier in found if identifier not in own))
    assert len(outlines) == 1, outlines
    assert len(outlines.pop()) >= 3


def test_cross_links_go_both_ways(real_site: Site, built: Path) -> None:
    for case_id, case in real_site.cases.items():
        case_links = {a.attributes.get("href") for a in tree(built, f"cases/{case_id}/").css("article a")}
        for element_id in {strategy.element for strategy in case.strategies}:
            assert f"../../elements/{element_id}/" in case_links
            back = {a.attributes.get("href") for a in tree(built, f"elements/{element_id}/").css("article a")}
            assert f"../../cases/{case_id}/" in back
    for source_id in real_site.sources:
        for kind, record_id in real_site.citing(source_id):
            page = tree(built, pages.location(kind, record_id))
            if kind not in ("glossary", "tools", "testimonies", "evidence"):
                assert page.css_first(f"#source-{source_id}") is not None, (kind, record_id, source_id)


def test_the_matrix_has_a_row_for_each_element_and_a_column_for_each_case(real_site: Site, built: Path) -> None:
    table = tree(built, "matrix/").css_first("article table")
    assert table is not None
    assert len(table.css("tbody tr")) == len(real_site.elements)
    assert [" ".join(th.text().split()) for th in table.css("thead th")][1:] == [
        c.name.en for c in real_site.cases.values()
    ]
    for row, element_id in zip(table.css("tbody tr"), real_site.elements, strict=True):
        for cell, case_id in zip(row.css("td"), real_site.cases, strict=True):
            assert len(cell.css("li")) == len(real_site.strategies(case_id, element_id))


def test_a_page_with_a_testimony_of_violence_says_so_first_and_can_be_left(real_site: Site, built: Path) -> None:
    spoken = {i: t for i, t in real_site.testimonies.items() if t.speaks_of}
    found = set()
    for code, root in roots(real_site, built):
        shown = {i: " ".join((t.quote.written_in(t.original) or "").split()) for i, t in spoken.items()}
        others = {language.code for language in real_site.languages} - {code}
        for path in root.rglob("index.html"):
            if path.relative_to(root).parts[0] in others:
                continue
            parser = LexborHTMLParser(path.read_text(encoding="utf-8"))
            said = {" ".join(quote.text().split()): quote for quote in parser.css("blockquote")}
            for testimony_id in (i for i, words in shown.items() if words in said):
                where = path.relative_to(built).as_posix()
                assert parser.css_first("a.exit__link") is not None, where
                article = parser.css_first("article")
                assert article is not None
                held = article.html or ""
                note = held.find("content-note")
                assert 0 < note < held.find(said[shown[testimony_id]].html or "?"), where
                found.add((code, testimony_id))
    assert found == {(code, i) for code, _ in roots(real_site, built) for i in spoken}


def test_edit_links_lead_to_the_data_file(real_site: Site, built: Path, project: Path) -> None:
    address = real_site.settings.edit_address
    assert address
    for kind in OWN_PAGE:
        for record_id in real_site.kind(kind):
            link = tree(built, pages.location(kind, record_id)).css_first("a[rel=edit]")
            assert link is not None
            href = link.attributes["href"] or ""
            assert href == f"{address}data/{KINDS[kind].file(record_id)}"
            assert (project / href.removeprefix(address)).is_file()


def test_languages_know_of_each_other(real_site: Site, built: Path) -> None:
    address = real_site.settings.address
    for code, root in roots(real_site, built):
        parser = tree(root, "elements/conscientization/")
        html = parser.css_first("html")
        assert html is not None
        assert html.attributes["lang"] == code
        found = {n.attributes["hreflang"]: n.attributes["href"] for n in parser.css("link[hreflang]")}
        page = "elements/conscientization/"
        assert found == {
            "en": f"{address}{page}", "fr": f"{address}fr/{page}", "ne": f"{address}ne/{page}",
            "x-default": f"{address}{page}",
        }  # fmt: skip


def test_the_switch_leads_to_the_same_page_in_each_language(real_site: Site, built: Path) -> None:
    folders = dict(roots(real_site, built))
    checked = 0
    for root in folders.values():
        for location in (
            "",
            "all-pages/",
            *(pages.location(kind, i) for kind in OWN_PAGE for i in real_site.kind(kind)),
        ):
            links = tree(root, location).css(".languages a")
            assert len(links) == len(folders)
            for link in links:
                there = folders[link.attributes["hreflang"] or ""]
                assert (root / location / (link.attributes["href"] or "")).resolve() == there / location, location
                checked += 1
    assert checked > 100


def test_results_and_placings_say_whose_they_are(real_site: Site, built: Path) -> None:
    case = tree(built, "cases/mali/")
    assert len(case.css(".results .mark--care")) == len(real_site.cases["mali"].results)
    evidence = tree(built, "evidence/")
    assert evidence.css(".results .mark--independent")
    assert evidence.css(".results .mark--care")
    assert tree(built, "elements/conscientization/").css(".practices .mark--editors")


def test_quotations_are_there_word_for_word(real_site: Site, built: Path) -> None:
    shown = " ".join(tree(built, "testimonies/").css_first("article").text().split())  # type: ignore[union-attr]
    for testimony in real_site.testimonies.values():
        assert (testimony.quote.written_in(testimony.original) or "") in shown


def test_the_picture_is_readable_without_seeing_it(real_site: Site, built: Path) -> None:
    picture = tree(built, "elements/").css_first("svg[role=img]")
    assert picture is not None
    named = [picture.css_first(f"#{i}") for i in (picture.attributes["aria-labelledby"] or "").split()]
    words = " ".join(node.text() for node in named if node)
    for element in real_site.elements.values():
        assert element.name.en in words
    assert len(picture.css("circle")) == len(real_site.numbered)


def test_the_404_helps_on(real_site: Site, built: Path) -> None:
    for code, root in roots(real_site, built):
        parser = LexborHTMLParser((root / "404.html").read_text(encoding="utf-8"))
        assert text(parser, "h1") == getattr(real_site.ui["not_found"], code)
        assert len(parser.css("article a[href]")) > 20
        folders = {link.attributes["hreflang"]: link.attributes["href"] for link in parser.css(".languages a")}
        assert folders == {other: "/" if home == built else f"/{other}/" for other, home in roots(real_site, built)}


def test_no_page_asks_another_host(built: Path) -> None:
    asked = set()
    for path in built.rglob("*.html"):
        parser = LexborHTMLParser(path.read_text(encoding="utf-8"))
        for node in parser.css("script[src], link[rel=stylesheet], link[rel=icon], link[rel=preconnect], img, iframe"):
            address = node.attributes.get("src") or node.attributes.get("href") or ""
            asked.add(address)
            assert not re.match(r"(https?:)?//", address), (path, address)
    assert len(asked) > 3


def test_search_index_has_every_record(real_site: Site, built: Path) -> None:
    for code, root in roots(real_site, built):
        docs = json.loads((root / "search" / "search_index.json").read_text(encoding="utf-8"))["docs"]
        found = {doc["location"] for doc in docs}
        for kind, record_id, _ in real_site.every():
            if kind not in ("ui", "site", "rules"):  # the rules are for staff and would crowd what readers find
                assert pages.location(kind, record_id) in found, (code, kind, record_id)


def test_of_the_guide_readers_find_the_titles_only(real_site: Site, built: Path) -> None:
    for code, root in roots(real_site, built):
        docs = json.loads((root / "search" / "search_index.json").read_text(encoding="utf-8"))["docs"]
        guide = [doc for doc in docs if doc["location"].startswith("maintain/")]
        assert len(guide) > 10, code
        for doc in guide:
            assert "#" not in doc["location"]
            assert doc["text"] == ""
            assert doc["title"]
            assert doc["boost"] < 1


# ------------------------------------------------------------ other data


def test_a_third_country_is_one_file(build: Callable, real_site: Site, project: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(project / "data", data)
    (data / "cases" / "kenya.yml").write_text(
        "name: {en: Kenya}\nprogramme: {en: Invented for a test}\nsummary: {en: A third country.}\n"
        "strategies:\n"
        "  - {element: conscientization, placed_by: editors, text: {en: Zanzibar words.}, sources: [c01]}\n"
    )
    done = build(tmp_path / "site", data)
    assert done.returncode == 0, done.stderr
    site = tmp_path / "site"
    assert text(tree(site, "cases/kenya/"), "h1") == "Kenya"
    assert text(tree(site / "ne", "cases/kenya/"), "h1") == "Kenya"
    heads = [" ".join(th.text().split()) for th in tree(site, "matrix/").css("thead th")]
    assert heads[1:] == ["Kenya", "Mali", "Nepal"]
    cells = [row.css("td")[0].text() for row in tree(site, "matrix/").css("tbody tr")]
    assert "Zanzibar words." in cells[1]
    assert real_site.ui["no_evidence_yet"].en in cells[0]
    for question_id in real_site.questions:
        answers = tree(site, f"questions/{question_id}/").css(".answer")
        assert len(answers) == 3
        assert real_site.ui["open_long"].en in answers[0].text()
    home_links = {a.attributes.get("href") for a in tree(site, "").css("a")}
    assert "cases/kenya/" in home_links
    index = (site / "search" / "search_index.json").read_text(encoding="utf-8")
    assert "Zanzibar" in index
    assert broken_links(site, real_site.settings.address) == []
    assert unreachable_pages(site) == []


def test_a_seventh_element_and_a_fourth_question_follow_too(
    build: Callable, good_data: Path, project: Path, tmp_path: Path
) -> None:
    data = tmp_path / "real"
    shutil.copytree(project / "data", data)
    (data / "elements" / "seventh.yml").write_text(
        "name: {en: Seventh}\norder: 6\nsummary: {en: One more.}\nwhat_it_is:\n  - {text: {en: New.}, sources: [c01]}\n"
    )
    with (data / "questions.yml").open("a") as questions:
        questions.write("\nfourth:\n  question: {en: And now?}\n  short: {en: Now}\n  summary: {en: It helps.}\n")
    done = build(tmp_path / "site", data)
    assert done.returncode == 0, done.stderr
    site = tmp_path / "site"
    assert len(tree(site, "matrix/").css("tbody tr")) == 7
    picture = tree(site, "elements/").css_first("svg[role=img]")
    assert picture is not None
    assert len(picture.css("circle")) == 6
    assert len(tree(site, "questions/fourth/").css(".answer")) == 2
    assert "6 of 6" in text(tree(site, "elements/seventh/"), ".facts")


@pytest.mark.parametrize("slip", ["data", "link", "anchor", "component"])
def test_a_failed_build_leaves_the_site_untouched(slip: str, build: Callable, project_copy: Path) -> None:
    home = project_copy
    site = home / "site"
    site.mkdir()
    (site / "index.html").write_text("the site that was there")
    about = home / "docs" / "about.md"
    if slip == "data":
        (home / "data" / "cases" / "mali.yml").write_text("name: Supportive Men: Nepal\n")
    else:
        more = {"link": "[x](nowhere.md)", "anchor": "[x](glossary.md#nowhere)", "component": "{{ nope() }}"}[slip]
        about.write_text(f"{about.read_text(encoding='utf-8')}\n{more}\n", encoding="utf-8")
    done = build(site, config=home / "mkdocs.yml")
    assert done.returncode != 0
    said = done.stdout + done.stderr
    assert "Traceback" not in said
    assert {"data": "mali.yml:1:21", "link": "nowhere.md", "anchor": "#nowhere", "component": "docs/about.md"}[
        slip
    ] in said
    assert [p.name for p in site.iterdir()] == ["index.html"]
    assert (site / "index.html").read_text() == "the site that was there"
    assert not list(home.glob(".site*"))


def test_mkdocs_settings_that_keep_broken_pages_in(project: Path) -> None:
    text_of = (project / "mkdocs.yml").read_text(encoding="utf-8")
    settings = yaml.load(re.sub(r"!\w+", "", text_of), yaml.SafeLoader)
    macros = next(plugin["macros"] for plugin in settings["plugins"] if "macros" in plugin)
    assert settings["strict"] is True
    assert macros["on_undefined"] == "strict"
    assert macros["on_error_fail"] is True
    assert set(settings["validation"]["nav"].values()) == {"warn"}
    assert set(settings["validation"]["links"].values()) == {"warn", "relative_to_docs"}


def test_the_small_site_builds_with_only_what_is_needed(build: Callable, good_data: Path, tmp_path: Path) -> None:
    """The home page of the docs names testimonies of the real data, so only that stands in the way."""
    done = build(tmp_path / "site", good_data)
    assert done.returncode != 0
    assert "there is no testimony" in done.stderr
    assert load_site(good_data).cases


def test_search_index_holds_no_citation_numbers(real_site: Site, built: Path) -> None:
    docs = json.loads((built / "search" / "search_index.json").read_text(encoding="utf-8"))["docs"]
    entry = next(doc for doc in docs if doc["location"] == "glossary/#patriarchy")
    assert real_site.glossary["patriarchy"].definition.en.split()[0] in entry["text"]
    assert not re.search(r"\d", entry["text"])
    assert not any("#sources-of-this-page" in doc["location"] for doc in docs)


def test_the_guide_stands_in_the_menu_in_its_own_order(project: Path, built: Path) -> None:
    guide = project / "docs" / "maintain"
    pages_of_guide = [path for path in guide.glob("*.md") if "." not in path.stem]
    in_order = sorted(pages_of_guide, key=lambda path: prose.order(path.read_text(encoding="utf-8")))
    assert len(in_order) > 10
    assert [path.stem for path in in_order] != sorted(path.stem for path in in_order)
    for code in ("", "fr/", "ne/"):
        base = f"https://x.example/{code}maintain/rules/"
        links = [
            urljoin(base, node.attributes["href"]) for node in tree(built, f"{code}maintain/rules/").css("nav li a")
        ]
        wanted = [urljoin(base, "../" if path.stem == "index" else f"../{path.stem}/") for path in in_order]
        found = list(dict.fromkeys(link for link in links if link in wanted))
        assert found == wanted, code


def test_the_frame_fills_in_what_its_words_leave_open(real_site: Site, built: Path) -> None:
    for language in real_site.languages:
        root = built if language.code == real_site.main_language else built / language.code
        for location in ("", "about/", "offline/"):
            page = tree(root, location)
            assert text(page, ".printed").startswith(real_site.settings.name.best(language.code)[0])
            assert "{" not in text(page, ".printed")
        assert "{" not in text(page, ".checksum")
