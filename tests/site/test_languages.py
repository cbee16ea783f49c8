"""Three languages side by side: what is shown where a translation is missing, old or unchecked; the share of each."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from learning_site.model import LANGUAGES, MAIN_LANGUAGE, LanguageCode, Site
from learning_site.rendering import Renderer
from learning_site.search_words import without_accents
from learning_site.yaml_source import read_yaml

TRANSLATIONS = [code for code in LANGUAGES if code != MAIN_LANGUAGE]


def tree(path: Path) -> LexborHTMLParser:
    return LexborHTMLParser(path.read_text(encoding="utf-8"))


def said(node: object) -> str:
    return " ".join(node.text().split()) if node else ""  # type: ignore[attr-defined]


def folder(built: Path, code: str) -> Path:
    return built if code == MAIN_LANGUAGE else built / code


def test_the_switch_says_how_much_is_translated_in_the_words_of_each_language(real_site: Site, built: Path) -> None:
    checked = 0
    for here in LANGUAGES:
        for path in ("index.html", "cases/mali/index.html", "404.html"):
            for link in tree(folder(built, here) / path).css(".languages a"):
                code: LanguageCode = link.attributes["hreflang"]  # type: ignore[assignment]
                renderer = Renderer(real_site, code)
                share = renderer.word("percent", number=real_site.share_translated(code))
                note = link.css_first("small")
                assert said(note) == ("" if code == MAIN_LANGUAGE else share)
                if note:
                    assert note.attributes["title"] == renderer.word("share_translated", share=share)
                checked += 1
    assert checked == 27


@pytest.mark.parametrize("code", TRANSLATIONS)
def test_every_page_that_nobody_has_checked_says_so_once(code: LanguageCode, real_site: Site, built: Path) -> None:
    notice = {"translation_notice", "page_in_english"}
    words = {" ".join(getattr(real_site.ui[word], code).split()) for word in notice}
    found = list(folder(built, code).rglob("index.html"))
    assert len(found) > 40
    for path in found:
        assert [said(node) in words for node in tree(path).css(".translation-notice")] == [True], path


def named_headings(path: Path) -> list[str]:
    """The ids of a page's headings, sorted: a glossary is in the order of its language."""
    return sorted(node.attributes["id"] or "" for node in tree(path).css("article :is(h1, h2, h3)[id]"))


def test_the_glossary_is_in_the_order_of_each_language(built: Path) -> None:
    for code, first, then in (
        ("en", "accountability", "vsla"),
        ("fr", "agency-relations-structure", "vsla"),
        ("ne", "vsla", "gender-equality"),
    ):
        ids = [
            node.attributes["id"]
            for node in tree(folder(built, code) / "glossary" / "index.html").css("article h2[id]")
        ]
        assert ids.index(first) < ids.index(then), code
    names = [said(node) for node in tree(built / "fr" / "glossary" / "index.html").css("article h2[id]")][:-1]
    bare = [without_accents(name).casefold() for name in names]
    assert len(bare) > 40
    assert bare == sorted(bare)


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_heading_is_named_by_the_data_and_alike_in_all_languages(code: LanguageCode, built: Path) -> None:
    named = 0
    for path in folder(built, code).rglob("index.html"):
        if path.relative_to(built).parts[0] in LANGUAGES and code == MAIN_LANGUAGE:
            continue
        ids = named_headings(path)
        assert not [name for name in ids if re.fullmatch(r"_\d+", name)], path
        assert ids == named_headings(built / path.relative_to(folder(built, code))), path
        named += len(ids)
    assert named > 400


def test_numbers_stand_in_the_digits_of_the_language(real_site: Site, built: Path) -> None:
    for code, digits in (("fr", "0-9"), ("ne", "०-९")):
        counts = tree(built / code / "elements" / "conscientization" / "index.html").css(".glance > li > :first-child")
        assert len(counts) > 2
        assert all(re.fullmatch(f"[{digits}]+", said(count)) for count in counts), code


