"""Citations of sources, pages and claims: each format read back as it was, APA as the manual has it, imports."""

import dataclasses
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from learning_site import citation_file, citing, claims, source_import
from learning_site.__main__ import main
from learning_site.bibliography import Bibliography, CitedPage
from learning_site.citation_formats import LOST, READERS, WRITERS, Unreadable
from learning_site.loading import load_site
from learning_site.model import LANGUAGES, LanguageCode, Site, Source
from learning_site.references import references
from learning_site.rendering import Renderer

HARD = [
    {
        "id": "hard",
        "type": "report",
        "title": '50 % of {men} & "boys": $5, a_b, #1 ~ ^ \\ – «été» é ñ',
        "author": [{"literal": "Ministry of Health and Family"}, {"family": "d'Été", "given": "Ā. B."}],
        "publisher": "R&D and Sons",
        "issued": {"date-parts": [[2014, 3]]},
        "language": "en",
        "URL": "https://example.org/a_b?c=d&e=%20f#g",
    }
]


def plain(reference: tuple[tuple[str, bool], ...]) -> str:
    return "".join(text for text, _ in reference)


@pytest.mark.parametrize("form", WRITERS)
def test_every_source_is_read_back_as_it_was(form: str, real_site: Site) -> None:
    items = [citing.of_source(real_site, source_id) for source_id in real_site.sources]
    assert len(items) > 150
    lost = frozenset(LOST[form])
    kept = [{key: value for key, value in item.items() if key not in lost} for item in items]
    assert READERS[form](WRITERS[form](items)) == kept
    assert any(lost & set(item) for item in items) == bool(lost), "what is said to be lost is there to be lost"


@pytest.mark.parametrize("form", WRITERS)
def test_signs_that_a_format_knows_are_words_in_it(form: str) -> None:
    assert READERS[form](WRITERS[form](HARD)) == HARD


@pytest.mark.parametrize(("form", "text"), [("bib", "@report{a, title = {x"), ("json", "{"), ("json", '{"a": 1}')])
def test_a_broken_file_is_said(form: str, text: str) -> None:
    with pytest.raises(Unreadable):
        READERS[form](text)


def test_references_are_those_of_the_apa_manual() -> None:
    article = {
        "id": "a",
        "type": "article-journal",
        "title": "Engaging men and boys",
        "author": [{"family": "Flood", "given": "M."}, {"family": "Greig", "given": "A."}],
        "container-title": "Men and Masculinities",
        "volume": "18",
        "issue": "2",
        "issued": {"date-parts": [[2015, 6, 1]]},
        "DOI": "10.1000/xyz",
        "URL": "https://doi.org/10.1000/xyz",
    }
    made = references([article], "en")["a"]
    assert plain(made) == (
        "Flood, M., & Greig, A. (2015). Engaging men and boys. Men and Masculinities, 18(2). "
        "https://doi.org/10.1000/xyz"
    )
    assert {("Men and Masculinities", True), ("18", True)} <= set(made)


def test_a_page_without_a_known_change_has_no_date(real_site: Site) -> None:
    root = real_site.settings.address
    for changed, said in ((None, "(n.d.)"), (date(2026, 11, 20), "(2026, November 20)")):
        page = citing.of_page(real_site, "en", root, "glossary/", "Glossary", changed)
        assert said in plain(references([page], "en")[page["id"]])


def test_a_claim_is_its_page_at_its_own_address(real_site: Site) -> None:
    page = citing.of_page(real_site, "en", real_site.settings.address, "cases/mali/", "Mali", None)
    placed = next(placed for placed in claims.all_of(real_site) if placed.location.startswith("cases/mali/"))
    made = citing.of_claim(real_site, "en", page, placed.claim)
    assert made["URL"] == f"{real_site.settings.address}{placed.location}"
    assert made["author"] == page["author"]


def test_the_editors_are_the_authors_and_those_they_tell_of_are_not(real_site: Site) -> None:
    for language in LANGUAGES:
        page = citing.of_page(real_site, language, "https://e.org/", "cases/mali/", "Mali", None)
        (author,) = page["author"]
        assert real_site.settings.name.best(language)[0] in author["literal"]
        assert not any(partner.name.en in author["literal"] for partner in real_site.initiative.partners)


@pytest.mark.parametrize(
    ("language", "said"), [("en", "(2026, November 24)"), ("fr", "(2026, 24 novembre)"), ("ne", "(२०२६, नोभेम्बर २४)")]
)
def test_a_reference_says_its_day_in_its_own_language(language: LanguageCode, said: str, real_site: Site) -> None:
    pages = [
        CitedPage(placed.location.partition("#")[0], "A", date(2026, 11, 24)) for placed in claims.every(real_site)
    ]
    made = Bibliography(real_site, language, "https://e.org/", pages, Renderer(real_site, language).day_in_reference)
    shown = made.page("cases/mali/", "")
    assert shown is not None
    assert said in plain(shown["whole"]["reference"])


def test_the_french_register_says_a_day_as_french_does(real_site: Site) -> None:
    drawn = Renderer(real_site, "fr").sources_page()
    assert "(2015, 23 février)" in drawn
    assert "février 23" not in drawn


