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


BROKEN = {
    "bib": {
        "": "no entry",
        "hello": "no entry",
        "@report{a, title = {x": "line 1: the entry that begins here is not closed",
        "@report{a, title = {x}\n@book{b, title = {y}}": "line 1: the entry that begins here is not closed before",
        "\n@report{title = {x}}": "line 2: the entry that begins here needs a key",
        "@report{a, title {x}}": "line 1: the entry that begins here cannot be read",
        "@book{a, title={x}}\n@book{a, title={y}}": "line 2: the entry that begins here has the same key as",
        "@book{a, title={x}, title={y}}": "line 1: the entry that begins here has title twice",
        "@book{a,\n publisher = hse,\n title={x}}": "line 2: publisher: `hse` is no text",
        "@book{a,\n title = {x} year = 2019}": "line 2: title: `{x} year = 2019` is no text",
        "@book{a, title={x}, author={A, B, C, D}}": "line 1: the authors `A, B, C, D` cannot be told apart",
    },
    "ris": {
        "": "no entry",
        "hello": "no entry",
        "TI  - x\nER  - ": "line 1: `TI` belongs to no entry",
        "TY  - BOOK\nTI  - x\nER  - \nTI  - y\nER  - ": "line 4: `TI` belongs to no entry",
        "TY  - BOOK\nx\nER  - ": "line 2: this belongs to no key",
    },
    "json": {
        "": "line 1, sign 1",
        "[]": "no entry",
        "{": "line 1, sign 2",
        '{"a": 1}': "this is not a list",
        "[" * 100_000: "this is not JSON",
        "[1]": "entry 1: this is not an item",
        '[{"title": {}}]': "entry 1: `title` is not a text",
        '[{}, {"title": "X", "author": [7]}]': "entry 2 (X): `author` needs names",
        '[{"title": "X", "author": [{}]}]': "entry 1 (X): an author has no name",
        '[{"title": "X", "language": true}]': "entry 1 (X): `language` is not a text",
    },
}