def test_a_label_is_followed_by_the_colon_of_the_language(built: Path) -> None:
    checked = 0
    for code, before in (("en", r"\S"), ("fr", "\u00a0"), ("ne", r"\S")):
        for page in ("glossary", "sources", "safeguards", "cases/mali", "tools"):
            for node in tree(folder(built, code) / page / "index.html").css("article :is(.more, .facts)"):
                if found := re.match(r"[^:]*?(.):\s", node.text().strip(), re.DOTALL):
                    assert re.fullmatch(before, found[1]), (code, page, node.text())
                    checked += 1
    assert checked > 300


@pytest.fixture(scope="session")
def changed(build: Callable, copy_project: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real site, but a French text and a page of the guide are gone, a text and a page in English changed."""
    home = copy_project(tmp_path_factory.mktemp("changed") / "project")
    element = home / "data" / "elements" / "conscientization.yml"
    document = read_yaml(element.read_bytes(), "")
    french, nepali = (document.mark(("summary", code), of_key=True).line for code in TRANSLATIONS)
    text = "\n".join(document.lines[: french - 1] + document.lines[nepali - 1 :])
    element.write_text(text.replace("They also look at the\n", "They look, too, at the\n"), encoding="utf-8")
    about = home / "docs" / "about.md"
    about.write_text(f"{about.read_text(encoding='utf-8')}\nOne more sentence.\n", encoding="utf-8")
    for code in TRANSLATIONS:
        (home / "docs" / "maintain" / f"index.{code}.md").unlink()
    done = build(home / "site", config=home / "mkdocs.yml")
    assert done.returncode == 0, done.stdout + done.stderr
    return home / "site"


def test_a_french_text_that_is_gone_falls_back_to_english(changed: Path, real_site: Site) -> None:
    lead = tree(changed / "fr" / "elements" / "conscientization" / "index.html").css_first(".lead .untranslated")
    assert lead is not None
    assert lead.attributes["lang"] == "en"
    assert said(lead) == real_site.elements["conscientization"].summary.en
    assert lead.attributes["data-mark"] == real_site.ui["in_english"].fr
    assert len(tree(changed / "fr" / "elements" / "conscientization" / "index.html").css(".untranslated")) == 1
    assert said(tree(changed / "fr" / "index.html").css_first(".languages a[hreflang=fr] small")).startswith("99")
    assert not tree(changed / "elements" / "conscientization" / "index.html").css(".untranslated, .outdated")


@pytest.mark.parametrize("code", TRANSLATIONS)
def test_a_translation_whose_english_has_changed_is_marked(
    code: LanguageCode, changed: Path, built: Path, real_site: Site
) -> None:
    path = f"{code}/elements/conscientization/index.html"
    assert not tree(built / path).css(".outdated")
    (old,) = tree(changed / path).css("article .outdated")
    assert old.attributes["data-mark"] == getattr(real_site.ui["may_be_outdated"], code)
    assert "lang" not in old.attributes
    notices = [said(node) for node in tree(changed / code / "about" / "index.html").css(".translation-notice")]
    assert notices == [getattr(real_site.ui[word], code) for word in ("translation_notice", "page_outdated")]


def test_a_title_in_another_language_says_so_wherever_it_stands(changed: Path) -> None:
    """The title of a page that is not translated stands in menus, paths and neighbours of other pages."""
    for code in TRANSLATIONS:
        for page in ("about", "all-pages", "maintain/rules"):
            links = tree(changed / code / page / "index.html").css("nav a, footer a, .all-pages a")
            titles = [node for node in links if "edit this site" in node.text()]
            assert len(titles) > 1, page
            assert {(node.css_first("[lang]") or node).attributes.get("lang") for node in titles} == {MAIN_LANGUAGE}, (
                page
            )
        assert tree(changed / code / "maintain" / "index.html").css("title")[0].attributes["lang"] == MAIN_LANGUAGE
        assert "lang" not in tree(changed / code / "about" / "index.html").css("title")[0].attributes


def test_a_missing_word_of_the_site_stops_the_build(build: Callable, project: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(project / "data", data)
    words = (data / "ui.yml").read_text(encoding="utf-8")
    (data / "ui.yml").write_text(words.replace('  fr: "Accueil"\n', "", 1), encoding="utf-8")
    done = build(tmp_path / "site", data)
    assert done.returncode != 0
    assert "ui.yml:6:3: error: `fr` is missing here [missing-key]" in done.stderr
    assert not (tmp_path / "site").exists()