def test_what_was_cut_off_leaves_no_sign_before_it(real_site: Site) -> None:
    cut = [citing.beginning(placed.claim, language)[0] for placed in claims.every(real_site) for language in LANGUAGES]
    cut = [said for said in cut if said.endswith("…")]
    assert len(cut) > 300
    assert [said for said in cut if said[-2] in " .,;:।" or len(said) > citing.TITLE_WIDTH + 1] == []


# ---------------------------------------------------------------- the file for the whole site


def test_the_citation_file_names_what_pages_name(project: Path, real_site: Site) -> None:
    held = yaml.safe_load((project / citation_file.NAME).read_text(encoding="utf-8"))
    assert f"`{real_site.ui['cite_page'].en}`" in held["message"]
    assert held["authors"] == [{"name": citing.editors(real_site, "en")}]


def test_the_citation_file_is_up_to_date(project: Path, real_site: Site) -> None:
    held = (project / citation_file.NAME).read_text(encoding="utf-8")
    version = yaml.safe_load(held)["version"]
    assert f'version = "{version}"' in (project / "pyproject.toml").read_text(encoding="utf-8")
    assert held == citation_file.text(real_site, version), "run: learning-site release"


# ---------------------------------------------------------------- imports


def without_sources(site: Site) -> Site:
    return dataclasses.replace(site, sources={})


@pytest.mark.parametrize("form", WRITERS)
def test_what_is_exported_comes_back_as_it_was(form: str, real_site: Site) -> None:
    items = READERS[form](WRITERS[form]([citing.of_source(real_site, i) for i in real_site.sources]))
    found = source_import.imported(items, without_sources(real_site))
    assert list(found.new) == list(real_site.sources)
    differ: dict[str, set[str]] = {}
    for source_id, record in found.new.items():
        made, was = Source.model_validate(record | {"read": "whole"}), real_site.sources[source_id]
        for name in ("title", "type", "authors", "publisher", "published", "language", "url", "also"):
            if getattr(made, name) != getattr(was, name):
                differ.setdefault(name, set()).add(source_id)
    assert set(differ) == ({"also"} if "custom" in LOST[form] else set())


@pytest.fixture
def run(good_data: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    (good_data.parent / "mkdocs.yml").touch()
    monkeypatch.chdir(good_data.parent)
    return lambda *arguments: CliRunner().invoke(main, ["import", *arguments])


def mine(*items: dict[str, Any]) -> str:
    Path("mine.json").write_text(json.dumps(items), encoding="utf-8")
    return "mine.json"


NEW = {"id": "http://zotero.org/1", "type": "book", "title": "A book", "author": [{"family": "Né", "given": "A."}]}
NEW |= {"issued": {"date-parts": [[2020]]}, "publisher": "House", "URL": "https://example.org/book", "language": "fr"}


def test_an_import_adds_and_leaves_the_rest_as_it_is(run: Callable[..., Result], good_data: Path) -> None:
    register = good_data / "sources.yml"
    before = register.read_text(encoding="utf-8")
    done = run(mine(NEW), "--read", "whole")
    assert done.exit_code == 0, done.output
    assert register.read_text(encoding="utf-8").startswith(before)
    record = yaml.safe_load(register.read_text(encoding="utf-8"))["ne-2020"]
    assert record["title"] == "A book"
    assert record["authors"] == ["Né, A."]
    assert (record["type"], record["language"], record["read"]) == ("book", "fr", "whole")
    assert "left to do: name each under `sources:`" in done.output


def test_what_is_there_already_is_not_added(run: Callable[..., Result], good_data: Path) -> None:
    before = (good_data / "sources.yml").read_bytes()
    done = run(mine({**NEW, "URL": "https://example.org/2b"}))
    assert "is `s2` already: A book" in done.output
    assert (good_data / "sources.yml").read_bytes() == before


@pytest.mark.parametrize("lacking", ["title", "URL"])
def test_an_entry_that_cannot_be_a_source_is_left_out_and_said(run: Callable[..., Result], lacking: str) -> None:
    done = run(mine({key: value for key, value in NEW.items() if key != lacking}))
    assert done.exit_code == 0
    assert "so it is left out" in done.output


def test_what_only_a_person_knows_is_left_to_do(run: Callable[..., Result], good_data: Path) -> None:
    done = run(mine({key: value for key, value in NEW.items() if key not in ("language", "publisher")}), "--try")
    assert "how much of it you could read" in done.output
    assert "`language:` en is a guess" in done.output
    assert "who published it" in done.output
    assert "ne-2020" not in (good_data / "sources.yml").read_text(encoding="utf-8")


def test_ids_are_free(good_data: Path) -> None:
    site = load_site(good_data)
    items = [{**NEW, "id": "s1", "URL": f"https://example.org/{n}0"} for n in range(3)]
    assert list(source_import.imported(items, site).new) == ["s1-2", "s1-3", "s1-4"]


def test_a_file_of_another_kind_is_refused(run: Callable[..., Result]) -> None:
    Path("mine.docx").write_text("x", encoding="utf-8")
    done = run("mine.docx")
    assert done.exit_code == 1
    assert ".bib, .ris, .json" in done.output