@pytest.mark.parametrize(("form", "text"), [(form, text) for form, texts in BROKEN.items() for text in texts])
def test_a_broken_file_is_said(form: str, text: str, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(Unreadable) as said:
        READERS[form](text)
    assert str(said.value).startswith(BROKEN[form][text])
    assert not caplog.records, "what a library says stays unsaid"


def only(form: str, text: str) -> dict[str, Any]:
    [item] = READERS[form](text)
    return item


@pytest.mark.parametrize(
    ("authors", "names"),
    [
        ('[{"given": "Madonna"}, {"family": "Pelé"}]', [{"literal": "Madonna"}, {"literal": "Pelé"}]),
        ('["WHO", {"name": "UN"}]', [{"literal": "WHO"}, {"literal": "UN"}]),
        ('{"family": "Né", "given": "A."}', [{"family": "Né", "given": "A."}]),
        (
            '[{"family": "Dam", "given": "A.", "non-dropping-particle": "van", "suffix": "Jr."}]',
            [{"family": "van Dam", "given": "A., Jr."}],
        ),
        ('[{"family": "Flood", "given": "M."}, {"literal": "others"}]', [{"literal": "Flood et al."}]),
        ("null", None),
        ("[]", None),
    ],
)
def test_names_in_csl_json_are_read_as_they_come(authors: str, names: list[dict[str, str]] | None) -> None:
    assert only("json", f'[{{"author": {authors}}}]').get("author") == names


@pytest.mark.parametrize(
    ("issued", "parts"),
    [
        ('{"date-parts": [["2020", "may"]]}', [2020, 5]),
        ('{"date-parts": [[2020, null, 3]]}', [2020]),
        ('{"date-parts": [[2020, 2, 31]]}', [2020, 2]),
        ('{"date-parts": [[2020, 21]]}', [2020]),
        ('{"date-parts": [[null]]}', None),
        ('{"date-parts": [[]], "raw": "2020-05-01"}', [2020, 5, 1]),
        ('{"literal": "circa 2020"}', [2020]),
        ('"2020"', [2020]),
        ("null", None),
        ("{}", None),
    ],
)
def test_dates_in_csl_json_are_read_as_far_as_they_say_one(issued: str, parts: list[int] | None) -> None:
    item = only("json", f'[{{"issued": {issued}}}]')
    assert item.get("issued") == ({"date-parts": [parts]} if parts else None)


def test_texts_in_csl_json_are_read_as_they_come() -> None:
    item = only("json", '[{"title": ["X"], "type": ["book"], "volume": 3, "language": null, "note": "\\ud800"}]')
    assert item == {"title": "X", "type": "book", "volume": "3", "note": "?"}
    assert only("json", "[{}]") == {"type": "document"}


@pytest.mark.parametrize(
    "text",
    [
        "TY  - BOOK\nTI  - x\n",
        "TY - BOOK\nTI - x\nER -\n",
        "TY  - BOOK\r\nTI  - x\r\nER  - \r\n",
        "1.\nTY  - BOOK\n\nTI  - x\nER  - ",
    ],
    ids=["no end", "loose", "of Windows", "numbered"],
)
def test_ris_is_read_that_is_not_quite_so(text: str) -> None:
    assert only("ris", text) == {"type": "book", "title": "x"}


def test_an_entry_of_ris_without_an_end_ends_where_the_next_begins() -> None:
    items = READERS["ris"]("TY  - BOOK\nTI  - x\n more\nTY  - BOOK\nTI  - y\nER  - ")
    assert [item["title"] for item in items] == ["x more", "y"]


@pytest.mark.parametrize(
    ("form", "text", "parts"),
    [
        ("ris", "TY  - BOOK\nPY  - 2019\nDA  - Spring 2018\nER  - ", [2019]),
        ("ris", "TY  - BOOK\nDA  - Spring 2019\nER  - ", [2019]),
        ("bib", "@book{a, year = {2019}, date = {in May}}", [2019]),
        ("bib", "@book{a, year = 2019, month = mar}", [2019, 3]),
        ("bib", "@book{a, date = {2019-13}}", [2019]),
    ],
)
def test_the_year_stays_where_the_day_cannot_be_read(form: str, text: str, parts: list[int]) -> None:
    assert only(form, text)["issued"] == {"date-parts": [parts]}


@pytest.mark.parametrize(
    ("form", "text", "names"),
    [
        ("bib", "@book{a, author = {Flood, M. and Greig, A. and others}}", ["Flood, M.", "Greig et al."]),
        (
            "bib",
            "@book{a, author = {CARE International, Inc. and Flood, M.}}",
            ["CARE International Inc.", "Flood, M."],
        ),
        ("ris", "TY  - BOOK\nAU  - CARE International, Inc.\nER  - ", ["CARE International Inc."]),
        ("ris", "TY  - BOOK\nAU  - Flood, M.\nAU  - et al.\nER  - ", ["Flood et al."]),
    ],
)
def test_others_and_companies_are_no_persons(form: str, text: str, names: list[str]) -> None:
    assert [", ".join(name.values()) for name in only(form, text)["author"]] == names


def test_addresses_in_ris_keep_their_semicolons() -> None:
    item = only("ris", "TY  - BOOK\nUR  - https://example.org/a;b?c;d; https://example.org/2\nER  - ")
    assert [item["URL"], *item["custom"]["also"]] == ["https://example.org/a;b?c;d", "https://example.org/2"]


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


@pytest.mark.parametrize("text", ["[]", "", "\ufeff[]"])
def test_a_file_without_entries_is_an_error(run: Callable[..., Result], text: str) -> None:
    Path("mine.json").write_text(text, encoding="utf-8")
    done = run("mine.json")
    assert done.exit_code == 1
    assert done.output.startswith("Error: mine.json: ")


@pytest.mark.parametrize("form", WRITERS)
def test_a_mark_at_the_beginning_of_a_file_is_no_part_of_it(run: Callable[..., Result], form: str) -> None:
    Path(f"mine.{form}").write_text(WRITERS[form]([NEW]), encoding="utf-8-sig")
    done = run(f"mine.{form}", "--try")
    assert done.exit_code == 0, done.output
    assert "title: A book" in done.output


def test_a_file_in_another_encoding_is_said(run: Callable[..., Result]) -> None:
    Path("mine.bib").write_bytes("@book{a, title = {Été}}".encode("latin-1"))
    done = run("mine.bib")
    assert done.exit_code == 1
    assert "save it again with the encoding (character set) UTF-8" in done.output


def test_every_fault_of_a_file_is_a_line(run: Callable[..., Result], good_data: Path) -> None:
    before = (good_data / "sources.yml").read_bytes()
    done = run(mine(NEW, {"title": {}}, {"title": "X", "author": [{}]}))
    assert done.exit_code == 1
    assert done.output.splitlines() == [
        "Error: mine.json: entry 2: `title` is not a text",
        "mine.json: entry 3 (X): an author has no name",
    ]
    assert (good_data / "sources.yml").read_bytes() == before


DOI = {**NEW, "URL": "https://example.org/journal/7", "DOI": "10.1000/ABC"}


def test_a_doi_is_kept_beside_the_address_and_known_again(good_data: Path) -> None:
    site = load_site(good_data)
    first = source_import.imported([DOI], site).new["ne-2020"]
    assert (first["url"], first["also"]) == ("https://example.org/journal/7", ["https://doi.org/10.1000/ABC"])
    held = dataclasses.replace(site, sources={"held": Source.model_validate({**first, "read": "whole"})})
    written = ["10.1000/abc", "doi:10.1000/Abc", "https://doi.org/10.1000/ABC", "http://dx.doi.org/10.1000%2FABC"]
    for doi in written:
        again = source_import.imported([{**NEW, "URL": "https://example.org/other", "DOI": doi}], site=held)
        assert again.known == [("A book", "held")], doi
    alone = {key: value for key, value in DOI.items() if key != "URL"}
    for doi in written[1:3]:
        made = source_import.imported([{**alone, "DOI": doi}], site).new["ne-2020"]
        assert made["url"].lower() == "https://doi.org/10.1000/abc"
        assert "also" not in made


def test_a_document_that_a_file_has_twice_is_added_once(good_data: Path) -> None:
    other = {**DOI, "URL": "https://example.org/elsewhere", "DOI": "10.1000/abc"}
    found = source_import.imported([DOI, other], load_site(good_data))
    assert list(found.new) == ["ne-2020"]
    assert found.known == [("A book", "ne-2020")]


def test_signs_of_a_doi_that_no_address_can_have_are_written_otherwise(good_data: Path) -> None:
    item = {**NEW, "URL": None, "DOI": "10.1002/(SICI)1:15<1661::AID>3.0.CO;2-2"}
    site = load_site(good_data)
    made = source_import.imported([item], site).new["ne-2020"]
    assert made["url"] == "https://doi.org/10.1002/(SICI)1:15%3C1661::AID%3E3.0.CO;2-2"
    held = dataclasses.replace(site, sources={"held": Source.model_validate({**made, "read": "whole"})})
    assert source_import.imported([item], held).known


@pytest.mark.parametrize("url", ["http://example.org/1", "https://example.org/1/", "https://EXAMPLE.org/1"])
def test_an_address_is_known_again_however_it_is_written(good_data: Path, url: str) -> None:
    found = source_import.imported([{**NEW, "URL": url}], load_site(good_data))
    assert found.known == [("A book", "s1")]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("en-GB", "en"), ("eng", "en"), ("English (UK)", "en"), ("fre", "fr"), ("français", "fr"), ("German", "de"),
        ("ngerman", "de"), ("ger", "de"), ("Deutsch", "de"), ("nor", "no"), ("Norwegian", "no"), ("nb_NO", "nb"),
        ("cze", "cs"), ("nep", "ne"), ("fil", "fil"), ("prs", "fa"), ("Spanish", "es"),
        ("Klingonish", None), ("und", None), ("en; fr", None), ("", None),
    ],
)  # fmt: skip
def test_a_language_is_known_by_any_code_and_name(good_data: Path, said: str, code: str | None) -> None:
    found = source_import.imported([{**NEW, "language": said}], load_site(good_data))
    assert found.new["ne-2020"]["language"] == (code or "en")
    guessed = [line for line in found.left if "is a guess" in line]
    assert len(guessed) == (code is None)
    assert all(said in line for line in guessed)


def test_what_a_person_has_to_look_at_is_said(good_data: Path) -> None:
    authors = [{"literal": "Flood et al."}, {"literal": "Ministry, Department"}]
    odd = {key: value for key, value in NEW.items() if key != "issued"} | {"author": authors}
    left = source_import.imported([odd], load_site(good_data), "whole").left
    assert [line.partition(": ")[2] for line in left] == [
        "`published:` the year, if it has one",
        "`authors:` `Flood et al.`: the file does not name all of them",
        "`authors:` `Ministry, Department` would be cited as a person; write it without `, `",
    ]


def test_an_address_that_is_none_is_left_out_and_said(good_data: Path) -> None:
    said = "`www.example.org/a b` is no web address, https://… without spaces, so it is left out"
    site = load_site(good_data)
    alone = source_import.imported([{**NEW, "URL": "www.example.org/a b"}], site)
    assert alone.left == ["`A book` has no web address, so it is left out", said]
    beside = source_import.imported([{**DOI, "URL": "www.example.org/a b"}], site, "whole")
    assert beside.new["ne-2020"]["url"] == "https://doi.org/10.1000/ABC"
    assert beside.left == [f"ne-2020: {said}"]
